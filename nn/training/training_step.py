"""One optimiser step on one batch: after an error all parameters and the optimiser's state are as before."""

from collections.abc import Sequence
from math import isfinite
from operator import is_

from autograd import Value, trainable
from nn.optim import Optimizer, clip_grad_norm_, clip_grad_value_
from nn.optim.parameters import assign
from nn.training.data import Data
from nn.training.diagnosis import TrainingError, training_error
from nn.training.flat_steps import flat_steps
from nn.training.loss_gradients import LossGradients


class TrainingStep:
    """A step of an optimiser along the mean gradient of a batch, clipped where it is too long."""

    def __init__(self, gradients: LossGradients, optimizer: Optimizer, clip_norm: float | None,
                 clip_value: float | None) -> None:
        self.gradients, self.optimizer = gradients, optimizer
        self.parameters = trained(optimizer)
        self._clip_norm, self._clip_value = clip_norm, clip_value
        self._ours = type(optimizer).__module__.startswith("nn.optim.") and "step" not in vars(optimizer)
        self._flat = self._ours and type(optimizer).step is Optimizer.step and clip_norm is None and clip_value is None

    def steps(self, data: Data, batches: Sequence[Sequence[int]], where: str) -> list[float]:
        """A `step` for each batch; gives their losses. With code for whole tables the numbers of a step stay in lists,
        unless some are frozen.

        The first step of an epoch, and one that fails, are ordinary ones: these follow changes and explain errors.
        """
        losses: list[float] = []
        while len(losses) < len(batches):
            losses.append(self.step(data, batches[len(losses)], where))
            flat = self._flat and len(self.parameters) == len(parameters_of(self.optimizer))    # none is frozen
            code = self.gradients.gradient_code() if flat and len(losses) < len(batches) else None
            if code is not None:
                losses += flat_steps(*code, self.optimizer, self.parameters, data, batches[len(losses):])
        return losses

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
        if len(now) == len(self.parameters) and all(map(is_, now, self.parameters)):
            return
        self.parameters = now
        self.gradients.follow(now)


def parameters_of(optimizer: Optimizer) -> list[Value]:
    """All parameters that an optimiser moves."""
    return [p for group in optimizer.param_groups for p in group["params"]]


def trained(optimizer: Optimizer) -> list[Value]:
    """Those that are not frozen."""
    found = trainable(parameters_of(optimizer))
    if not found:
        raise ValueError("fit: every parameter of the optimiser is frozen; thaw some by model.requires_grad_()")
    return found
