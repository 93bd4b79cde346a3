"""Machine code through llvmlite: the Program in LLVM's language, and the functions that Python calls.

Looks into lower and program; lower.backend finds it by its name, nothing else looks in. Begin with backend.py, then
kernel.py (the Program), entries.py (calls and results) and objects.py (conversion of Python's objects).
"""
