"""One compiled function called for many rows: row by row through two buffers, and from many rows on all in one call."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from math import inf
from operator import add
from typing import Any

from autograd import jit

# Microseconds, of which only the ratios count: to compile code for whole tables, and each of its elementary
# instructions; a row without that, each of these instructions, and more for each instruction of its code above CACHED;
# a step without that, and each number that Python gives to a parameter in it, where code for tables writes to memory.
COMPILING, PER_INSTRUCTION, ROW, ROW_INSTRUCTION, UNCACHED, STEP, NUMBER = 40_000.0, 20.0, 0.6, 0.0005, 0.004, 25.0, 1.0
CACHED = 20_000     # instructions: a row runs through its code once, which is read anew if it does not stay in a cache
WORTH = 1.0     # of the time to compile


def pays(cost: float, spent: float, left: float) -> bool:
    """Whether to compile at this cost, when as much has been spent without; or earlier, when enough is left."""
    return (spent >= cost and left >= cost) or (16.0 * spent >= cost and left >= 1.5 * cost)


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
        self._waiting = hasattr(self._bound, "rows")
        size, elementary = (getattr(self._bound, name, 0) for name in ("instructions", "written_out"))
        self._cost, self._spent = WORTH * (COMPILING + PER_INSTRUCTION * elementary), 0.0
        self._most = 1      # rows of a call so far
        self._row_time = ROW + ROW_INSTRUCTION * elementary + UNCACHED * max(0, size - CACHED)

    @property
    def uncompiled(self) -> str:
        """Why rows run uncompiled, as a warning has said it; empty where none does."""
        return str(self._jitted.uncompiled)

    @property
    def captured(self) -> Sequence[Any]:
        """The Values that the function reads from outside, in the order in which ``of_tables`` holds them."""
        return getattr(self._bound, "captured", ())

    def of_tables(self, count: int, given: int = 0, left: float = inf) -> Any:
        """The code for tables, if it pays and there is one; it is about to be called for so many rows.

        given: how many numbers Python gives to parameters afterwards. left: how many rows there are, these and later.
        """
        if self._waiting and count:
            time = count * self._row_time + (STEP + given * NUMBER if given else 0.0)
            self._spent, self._most = self._spent + time, max(self._most, count)    # the last batch may be a small one
            if pays(self._cost, self._spent, time * left / self._most):
                self._rows, self._waiting = self._bound.rows(self._fast), False
        return self._rows

    def sum(self, table: "array[float]", order: Sequence[int], left: float = inf) -> list[float]:
        """The sums of its numbers over these rows, added up from left to right. left: as in `of_tables`."""
        code = self.of_tables(len(order), len(self._out), left)
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

    def each(self, table: "array[float]", times: float = 1) -> "array[float]":
        """Its numbers for each row, one row after another. times: how many calls there will be, this and later."""
        count = len(table) // len(self._row)
        code = self.of_tables(count, left=times * count)
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
