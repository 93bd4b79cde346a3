"""How the loss of some examples and its gradient are got: one example after another, eagerly or compiled.

Both ways give the same numbers, to the bit: losses and gradients are added up from left to right.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd import TraceError, Value, no_grad, value_and_grad
from nn.compiled import Compiled
from nn.data import Data

Output = float | list[float]


class Eager:
    """Every example builds its graph: for any model."""

    def __init__(self, model: Callable[..., Any], loss: Callable[..., Any], parameters: Sequence[Value]) -> None:
        self.model, self.loss = model, loss
        self._both = value_and_grad(lambda x, target: loss(model(x), target), wrt=parameters)
        self._count = len(parameters)

    def gradient(self, data: Data, rows: Iterable[int]) -> tuple[float, list[float]]:
        """The sum of the losses of these rows, and its gradient."""
        total, sums = 0.0, [0.0] * self._count
        for i in rows:
            loss, slopes = self._both(*data.example(i))
            total += loss
            sums = [a + b for a, b in zip(sums, slopes, strict=True)]
        return total, sums

    def outputs(self, data: Data) -> tuple[float, list[Output]]:
        """The sum of the losses of all rows, and what the model gives for each."""
        total, outputs = 0.0, []
        with no_grad():
            for x, target in map(data.example, range(len(data.inputs))):
                output = self.model(x)
                total += plain(self.loss(output, target))
                outputs.append([plain(y) for y in output] if hasattr(output, "__len__") else plain(output))
        return total, outputs


class Steps:
    """Compiled, or eager; where ``jit`` is "auto", compiled until something cannot be."""

    def __init__(self, model: Callable[..., Any], loss: Callable[..., Any], parameters: Sequence[Value],
                 jit: Any) -> None:
        self.eager = Eager(model, loss, parameters)
        self.compiled = Compiled(model, loss, parameters) if jit else None
        self._must, self._asked = jit is True, False
        self.remarks: list[str] = []

    def gradient(self, data: Data, rows: Sequence[int]) -> tuple[float, list[float]]:
        """The mean of the losses of these rows, and its gradient."""
        total, sums = self._either("gradient", data, rows)
        return total / len(rows), [x / len(rows) for x in sums]

    def outputs(self, data: Data) -> tuple[float, list[Output]]:
        """The mean of the losses of all rows, and what the model gives for each."""
        total, outputs = self._either("outputs", data)
        return total / len(data.inputs), outputs

    def _either(self, what: str, data: Data, *args: Any) -> Any:
        if self.compiled is None:
            return getattr(self.eager, what)(data, *args)
        try:
            if not self._asked and _differs(self.eager, data.part([0])):
                raise TraceError("the first row's loss or output differs from call to call, or draws from random; what "
                                 "the model draws by chance would be frozen")
            self._asked = True
            return getattr(self.compiled, what)(data, *args)
        except Exception as error:
            if self._must:
                raise
            found = getattr(self.eager, what)(data, *args)      # what is wrong with the model itself comes out here
            self.compiled = None
            self.remarks.append(f"not compiled, and slower: {type(error).__name__}: {error}")
            return found


def _differs(eager: Eager, data: Data) -> bool:
    """Whether the same data do not always give the same, to the bit; a few times, for chance may repeat itself."""
    before = random.getstate()
    found = {repr(eager.outputs(data)) for _ in range(8)}       # as text: nan is nan, and -0.0 is not 0.0
    return len(found) > 1 or random.getstate() != before


def check(model: Callable[..., Any], loss: Callable[..., Any], data: Data, name: str = "y") -> None:
    """Show every target to the loss once, with the first row's output: what it refuses is named with its row.

    A compiled loss cannot look at the numbers, and would take a wrong label as it is.
    """
    with no_grad():
        output, known = model(data.example(0)[0]), set()
        for i, target in enumerate(data.answers()):
            key = tuple(target) if isinstance(target, list) else target
            if key in known:
                continue
            known.add(key)
            try:
                found = loss(output, target)
            except (TypeError, ValueError) as error:
                raise type(error)(f"{name}, row {i} (counted from 0): {error}") from error
            if hasattr(found, "__len__"):
                raise TypeError(f"fit: the loss of one example is one number, not a {type(found).__name__}; average it")


def plain(x: Any) -> float:
    """The number of a Value or of what counts as one."""
    return x.data if isinstance(x, Value) else float(x)
