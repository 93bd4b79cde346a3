"""Value: a number that remembers how it was made, and the reverse sweep over such numbers.

Imports ops; the rooms above import it. Begin with value.py, then operators.py (`a * b`; generated from the table by
operator_writer.py) and backward.py (`backward()`); instrumentation.py lists the methods that blocks replace.
"""
