"""Schedules of the learning rate by the number of the epoch: each computes the next rate of a group.

They are PyTorch's, called as there: ``scheduler.step()`` after each epoch, which is after ``optimizer.step()``. All but
LambdaLR go on from the rate the group has now, so that several may be in use at once: one warms up, another decays.
To go on from a checkpoint, build the optimiser and its schedulers as before, then load the states of all of them.
"""

from collections.abc import Callable, Sequence
from math import cos, pi, pow
from typing import ClassVar

from nn.optim.chained import ChainedScheduler
from nn.optim.cycles import CosineAnnealingWarmRestarts, OneCycleLR, SequentialLR
from nn.optim.cyclic import CyclicLR
from nn.optim.optimizer import Optimizer
from nn.optim.plateau import ReduceLROnPlateau
from nn.optim.scheduler import LRScheduler, rated_groups
from nn.validators import Rule, count, counts, finite, not_negative, share, share_above_0

__all__ = ["ChainedScheduler", "ConstantLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "CyclicLR",
           "ExponentialLR", "LRScheduler", "LambdaLR", "LinearLR", "MultiStepLR", "MultiplicativeLR", "OneCycleLR",
           "PolynomialLR", "ReduceLROnPlateau", "SequentialLR", "StepLR"]


class StepLR(LRScheduler):
    """Every ``step_size`` epochs the rate is multiplied by ``gamma``.

    >>> from nn.optim import SGD
    >>> from autograd import Value
    >>> scheduler = StepLR(SGD([Value(1.0)], lr=1.0), step_size=2, gamma=0.5)
    >>> for _ in range(4): scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]
    """

    rules: ClassVar[dict[str, Rule]] = {"step_size": count, "gamma": not_negative}
    step_size: int
    gamma: float

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        super().__init__(optimizer, step_size=step_size, gamma=gamma)

    def rate(self, epoch: int, lr: float, base: float, group: int) -> float:
        return lr * self.gamma if epoch and epoch % self.step_size == 0 else lr


class MultiStepLR(LRScheduler):
    """At each epoch in ``milestones`` the rate is multiplied by ``gamma``; twice, if it stands there twice.

    >>> from nn.optim import SGD
    >>> from autograd import Value
    >>> scheduler = MultiStepLR(SGD([Value(1.0)], lr=1.0), milestones=[1, 3], gamma=0.5)
    >>> for _ in range(4): scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]
    """

    rules: ClassVar[dict[str, Rule]] = {"milestones": counts, "gamma": not_negative}
    milestones: list[int]
    gamma: float

    def __init__(self, optimizer: Optimizer, milestones: Sequence[int], gamma: float = 0.1) -> None:
        super().__init__(optimizer, milestones=milestones, gamma=gamma)

    def rate(self, epoch: int, lr: float, base: float, group: int) -> float:
        return lr * self.gamma ** self.milestones.count(epoch)


class ExponentialLR(LRScheduler):
    """At each epoch the rate is multiplied by ``gamma``.

    >>> from nn.optim import SGD
    >>> from autograd import Value
    >>> scheduler = ExponentialLR(SGD([Value(1.0)], lr=1.0), gamma=0.5)
    >>> for _ in range(4): scheduler.step()
    >>> scheduler.get_last_lr()
    [0.0625]
    """

    rules: ClassVar[dict[str, Rule]] = {"gamma": not_negative}
    gamma: float

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        super().__init__(optimizer, gamma=gamma)

    def rate(self, epoch: int, lr: float, base: float, group: int) -> float:
        return lr if self.starting else lr * self.gamma


class CosineAnnealingLR(LRScheduler):
    """Down to ``eta_min`` in ``T_max`` epochs along half a cosine, and up again: Loshchilov and Hutter, 2017.

    >>> from nn.optim import SGD
    >>> from autograd import Value
    >>> scheduler = CosineAnnealingLR(SGD([Value(1.0)], lr=1.0), T_max=4)
    >>> for _ in range(2): scheduler.step()
    >>> [round(lr, 12) for lr in scheduler.get_last_lr()]
    [0.5]
    """

    rules: ClassVar[dict[str, Rule]] = {"T_max": count, "eta_min": finite}
    T_max: int
    eta_min: float

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:     # noqa: N803 as in PyTorch
        super().__init__(optimizer, T_max=T_max, eta_min=eta_min)

    def rate(self, epoch: int, lr: float, base: float, group: int) -> float:
        if self.starting:
            return lr
        if (epoch - 1 - self.T_max) % (2 * self.T_max) == 0:        # from the bottom, where the quotient below is 0/0
            return lr + (base - self.eta_min) * (1.0 - cos(pi / self.T_max)) / 2.0
        now, before = (1.0 + cos(pi * n / self.T_max) for n in (epoch, epoch - 1))
        return self.eta_min + (lr - self.eta_min) * now / before


