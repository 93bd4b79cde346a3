"""Derivatives of functions by reverse mode (grad, ...), forward mode (Dual) or the cheaper (jacobian), nested at will.

Looks into graph and ops; diagnostics, program and compiler look in. Begin with reverse.py (one rule per transform),
then forward.py; pytree.py flattens arguments, derivative_layout.py arranges results.
"""

from autograd.former_names import find_former as __getattr__  # noqa: F401  pickles written before name this package
