"""The mean loss of a batch and its gradient, compiled or eager, and the choice between the two.

Both are bit-identical: losses and gradients are added up from left to right.
"""

from collections.abc import Callable, Sequence
from typing import Any

from autograd import TraceError, Value, no_grad
from nn.training.compiled_loss import CompiledLoss
from nn.training.data import Data
from nn.training.eager import EagerLoss, LossAndGradient, Output

ENOUGH_ROWS = 128       # rows after which a trace has paid
SHORT_LIVED = 8         # traces that may serve fewer rows


class LossGradients:
    """Compiled or eager gradients. With ``jit="auto"`` they are compiled until a compilation fails, then eager.

    After foreign code has run, the values that the trace read are compared; if one changed, the loss is traced again.
    """

    def __init__(self, model: Callable[..., Any], loss: Callable[..., Any], parameters: Sequence[Value],
                 jit: Any) -> None:
        self.eager = EagerLoss(model, loss, parameters)
        self.compiled: CompiledLoss | None = None
        self._jit, self._jit_required = bool(jit), jit is True
        self._first, self._rows, self._short_lived = True, 0, 0
        self._may_have_changed = False
        self.remarks: list[str] = []
        self.told: list[str] = []       # remarks that were warnings already
        self.announce: Callable[[], None] = lambda: None        # called before each compilation

    def follow(self, parameters: Sequence[Value]) -> None:
        """Differentiate with respect to these parameters from now on."""
        self.eager = EagerLoss(self.eager.model, self.eager.loss, parameters)
        self.compiled = None

    def expect_changes(self) -> None:
        """Foreign code has run, such as a callback: compare what the trace read before the next call."""
        self._may_have_changed = True

    def gradient(self, data: Data, rows: Sequence[int]) -> LossAndGradient:
        """The mean of the losses of these rows, and its gradient."""
        total, sums = self._compiled_or_eager("gradient", len(rows), data, rows)
        return total / len(rows), [x / len(rows) for x in sums]

    def gradient_code(self) -> tuple[Any, Sequence[Value]] | None:
        """The gradient's code for whole tables, and the Values whose numbers it holds; None where there is none."""
        return self.compiled.gradient_code() if self.compiled is not None else None

    def outputs(self, data: Data) -> tuple[float, list[Output]]:
        """The mean of the losses of all rows, and the model's output for each."""
        self.expect_changes()     # a metric may have run
        total, outputs = self._compiled_or_eager("outputs", len(data.inputs), data)
        return total / len(data.inputs), outputs

    def _compiled_or_eager(self, what: str, count: int, *args: Any) -> Any:
        if not self._jit:
            return getattr(self.eager, what)(*args)
        try:
            self._follow_changes()
            if self.compiled is None:
                self.compiled, self._first, self._rows = CompiledLoss(self.eager, self._first, self.announce), False, 0
            self._rows += count
            found = getattr(self.compiled, what)(*args)
            if self.compiled.given_up and not self._jit_required:
                self.told.append(self.compiled.given_up)
                self.compiled, self._jit = None, False
            return found
        except Exception as error:
            if self.compiled is not None:
                self.compiled.environment.restore()     # undo the side effects of the failed attempt
            if self._jit_required:
                raise
            found = getattr(self.eager, what)(*args)      # an error of the model itself is raised here
            self.compiled, self._jit = None, False
            self.remarks.append(f"not compiled, and slower: {type(error).__name__}: {error}")
            return found

    def _follow_changes(self) -> None:
        changed = self.compiled.environment.changed() if self._may_have_changed and self.compiled is not None else ""
        self._may_have_changed = False
        if changed:
            self._short_lived = self._short_lived + 1 if self._rows < ENOUGH_ROWS else 0
            self.compiled = None
            if self._short_lived > SHORT_LIVED and not self._jit_required:
                raise TraceError(f"what the model or the loss reads changes so often that it does not pay to trace it "
                                 f"again each time: {changed}")


def check_targets(model: Callable[..., Any], loss: Callable[..., Any], data: Data, name: str = "y") -> None:
    """Call the loss once for every different target, with the first row's output; an error names the target's row.

    A compiled loss does not see numbers, and would not refuse a wrong label.
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
                kind = "list" if isinstance(found, list) else type(found).__name__
                raise TypeError(f"fit: the loss of one example is one number, not a {kind}; average it")
