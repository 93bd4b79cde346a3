"""Op: the table of primitives, their columns, and their formulas as expressions and as Python source.

Imports no other room; every room may import it. Begin with table.py, then primitives.py and formulas.py.
"""
