"""Runs what only one thread may run at a time; no Ctrl-C leaves its lock taken, and no fork happens meanwhile."""

import os
from collections.abc import Callable
from threading import RLock
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_all: list["Alone"] = []


class Alone:
    """A lock with the code that it is for: ``alone(function, *args)``.

    locks: re-entrant ones of others, which that code takes, too, and which a Ctrl-C may leave taken, as it may come
        when ``acquire`` has returned, and ``try`` has not begun.
    """

    def __init__(self, *locks: Any) -> None:
        self.locks = [RLock(), *locks]
        _all.append(self)

    def __call__(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What ``function(*args, **kwargs)`` returns, once no other thread is inside."""
        inside = [lock._is_owned() for lock in self.locks]      # as in a signal's handler, while this thread is inside
        try:
            with self.locks[0]:
                return function(*args, **kwargs)
        finally:
            for lock, before in zip(self.locks, inside, strict=True):
                while lock._is_owned() and not before:
                    lock.release()


def _take() -> None:
    for alone in _all:      # grows while this waits, where another thread imports what makes one
        for lock in alone.locks:
            lock.acquire()


def _give() -> None:
    for alone in _all:
        for lock in alone.locks:
            if lock._is_owned():
                lock.release()


importing = Alone()     # a forked process would wait for ever for what another thread was importing
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_take, after_in_parent=_give, after_in_child=_give)
