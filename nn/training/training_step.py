"""One optimiser step on one batch: after an error all parameters and the optimiser's state are as before."""

from collections.abc import Sequence
from itertools import chain
from math import isfinite
from operator import is_

from autograd import Value, assign, trainable
from nn.optim import Optimizer, clip_grad_norm_, clip_grad_value_
from nn.training.compiled_update import CompiledUpdates
from nn.training.data import Data
from nn.training.diagnosis import TrainingError, training_error
from nn.training.flat_steps import FlatSteps
from nn.training.loss_gradients import LossGradients


class TrainingStep:
    """A step of an optimiser along the mean gradient of a batch, clipped where it is too long."""

    def __init__(self, gradients: LossGradients, optimizer: Optimizer, clip_norm: float | None,
                 clip_value: float | None, *, fast: bool = False) -> None:
        self.gradients, self.optimizer = gradients, optimizer
        self.parameters = trained(optimizer)
        self._clip_norm, self._clip_value = clip_norm, clip_value
        self._ours = type(optimizer).__module__.startswith("nn.optim.") and "step" not in vars(optimizer)
        kind = type(optimizer)
        flat = self._ours and kind.step is Optimizer.step and kind.update is Optimizer.update
        flat = flat and {"update", "plan"}.isdisjoint(vars(optimizer)) and clip_norm is None and clip_value is None
        self._updates = CompiledUpdates(fast) if flat else None
        self._flat: FlatSteps | None = None

    def steps(self, data: Data, batches: Sequence[Sequence[int]], where: str) -> list[float]:
        """A `step` for each batch; gives their losses. With machine code for both the gradient of whole tables and the
        update, the numbers stay in its memory until `give`.

        A step that fails is an ordinary one, which explains the error.
        """
        losses: list[float] = []
        while len(losses) < len(batches):
            flat = self._flat_steps(data)
            if flat is not None:
                losses += flat.run(batches[len(losses):], self.gradients.eager.epochs_left * len(batches))
            if len(losses) < len(batches):
                self.give()
                losses.append(self.step(data, batches[len(losses)], where))
        return losses

    @property
    def ahead(self) -> bool:
        """Whether there are newer numbers than those of the parameters and the optimiser."""
        return self._flat is not None and self._flat.ahead

    def give(self) -> None:
        """Give the parameters, their gradients and the optimiser the numbers of the last whole step."""
        if self._flat is not None:
            self._flat.give()

    def _flat_steps(self, data: Data) -> FlatSteps | None:
        """Steps in memory from here on, where they are possible."""
        if self._flat is not None and self._flat.ahead:     # nobody has seen the parameters since
            code = self.gradients.gradient_code(data)
            if code is not None and self._flat.runs(code[0], data.table):
                return self._flat
        self.give()
        if self._updates is None:
            return None
        self._follow_groups()
        code = self.gradients.gradient_code(data)
        if code is None:
            return None
        if self._flat is None or not self._flat.serves(code[0], self.optimizer, self.parameters, data.table):
            self._flat = FlatSteps(*code, self.optimizer, self._updates, self.parameters, data.table)
        self._flat.load()
        return self._flat

    def step(self, data: Data, rows: Sequence[int], where: str) -> float:
        """One step; gives the mean loss before it. TrainingError where that, its gradient or a parameter is no number.

        where: the epoch, for the message.
        """
        self._follow_groups()
        if not self._ours:
            self.gradients.expect_changes()
        losses: list[float] = []
        updates: list[tuple[Value, float]] = []

        def closure() -> float:
            loss, slopes = self.gradients.gradient(data, rows)
            if not losses and not (isfinite(loss) and all(map(isfinite, slopes))):      # later ones are LBFGS's trials
                raise training_error(self.gradients.eager, data, rows, where)
            if not losses:
                updates[:] = self.gradients.updates
            losses.append(loss)
            for p, slope in zip(self.parameters, slopes, strict=True):
                p.grad = slope
            if self._clip_value is not None:
                clip_grad_value_(self.parameters, self._clip_value)
            if self._clip_norm is not None:
                clip_grad_norm_(self.parameters, self._clip_norm)
            return loss

        before, state = [p.data for p in self.parameters], self.optimizer.state
        self.optimizer.step(closure)
        if not all(isfinite(p.data) for p in self.parameters):
            assign(self.parameters, before)
            self.optimizer.state = state
            raise TrainingError(f"{where}: a step made a parameter nan or infinite, and was taken back; lower the "
                                "learning rate")
        for value, x in updates:
            value.data = x
        return losses[0]

    def _follow_groups(self) -> None:
        """Train the parameters that the optimiser has now: a callback may have added, removed or frozen
        some."""
        now = trained(self.optimizer)
        parts, groups = self.optimizer.moving() if self._updates is not None else [], self.optimizer.param_groups
        if len(parts) > len({its.group for its in parts}):      # part after part, as they lie in memory
            now = [groups[i]["params"][k] for i, places, _ in parts for k in places]
        if len(now) == len(self.parameters) and all(map(is_, now, self.parameters)):
            return
        self.parameters = now
        self.gradients.follow(now)


def parameters_of(optimizer: Optimizer) -> list[Value]:
    """All parameters that an optimiser moves."""
    return [*chain.from_iterable(group["params"] for group in optimizer.param_groups)]


def trained(optimizer: Optimizer) -> list[Value]:
    """Those that are not frozen."""
    found = trainable(parameters_of(optimizer))
    if not found:
        raise ValueError("fit: every parameter of the optimiser is frozen; thaw some by model.requires_grad_()")
    return found
