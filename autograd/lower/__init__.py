"""Backends: a Program as Python, C, NumPy, JAX or machine code.

Looks into program and ops; compiler looks in. Begin with python.py; schedule.py is what all share.
"""
