"""ChainedScheduler: several schedules as one, each of which changes the rate that the one before it has left."""

from collections.abc import Sequence
from typing import Any

from nn.optim.optimizer import Optimizer
from nn.optim.scheduler import LRScheduler, described, load_all, rated_groups


class ChainedScheduler(LRScheduler):
    """Steps all ``schedulers`` together, in their order, so that their factors multiply.

    schedulers: of the same optimiser, by the number of the epoch. optimizer: theirs, and may be left out.

    >>> from nn.optim import SGD
    >>> from nn.optim.lr_scheduler import ConstantLR, ExponentialLR
    >>> from autograd import Value
    >>> optimizer = SGD([Value(1.0)], lr=1.0)
    >>> scheduler = ChainedScheduler([ConstantLR(optimizer, factor=0.5, total_iters=2), ExponentialLR(optimizer, 0.5)])
    >>> rates = scheduler.get_last_lr()
    >>> for _ in range(3):
    ...     scheduler.step()
    ...     rates += scheduler.get_last_lr()
    >>> rates
    [0.5, 0.25, 0.25, 0.125]
    """

    def __init__(self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None) -> None:
        self.schedulers = list(schedulers)
        if not self.schedulers:
            raise ValueError("ChainedScheduler: schedulers is empty; give at least one")
        theirs: Any = getattr(self.schedulers[0], "optimizer", None) if optimizer is None else optimizer
        for scheduler in self.schedulers:
            if not isinstance(scheduler, LRScheduler) or scheduler.optimizer is not theirs:
                raise ValueError(f"ChainedScheduler: {type(scheduler).__name__} is no schedule of this optimiser by "
                                 "the number of the epoch")
        self.optimizer, self.last_epoch = theirs, 0
        self.base_lrs = [group["initial_lr"] for group in rated_groups("ChainedScheduler", theirs)]

    def step(self) -> None:
        """One epoch more of each."""
        for scheduler in self.schedulers:
            scheduler.step()
        self.last_epoch += 1

    def begin(self) -> None:
        for scheduler in self.schedulers:
            scheduler.begin()
        self.last_epoch = 0

    def _lead(self) -> None:
        self._rewind()
        self.step()

    def _rewind(self) -> None:
        for scheduler in self.schedulers:
            scheduler._rewind()
        self.last_epoch = -1

    def __repr__(self) -> str:
        return described(self, {"schedulers": self.schedulers})

    def state_dict(self) -> dict[str, Any]:
        """The epoch, and the states of the schedules, in order."""
        return {"last_epoch": self.last_epoch, "schedulers": [inner.state_dict() for inner in self.schedulers]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken; ValueError, and nothing changed, if it does not fit."""
        self.last_epoch = load_all(self, self.schedulers, state_dict)
