"""ReduceLROnPlateau: the schedule by a measured number instead of the epoch."""

from collections.abc import Sequence
from numbers import Real
from typing import Any, ClassVar

from autograd import Value
from nn.optim.optimizer import Optimizer
from nn.optim.scheduler import Schedule, described, loaded, rated_groups, rates_of
from nn.validators import Rule, checked, count_or_0, fraction, not_negative, one_of


def _measured(name: str, x: Any) -> float:
    if isinstance(x, bool) or not isinstance(x, Real):
        raise ValueError(f"{name} is the number that was measured, not {x!r}")
    return float(x)


def _best(name: str, x: Any) -> float | None:
    return None if x is None else _measured(name, x)


class ReduceLROnPlateau(Schedule):
    """Multiplies the rate by ``factor`` when more than ``patience`` epochs in a row have not improved on the best.

    mode: "min" for a loss, "max" for an accuracy. threshold: what counts as an improvement, as a part of the best
    ("rel") or as it is ("abs"). cooldown: epochs after a reduction that do not count. min_lr: the lowest rate, or a
    list of them, one for each group. eps: a smaller change of the rate is not made.

    >>> from nn.optim import SGD
    >>> optimizer = SGD([Value(1.0)], lr=1.0)
    >>> scheduler = ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
    >>> for loss in (3.0, 2.0, 2.0, 2.5, 1.0):
    ...     scheduler.step(loss)
    ...     print(scheduler.get_last_lr())
    [1.0]
    [1.0]
    [1.0]
    [0.5]
    [0.5]
    """

    rules: ClassVar[dict[str, Rule]] = {
        "mode": one_of("min", "max"), "factor": fraction, "patience": count_or_0, "threshold": not_negative,
        "threshold_mode": one_of("rel", "abs"), "cooldown": count_or_0, "eps": not_negative}
    mode: str
    factor: float
    patience: int
    threshold: float
    threshold_mode: str
    cooldown: int
    eps: float

    def __init__(self, optimizer: Optimizer, mode: str = "min", factor: float = 0.1, patience: int = 10,
                 threshold: float = 1e-4, threshold_mode: str = "rel", cooldown: int = 0,
                 min_lr: float | Sequence[float] = 0.0, eps: float = 1e-8) -> None:
        self.optimizer = optimizer
        size = len(rated_groups("ReduceLROnPlateau", optimizer))
        vars(self).update(checked("ReduceLROnPlateau", self.rules, {
            "mode": mode, "factor": factor, "patience": patience, "threshold": threshold,
            "threshold_mode": threshold_mode, "cooldown": cooldown, "eps": eps}))
        lowest = list(min_lr) if isinstance(min_lr, Sequence) else [min_lr] * size
        self.min_lrs: list[float] = rates_of(size)("ReduceLROnPlateau: min_lr", lowest)
        self.last_epoch = 0
        self.best: float | None = None      # None, not inf: the state is to be written as strict JSON
        self.num_bad_epochs = self.cooldown_counter = 0

    def step(self, metrics: Any) -> None:
        """One epoch more, at whose end ``metrics`` was measured: a number, or a Value."""
        found = _measured("ReduceLROnPlateau: metrics", metrics.data if isinstance(metrics, Value) else metrics)
        best, bad, cooling = self.best, self.num_bad_epochs + 1, self.cooldown_counter
        if self._improves(found, best):
            best, bad = found, 0
        if cooling:
            cooling, bad = cooling - 1, 0
        if bad > self.patience:
            self._join()
            for group, lowest in zip(self.optimizer.param_groups, self.min_lrs, strict=True):
                lr = max(group["lr"] * self.factor, lowest)
                if group["lr"] - lr > self.eps:
                    group["lr"] = lr
            cooling, bad = self.cooldown, 0
        self.best, self.num_bad_epochs, self.cooldown_counter = best, bad, cooling
        self.last_epoch += 1

    def _join(self) -> None:
        """Take in groups that the optimiser has now, and had not."""
        groups, lowest = self.optimizer.param_groups, self.min_lrs
        if len(groups) > len(lowest):
            if len(set(lowest)) > 1:
                raise ValueError(f"ReduceLROnPlateau was made with a min_lr for each of {len(lowest)} groups, and the "
                                 f"optimiser has {len(groups)} now; make it anew")
            self.min_lrs = lowest[:1] * len(groups)

    def _improves(self, found: float, best: float | None) -> bool:
        sign = 1.0 if self.mode == "min" else -1.0
        if best is None:
            return sign * found < float("inf")      # nan and the worst do not
        margin = self.threshold * (best if self.threshold_mode == "rel" else 1.0)
        return sign * found < sign * best - margin

    def get_last_lr(self) -> list[float]:
        """The rate of every group, as it is now."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def __repr__(self) -> str:
        return described(self, {"min_lr": self.min_lrs[0] if len(set(self.min_lrs)) == 1 else self.min_lrs})

    def state_dict(self) -> dict[str, Any]:
        """Options and counts; the rates are the optimiser's state."""
        return {name: list(x) if isinstance(x, list) else x for name, x in vars(self).items() if name != "optimizer"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken; ValueError, and nothing changed, if it does not fit."""
        counters = dict.fromkeys(("last_epoch", "num_bad_epochs", "cooldown_counter"), count_or_0)
        vars(self).update(loaded(self, {**self.rules, **counters, "best": _best,
                                        "min_lrs": rates_of(len(self.min_lrs))}, state_dict))
