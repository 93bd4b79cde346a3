"""What a context, a thread or a coroutine's task, is inside of: derivatives being taken, no_grad and anomaly blocks."""

import os
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from itertools import count
from threading import get_ident
from typing import Any
from weakref import ref

from autograd.errors import TraceError
from autograd.lines import shown, users_line


class Token:
    """Stands for an entered block. It is held by the block alone, and weakly by all that know of open blocks.

    An interrupt may come just as ``__exit__`` begins, or where a loop ends inside ``with``: from Python 3.12 on
    ``__exit__`` is not even called then. The block goes, its token with it, and the weak reference falls silent,
    without any Python code in which Ctrl-C could be lost.
    """

    __slots__ = ("__weakref__", "block", "entry", "mode", "thread")
    block: "ref[Scope]"
    entry: "ref[Token]"
    mode: str
    thread: int


_entered: ContextVar[tuple[ref[Token], ...]] = ContextVar("pathgrad", default=())      # the innermost last
_all: list[set[ref[Token]]] = []


def entries() -> set[Any]:
    """A set for the entries of all blocks of some kinds that are open, in any context."""
    _all.append(set())
    return _all[-1]


def _in_child() -> None:
    """A process forked meanwhile has not the threads that would leave their blocks."""
    for everyones in _all:
        for entry in list(everyones):
            token = entry()
            if token and token.thread != get_ident() and entry not in _entered.get():
                everyones.discard(entry)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)


class Scope:
    """A block that this context is inside of, from where ``with`` enters it to where it is left.

    Who is started with a copy of the context, such as a task or `asyncio.to_thread`, is inside as long; other
    threads start outside of all blocks.
    """

    mode = ""           # which kind of block it is
    open = entries()    # where it is entered for all contexts
    swaps: Any = None   # what changes with that
    inputs: Any = frozenset()       # of the function that it traces or differentiates

    def __init__(self) -> None:
        self.tokens: list[Token] = []       # one object may be entered twice, and in several contexts

    def __enter__(self) -> Any:
        token = Token()
        token.block, token.mode, token.thread = ref(self), self.mode, get_ident()
        token.entry = ref(token, self.open.discard)
        try:
            self.open.add(token.entry)
            if self.swaps is not None:
                self.swaps.set()
            inside = _entered.get()
            if inside and inside[-1]() is None:     # ended by interrupts
                inside = tuple([entry for entry in inside if entry() is not None])
            _entered.set((*inside, token.entry))
            self.tokens.append(token)
        except BaseException:
            self._leave([token])
            raise

    def __exit__(self, *_: object) -> None:
        left: list[Token] = []
        try:
            self._leave(left)
        except BaseException:       # Ctrl-C; and someone may keep the traceback, and with it the block
            self._leave(left)
            raise

    def _leave(self, left: list[Token]) -> None:
        """Leave the block of the token in ``left``; where that is empty, put the one there which was entered last."""
        inside = _entered.get()
        if not left:
            here = [token for entry in inside if (token := entry()) in self.tokens] if len(self.tokens) > 1 else []
            left.append((here or self.tokens)[-1])
        token = left[0]
        if inside and inside[-1] is token.entry:
            _entered.set(inside[:-1])
        else:       # entered and left in no order; or an interrupt has ended some
            _entered.set(tuple([entry for entry in inside if entry is not token.entry and entry() is not None]))
        self.open.discard(token.entry)
        if self.swaps is not None:
            self.swaps.set()
        if token in self.tokens:
            self.tokens.remove(token)


def _innermost(mode: str, other: str) -> Token | None:
    for entry in reversed(_entered.get()):
        token = entry()
        if token is not None and (token.mode == mode or token.mode == other):
            return token
    return None


class Modes:
    """The blocks that this context is inside of."""

    @property
    def transforms(self) -> list[Token]:
        """Derivatives being taken."""
        inside = _entered.get()
        return [token for entry in inside if (token := entry()) and token.mode == "transform"] if inside else []

    @property
    def quiet(self) -> bool:
        """Whether there is a no_grad block inside the innermost derivative."""
        token = _innermost("quiet", "transform")
        return token is not None and token.mode == "quiet"

    @property
    def recorder(self) -> Any:
        """The innermost tracing."""
        token = _innermost("traced", "traced")
        return token and token.block()

    @property
    def watched(self) -> bool:
        """Whether there is an anomaly block, outside of which no formula of the table is being computed."""
        token = _innermost("watched", "formula")
        return token is not None and token.mode == "watched"

    @property
    def watched_nan(self) -> bool:
        """Whether there is one that lets infinities pass."""
        token = _innermost("watched_nan", "formula")
        return token is not None and token.mode == "watched_nan"

    def formula(self, function: Callable[..., Any], *args: Any) -> Any:
        """A partial of the table; `anomaly` replaces this by a method that looks at its result, not inside it."""
        return function(*args)


modes = Modes()
_levels = count(1)
live = entries()        # of all functions that are being differentiated, in any context


class nested(Scope):
    """Inside it derivatives are Values or Duals, so that an outer transform can go on with them.

    A transform records also where no_grad surrounds it: it was asked for a derivative.
    """

    mode = "transform"
    open = live

    def __init__(self, inputs: Iterable[Any] = ()) -> None:
        super().__init__()
        self.inputs = frozenset(inputs)

    def __enter__(self) -> int:
        super().__enter__()
        return next(_levels)        # unique, so that no two transforms can take each other's tangents


def begins(nodes: Iterable[Any], blocks: Iterable[ref[Token]]) -> bool:
    """Whether one of ``nodes`` is an input of a function that these blocks trace or differentiate."""
    found = [token.block() for entry in list(blocks) if (token := entry())]
    return not all(block.inputs.isdisjoint(nodes) for block in found if block)


def outermost() -> bool:
    """Whether results leave all transforms here, as floats; no_grad asks for the same."""
    if not _entered.get():
        return True
    if modes.recorder and modes.quiet:
        raise TraceError("a derivative inside no_grad inside a traced function would be frozen into the compiled "
                         "function; take it outside the no_grad block, and detach() it" + shown(users_line()))
    return not modes.transforms or bool(modes.quiet)
