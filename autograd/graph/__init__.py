"""Value: a number that remembers how it was made, and the reverse sweep over such numbers.

Looks into ops; the rooms above look in. Begin with value.py, then backward.py.
"""
