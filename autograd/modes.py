"""What a thread is inside of: derivatives being taken, and no_grad blocks."""

from collections.abc import Iterable
from itertools import count
from threading import local
from typing import Any


class Modes(local):
    """What this thread is inside of. Blocks are tokens in a set, so that leaving twice does no harm."""

    def __init__(self) -> None:
        self.transforms: set[object] = set()    # derivatives being taken
        self.quiet: set[object] = set()         # no_grad blocks, inside the innermost of them


modes = Modes()
_levels = count(1)
live: dict[object, frozenset[Any]] = {}     # of each function that is being differentiated, in any thread, the inputs


class Block:
    """A context that is also left when its object goes: an interrupt may come just as ``__exit__`` begins."""

    def leave(self) -> None:
        """Undo what entering did; again, if need be."""

    def __exit__(self, *_: object) -> None:
        self.leave()

    def __del__(self) -> None:
        self.leave()


class nested(Block):
    """Inside it derivatives are Values or Duals, so that an outer transform can go on with them.

    A transform records also where no_grad surrounds it: it was asked for a derivative.
    """

    entered = False

    def __init__(self, inputs: Iterable[Any] = ()) -> None:
        self.inputs = frozenset(inputs)

    def __enter__(self) -> int:
        self.token, self.transforms, self.quiet = object(), modes.transforms, modes.quiet
        self.entered = True
        self.transforms.add(self.token)
        live[self.token] = self.inputs
        modes.quiet = set()
        return next(_levels)        # unique, so that no two transforms can take each other's tangents

    def leave(self) -> None:
        if self.entered:
            modes.quiet = self.quiet
            live.pop(self.token, None)
            self.transforms.discard(self.token)
            self.entered = False


def outermost() -> bool:
    """Whether results leave all transforms here, as floats; no_grad asks for the same."""
    return not modes.transforms or bool(modes.quiet)
