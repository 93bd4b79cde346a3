"""Derivatives of functions: reverse mode, forward mode (Dual), each inside the other.

Looks into graph and ops; diagnostics and compiler look in. Begin with reverse.py, then forward.py.
"""
