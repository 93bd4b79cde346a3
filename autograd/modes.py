"""What a thread is inside of: derivatives being taken, no_grad and anomaly blocks."""

from collections.abc import Iterable
from itertools import count
from threading import local
from typing import Any
from weakref import ref


class Token:
    """Stands for an entered block. It is held by the block alone, and weakly by the sets of open blocks.

    An interrupt may come just as ``__exit__`` begins; then the block goes, its token with it, and
    the weak reference leaves the set, without any Python code in which Ctrl-C could be lost.
    """

    __slots__ = ("__weakref__",)


class Modes(local):
    """The blocks that this thread is inside of."""

    def __init__(self) -> None:
        self.transforms: set[Any] = set()   # derivatives being taken
        self.quiet: set[Any] = set()        # no_grad blocks, inside the innermost of them
        self.watched: set[Any] = set()      # anomaly blocks
        self.watched_nan: set[Any] = set()  # those that let infinities pass


modes = Modes()
_levels = count(1)
live: dict[Any, frozenset[Any]] = {}    # of each function that is being differentiated, in any thread, the inputs


class nested:
    """Inside it derivatives are Values or Duals, so that an outer transform can go on with them.

    A transform records also where no_grad surrounds it: it was asked for a derivative.
    """

    def __init__(self, inputs: Iterable[Any] = ()) -> None:
        self.inputs = frozenset(inputs)

    def __enter__(self) -> int:
        self.token, self.transforms, self.quiet = Token(), modes.transforms, modes.quiet
        self.open, self.live = ref(self.token, self.transforms.discard), ref(self.token, live.pop)
        self.transforms.add(self.open)
        live[self.live] = self.inputs
        modes.quiet = set()
        return next(_levels)        # unique, so that no two transforms can take each other's tangents

    def __exit__(self, *_: object) -> None:
        modes.quiet = self.quiet
        live.pop(self.live, None)
        self.transforms.discard(self.open)
        del self.live       # before its token: there is nothing left to remove


def outermost() -> bool:
    """Whether results leave all transforms here, as floats; no_grad asks for the same."""
    return not modes.transforms or bool(modes.quiet)
