"""Numbers of rows on their way to another process and back: packed, one column after another."""

from array import array
from collections.abc import Sequence
from ctypes import c_double
from functools import lru_cache
from typing import Any

from autograd.lower.backend import compile_lanes
from autograd.program.program import Program


class Packets:
    """The way between the columns of rows and packets of them.

    columns, found: as of `Lanes`; an output at the address 0 is not asked for. shared: the inputs of which every row
    has the same.
    """

    def __init__(self, columns: "array[int]", found: "array[int]", shared: frozenset[int], backend: str) -> None:
        places = range(len(columns) // 2)
        self._given = _chosen(columns, [i for i in places if i not in shared])
        self.outputs = tuple(i for i in range(len(found) // 2) if found[2 * i])
        self._wanted = _chosen(found, self.outputs)
        self.inputs = len(self._given) // 2
        self.shared = array("d", [c_double.from_address(columns[2 * i]).value for i in places if i in shared]).tobytes()
        self._copies = _copy(self.inputs, backend), _copy(len(self.outputs), backend)

    def pack(self, first: int, count: int, numbers: "array[float] | None" = None) -> "array[float]":
        """The inputs of these rows, in memory for them or in new memory."""
        if numbers is None:
            numbers = zeros(count * self.inputs)
        if numbers:
            self._copies[0].each(self._given, packed(numbers, count, first), 0, first, count, 0)
        return numbers

    def unpack(self, data: Any, first: int, count: int) -> None:
        """Write the outputs of these rows to where they belong."""
        numbers = numbers_of(data)
        if numbers:
            self._copies[1].each(packed(numbers, count, first), self._wanted, 0, first, count, 0)


class Room:
    """Memory for one packet after another: to get new memory takes longer than to copy the numbers."""

    def __init__(self) -> None:
        self._numbers = array("d")

    def of(self, count: int) -> "array[float]":
        """Memory for so many numbers; the last one's where that was as large."""
        if len(self._numbers) != count:
            self._numbers = zeros(count)
        return self._numbers


def zeros(count: int) -> "array[float]":
    """New memory for so many numbers."""
    return array("d", (0.0,)) * count


def numbers_of(data: Any) -> "array[float]":
    """The numbers in a buffer."""
    if isinstance(data, array):
        return data
    found = array("d")
    found.frombytes(data)
    return found


def packed(numbers: "array[float]", count: int, first: int = 0) -> "array[int]":
    """Where columns of so many rows are in a packet whose first row has the number ``first``."""
    start = numbers.buffer_info()[0] - 8 * first
    found = array("q")
    for i in range(len(numbers) // count if count else 0):
        found.extend((start + 8 * count * i, 8))
    return found


def _chosen(columns: "array[int]", places: Sequence[int]) -> "array[int]":
    return array("q", [x for i in places for x in columns[2 * i:2 * i + 2]])


@lru_cache(maxsize=32)
def _copy(count: int, backend: str) -> Any:
    """Lanes that copy so many columns."""
    names = tuple([f"x{i}" for i in range(count)])
    return compile_lanes(Program("copy", names, (), tuple(range(count))), backend, shared=frozenset())


def one_row(numbers: "array[float]") -> "array[int]":
    """Where numbers are that all rows share."""
    start = numbers.buffer_info()[0]
    return array("q", [x for i in range(len(numbers)) for x in (start + 8 * i, 0)])
