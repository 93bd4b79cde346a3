"""jit: call signature, specialization, trace, differentiation, simplification, code, result; and captured state.

Looks into every room but diagnostics; no other room looks in. Begin with jitted.py (a call), then follow
new_specialization.py, derivatives.py, tracing.py, executable.py. captured_state.py finds captured state.
"""
