"""Machine code through llvmlite: the Program as LLVM's language, and the ways in from Python and out.

Looks into lower and program; compiler looks in. Begin with kernel.py, then entries.py.
"""
