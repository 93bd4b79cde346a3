"""Program: a graph as a straight line of instructions, its gradients and its simplification.

Looks into transforms and below; lower and compiler look in. Begin with program.py, then gradients.py.
"""

from autograd.former_names import find_former as __getattr__  # noqa: F401  pickles written before name this package
