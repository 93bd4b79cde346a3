"""One compiled function called for many rows, through one buffer that it reads and one that it writes."""

from array import array
from collections.abc import Callable, Iterable
from operator import add
from typing import Any

from autograd import jit


class RowFunction:
    """A compiled function of a row of numbers; it gives ``count`` numbers.

    function: what runs while the function is traced. row: any row, such as the first. derived: makes of ``function``
    what is compiled, such as its derivative. traced: the rows for which ``function`` itself ran.
    """

    def __init__(self, function: Callable[[Any], Any], row: "array[float]", count: int,
                 derived: Callable[[Any], Any] = lambda f: f) -> None:
        self._row, self._out = array("d", row), array("d", bytes(8 * count))
        traced, buffer = list[bytes](), self._row

        def noted(row: Any) -> Any:
            traced.append(buffer.tobytes())
            return function(row)

        noted.__name__ = "loss"     # in warnings
        jitted = jit(derived(noted))
        run = jitted.bind(self._row, out=self._out)
        # parameters are read once per batch; a function that captures none has nothing to read
        self._read, self._run = getattr(run, "read", list), getattr(run, "held", run)
        self.traced, self._jitted = traced, jitted

    @property
    def uncompiled(self) -> str:
        """Why rows run uncompiled, as a warning has said it; empty where none does."""
        return str(self._jitted.uncompiled)

    def sum(self, rows: Iterable["array[float]"]) -> list[float]:
        """The sums of its numbers over these rows, added up from left to right."""
        total: list[float] = [0.0] * len(self._out)
        numpy = _numpy()
        if numpy is None:
            for _ in self._each(rows):
                total = list(map(add, total, self._out))
            return total
        sums, found = numpy.array(total), numpy.frombuffer(self._out)
        for _ in self._each(rows):
            sums += found
        total[:] = sums.tolist()
        return total

    def each(self, rows: Iterable["array[float]"]) -> list[list[float]]:
        """Its numbers for each of these rows."""
        return [self._out.tolist() for _ in self._each(rows)]

    def _each(self, rows: Iterable["array[float]"]) -> Iterable[None]:
        row, run = self._row, self._run
        self._read()
        for numbers in rows:
            row[:] = numbers
            run()
            yield


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        return None
    return numpy
