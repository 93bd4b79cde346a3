"""Sums over rows, in the order of the rows: the plain loop ``total = 0.0; for row: total += f(row)``, to the bit."""

import sys
from array import array
from collections.abc import Sequence
from functools import lru_cache
from operator import add
from typing import Any

from autograd.batch.results import Blocks, Layout, shaped
from autograd.batch.rowwise import RowResults
from autograd.batch.run import Part, Run
from autograd.lower.backend import compile_lanes
from autograd.ops.operand import Operand
from autograd.program.program import Program

MOST_ROWS, MOST_NUMBERS = 16384, 1 << 19     # of a part whose outputs are kept until they are added


class Sums:
    """The sums of a batch, or of one chunk of it after another."""

    def __init__(self, batched: Any) -> None:
        self._batched = batched
        self.layout: Layout | None = None
        self.carriers = False       # whether the sums are Values, or were added in Python
        self._count = 0
        self._sums: Any = array("d")
        self._kept: list[list[Any]] = []        # the derivatives by what rows do not share, of each chunk

    def add(self, run: Run) -> None:
        """Add all rows of a call, in lanes."""
        version, count = run.root, run.arguments.count
        self._begin(run.layout, count)
        blocks = Blocks(run.layout, count, len(version.trace.program.outputs))
        run.written = blocks
        if not run.layout.summed:
            run.each(blocks)
        elif run.batched.fast and run.local and not version.can_fail:
            self._add_sums(run, blocks.found)
        elif version.can_fail or not run.alone:
            self._add_parts(run, blocks.found, run.layout.sums)
        else:
            lanes, columns = run.code(version)
            size = run.turn
            for first in range(0, count, size):
                lanes.sum(columns, blocks.found, 0, first, min(size, count - first), self._sums.buffer_info()[0])
        self._kept.append(blocks.arrays)

    def add_rows(self, rows: RowResults) -> None:
        """Add the results of a plain loop."""
        self._begin(rows.layout, rows.count)
        sums = [*self._sums]
        for items in rows.outs:
            for i, place in enumerate(rows.layout.sums):
                sums[i] = sums[i] + items[place]
        self.carriers = any(isinstance(x, Operand) for x in sums)
        self._sums = sums if self.carriers else array("d", sums)
        self._kept.append(rows.blocks())

    def _begin(self, layout: Layout, count: int) -> None:
        if self.layout is None:
            self.layout = layout
            self._sums = array("d", bytes(8 * len(layout.summed) + 8))
        elif self.layout != layout:
            raise ValueError(f"vmap: {self._batched.__name__} returns another structure for this chunk than for the "
                             "first; give chunks whose rows have the same structure")
        self._count += count

    def _add_sums(self, run: Run, found: "array[int]") -> None:
        """Each part adds up its rows, in any order; the sums of the parts are added in the order of the parts."""
        lanes, columns = run.code(run.root)
        size, count = run.root.rows_of_a_sum(), run.arguments.count

        def compute(part: Part) -> "array[float]":
            sums = array("d", bytes(8 * len(self._sums)))
            lanes.sum(columns, found, 0, part.first, part.count, sums.buffer_info()[0])
            return sums

        def finish(part: Part, sums: "array[float]") -> None:
            self._sums = _added(self._sums, sums)

        parts = (Part(found, first, min(size, count - first)) for first in range(0, count, size))
        run.in_order(parts, compute, finish)

    def _add_parts(self, run: Run, found: "array[int]", summed: Sequence[int]) -> None:
        """The outputs of a part of the rows are computed, then added one row after another."""
        size, count = run.size(max(64, min(MOST_ROWS, MOST_NUMBERS // (len(summed) or 1)))), run.arguments.count
        adding, nowhere = _adding(len(summed), run.batched.backend), array("q", bytes(16 * len(summed)))

        def add(part: Summands) -> None:
            adding.sum(part.columns, nowhere, 0, 0, part.count, self._sums.buffer_info()[0])

        run.parts((Summands(found, summed, first, min(size, count - first)) for first in range(0, count, size)), add)

    def result(self) -> Any:
        """The result of the reduction."""
        mean = self._batched.reduce == "mean"
        if self.layout is None or (mean and not self._count):
            raise ValueError(f"vmap: the {self._batched.reduce} of no rows; give at least one")
        count = self._count if mean else 1
        kept = [_joined(parts, count) for parts in zip(*self._kept, strict=True)]
        return self.layout.rebuilt(kept, _over(self._sums, count) if mean else self._sums)


def _added(a: "array[float]", b: "array[float]") -> "array[float]":
    numpy = sys.modules.get("numpy")
    return array("d", (numpy.frombuffer(a) + numpy.frombuffer(b)).tobytes() if numpy else map(add, a, b))


class Summands(Part):
    """Some of the rows, with memory for their summed outputs, an output after the other."""

    def __init__(self, found: "array[int]", summed: Sequence[int], first: int, count: int) -> None:
        super().__init__(found[:], first, count)
        self.numbers = array("d", bytes(8 * count * len(summed)))
        self.columns = array("q", bytes(16 * len(summed)))
        start = self.numbers.buffer_info()[0]
        for i, place in enumerate(summed):
            column = start + 8 * count * i
            self.columns[2 * i], self.columns[2 * i + 1] = column, 8
            self.found[2 * place], self.found[2 * place + 1] = column - 8 * first, 8


def _over(sums: Any, count: int) -> Any:
    """The sums divided by ``count``."""
    if isinstance(sums, list):
        return [x / count for x in sums]
    numpy = sys.modules.get("numpy")
    return numpy.frombuffer(sums) / count if numpy else array("d", [x / count for x in sums])


def _joined(parts: Sequence[Any], count: int) -> Any:
    """The derivatives of all chunks, divided by ``count``."""
    first = parts[0]
    if isinstance(first, list):     # of Values, without NumPy
        return _divided([row for part in parts for row in part], count)
    if hasattr(first, "dtype"):
        whole = first if len(parts) == 1 else sys.modules["numpy"].concatenate(parts)
        return whole if count == 1 else whole / count
    shape: Any = first.shape[1:] if isinstance(first, memoryview) else ()       # type: ignore[index]
    numbers = array("d", b"".join([memoryview(part).tobytes() for part in parts]))
    return shaped(array("d", [x / count for x in numbers]) if count != 1 else numbers, (sum(map(len, parts)), *shape))


def _divided(rows: list[Any], count: int) -> list[Any]:
    return [_divided(x, count) if isinstance(x, list) else x / count if count != 1 else x for x in rows]


@lru_cache(maxsize=32)
def _adding(count: int, backend: str) -> Any:
    """Lanes that add up so many columns."""
    names = tuple([f"x{i}" for i in range(count)])
    every = frozenset(range(count))
    return compile_lanes(Program("sum", names, (), tuple(range(count))), backend, shared=frozenset(), summed=every)
