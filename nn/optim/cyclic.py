"""CyclicLR: the rate goes up and down between two bounds, again and again, and the momentum the other way round."""

from collections.abc import Callable, Sequence
from math import floor
from typing import Any, ClassVar

from nn.optim.optimizer import Optimizer
from nn.optim.scheduler import LRScheduler, described, rated_groups, rates_of
from nn.validators import Rule, checked, count, flag, one_of, positive


class CyclicLR(LRScheduler):
    """Triangles between ``base_lr`` and ``max_lr``: up in ``step_size_up`` steps, down in ``step_size_down``.

        lr = base_lr + (max_lr - base_lr) height s,   momentum = max_momentum - (max_momentum - base_momentum) height s

    where the height goes from 0 to 1 and back in each cycle, and s is 1 ("triangular"), 1/2, 1/4, ... in the second,
    third, ... cycle ("triangular2"), or ``gamma`` to the power of the step ("exp_range"). Smith, "Cyclical learning
    rates for training neural networks", 2017. step_size_down: as many as up, if left out. base_lr, max_lr,
    base_momentum, max_momentum: a number, or one for each group. cycle_momentum: whether the momentum, or Adam's first
    beta, follows. scale_fn: instead of ``mode``, s as a function of the number of the cycle, from 1, or with
    ``scale_mode="iterations"`` of the step; it is not in the state. In the form of PyTorch.

    >>> from nn.optim import SGD
    >>> from autograd import Value
    >>> scheduler = CyclicLR(SGD([Value(1.0)], lr=0.1), 0.1, 0.5, step_size_up=2, cycle_momentum=False)
    >>> rates = scheduler.get_last_lr()
    >>> for _ in range(5):
    ...     scheduler.step()
    ...     rates += scheduler.get_last_lr()
    >>> [round(rate, 3) for rate in rates]
    [0.1, 0.3, 0.5, 0.3, 0.1, 0.3]
    """

    rules: ClassVar[dict[str, Rule]] = {
        "step_size_up": count, "step_size_down": count, "mode": one_of("triangular", "triangular2", "exp_range"),
        "gamma": positive, "scale_mode": one_of("cycle", "iterations"), "cycle_momentum": flag}
    by_group = True
    step_size_up: int
    step_size_down: int
    mode: str
    gamma: float
    scale_mode: str
    cycle_momentum: bool

    def __init__(self, optimizer: Optimizer, base_lr: float | Sequence[float], max_lr: float | Sequence[float],
                 step_size_up: int = 2000, step_size_down: int | None = None, mode: str = "triangular",
                 gamma: float = 1.0, scale_fn: Callable[[int], float] | None = None, scale_mode: str = "cycle",
                 cycle_momentum: bool = True, base_momentum: float | Sequence[float] = 0.8,
                 max_momentum: float | Sequence[float] = 0.9) -> None:
        groups = rated_groups("CyclicLR", optimizer)
        options: dict[str, Any] = {
            "step_size_up": step_size_up, "step_size_down": step_size_up if step_size_down is None else step_size_down,
            "mode": mode, "gamma": gamma, "scale_mode": scale_mode, "cycle_momentum": cycle_momentum}
        checked("CyclicLR", self.rules, options)
        if scale_fn is not None and not callable(scale_fn):
            raise ValueError(f"CyclicLR: scale_fn is a function of the cycle or the step, not {scale_fn!r}")
        if cycle_momentum and not all("momentum" in group or "betas" in group for group in groups):
            raise ValueError(f"CyclicLR: {type(optimizer).__name__} has no momentum; give cycle_momentum=False")
        self.scale_fn = scale_fn
        lowest = _for_each("base_lr", base_lr, len(groups))
        self.max_lrs = _for_each("max_lr", max_lr, len(groups))
        self.base_momentums = _for_each("base_momentum", base_momentum, len(groups))
        self.max_momentums = _for_each("max_momentum", max_momentum, len(groups))
        for group, rate in zip(groups, lowest, strict=True):
            group["lr"] = rate
        super().__init__(optimizer, **options)
        self.base_lrs = lowest

    def rate(self, epoch: int, lr: float, base: float, group: int) -> float:
        return base + (self.max_lrs[group] - base) * self._height(epoch)

    def step(self) -> None:
        super().step()
        if not self.cycle_momentum:
            return
        height = self._height(self.last_epoch)
        for group, low, high in zip(self.optimizer.param_groups, self.base_momentums, self.max_momentums, strict=True):
            momentum = high - (high - low) * height
            if "betas" in group:
                group["betas"] = (momentum, group["betas"][1])
            else:
                group["momentum"] = momentum

    def __repr__(self) -> str:
        bounds = {"base_lr": self.base_lrs, "max_lr": self.max_lrs}
        return described(self, {name: rates[0] if len(set(rates)) == 1 else rates for name, rates in bounds.items()})

    def _height(self, step: int) -> float:
        """Where in its cycle a step is, between 0 and 1, times s."""
        length = self.step_size_up + self.step_size_down
        cycle = floor(1 + step / length)
        x, up = 1.0 + step / length - cycle, self.step_size_up / length
        height = x / up if x <= up else (x - 1.0) / (up - 1.0)
        if self.scale_fn is not None:
            return height * self.scale_fn(cycle if self.scale_mode == "cycle" else step)
        if self.mode == "triangular2":
            return height * 0.5 ** (cycle - 1)
        return height * self.gamma ** step if self.mode == "exp_range" else height


def _for_each(name: str, given: Any, size: int) -> list[float]:
    """A number for each group, from one for all or a list."""
    rates: list[float] = rates_of(size)(f"CyclicLR: {name}",
                                        list(given) if isinstance(given, (list, tuple)) else [given] * size)
    return rates
