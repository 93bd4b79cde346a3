"""Schedules that begin anew: one cycle of rate and momentum, one schedule after another, cosines with restarts."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from math import cos, pi
from typing import Any, ClassVar

from nn.optim.optimizer import Optimizer
from nn.optim.scheduler import LRScheduler, described, load_all, rated_groups
from nn.validators import Rule, checked, count, counts, finite, flag, one_of, positive, share


class OneCycleLR(LRScheduler):
    """One cycle of ``total_steps`` steps: the rate up to ``max_lr`` and down again, the momentum the other way round.

    Smith and Topin, "Super-convergence", 2018. The rate begins at ``max_lr / div_factor``, is ``max_lr`` after the
    share ``pct_start`` of the steps, and ends at the first rate over ``final_div_factor``; with ``three_phase`` it goes
    down as fast as it went up, and then to the end. Between these it follows half a cosine ("cos") or a line
    ("linear"). max_lr: a number, or one for each group. cycle_momentum: the momentum, or Adam's first beta, goes from
    ``max_momentum`` to ``base_momentum`` and back. total_steps: or ``epochs`` times ``steps_per_epoch``. A step beyond
    them is a ValueError. In the form of PyTorch.

    >>> from nn.optim import SGD
    >>> from autograd import Value
    >>> optimizer = SGD([Value(1.0)], lr=0.1, momentum=0.9)
    >>> scheduler = OneCycleLR(optimizer, max_lr=1.0, total_steps=5, pct_start=0.4, div_factor=10, final_div_factor=1)
    >>> rates = scheduler.get_last_lr()
    >>> for _ in range(4):
    ...     scheduler.step()
    ...     rates += scheduler.get_last_lr()
    >>> [round(rate, 3) for rate in rates]
    [0.1, 1.0, 0.775, 0.325, 0.1]
    """

    rules: ClassVar[dict[str, Rule]] = {
        "total_steps": count, "pct_start": share, "anneal_strategy": one_of("cos", "linear"), "cycle_momentum": flag,
        "base_momentum": share, "max_momentum": share, "div_factor": positive, "final_div_factor": positive,
        "three_phase": flag}
    by_group = True
    total_steps: int
    pct_start: float
    anneal_strategy: str
    cycle_momentum: bool
    base_momentum: float
    max_momentum: float
    div_factor: float
    final_div_factor: float
    three_phase: bool

    def __init__(self, optimizer: Optimizer, max_lr: float | Sequence[float], total_steps: int | None = None,
                 epochs: int | None = None, steps_per_epoch: int | None = None, pct_start: float = 0.3,
                 anneal_strategy: str = "cos", cycle_momentum: bool = True, base_momentum: float = 0.85,
                 max_momentum: float = 0.95, div_factor: float = 25.0, final_div_factor: float = 1e4,
                 three_phase: bool = False) -> None:
        groups = rated_groups("OneCycleLR", optimizer)
        if total_steps is None:
            if epochs is None or steps_per_epoch is None:
                raise ValueError("OneCycleLR: give total_steps, or both epochs and steps_per_epoch")
            total_steps = count("OneCycleLR: epochs", epochs) * count("OneCycleLR: steps_per_epoch", steps_per_epoch)
        highest = list(max_lr) if isinstance(max_lr, (list, tuple)) else [max_lr] * len(groups)
        if len(highest) != len(groups):
            raise ValueError(f"OneCycleLR: max_lr is a number, or a list of {len(groups)}, one for each group")
        options: dict[str, Any] = {
            "total_steps": total_steps, "pct_start": pct_start, "anneal_strategy": anneal_strategy,
            "cycle_momentum": cycle_momentum, "base_momentum": base_momentum, "max_momentum": max_momentum,
            "div_factor": div_factor, "final_div_factor": final_div_factor, "three_phase": three_phase}
        known = checked("OneCycleLR", self.rules, options)
        highest = [positive("OneCycleLR: max_lr", rate) for rate in highest]
        if cycle_momentum and not all("momentum" in group or "betas" in group for group in groups):
            raise ValueError(f"OneCycleLR: {type(optimizer).__name__} has no momentum; give cycle_momentum=False")
        for group, rate in zip(groups, highest, strict=True):
            group["initial_lr"] = rate / known["div_factor"]
        super().__init__(optimizer, **options)

    def rate(self, epoch: int, lr: float, base: float, group: int) -> float:
        if epoch > self.total_steps:
            raise ValueError(f"OneCycleLR: step {epoch} of a cycle of {self.total_steps} steps; give more total_steps")
        top, bottom = base * self.div_factor, base / self.final_div_factor
        return self._between(epoch, (base, top, base, bottom) if self.three_phase else (base, top, bottom))

    def step(self) -> None:
        super().step()
        if self.cycle_momentum:
            high, low = self.max_momentum, self.base_momentum
            corners = (high, low, high, high) if self.three_phase else (high, low, high)
            momentum = self._between(self.last_epoch, corners)
            for group in self.optimizer.param_groups:
                if "betas" in group:
                    group["betas"] = (momentum, group["betas"][1])
                else:
                    group["momentum"] = momentum

    def __repr__(self) -> str:
        highest = [float(f"{base * self.div_factor:.12g}") for base in self.base_lrs]
        return described(self, {"max_lr": highest[0] if len(set(highest)) == 1 else highest})

    def _between(self, step: int, corners: tuple[float, ...]) -> float:
        """The point at ``step`` of the curve through the corners."""
        up = self.pct_start * self.total_steps
        ends = [0.0, up - 1, *([2 * up - 2] if self.three_phase else []), self.total_steps - 1.0]
        phase = next((i for i in range(1, len(ends) - 1) if step <= ends[i]), len(ends) - 1)
        start, end = corners[phase - 1], corners[phase]
        length = ends[phase] - ends[phase - 1]
        done = (step - ends[phase - 1]) / length if length else 1.0
        if self.anneal_strategy == "cos":
            return end + (start - end) / 2.0 * (cos(pi * done) + 1.0)
        return (end - start) * done + start


class CosineAnnealingWarmRestarts(LRScheduler):
    """Down to ``eta_min`` along half a cosine, and at once up again; the first time in ``T_0`` epochs.

    Each time takes ``T_mult`` times as long as the one before. Loshchilov and Hutter, "SGDR", 2017.

    >>> from nn.optim import SGD
    >>> from autograd import Value
    >>> scheduler = CosineAnnealingWarmRestarts(SGD([Value(1.0)], lr=1.0), T_0=2)
    >>> for _ in range(3): scheduler.step()
    >>> [round(lr, 12) for lr in scheduler.get_last_lr()]
    [0.5]
    """

    rules: ClassVar[dict[str, Rule]] = {"T_0": count, "T_mult": count, "eta_min": finite}
    T_0: int
    T_mult: int
    eta_min: float

    def __init__(self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0) -> None:  # noqa: N803
        super().__init__(optimizer, T_0=T_0, T_mult=T_mult, eta_min=eta_min)

    def rate(self, epoch: int, lr: float, base: float, group: int) -> float:
        length = self.T_0
        while epoch >= length and self.T_mult > 1:
            epoch -= length
            length *= self.T_mult
        return self.eta_min + (base - self.eta_min) * (1.0 + cos(pi * (epoch % length) / length)) / 2.0


class SequentialLR(LRScheduler):
    """One schedule after another: at the epochs in ``milestones`` the next one begins, from the first rate.

    schedulers: of the same optimiser, one more than there are milestones. The first rate is the optimiser's, and a
    `OneCycleLR` among them makes it ``max_lr / div_factor`` for all; `MultiplicativeLR` goes on from the rate of now.
    A SequentialLR or ChainedScheduler that is the first of them has made one step when it begins, so that an inner
    milestone is reached an epoch earlier. All this is as in PyTorch, but that each OneCycleLR keeps its own ``max_lr``.

    >>> from nn.optim import SGD
    >>> from nn.optim.lr_scheduler import ExponentialLR, LinearLR
    >>> from autograd import Value
    >>> optimizer = SGD([Value(1.0)], lr=1.0)
    >>> warm_up, decay = LinearLR(optimizer, start_factor=0.5, total_iters=2), ExponentialLR(optimizer, gamma=0.5)
    >>> scheduler = SequentialLR(optimizer, [warm_up, decay], milestones=[2])
    >>> rates = scheduler.get_last_lr()
    >>> for _ in range(4):
    ...     scheduler.step()
    ...     rates += scheduler.get_last_lr()
    >>> rates
    [0.5, 0.75, 1.0, 0.5, 0.25]
    """

    def __init__(self, optimizer: Optimizer, schedulers: Sequence[LRScheduler], milestones: Sequence[int]) -> None:
        groups = rated_groups("SequentialLR", optimizer)
        self.schedulers, self.milestones = list(schedulers), counts("SequentialLR: milestones", milestones)
        if self.milestones != list(milestones):
            raise ValueError(f"SequentialLR: milestones begin the schedules in their order; give {self.milestones}, "
                             "and the schedules in that order")
        if not self.schedulers:
            raise ValueError("SequentialLR: schedulers is empty; give at least one, and a milestone between each two")
        if len(self.schedulers) != len(self.milestones) + 1:
            raise ValueError(f"SequentialLR: {len(self.milestones)} milestones part {len(self.milestones) + 1} "
                             f"schedulers, not {len(self.schedulers)}")
        for scheduler in self.schedulers:
            if not isinstance(scheduler, LRScheduler) or scheduler.optimizer is not optimizer:
                raise ValueError(f"SequentialLR: {type(scheduler).__name__} is no schedule of this optimiser by the "
                                 "number of the epoch")
        self.optimizer, self.last_epoch = optimizer, 0
        self.base_lrs = [group["initial_lr"] for group in groups]
        for group in groups:
            group["lr"] = group["initial_lr"]
        self.schedulers[0]._lead()

    def step(self) -> None:
        """One epoch more."""
        epoch = self.last_epoch + 1
        place = bisect_right(self.milestones, epoch)
        begins = place and self.milestones[place - 1] == epoch
        act: Callable[[], None] = self.schedulers[place].restart if begins else self.schedulers[place].step
        act()
        self.last_epoch = epoch

    def restart(self) -> None:
        self.schedulers[0].restart()
        self.last_epoch = 0

    def begin(self) -> None:
        self.schedulers[0].begin()
        self.last_epoch = 0

    def _lead(self) -> None:
        self._rewind()
        self.step()

    def _rewind(self) -> None:
        self.schedulers[0]._rewind()

    def __repr__(self) -> str:
        return described(self, {"schedulers": self.schedulers, "milestones": self.milestones})

    def state_dict(self) -> dict[str, Any]:
        """The epoch, and the states of the schedules, in order."""
        return {"last_epoch": self.last_epoch, "schedulers": [inner.state_dict() for inner in self.schedulers]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken; ValueError, and nothing changed, if it does not fit."""
        self.last_epoch = load_all(self, self.schedulers, state_dict)
