"""Pauses the garbage collector where very many objects are made, none of them garbage."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

_paused: list[int] = []     # one for each block that has to switch it on again


@contextmanager
def uncollected() -> Iterator[None]:
    """As a decorator: it would look at all of them again and again, for a fifth of the time of a compilation."""
    enabled = gc.isenabled()
    if enabled:
        _paused.append(1)
        gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
            _paused.pop()


def _in_child() -> None:
    """A process forked meanwhile has not the thread that would do so."""
    if _paused:
        _paused.clear()
        gc.enable()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
