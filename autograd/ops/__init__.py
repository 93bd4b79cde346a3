"""Op: the table of primitives, what a primitive is, and formulas read and written as code.

Every room may look in; this one looks into none. Begin with table.py, then primitives.py.
"""
