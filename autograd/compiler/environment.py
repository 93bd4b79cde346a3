"""Environment: a snapshot of the state that functions capture; tells whether it changed, and restores it."""

from itertools import chain
from math import copysign
from operator import is_
from typing import Any

from autograd.compiler.captured_state import CapturedState
from autograd.compiler.captured_storage import MISSING
from autograd.compiler.memory_snapshots import MemorySnapshot
from autograd.compiler.nondeterminism import NondeterministicCalls
from autograd.graph.context import modes
from autograd.source_lines import Line, shown


class Environment:
    """What some functions read from outside: globals, closures, defaults, attributes, generators of random numbers.

    Followed is what their code, and that of functions and methods which they name, calls by name, in an attribute or a
    string (all attributes of an object, where it asks with getattr or vars); and lists, dicts, objects, arrays and
    context variables that hang on it. Not followed: the code of installed packages, globals whose names are put
    together while it runs, files, and what only code in C can see.

    As a block around a run of the functions it sees whether that drew random numbers or read a clock; and, where the
    run is traced, whether it read the number of a Value from outside.

    >>> rate = [0.5]
    >>> environment = Environment(lambda x: rate[0] * x)
    >>> environment.changed()
    ''
    >>> rate[0] = 0.25
    >>> environment.changed()
    'rate[0] was 0.5 and is 0.25'
    """

    def __init__(self, *functions: Any) -> None:
        self._reach = CapturedState(*functions)
        self._calls = NondeterministicCalls(self._reach)
        self._read: dict[Line | None, str] = {}
        self._buffers = [MemorySnapshot(path, x) for path, x in self._reach.buffers]
        ends = [(object(),) for _ in self._reach.storages]       # so that nothing moves from one storage to the next
        self._live = [x for storage, end in zip(self._reach.storages, ends, strict=True) for x in (storage.live, end)]
        self._live.append((object(),))
        self._take()

    def _take(self) -> None:
        self._known = [storage.read() for storage in self._reach.storages]
        self._flat = list(chain.from_iterable(self._live))

    @property
    def names(self) -> set[str]:
        """The variables and attributes that the user's own code names."""
        return {name for code in self._reach.codes for name in code.co_names}

    @property
    def iterators(self) -> list[str]:
        """The names of iterators among the captured state, which reading uses up."""
        return self._reach.iterators

    def changed(self) -> str:
        """A text that names the first number or object that changed, with both values; empty where none did."""
        for buffer in self._buffers:
            if buffer.changed():
                return f"{buffer.path} has other numbers"
        try:
            if all(map(is_, chain.from_iterable(self._live), self._flat)):
                return ""
        except RuntimeError:        # another thread adds something just now
            pass
        for storage, known in zip(self._reach.storages, self._known, strict=True):
            now = storage.read()
            for key in known | now:
                was, found = known.get(key, MISSING), now.get(key, MISSING)
                if not _same(was, found):
                    return f"{storage.name(key)} was {_text(was)} and is {_text(found, was)}"
        self._take()        # equal numbers, but other objects
        return ""

    def restore(self) -> None:
        """Put back all state, and the state of every generator at the beginning of the last block."""
        for storage, known in zip(self._reach.storages, self._known, strict=True):
            storage.restore(known)
        for buffer in self._buffers:
            buffer.restore()
        self._calls.undo()

    def __enter__(self) -> "Environment":
        self._calls.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._calls.__exit__()
        recorder = modes.recorder
        self._read = dict(recorder.read) if recorder else {}

    @property
    def drawn(self) -> str:
        """The nondeterministic function that the last block called first, with the line; empty where none."""
        return _first(self._calls.found)

    @property
    def frozen(self) -> str:
        """The first read of the number of a captured Value in the last block, if that was traced, with the line."""
        return _first(self._read)


def _first(found: dict[Line | None, str]) -> str:
    return "".join(f"{what}{shown(line)}" for line, what in list(found.items())[:1])


def _same(one: Any, other: Any) -> bool:
    """Whether two objects are interchangeable for a function that reads them."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, float):
        return (one == other and copysign(1.0, one) == copysign(1.0, other)) or (one != one and other != other)
    return isinstance(one, (int, str, bytes, complex)) and repr(one) == repr(other)


def _text(x: Any, besides: Any = MISSING) -> str:
    if x is MISSING:
        return "not there"
    if not isinstance(x, (int, float, str, bytes, complex, tuple, type(None))):
        return f"a{'nother' * (type(x) is type(besides))} {type(x).__name__}"
    return repr(x) if len(repr(x)) <= 60 else f"{repr(x)[:57]}..."
