"""NAdam and RAdam: Adam with Nesterov's look ahead; and Adam that measures no step by too few gradients."""

from collections.abc import Callable, Iterable
from functools import partial
from math import sqrt
from typing import Any, ClassVar

from autograd import Value
from nn.optim.formulas import Functions, Step
from nn.optim.optimizer import Optimizer, State
from nn.validators import Rule, flag, not_negative, positive, two_fractions


class _AdamLike(Optimizer):
    """The options that NAdam and RAdam share, and their weight decay, which may be apart from the gradient."""

    rules: ClassVar[dict[str, Rule]] = {"lr": not_negative, "betas": two_fractions, "eps": positive,
                                        "weight_decay": not_negative, "decoupled_weight_decay": flag,
                                        "maximize": flag}
    blank: ClassVar[State] = {"step": 0, "exp_avg": None, "exp_avg_sq": None}

    def _shared(self, group: dict[str, Any]) -> tuple[str, tuple[float, ...]]:
        """How weights decay, and the constants of `_moments`."""
        (keep, keep_sq), decay = group["betas"], group["weight_decay"]
        apart = group["decoupled_weight_decay"]
        return ("apart" if apart else "added" if decay else "",
                (1.0 - group["lr"] * decay if apart else decay, keep, 1.0 - keep, keep_sq, 1.0 - keep_sq))


class NAdam(_AdamLike):
    """NAdam (Dozat, 2016): Adam whose step is taken from where the mean gradient is about to lead.

    At step n the momentum is ``u(n) = betas[0] * (1 - 0.96**(n * momentum_decay) / 2)``, and p(n) the product of all so
    far: ``x -= lr * (u(n + 1) m / (1 - p(n + 1)) + (1 - u(n)) gradient / (1 - p(n))) / (sqrt(v) + eps)``, with m and v
    as in `Adam`, v without its bias. In the form of PyTorch's documentation.

    >>> x = Value(1.0)
    >>> optimizer = NAdam([x], lr=0.1)
    >>> (1000 * x * x).backward()
    >>> optimizer.step()
    >>> round(x.data, 3)
    0.894
    """

    rules: ClassVar[dict[str, Rule]] = {**_AdamLike.rules, "momentum_decay": not_negative}
    blank: ClassVar[State] = {**_AdamLike.blank, "mu_product": None}
    _one: ClassVar[frozenset[str]] = frozenset({"mu_product"})

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 2e-3,
                 betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0,
                 momentum_decay: float = 4e-3, decoupled_weight_decay: bool = False, *, maximize: bool = False) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
                                  "momentum_decay": momentum_decay,
                                  "decoupled_weight_decay": decoupled_weight_decay, "maximize": maximize})

    def plan(self, group: dict[str, Any], state: State, size: int) -> Step:
        decays, shared = self._shared(group)
        lr, (keep, keep_sq), eps, n = group["lr"], group["betas"], group["eps"], state["step"] + 1
        now, ahead = (keep * (1.0 - 0.5 * 0.96 ** (step * group["momentum_decay"])) for step in (n, n + 1))
        product = now * (state["mu_product"][0] if state["mu_product"] else 1.0)
        by_gradient, by_mean = lr * (1.0 - now) / (1.0 - product), lr * ahead / (1.0 - product * ahead)
        return Step(partial(_nadam, decays), decays, (*shared, eps, by_gradient, by_mean, 1.0 - keep_sq**n),
                    ("exp_avg", "exp_avg_sq"), {"step": n, "mu_product": [product] * size})


class RAdam(_AdamLike):
    """RAdam (Liu et al., 2020): Adam whose first steps go by the mean gradient alone, as too few squares are known.

    With r = 2 / (1 - betas[1]) - 1 and ``r(n) = r - 2 n betas[1]**n / (1 - betas[1]**n)`` at step n, a step is Adam's
    times ``sqrt((r(n) - 4)(r(n) - 2) r / ((r - 4)(r - 2) r(n)))`` where r(n) > 5; before, it is lr times the mean.
    In the form of PyTorch's documentation.

    >>> x = Value(1.0)
    >>> optimizer = RAdam([x], lr=0.1)
    >>> (x * x).backward()
    >>> optimizer.step()
    >>> round(x.data, 6)                    # by the gradient
    0.8
    """

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 1e-3,
                 betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0,
                 decoupled_weight_decay: bool = False, *, maximize: bool = False) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
                                  "decoupled_weight_decay": decoupled_weight_decay, "maximize": maximize})

    def plan(self, group: dict[str, Any], state: State, size: int) -> Step:
        decays, shared = self._shared(group)
        (keep, keep_sq), eps, n = group["betas"], group["eps"], state["step"] + 1
        length, bias = group["lr"] / (1.0 - keep**n), 1.0 - keep_sq**n
        most = 2.0 / (1.0 - keep_sq) - 1.0
        known = most - 2.0 * n * keep_sq**n / bias
        if known > 5.0:
            length *= sqrt((known - 4.0) * (known - 2.0) * most / ((most - 4.0) * (most - 2.0) * known) * bias)
        form = decays, known > 5.0
        return Step(partial(_radam, *form), form, (*shared, eps, length), ("exp_avg", "exp_avg_sq"), {"step": n})


def _moments(decays: str, constants: tuple[Any, ...]) -> Callable[..., Any]:
    """From a number, its gradient and their means to the decayed number and gradient and the new means."""
    decay, keep, new, keep_sq, new_sq = constants

    def moments(x: Any, g: Any, m: Any, v: Any) -> tuple[Any, ...]:
        if decays == "apart":
            x = x * decay
        elif decays:
            g = g + decay * x
        return x, g, keep * m + new * g, keep_sq * v + new_sq * g * g

    return moments


def _nadam(decays: str, by: Functions, constants: tuple[Any, ...]) -> Callable[..., Any]:
    *shared, eps, by_gradient, by_mean, bias = constants
    moments, root = _moments(decays, tuple(shared)), by.sqrt

    def moved(*before: Any) -> tuple[Any, ...]:
        x, g, m, v = moments(*before)
        size = root(v / bias) + eps
        return x - by_gradient * g / size - by_mean * m / size, m, v

    return moved


def _radam(decays: str, measured: bool, by: Functions, constants: tuple[Any, ...]) -> Callable[..., Any]:
    *shared, eps, length = constants
    moments, root = _moments(decays, tuple(shared)), by.sqrt

    def moved(*before: Any) -> tuple[Any, ...]:
        x, _, m, v = moments(*before)
        return x - length * m / (root(v) + eps if measured else 1.0), m, v

    return moved
