"""Calls that give another result each time, with their lines: a trace would freeze their random numbers and times."""

import gc
import sys
import warnings
from types import FrameType, ModuleType
from typing import Any
from weakref import ref

from autograd.compiler.captured_state import CLOCKS, CapturedState
from autograd.compiler.generator_state import put_state, same_state, state
from autograd.source_lines import Line, shown, users_line

READ = frozenset({"time", "time_ns", "perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time",
                  "process_time_ns", "thread_time", "thread_time_ns", "clock_gettime", "clock_gettime_ns", "localtime",
                  "gmtime", "ctime", "urandom", "getrandom", "now", "utcnow", "today"})


class NondeterministicCalls:
    """A block around a run of functions, after which ``found`` has each line with such a call, and the name it called.

    The states of all generators that the functions reach are compared: those of random and numpy.random, and one's own.
    Clocks and the system's random source have no state. Where the code names a module that has such, a profile function
    watches calls, unless this thread has one already; it also finds the line of a generator's call.
    """

    def __init__(self, captured: CapturedState) -> None:
        self._captured = captured
        self.found: dict[Line | None, str] = {}
        self._states: list[tuple[str, Any, Any]] = []
        self._watching = False
        self._before: Any = None

    def __enter__(self) -> "NondeterministicCalls":
        self.found.clear()
        generators = {id(x): (path, x) for path, x in self._captured.generators}
        for path, module, name in (("random", "random", "_inst"), ("numpy.random", "numpy.random.mtrand", "_rand")):
            if module in sys.modules:       # a module that is not loaded has not been called
                x = getattr(sys.modules[module], name)
                generators.setdefault(id(x), (path, x))
        self._states = [(path, x, state(x)) for path, x in generators.values()]
        self._before = sys.getprofile()
        self._watching = bool(self._captured.clocks) and (self._before is None or callable(self._before))
        if self._watching:
            sys.setprofile(_watcher(self))
        elif self._captured.clocks:        # a profiler in C, which cannot be taken along: by name
            self.found.update({self._captured.line(name): name for name in sorted(READ & self._captured.names)})
        return self

    def __exit__(self, *_: object) -> None:
        if self._watching:
            self._watching = False
            sys.setprofile(self._before)
        if not self.found:      # where calls are not watched, or made by NumPy
            for path, x, before in self._states:
                if not same_state(state(x), before):
                    self.found[self._captured.line(path)] = path

    def undo(self) -> None:
        """Put every generator back to its state at the start of the block."""
        for _, x, before in self._states:
            put_state(x, before)

    def called(self, frame: FrameType, event: str, function: Any) -> None:
        """The profile function; calls the one that was set before, if that is in Python."""
        if self._before is not None:
            self._before(frame, event, function)
        if event != "c_call" or not _nondeterministic(function):
            return
        collected = {getattr(getattr(f, "__func__", f), "__code__", None) for f in gc.callbacks}
        at: FrameType | None = frame
        while at is not None and at.f_code not in self._captured.codes:
            if at.f_code in collected:      # the garbage collector's visitor, which may come at any time
                return
            at = at.f_back
        line = users_line() if at is None else (at.f_code.co_filename, at.f_lineno, at.f_code.co_name)
        self.found.setdefault(line, function.__qualname__)


def warn(calls: NondeterministicCalls, name: str, told: set[str]) -> None:
    """Warn of each line with such a call, once; ``told``: the warnings given so far."""
    for line, what in calls.found.items():
        text = (f"{name}: {what} was called while it was traced, and what it gave is now a constant; draw outside, and "
                f"give it as an argument{shown(line)}")
        if text not in told:
            told.add(text)
            warnings.warn_explicit(text, RuntimeWarning, *(line or ("<unknown>", 1))[:2])


def _watcher(calls: NondeterministicCalls) -> Any:
    own = ref(calls)

    def watch(frame: FrameType, event: str, function: Any) -> None:
        found = own()
        if found is not None and found._watching:
            found.called(frame, event, function)
        else:       # an interrupt came before the block could end
            sys.setprofile(None)

    return watch


def _nondeterministic(function: Any) -> bool:
    """Whether a function in C is nondeterministic."""
    owner = getattr(function, "__self__", None)
    if isinstance(owner, (ModuleType, type)):
        return function.__name__ in READ and (owner.__name__ in CLOCKS or owner.__module__ in CLOCKS)
    return function.__name__ in ("random", "getrandbits") and isinstance(owner, getattr(sys.modules.get("random"),
                                                                                        "Random", ()))
