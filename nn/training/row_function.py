"""One compiled function called for many rows: row by row through two buffers, and from many rows on all in one call."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from operator import add
from typing import Any

from autograd import jit

# Code for whole tables is compiled when rows have taken as long as that takes. Microseconds, of which only the ratios
# count: to compile any code, and each of its instructions; a row, and each of its instructions; and each number of the
# result of a sum, which Python gives to parameters, where code for tables writes to memory.
COMPILING, PER_INSTRUCTION, ROW, ROW_INSTRUCTION, NUMBER = 20_000.0, 30.0, 0.5, 0.001, 0.8
WORTH = 1.0     # of that time


class RowFunction:
    """A compiled function of a row of numbers; it gives ``count`` numbers.

    function: what runs while the function is traced. row: any row, such as the first. derived: makes of ``function``
    what is compiled, such as its derivative. traced: the rows for which ``function`` itself ran. A table is an array of
    its rows, one after another. fast: of code for tables, as in `fit`.
    """

    def __init__(self, function: Callable[[Any], Any], row: "array[float]", count: int,
                 derived: Callable[[Any], Any] = lambda f: f, fast: bool = False) -> None:
        self._fast = fast
        self._row, self._out = array("d", row), array("d", bytes(8 * count))
        traced, buffer = list[bytes](), self._row

        def noted(row: Any) -> Any:
            traced.append(buffer.tobytes())
            return function(row)

        noted.__name__ = "loss"     # in warnings
        jitted = jit(derived(noted))
        self._bound: Any = jitted.bind(self._row, out=self._out)
        # parameters are read once per batch; a function that captures none has nothing to read
        self._read, self._run = getattr(self._bound, "read", list), getattr(self._bound, "held", self._bound)
        self.traced, self._jitted = traced, jitted
        self._rows: Any = None      # code for tables
        size = getattr(self._bound, "instructions", 0)
        self._ahead = WORTH * (COMPILING + PER_INSTRUCTION * size)     # until it is compiled
        self._row_time = ROW + ROW_INSTRUCTION * size

    @property
    def uncompiled(self) -> str:
        """Why rows run uncompiled, as a warning has said it; empty where none does."""
        return str(self._jitted.uncompiled)

    @property
    def captured(self) -> Sequence[Any]:
        """The Values that the function reads from outside, in the order in which ``of_tables`` holds them."""
        return getattr(self._bound, "captured", ())

    def of_tables(self, count: int, given: int = 0) -> Any:
        """The code for tables, if it pays and there is one; it is about to be called for so many rows.

        given: how many numbers Python gives to parameters afterwards.
        """
        if self._ahead > 0:
            self._ahead -= count * self._row_time + given * NUMBER
            if self._ahead <= 0:
                self._rows = self._bound.rows(self._fast)
        return self._rows

    def sum(self, table: "array[float]", order: Sequence[int]) -> list[float]:
        """The sums of its numbers over these rows, added up from left to right."""
        code = self.of_tables(len(order), len(self._out))
        if code is not None:
            code.hold(self._captured_numbers())
            return code.sum(table, array("q", order)).tolist()       # type: ignore[no-any-return]
        total: list[float] = [0.0] * len(self._out)
        numpy = _numpy()
        if numpy is None:
            for _ in self._each(table, order):
                total = list(map(add, total, self._out))
            return total
        sums, found = numpy.array(total), numpy.frombuffer(self._out)
        for _ in self._each(table, order):
            sums += found
        total[:] = sums.tolist()
        return total

    def exactly(self, table: "array[float]", row: int) -> list[float]:
        """Its numbers for a row, with eager's bits also where tables have fast code."""
        for _ in self._each(table, [row]):
            pass
        return [0.0 + x for x in self._out]

    def each(self, table: "array[float]") -> "array[float]":
        """Its numbers for each row, one row after another."""
        count = len(table) // len(self._row)
        code = self.of_tables(count)
        if code is not None:
            code.hold(self._captured_numbers())
            return code.each(table)     # type: ignore[no-any-return]
        found = array("d")
        for _ in self._each(table, range(count)):
            found.extend(self._out)
        return found

    def _captured_numbers(self) -> "array[float]":
        return array("d", [x.data for x in self.captured])

    def _each(self, table: "array[float]", order: Iterable[int]) -> Iterable[None]:
        row, run = self._row, self._run
        self._read()
        width = len(row)
        for i in order:
            row[:] = table[width * i:width * (i + 1)]
            run()
            yield


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        return None
    return numpy
