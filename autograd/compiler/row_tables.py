"""A compiled function over tables: all rows in one call of machine code."""

from array import array
from typing import Any

from autograd.lower.backend import compile_lanes
from autograd.lower.row_after_row import RowAfterRow
from autograd.program.program import Program


class RowTables:
    """A Program without guards over tables, arrays of rows one after another. width: how many numbers a row has."""

    def __init__(self, program: Program, backend: str, width: int, cache: bool) -> None:
        """The inputs behind a row's are the same for all rows; they are 0.0 until `hold`."""
        self._width, self._outputs = width, len(program.outputs)
        self._held = array("d", bytes(8 * (len(program.inputs) - width)))
        shared, summed = range(width, len(program.inputs)), range(self._outputs)
        self._lanes = compile_lanes(program, backend, shared=frozenset(shared), summed=frozenset(summed),
                                    cache=cache)
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

    def _columns(self, table: "array[float]") -> "array[int]":
        start = table.buffer_info()[0]
        for i in range(self._width):
            self._places[2 * i] = start + 8 * i
        return self._places


def row_tables(program: Program, backend: str, width: int, cache: bool) -> Any:
    """`RowTables`, or None where a call for each row is as fast, or a row may have to run another version."""
    if program.guards or not width or not program.outputs:
        return None
    made = RowTables(program, backend, width, cache)
    return made if made.pays else None
