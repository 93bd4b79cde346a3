"""jit: call signature, trace, differentiation, code, result; and what a trace read from outside.

Looks into every room but diagnostics; no other room looks in. Begin with jitted.py, then tracing.py.
"""
