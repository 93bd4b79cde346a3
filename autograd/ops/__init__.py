"""Op: the table of primitives, their columns, and their formulas as expressions and as Python source.

Imports no other room; every room may import it. Begin with table.py, then primitives.py and formulas.py.
"""

from autograd.former_names import find_former as __getattr__  # noqa: F401  pickles written before name this package
