"""Runs what only one thread may run at a time: no Ctrl-C leaves its lock taken, and nobody is in it when a process forks."""

import os
from collections.abc import Callable
from threading import RLock
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Alone:
    """Whose code is no thread's but one's.

    locks: re-entrant ones of others, which the code takes, too, and an interrupt there may leave taken: a Ctrl-C
        that comes when ``acquire`` has returned, and before ``try``.
    """

    def __init__(self, *locks: Any) -> None:
        self._locks = [RLock(), *locks]
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self._take, after_in_parent=self._give, after_in_child=self._give)

    def __call__(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """``function(*args, **kwargs)``, when nobody else is inside."""
        inside = [lock._is_owned() for lock in self._locks]     # a signal's handler, say, while this thread is inside
        try:
            with self._locks[0]:
                return function(*args, **kwargs)
        finally:
            for lock, before in zip(self._locks, inside, strict=True):
                while lock._is_owned() and not before:
                    lock.release()

    def _take(self) -> None:
        for lock in self._locks:
            lock.acquire()

    def _give(self) -> None:
        for lock in reversed(self._locks):
            if lock._is_owned():
                lock.release()
