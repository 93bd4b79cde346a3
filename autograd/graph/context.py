"""The blocks that a context (a thread, or a coroutine's task) has entered: derivatives, no_grad, anomaly, tracing."""

import os
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from itertools import count
from threading import get_ident
from types import MethodType
from typing import Any
from weakref import ref

from autograd.errors import TraceError
from autograd.source_lines import shown, users_line


class Entry(ref[Any]):
    """An entered block, as long as its ``with`` statement keeps the bound ``__exit__``, which nobody else does.

    An interrupt may come just as ``__exit__`` begins, or where a loop ends inside ``with``: from Python 3.12 on
    ``__exit__`` is not even called then. What the statement keeps goes all the same, also while someone keeps the
    traceback and with it the block, and this falls silent without any Python code in which Ctrl-C could be lost.
    """

    __slots__ = ("block", "guard", "mode", "thread")
    block: "ref[Scope]"
    guard: Any      # what instrumentation.py is told by as the statement ends
    mode: str
    thread: int
    __eq__ = object.__eq__      # a block that is entered twice has two
    __hash__ = object.__hash__


_entered: ContextVar[tuple[Entry, ...]] = ContextVar("pathgrad", default=())      # the innermost last
entered = _entered.get
_all: list[set[Entry]] = []


def entries() -> set[Entry]:
    """A new set for all open blocks of some kinds, in any context."""
    _all.append(set())
    return _all[-1]


def _in_child() -> None:
    """After a fork: discard the entries of threads that do not exist in the child."""
    for everyones in _all:
        for entry in list(everyones):
            if entry.thread != get_ident() and entry not in _entered.get():
                everyones.discard(entry)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)


class _Exit:
    """``__exit__`` of a block, which is told what ``with`` is going to keep; then ``with`` calls ``__enter__``."""

    def __get__(self, block: "Scope | None", owner: type["Scope"]) -> Any:
        if block is None:
            return owner.leave
        method = MethodType(owner.leave, block)
        block.coming = get_ident(), ref(method)
        return method


class _Called:
    """Stands for the bound ``__exit__`` in a block that is entered without ``with``, as contextlib.ExitStack does."""

    __slots__ = ("__weakref__",)


class Scope:
    """A block of the current context, from the moment when ``with`` enters it until it is left.

    Code that is started with a copy of the context, such as a task or `asyncio.to_thread`, is inside equally long;
    other threads start outside all blocks.
    """

    __slots__ = ("__weakref__", "coming", "entries")
    mode = ""           # which kind of block it is
    open = entries()    # where it is entered for all contexts
    switch: Any = None  # of the methods that change with that
    inputs: Any = frozenset()       # of the function that it traces or differentiates
    __exit__: Any = _Exit()

    def __init__(self) -> None:
        self.coming: tuple[int, Any] = 0, None      # which thread's ``with`` is about to enter, and what that keeps
        self.entries: dict[Entry, Any] = {}         # it may be entered twice, and in several contexts

    def __enter__(self) -> Any:
        thread = get_ident()
        asked, kept = self.coming
        called = None if asked == thread and kept() else _Called()
        entry = Entry(called or kept(), self.open.discard)      # no name for it: a traceback would keep it, too
        entry.block, entry.mode, entry.thread = ref(self), self.mode, thread
        self.entries[entry] = called
        self.open.add(entry)
        if self.switch is not None:
            self.switch.set()
        inside = _entered.get()
        if inside and inside[-1]() is None:     # ended by interrupts
            inside = tuple([other for other in inside if other() is not None])
        _entered.set((*inside, entry))

    def leave(self, *_: object) -> None:
        """Close the innermost entry of this block."""
        inside = _entered.get()
        if inside and inside[-1] in self.entries:
            entry = inside[-1]
            _entered.set(inside[:-1])
        else:       # a generator, say: entered and left in no order, or in different contexts
            entry = ([entry for entry in inside if entry in self.entries] or [*self.entries])[-1]
            _entered.set(tuple([other for other in inside if other is not entry]))
        self.open.discard(entry)
        if self.switch is not None:
            self.switch.set()
        del self.entries[entry]


