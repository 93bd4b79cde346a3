"""jit: call signature, trace, differentiation, code, result; and what a trace read from outside.

Looks into every room but diagnostics; no other room looks in. Begin with jitted.py, then tracing.py.
"""

from autograd.former_names import find_former as __getattr__  # noqa: F401  pickles written before name this package
