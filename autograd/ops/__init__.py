"""Op: the table of primitives, what a primitive is, and formulas read and written as code.

Every room may look in; this one looks into none. Begin with table.py, then primitives.py.
"""

from autograd.former_names import find_former as __getattr__  # noqa: F401  pickles written before name this package
