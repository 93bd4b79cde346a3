"""jit: call signature, specialization, trace, differentiation, simplification, code, result; and captured state.

Looks into every room but diagnostics and batch; batch looks in. Begin with jitted.py (a call), then follow
new_specialization.py, derivatives.py, tracing.py, executable.py. captured_state.py finds captured state.
"""

from autograd.former_names import find_former as __getattr__  # noqa: F401  pickles written before name this package