def _innermost(mode: str, other: str) -> Entry | None:
    for entry in reversed(_entered.get()):
        if (entry.mode == mode or entry.mode == other) and entry() is not None:
            return entry
    return None


# In any context; mostly empty, which is quicker to see than what a context is inside of.
watching = entries()    # blocks inside of which Values look at every op: no_grad, anomaly
tracing = entries()     # functions that are being traced


class Modes:
    """The blocks of the current context, innermost ones and by kind."""

    @property
    def transforms(self) -> list[Entry]:
        """The derivatives that are being computed, outermost first."""
        inside = _entered.get()
        return [entry for entry in inside if entry.mode == "transform" and entry() is not None] if inside else []

    @property
    def innermost(self) -> Any:
        """The innermost derivative's block."""
        entry = _innermost("transform", "transform")
        return entry and entry.block()

    @property
    def no_grad_blocks(self) -> bool:
        """Whether there is a no_grad block inside the innermost derivative."""
        if not watching:
            return False
        entry = _innermost("quiet", "transform")
        return entry is not None and entry.mode == "quiet"

    @property
    def only_no_grad(self) -> bool:
        """Whether this context is inside no_grad blocks and no others, and no context traces a function."""
        inside = _entered.get()
        for entry in inside:
            if entry.mode != "quiet" or entry() is None:
                return False
        return bool(inside) and not tracing

    @property
    def recorder(self) -> Any:
        """The innermost tracing."""
        if not tracing:
            return None
        entry = _innermost("traced", "traced")
        return entry and entry.block()

    @property
    def watched(self) -> bool:
        """Whether there is an anomaly block, outside of which no formula of the table is being computed."""
        entry = _innermost("watched", "formula")
        return entry is not None and entry.mode == "watched"

    @property
    def watched_nan(self) -> bool:
        """Whether there is one that lets infinities pass."""
        entry = _innermost("watched_nan", "formula")
        return entry is not None and entry.mode == "watched_nan"

    def formula(self, function: Callable[..., Any], *args: Any) -> Any:
        """A partial of the table; `anomaly` replaces this by a method that looks at its result, not inside it."""
        return function(*args)


modes = Modes()
_levels = count(1)
active_inputs = entries()        # of all functions that are being differentiated, in any context


class transform_scope(Scope):
    """The block of one derivative: inside it results are Values or Duals, which an outer transform can differentiate.

    A transform records also where no_grad surrounds it: it was asked for a derivative.
    """

    __slots__ = ("inputs",)
    mode = "transform"
    open = active_inputs

    def __init__(self, inputs: Iterable[Any] = ()) -> None:
        Scope.__init__(self)
        self.inputs = frozenset(inputs)

    def __enter__(self) -> int:
        Scope.__enter__(self)
        level = next(_levels)       # unique, so that no two transforms can take each other's tangents
        recorder = modes.recorder
        if recorder:
            recorder.levels.add(level)
        return level


def begins(nodes: Iterable[Any], blocks: Iterable[Entry]) -> bool:
    """Whether one of ``nodes`` is an input of a function that these blocks trace or differentiate."""
    found = [block for entry in list(blocks) if entry() is not None and (block := entry.block())]
    return not all(block.inputs.isdisjoint(nodes) for block in found)


def outermost() -> bool:
    """Whether results leave all transforms here, as floats; inside no_grad they do, too."""
    if not _entered.get():
        return True
    if modes.recorder and modes.no_grad_blocks:
        raise TraceError("a derivative inside no_grad inside a traced function would be frozen into the compiled "
                         "function; take it outside the no_grad block, and detach() it" + shown(users_line()))
    return not modes.transforms or bool(modes.no_grad_blocks)
