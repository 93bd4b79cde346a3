"""Program: a graph as a list of instructions, its gradients and its simplification.

Imports transforms and the rooms below; lower and compiler import it. Begin with program.py, then gradients.py.
"""

from autograd.former_names import find_former as __getattr__  # noqa: F401  pickles written before name this package
