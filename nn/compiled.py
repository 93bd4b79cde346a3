"""How the loss of one example is compiled and called for many: from a row of numbers to its loss and gradient."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from operator import add
from typing import Any

from autograd import Value, jit, no_grad, value_and_grad
from nn.data import Data


class Compiled:
    """The loss as machine code, traced when it is first needed; TraceError where that cannot be."""

    def __init__(self, model: Callable[..., Any], loss: Callable[..., Any], parameters: Sequence[Value]) -> None:
        self.model, self.loss, self.parameters = model, loss, parameters
        self._gradient: _Bound | None = None
        self._outputs: _Bound | None = None
        self._several = False

    def gradient(self, data: Data, rows: Sequence[int]) -> tuple[float, list[float]]:
        """The sum of the losses of these rows, and its gradient."""
        if self._gradient is None:
            both = value_and_grad(self._parts(data, lambda output, loss: loss), wrt=self.parameters)
            self._gradient = _Bound(both, data, 1 + len(self.parameters))
        total, *sums = self._gradient.sum(data, rows)
        return total, sums

    def outputs(self, data: Data) -> tuple[float, list[Any]]:
        """The sum of the losses of all rows, and what the model gives for each."""
        if self._outputs is None:
            with no_grad():
                output = self.model(data.example(0)[0])
            self._several = hasattr(output, "__len__")
            parts = self._parts(data, lambda output, loss: [loss, *(output if self._several else [output])])
            self._outputs = _Bound(parts, data, 1 + (len(output) if self._several else 1))
        total, outputs = 0.0, []
        for loss, *output in self._outputs.each(data):
            total += loss
            outputs.append(output if self._several else output[0])
        return total, outputs

    def _parts(self, data: Data, chosen: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
        """What is ``chosen`` of the output and the loss, as a function of a row: the inputs, then the target."""
        (count, size), model, loss = data.shape, self.model, self.loss

        def example(row: Any) -> Any:
            output = model(list(row[:count]))
            return chosen(output, loss(output, row[count] if size is None else list(row[count:])))

        return example


class _Bound:
    """A compiled function of a row, with the places that its numbers are read from and written to."""

    def __init__(self, function: Callable[[Any], Any], data: Data, count: int) -> None:
        self._row, self._out = array("d", data.packed[0]), array("d", bytes(8 * count))
        run = jit(function).bind(self._row, out=self._out)
        # parameters are read once per batch; a function that captures none has nothing to read
        self._read, self._run = getattr(run, "read", list), getattr(run, "held", run)

    def sum(self, data: Data, rows: Iterable[int]) -> list[float]:
        """What comes out for these rows, added up."""
        total: list[float] = [0.0] * len(self._out)
        numpy = _numpy()
        if numpy is None:
            for _ in self._each(data, rows):
                total = list(map(add, total, self._out))
            return total
        sums, found = numpy.array(total), numpy.frombuffer(self._out)
        for _ in self._each(data, rows):
            sums += found
        total[:] = sums.tolist()
        return total

    def each(self, data: Data) -> Iterable[list[float]]:
        """What comes out for every row."""
        return [self._out.tolist() for _ in self._each(data, range(len(data.inputs)))]

    def _each(self, data: Data, rows: Iterable[int]) -> Iterable[None]:
        row, packed, run = self._row, data.packed, self._run
        self._read()
        for i in rows:
            row[:] = packed[i]
            run()
            yield


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        return None
    return numpy
