"""The eager loss: the loss of examples and its gradient, with a graph for each example."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd import Value, no_grad, value_and_grad
from nn.training.data import Data

Output = float | list[float]
LossAndGradient = tuple[float, list[float]]


class EagerLoss:
    """The loss of examples and its gradient, for any model: every example builds its graph."""

    def __init__(self, model: Callable[..., Any], loss: Callable[..., Any], parameters: Sequence[Value]) -> None:
        self.model, self.loss, self.parameters = model, loss, parameters
        self._both = value_and_grad(lambda x, target: loss(model(x), target), wrt=parameters)

    def gradient(self, data: Data, rows: Iterable[int]) -> LossAndGradient:
        """The sum of the losses of these rows, and its gradient."""
        total, sums = 0.0, [0.0] * len(self.parameters)
        for i in rows:
            loss, slopes = self._both(*data.example(i))
            total += loss
            sums = [a + b for a, b in zip(sums, slopes, strict=True)]
        return total, sums

    def outputs(self, data: Data) -> tuple[float, list[Output]]:
        """The sum of the losses of all rows, and the model's output for each."""
        total, outputs = 0.0, list[Output]()
        with no_grad():
            for x, target in map(data.example, range(len(data.inputs))):
                output = self.model(x)
                total += as_float(self.loss(output, target))
                outputs.append([as_float(y) for y in output] if hasattr(output, "__len__") else as_float(output))
        return total, outputs


def as_float(x: Any) -> float:
    """The data of a Value, or the float of another number."""
    return x.data if isinstance(x, Value) else float(x)
