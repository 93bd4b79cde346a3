"""How the loss of some examples and its gradient are got: one example after another, eagerly or compiled.

Both ways give the same numbers, to the bit: losses and gradients are added up from left to right.
"""

from collections.abc import Callable, Sequence
from typing import Any

from autograd import TraceError, Value, no_grad
from nn.training.compiled_loss import Compiled
from nn.training.data import Data
from nn.training.eager import Eager, Found, Output

PAYS = 128      # rows after which a trace has paid
RASH = 8        # traces that may pay less


class Steps:
    """Compiled, or eager; where ``jit`` is "auto", compiled until something cannot be.

    Where code that is not ours has run, it is looked at whether what the trace read is another now; then it is traced
    again.
    """

    def __init__(self, model: Callable[..., Any], loss: Callable[..., Any], parameters: Sequence[Value],
                 jit: Any) -> None:
        self.eager = Eager(model, loss, parameters)
        self.compiled: Compiled | None = None
        self._wanted, self._must = bool(jit), jit is True
        self._first, self._rows, self._rash = True, 0, 0
        self._look = False
        self.remarks: list[str] = []

    def follow(self, parameters: Sequence[Value]) -> None:
        """Take the gradient by these parameters from now on."""
        self.eager = Eager(self.eager.model, self.eager.loss, parameters)
        self.compiled = None

    def look(self) -> None:
        """Code that is not ours has run."""
        self._look = True

    def gradient(self, data: Data, rows: Sequence[int]) -> Found:
        """The mean of the losses of these rows, and its gradient."""
        total, sums = self._either("gradient", len(rows), data, rows)
        return total / len(rows), [x / len(rows) for x in sums]

    def outputs(self, data: Data) -> tuple[float, list[Output]]:
        """The mean of the losses of all rows, and what the model gives for each."""
        self.look()     # a metric may have run
        total, outputs = self._either("outputs", len(data.inputs), data)
        return total / len(data.inputs), outputs

    def _either(self, what: str, count: int, *args: Any) -> Any:
        if not self._wanted:
            return getattr(self.eager, what)(*args)
        try:
            self._follow_changes()
            if self.compiled is None:
                self.compiled, self._first, self._rows = Compiled(self.eager, self._first), False, 0
            self._rows += count
            return getattr(self.compiled, what)(*args)
        except Exception as error:
            if self.compiled is not None:
                self.compiled.environment.restore()     # what was tried has not happened
            if self._must:
                raise
            found = getattr(self.eager, what)(*args)      # what is wrong with the model itself comes out here
            self.compiled, self._wanted = None, False
            self.remarks.append(f"not compiled, and slower: {type(error).__name__}: {error}")
            return found

    def _follow_changes(self) -> None:
        changed = self.compiled.environment.changed() if self._look and self.compiled is not None else ""
        self._look = False
        if changed:
            self._rash = self._rash + 1 if self._rows < PAYS else 0
            self.compiled = None
            if self._rash > RASH and not self._must:
                raise TraceError(f"what the model or the loss reads changes so often that it does not pay to trace it "
                                 f"again each time: {changed}")


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
