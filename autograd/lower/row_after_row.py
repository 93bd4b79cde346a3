"""The lanes of a backend that has none: scalar code called for one row after another, by the addresses of its numbers.

It needs neither NumPy nor llvmlite.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from ctypes import c_double, c_int64
from typing import Any

NO_MEMORY = -2          # what code gives where it got none


class RowAfterRow:
    """See `Lanes`. run: as of an `Executable`; summed: the outputs that `sum` adds up; loops: how these run."""

    width = 1
    scalar_calls: tuple[str, ...] = ()

    def __init__(self, run: Callable[[Sequence[float]], Any], summed: frozenset[int], loops: str = "") -> None:
        self._run, self._summed, self.loops = run, sorted(summed), loops

    def each(self, columns: "array[int]", found: "array[int]", rows: int, first: int, count: int, failed: int) -> int:
        """See `Lanes`."""
        failures = 0
        for i, row, out in self._computed(columns, rows, first, count):
            guard = out if out.__class__ is int else -1
            if guard < 0:
                _write(found, row, out)
            else:
                failures += 1
            if failed:
                c_int64.from_address(failed + 8 * i).value = guard
        return failures

    def sum(self, columns: "array[int]", found: "array[int]", rows: int, first: int, count: int, sums: int) -> None:
        """See `Lanes`."""
        totals = [c_double.from_address(sums + 8 * k) for k in range(len(self._summed))]
        for _, row, out in self._computed(columns, rows, first, count):
            for total, place in zip(totals, self._summed, strict=True):
                total.value += out[place]
            _write(found, row, out)

    def _computed(self, columns: "array[int]", rows: int, first: int, count: int) -> Iterator[tuple[int, int, Any]]:
        """For each row its place in the order of running, its number, and its outputs, or the guard that failed."""
        if not count:
            return
        places = [*zip(columns[::2], columns[1::2], strict=True)]
        numbers = [0.0 if step else c_double.from_address(start).value for start, step in places]
        varying = [(i, start, step) for i, (start, step) in enumerate(places) if step]
        for i in range(count):
            row = c_int64.from_address(rows + 8 * i).value if rows else first + i
            for place, start, step in varying:
                numbers[place] = c_double.from_address(start + row * step).value
            out = self._run(numbers)
            if out == NO_MEMORY:
                raise MemoryError("no memory is left for what the loops of a row keep of each iteration; give them "
                                  "checkpoint=, a number of snapshots")
            yield i, row, out


def _write(found: "array[int]", row: int, out: Sequence[float]) -> None:
    for start, step, x in zip(found[::2], found[1::2], out, strict=True):
        if start:
            c_double.from_address(start + row * step).value = x
