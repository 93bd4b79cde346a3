"""trial: a block around calls that only try the model, which leave no traces in hooks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from autograd import Environment
from nn.modules.hooks import hook_calls, hook_changes


@contextmanager
def trial(*functions: Any) -> Iterator[None]:
    """What hooks change in this block is put back, so that a list of theirs has the calls of the training alone.

    functions: the model and the loss. A hook that adds or removes hooks keeps what it did.
    """
    if not hook_changes():      # nobody has any
        yield
        return
    environment, changes, calls = Environment(*functions), hook_changes(), hook_calls()
    try:
        with environment:
            yield
    finally:
        if hook_calls() > calls and hook_changes() == changes:
            environment.restore()
