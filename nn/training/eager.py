"""The eager loss: the loss of examples or of a batch and its gradient, with a graph for each."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd import Value, no_grad, value_and_grad
from nn.modules.noise import Run, drawn_by
from nn.training.data import Data

Output = float | list[Any]
LossAndGradient = tuple[float, list[float]]


class EagerLoss:
    """The loss of examples and its gradient, for any model: every example builds its graph.

    batched: model and loss get the lists of a batch's examples, and the loss is the batch's. batch_size: of the batches
    in which outputs are computed then. moment: what the random numbers of a run depend on, beside the example.
    """

    def __init__(self, model: Callable[..., Any], loss: Callable[..., Any], parameters: Sequence[Value],
                 batched: bool = False, batch_size: int | None = None) -> None:
        self.model, self.loss = model, loss
        self.batched, self.batch_size, self.moment = batched, batch_size, ""
        self.epochs_left = 1.0      # for which it pays to compile something; this one counts
        self.updates: list[tuple[Value, float]] = []    # of buffers, by the last gradient
        self.follow(parameters)

    def follow(self, parameters: Sequence[Value]) -> None:
        """Differentiate with respect to these parameters."""
        model, loss, self.parameters = self.model, self.loss, parameters
        self._both = value_and_grad(lambda x, target: loss(model(x), target), wrt=parameters)

    def gradient(self, data: Data, rows: Iterable[int]) -> LossAndGradient:
        """The sum of the losses of these rows, or the loss of the batch that they are, and its gradient."""
        total, sums = 0.0, [0.0] * len(self.parameters)
        for unit in self.units(rows):
            with self.run(unit) as run:
                loss, slopes = self._both(*self.example(data, unit))
            self.updates = [(value, as_float(x)) for value, x in run.updates]
            total += loss
            sums = [a + b for a, b in zip(sums, slopes, strict=True)]
        return total, sums

    def outputs(self, data: Data) -> tuple[float, list[Output]]:
        """The sum of the losses of all rows, and the model's output for each."""
        total, outputs = 0.0, list[Output]()
        for unit in self.measured_units(len(data.inputs)):
            loss, found = self.output(data, unit)
            total += loss * len(unit)
            outputs += found
        return total, outputs

    def output(self, data: Data, unit: Sequence[int]) -> tuple[float, list[Output]]:
        """The loss of an example or a batch, and the model's output for each of its rows."""
        x, target = self.example(data, unit)
        with no_grad(), self.run(unit, measured=True):
            output = self.model(x)
            loss = as_float(self.loss(output, target))
        found = as_floats(output)
        return loss, self.row_outputs(found, unit)

    def row_outputs(self, output: Any, unit: Sequence[int]) -> list[Any]:
        """A model's output for an example or a batch as one for each row."""
        if not self.batched:
            return [output]
        if not isinstance(output, list) or len(output) != len(unit):
            raise ValueError(f"fit: with batched=True the model is given a list of {len(unit)} examples, and has to "
                             "return a list of as many outputs")
        return output

    def units(self, rows: Iterable[int]) -> list[Sequence[int]]:
        """What is computed at a time: the rows of a batch, or each row."""
        return [tuple(rows)] if self.batched else [(i,) for i in rows]

    def measured_units(self, count: int) -> list[Sequence[int]]:
        """The same of ``count`` rows whose outputs are computed."""
        size = (self.batch_size or count) if self.batched else 1
        return [range(i, min(i + size, count)) for i in range(0, count, size)]

    def example(self, data: Data, unit: Sequence[int]) -> tuple[Any, Any]:
        """What the model is given, and the target."""
        if not self.batched:
            return data.example(unit[0])
        pairs = [data.example(i) for i in unit]
        return [x for x, _ in pairs], [target for _, target in pairs]

    def run(self, unit: Sequence[int], measured: bool = False) -> Run:
        """A block around a run: its random numbers depend on the moment and the first row."""
        what = "measured row" if measured else "row"
        return Run(drawn_by(f"{self.moment}, {what} {unit[0]}"), self.batched or measured)


def as_float(x: Any) -> float:
    """The data of a Value, or the float of another number."""
    return x.data if isinstance(x, Value) else float(x)


def as_floats(x: Any) -> Any:
    """The same of each number in nested sequences, as lists."""
    return list(map(as_floats, x)) if hasattr(x, "__len__") else as_float(x)
