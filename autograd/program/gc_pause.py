"""Pauses the garbage collector where very many objects are made, none of them garbage."""

import gc
import os
from collections.abc import Callable
from functools import wraps
from threading import get_ident
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_paused: set[int] = set()     # the threads that have to switch it on again


def gc_paused(function: Callable[P, R]) -> Callable[P, R]:
    """As a decorator: it would look at all of them again and again, for a fifth of the time of a compilation."""
    @wraps(function)
    def paused(*args: P.args, **kwargs: P.kwargs) -> R:
        if not gc.isenabled():
            return function(*args, **kwargs)
        try:        # before it is switched off: no Ctrl-C comes between the two
            _paused.add(get_ident())
            gc.disable()
            return function(*args, **kwargs)
        finally:
            gc.enable()
            _paused.discard(get_ident())

    return paused


def _in_child() -> None:
    """A process forked meanwhile has not the thread that would do so."""
    if _paused:
        _paused.clear()
        gc.enable()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
