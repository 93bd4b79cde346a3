"""Derivatives of functions by reverse mode (grad, jacobian, ...) and forward mode (Dual), each inside the other.

Looks into graph and ops; diagnostics, program and compiler look in. Begin with reverse.py (one rule per transform),
then forward.py; pytree.py flattens arguments, derivative_layout.py arranges results.
"""
