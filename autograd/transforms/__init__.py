"""Derivatives of functions: reverse mode, forward mode (Dual), each inside the other.

Looks into graph and ops; diagnostics and compiler look in. Begin with reverse.py, then forward.py.
"""

from autograd.former_names import find_former as __getattr__  # noqa: F401  pickles written before name this package
