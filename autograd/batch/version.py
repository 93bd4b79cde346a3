"""A version of a batched function: the Program of a row, and its lanes."""

from array import array
from collections.abc import Sequence
from typing import Any

from autograd.batch.results import Layout
from autograd.batch.turns import Turn
from autograd.compiler.captured_values import CapturedValues
from autograd.compiler.signature import Signature
from autograd.compiler.specializations import Specialization
from autograd.compiler.tracing import Trace
from autograd.lower.backend import FALLBACK, compile_lanes
from autograd.lower.looped import rolled
from autograd.ops.free_variables import FreeVariable
from autograd.program.nested import can_fail

FEW = 1000      # rows of a version that run in Python, which takes less time than to compile lanes
MOST_ROWS, LARGE_WORK = 16384, 1 << 24      # rows, and elementary operations, that fast code adds up in any order


class Version(Specialization):
    """The lanes for the rows that pass its guards; below it, the versions for those where one fails."""

    __slots__ = ("_cache", "_fast", "_few", "_flops", "_free", "_lanes", "_native", "_turn", "can_fail", "layout",
                 "summed")
    rolled = staticmethod(rolled)

    def __init__(self, trace: Trace, backend: str | None, signature: Signature,
                 mentions: Sequence[FreeVariable], captured_values: CapturedValues | None, fast: bool,
                 cache: bool) -> None:
        """See `Specialization`; the code is made by `prepare`."""
        self.trace, self.mentions, self.captured_values = trace, mentions, captured_values
        self.captured, self.fast_entry = trace.captured, None
        self.by_failed_guard = {}
        self._lanes: Any = None
        self._native, self._few, self._fast, self._cache = False, FEW, fast, cache
        self._free: list[Any] = []
        self._flops, self._turn = 0, Turn(trace.program)
        self.can_fail = can_fail(trace.program)
        self.layout: Any = None

    @property
    def note(self) -> str:
        """How loops run, and which functions of C fast code calls row by row, of what has been compiled."""
        if self._lanes is None:
            return ""
        loops, called = self._lanes.loops, self._lanes.scalar_calls
        loops += ": few rows so far" if loops and not self._native else ""
        return (f"; {loops}" if loops else "") + (f"; row by row: {', '.join(called)}" if called else "")

    def flops(self) -> int:
        """The elementary operations of a row; one at least."""
        found: int = self._flops or self.trace.program.cost().flops + 1
        self._flops = found
        return found

    def rows_of_a_sum(self) -> int:
        """The rows that fast code adds up in any order; so no sum depends on the number of threads."""
        return max(256, min(MOST_ROWS, LARGE_WORK // self.flops()) // 64 * 64)

    def turn(self, rows: int, shared: frozenset[int]) -> int:
        """How many of so many rows machine code gets at a time; shared: as of `prepare`."""
        return self._turn.rows(rows, shared | self._captured_inputs())

    def lanes(self) -> Any:
        """The code that was made last."""
        return self._lanes

    def serves(self, rows: int) -> bool:
        """Whether so many rows more pay no other code."""
        self._few -= rows
        return self._native or self._few >= 0

    def prepare(self, rows: int, backend: str, shared: frozenset[int]) -> None:
        """Make the code for so many rows more, as rows of a few others ran in Python's.

        All calls for which it is made share the same numbers, and sum the same outputs.
        """
        serves = self.serves(rows)
        if self._lanes is None or not serves:
            native = self._fast or not serves
            self._lanes = compile_lanes(self.trace.program, backend if native else FALLBACK, fast=self._fast,
                                        shared=shared | self._captured_inputs(), summed=self.summed, cache=self._cache,
                                        straight=self.trace.straight)
            self._native = native       # not before: Ctrl-C may come while it is compiled

    def _captured_inputs(self) -> frozenset[int]:
        count = len(self.trace.program.inputs)
        return frozenset(range(count - len(self.captured), count))

    def lay(self, reduced: bool, shared: frozenset[int]) -> None:
        """Find the layout of its results; with ``reduced`` all is summed but derivatives by what is not shared."""
        if self.layout is not None:
            return
        trace, count = self.trace, len(self.trace.program.outputs)
        shared |= self._captured_inputs()
        kept = frozenset([i for i, inputs in enumerate(trace.by) if not inputs <= shared])
        self.summed = frozenset(range(count)) - kept if reduced else frozenset()
        self.layout = Layout(trace.rebuild([float(i) for i in range(count)]), self.summed)

    def columns(self, columns: "array[int]") -> tuple["array[int]", Any]:
        """The columns of the arguments and of the captured Values, as they are now; and memory to give to `free`."""
        if not self.captured:
            return columns, None
        numbers, more = memory = self._free.pop() if self._free else _memory(len(self.captured))
        numbers[:] = array("d", [x._data for x in self.captured])
        return columns + more, memory

    def free(self, memory: Any) -> None:
        """Memory that another call may take."""
        if memory:
            self._free.append(memory)


def _memory(count: int) -> tuple["array[float]", "array[int]"]:
    """Memory for numbers that all rows share, and its columns."""
    numbers, columns = array("d", bytes(8 * count)), array("q", bytes(16 * count))
    start = numbers.buffer_info()[0]
    columns[::2] = array("q", range(start, start + 8 * count, 8))
    return numbers, columns
