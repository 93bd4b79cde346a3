"""What a thread is inside of: derivatives being taken, no_grad and anomaly blocks."""

from collections.abc import Callable, Iterable
from itertools import count
from threading import local
from typing import Any
from weakref import ref

from autograd.errors import TraceError
from autograd.lines import shown, users_line


class Token:
    """Stands for an entered block. It is held by the block alone, and weakly by the sets of open blocks.

    An interrupt may come just as ``__exit__`` begins; then the block goes, its token with it, and
    the weak reference leaves the set, without any Python code in which Ctrl-C could be lost.
    """

    __slots__ = ("__weakref__",)


class Modes(local):
    """The blocks that this thread is inside of."""

    def __init__(self) -> None:
        self.transforms: dict[Any, set[Any]] = {}   # derivatives being taken; of each, the no_grad blocks inside it
        self.outside: set[Any] = set()              # no_grad blocks inside no derivative
        self.traced: set[Any] = set()               # tracings
        self.recorder: Any = None                   # the innermost of them
        self.watched: set[Any] = set()              # anomaly blocks
        self.watched_nan: set[Any] = set()          # those that let infinities pass

    @property
    def quiet(self) -> set[Any]:
        """The no_grad blocks inside the innermost derivative."""
        return next(reversed(self.transforms.values()), self.outside)

    @property
    def innermost(self) -> Token | None:
        """What stands for the innermost derivative."""
        return next((reference() for reference in reversed(self.transforms)), None)

    def formula(self, function: Callable[..., Any], *args: Any) -> Any:
        """A partial of the table; `anomaly` replaces this by a method that looks at its result, not inside it."""
        return function(*args)


modes = Modes()
_levels = count(1)
live: dict[Any, frozenset[Any]] = {}    # of each function that is being differentiated, in any thread, the inputs


class nested:
    """Inside it derivatives are Values or Duals, so that an outer transform can go on with them.

    A transform records also where no_grad surrounds it: it was asked for a derivative.
    """

    def __init__(self, inputs: Iterable[Any] = ()) -> None:
        # Attributes go in this order: the references before their token, so that they fall silent where no dict
        # holds them. Where one does, it is the token that goes, and they leave.
        self.open: Any = None
        self.live: Any = None
        self.token: Any = None
        self.inputs = frozenset(inputs)

    def __enter__(self) -> int:
        self.token, self.transforms = Token(), modes.transforms
        self.open, self.live = ref(self.token, self.transforms.__delitem__), ref(self.token, live.__delitem__)
        live[self.live] = self.inputs
        self.transforms[self.open] = set()
        level = next(_levels)       # unique, so that no two transforms can take each other's tangents
        if modes.recorder:
            modes.recorder.levels.add(level)
        return level

    def __exit__(self, *_: object) -> None:
        self.transforms.pop(self.open, None)
        live.pop(self.live, None)


def outermost() -> bool:
    """Whether results leave all transforms here, as floats; no_grad asks for the same."""
    if modes.recorder and modes.quiet:
        raise TraceError("a derivative inside no_grad inside a traced function would be frozen into the compiled "
                         "function; take it outside the no_grad block, and detach() it" + shown(users_line()))
    return not modes.transforms or bool(modes.quiet)