class LinearLR(LRScheduler):
    """A warm-up: from ``start_factor`` times the rate to ``end_factor`` times it in ``total_iters`` equal steps.

    >>> from nn.optim import SGD
    >>> from autograd import Value
    >>> scheduler = LinearLR(SGD([Value(1.0)], lr=1.0), start_factor=0.5, total_iters=2)
    >>> scheduler.get_last_lr()
    [0.5]
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [0.75]
    """

    rules: ClassVar[dict[str, Rule]] = {"start_factor": share_above_0, "end_factor": share,
                                        "total_iters": count}
    start_factor: float
    end_factor: float
    total_iters: int

    def __init__(self, optimizer: Optimizer, start_factor: float = 1.0 / 3.0, end_factor: float = 1.0,
                 total_iters: int = 5) -> None:
        super().__init__(optimizer, start_factor=start_factor, end_factor=end_factor, total_iters=total_iters)

    def rate(self, epoch: int, lr: float, base: float, group: int) -> float:
        if not epoch:
            return lr * self.start_factor
        if epoch > self.total_iters:
            return lr
        now, before = (self.start_factor * (self.total_iters - n) + self.end_factor * n for n in (epoch, epoch - 1))
        return lr * now / before


class ConstantLR(LRScheduler):
    """The rate times ``factor`` until epoch ``total_iters``.

    >>> from nn.optim import SGD
    >>> from autograd import Value
    >>> scheduler = ConstantLR(SGD([Value(1.0)], lr=1.0), factor=0.5, total_iters=2)
    >>> rates = scheduler.get_last_lr()
    >>> for _ in range(3):
    ...     scheduler.step()
    ...     rates += scheduler.get_last_lr()
    >>> rates
    [0.5, 0.5, 1.0, 1.0]
    """

    rules: ClassVar[dict[str, Rule]] = {"factor": share_above_0, "total_iters": count}
    factor: float
    total_iters: int

    def __init__(self, optimizer: Optimizer, factor: float = 1.0 / 3.0, total_iters: int = 5) -> None:
        super().__init__(optimizer, factor=factor, total_iters=total_iters)

    def rate(self, epoch: int, lr: float, base: float, group: int) -> float:
        if not epoch:
            return lr * self.factor
        return lr * (1.0 / self.factor) if epoch == self.total_iters else lr


class PolynomialLR(LRScheduler):
    """The first rate times ``(1 - epoch / total_iters)**power``, which is 0 from epoch ``total_iters`` on.

    >>> from nn.optim import SGD
    >>> from autograd import Value
    >>> scheduler = PolynomialLR(SGD([Value(1.0)], lr=1.0), total_iters=4, power=2.0)
    >>> for _ in range(2): scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]
    """

    rules: ClassVar[dict[str, Rule]] = {"total_iters": count, "power": not_negative}
    total_iters: int
    power: float

    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0) -> None:
        super().__init__(optimizer, total_iters=total_iters, power=power)

    def rate(self, epoch: int, lr: float, base: float, group: int) -> float:
        if self.starting or epoch > self.total_iters:
            return lr
        now, before = (1.0 - n / self.total_iters for n in (epoch, epoch - 1))
        return lr * pow(now / before, self.power)


class LambdaLR(LRScheduler):
    """The first rate times ``lr_lambda(epoch)``; of several groups, a list of such functions, if they differ.

    The functions are not in its state.

    >>> from nn.optim import SGD
    >>> from autograd import Value
    >>> scheduler = LambdaLR(SGD([Value(1.0)], lr=1.0), lambda epoch: 1 / (1 + epoch))
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]
    """

    by_group = True

    def __init__(self, optimizer: Optimizer,
                 lr_lambda: Callable[[int], float] | Sequence[Callable[[int], float]]) -> None:
        name = type(self).__name__
        size = len(rated_groups(name, optimizer))
        self.lr_lambdas = [lr_lambda] * size if callable(lr_lambda) else list(lr_lambda)
        if len(self.lr_lambdas) != size or not all(map(callable, self.lr_lambdas)):
            raise ValueError(f"{name}: lr_lambda is a function of the epoch, or a list of {size}, one for each group")
        super().__init__(optimizer)

    def rate(self, epoch: int, lr: float, base: float, group: int) -> float:
        return base * self.lr_lambdas[group](epoch)


class MultiplicativeLR(LambdaLR):
    """At each epoch from 1 on the rate is multiplied by ``lr_lambda(epoch)``; of several groups as in `LambdaLR`.

    >>> from nn.optim import SGD
    >>> from autograd import Value
    >>> scheduler = MultiplicativeLR(SGD([Value(1.0)], lr=1.0), lambda epoch: 0.5)
    >>> scheduler.step(); scheduler.step()
    >>> scheduler.get_last_lr()
    [0.25]
    """

    def rate(self, epoch: int, lr: float, base: float, group: int) -> float:
        return lr if self.starting else lr * self.lr_lambdas[group](epoch)

    def restart(self) -> None:
        self._rewind()
        self.step()
