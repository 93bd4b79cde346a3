"""A trace as text, and a check that tracing restores all state."""

from contextlib import contextmanager

from autograd import Value, trace
from autograd.graph.context import active_inputs, modes
from autograd.program.program import verify


def listed(f, *args):
    """The lines of the traced Program."""
    return str(verify(trace(f, *args))).splitlines()


@contextmanager
def unchanged_state():
    """Assert that Value's methods and the thread's modes are afterwards as before."""
    before = dict(vars(Value))
    yield
    assert dict(vars(Value)) == before
    assert modes.recorder is None
    assert not modes.transforms
    assert not active_inputs
