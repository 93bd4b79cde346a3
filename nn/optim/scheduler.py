"""LRScheduler, the base of schedules: counts epochs, sets the rate of every group, is saved and loaded."""

from typing import Any, ClassVar

from nn.modules.arguments import ClearInit
from nn.optim.optimizer import Optimizer
from nn.validators import Rule, checked, count_or_0, not_negative


class Schedule(ClearInit):
    """What all schedules refuse."""

    _unsupported: ClassVar[dict[str, str]] = {
        "last_epoch": "a schedule begins at epoch 0, and goes on by load_state_dict(); leave it out",
        "verbose": "leave it out, and print get_last_lr()"}


class LRScheduler(Schedule):
    """The base: keeps count of the epochs, and gives every group of the optimiser its rate.

    A group that is added later (`Optimizer.add_param_group`) joins at the next step, with its own rate for the first
    one. One of its own has `rate`, and ``rules`` where it has options:

    >>> from nn.optim import SGD
    >>> from autograd import Value
    >>> class InverseTime(LRScheduler):
    ...     def rate(self, epoch, lr, base, group):
    ...         return base / (1 + epoch)
    >>> optimizer = SGD([Value(1.0)], lr=0.6)
    >>> scheduler = InverseTime(optimizer)
    >>> scheduler.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.19999999999999998]
    """

    rules: ClassVar[dict[str, Rule]] = {}
    last_epoch: int
    starting = False        # whether this is the step to epoch 0 that comes before all others
    by_group: ClassVar[bool] = False        # whether options differ between groups: then none can join later

    def __init__(self, optimizer: Optimizer, **options: Any) -> None:
        self.optimizer = optimizer
        groups = rated_groups(type(self).__name__, optimizer)
        vars(self).update(checked(type(self).__name__, self.rules, options))
        self.base_lrs: list[float] = [group.get("initial_lr", group["lr"]) for group in groups]
        self.begin()        # with the rate of epoch 0, as of a warm-up
        for group, base in zip(groups, self.base_lrs, strict=True):
            group["initial_lr"] = base      # the next scheduler shall not take a warm-up's rate for it

    def rate(self, epoch: int, lr: float, base: float, group: int) -> float:
        """The rate from this epoch on, for a group whose rate is ``lr`` and was ``base`` at the very beginning."""
        raise NotImplementedError(f"{type(self).__name__}.rate: a schedule says here what the next rate is")

    def step(self) -> None:
        """One epoch more."""
        self._join()
        epoch, groups = self.last_epoch + 1, self.optimizer.param_groups
        rates = [self.rate(epoch, group["lr"], base, i)
                 for i, (group, base) in enumerate(zip(groups, self.base_lrs, strict=True))]
        for group, lr in zip(groups, rates, strict=True):
            group["lr"] = lr
        self.last_epoch = epoch

    def restart(self) -> None:
        """Epoch 0 again, from the first rates, where in a `SequentialLR` the turn comes to this schedule."""
        self._join()
        for group, base in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
            group["lr"] = base
        self.begin()

    def begin(self) -> None:
        """Epoch 0 again, from the rates of now."""
        self._rewind()
        self.starting = True
        try:
            self.step()
        finally:
            self.starting = False

    def _lead(self) -> None:
        """Begin as the first in a `SequentialLR`."""
        self.begin()

    def _rewind(self) -> None:
        """To before epoch 0: the next step leads there."""
        self.last_epoch = -1

    def _join(self) -> None:
        """Take in groups that the optimiser has now, and had not."""
        added = self.optimizer.param_groups[len(self.base_lrs):]
        if added and self.by_group:
            raise ValueError(f"{type(self).__name__} was made for {len(self.base_lrs)} groups, and the optimiser has "
                             f"{len(self.optimizer.param_groups)} now; make it anew, with options for all of them")
        self.base_lrs += [group.setdefault("initial_lr", group["lr"]) for group in added]

    def get_last_lr(self) -> list[float]:
        """The rate of every group, as it is now."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def __repr__(self) -> str:
        return described(self)

    def state_dict(self) -> dict[str, Any]:
        """The epoch, the first rates and the options: lists, floats, ints. The rates are the optimiser's state."""
        state = {name: getattr(self, name) for name in ("last_epoch", "base_lrs", *self.rules)}
        return {name: list(x) if isinstance(x, list) else x for name, x in state.items()}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken; ValueError, and nothing changed, if it does not fit."""
        rules = {**self.rules, "last_epoch": count_or_0, "base_lrs": rates_of(len(self.base_lrs))}
        vars(self).update(loaded(self, rules, state_dict))


def described(scheduler: Any, more: dict[str, Any] | None = None) -> str:
    """The text of a schedule: its options, ``more`` of them first, and its epoch."""
    options = {**(more or {}), **{name: getattr(scheduler, name) for name in getattr(scheduler, "rules", ())},
               "last_epoch": scheduler.last_epoch}
    return f"{type(scheduler).__name__}({', '.join(f'{name}={x!r}' for name, x in options.items())})"


def rated_groups(name: str, optimizer: Any) -> list[dict[str, Any]]:
    """The optimiser's groups, if they have a learning rate."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{name} takes the optimiser first, not {type(optimizer).__name__}")
    if not all("lr" in group for group in optimizer.param_groups):
        raise ValueError(f"{name}: {type(optimizer).__name__} has no learning rate")
    return optimizer.param_groups


def rates_of(size: int) -> Rule:
    """A rule: a list with a rate for each group."""
    def rule(name: str, x: Any) -> list[float]:
        if not isinstance(x, list) or len(x) != size:
            raise ValueError(f"{name} is a list of {size} numbers, one for each group, not {x!r}")
        return [not_negative(f"{name}[{i}]", item) for i, item in enumerate(x)]

    return rule


def load_all(owner: LRScheduler, schedulers: list[LRScheduler], state_dict: Any) -> int:
    """Load the states of several schedules, or of none, and give the epoch of their owner."""
    def as_many(name: str, x: Any) -> list[Any]:
        if not isinstance(x, list) or len(x) != len(schedulers):
            raise ValueError(f"{name} is a list of {len(schedulers)} states, one for each schedule")
        return x

    state = loaded(owner, {"last_epoch": count_or_0, "schedulers": as_many}, state_dict)
    before = [inner.state_dict() for inner in schedulers]
    try:
        for inner, its in zip(schedulers, state["schedulers"], strict=True):
            inner.load_state_dict(its)
    except ValueError:
        for inner, its in zip(schedulers, before, strict=True):
            inner.load_state_dict(its)
        raise
    return int(state["last_epoch"])


def loaded(owner: Any, rules: dict[str, Rule], state_dict: Any) -> dict[str, Any]:
    """The entries of a state, checked by the rules."""
    name = type(owner).__name__
    if not isinstance(state_dict, dict) or set(state_dict) != set(rules):
        raise ValueError(f"{name}: this is not what state_dict() of a {name} gives, which has {', '.join(rules)}")
    return checked(name, rules, state_dict)
