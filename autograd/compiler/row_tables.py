"""A compiled function over tables: all rows in one call of machine code."""

from array import array
from collections.abc import Iterable
from typing import Any

from autograd.lower.backend import compile_lanes
from autograd.lower.row_after_row import RowAfterRow
from autograd.program.nested import can_fail
from autograd.program.program import Program


class RowTables:
    """A Program without guards over tables, arrays of rows one after another. width: how many numbers a row has."""

    def __init__(self, program: Program, backend: str, width: int, fast: bool, cache: bool) -> None:
        """The inputs behind a row's are the same for all rows; they are 0.0 until `hold`. fast: as in `vmap`."""
        self._width, self._outputs = width, len(program.outputs)
        self._held = array("d", bytes(8 * (len(program.inputs) - width)))
        shared, summed = range(width, len(program.inputs)), range(self._outputs)
        self._lanes = compile_lanes(program, backend, shared=frozenset(shared), summed=frozenset(summed),
                                    fast=fast, cache=cache)
        start = self._held.buffer_info()[0]
        self._places = array("q", [0, 8 * width] * width + [x for i in range(len(self._held))
                                                            for x in (start + 8 * i, 0)])
        self._nowhere = array("q", bytes(16 * self._outputs))

    @property
    def pays(self) -> bool:
        """Whether this is faster than a call for each row."""
        return not isinstance(self._lanes, RowAfterRow)

    def hold(self, others: "array[float]") -> None:
        """Give the inputs behind a row's their numbers, for the next calls."""
        self._held[:] = others

    def each(self, table: "array[float]") -> "array[float]":
        """The outputs of each row, one row after another."""
        count = len(table) // self._width
        found = array("d", bytes(8 * count * self._outputs))
        start = found.buffer_info()[0]
        places = [x for i in range(self._outputs) for x in (start + 8 * i, 8 * self._outputs)]
        self._lanes.each(self._columns(table), array("q", places), 0, 0, count, 0)
        return found

    def sum(self, table: "array[float]", order: "array[int]") -> "array[float]":
        """The sums of the outputs over the rows in ``order``, added up in that order."""
        sums = array("d", bytes(8 * self._outputs))
        if order:
            self._lanes.sum(self._columns(table), self._nowhere, order.buffer_info()[0], 0, len(order),
                            sums.buffer_info()[0])
        return sums

    def places(self, table: "array[float]", others: Iterable[int]) -> "array[int]":
        """Where `add` reads the rows, which are the table's, and, at these addresses, the inputs behind a row's."""
        return self._columns(table)[:2 * self._width] + array("q", [x for at in others for x in (at, 0)])

    def add(self, places: "array[int]", rows: int, first: int, count: int, sums: int) -> None:
        """Add the outputs over rows to the numbers from the address ``sums`` on; rows, first, count: as in `Lanes`."""
        self._lanes.sum(places, self._nowhere, rows, first, count, sums)

    def _columns(self, table: "array[float]") -> "array[int]":
        start = table.buffer_info()[0]
        for i in range(self._width):
            self._places[2 * i] = start + 8 * i
        return self._places


def row_tables(program: Program, backend: str, width: int, fast: bool, cache: bool) -> Any:
    """`RowTables`, or None where a call for each row is as fast, or a row may have to run another version."""
    if can_fail(program) or not width or not program.outputs:
        return None
    made = RowTables(program, backend, width, fast, cache)
    return made if made.pays else None


def column_lanes(program: Program, width: int, fast: bool) -> Any:
    """The `Lanes` of a Program with a column for each of the first ``width`` inputs, of the fastest backend there is.
    """
    return compile_lanes(program, "auto", shared=frozenset(range(width, len(program.inputs))), fast=fast)
