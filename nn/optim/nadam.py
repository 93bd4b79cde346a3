"""NAdam and RAdam: Adam with Nesterov's look ahead; and Adam that measures no step by too few gradients."""

from collections.abc import Iterable
from math import sqrt
from typing import Any, ClassVar

from autograd import Value
from nn.optim.optimizer import Optimizer, State
from nn.optim.parameters import decayed
from nn.validators import Rule, flag, not_negative, positive, two_fractions


class _AdamLike(Optimizer):
    """The moments that NAdam and RAdam share, and their weight decay, which may be apart from the gradient."""

    rules: ClassVar[dict[str, Rule]] = {"lr": not_negative, "betas": two_fractions, "eps": positive,
                                        "weight_decay": not_negative, "decoupled_weight_decay": flag}
    blank: ClassVar[State] = {"step": 0, "exp_avg": None, "exp_avg_sq": None}

    def _moments(self, group: dict[str, Any], state: State, data: list[float],
                 grads: list[float]) -> tuple[list[float], list[float], State]:
        """The decayed numbers, the gradients that were averaged, and the state with the new means."""
        decay = group["weight_decay"]
        if group["decoupled_weight_decay"]:
            kept = 1.0 - group["lr"] * decay
            data = [x * kept for x in data]
        else:
            grads = decayed(grads, data, decay)
        (keep, keep_sq), none = group["betas"], [0.0] * len(data)
        mean = [keep * m + (1.0 - keep) * g for m, g in zip(state["exp_avg"] or none, grads, strict=True)]
        square = [keep_sq * v + (1.0 - keep_sq) * g * g
                  for v, g in zip(state["exp_avg_sq"] or none, grads, strict=True)]
        return data, grads, {**state, "step": state["step"] + 1, "exp_avg": mean, "exp_avg_sq": square}


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
    blank: ClassVar[State] = {**_AdamLike.blank, "mu_product": None}    # one number, kept for each parameter

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 2e-3,
                 betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0,
                 momentum_decay: float = 4e-3, decoupled_weight_decay: bool = False) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
                                  "momentum_decay": momentum_decay,
                                  "decoupled_weight_decay": decoupled_weight_decay})

    def update(self, group: dict[str, Any], state: State, data: list[float],
               grads: list[float]) -> tuple[list[float], State]:
        data, grads, state = self._moments(group, state, data, grads)
        lr, (keep, keep_sq), eps, n = group["lr"], group["betas"], group["eps"], state["step"]
        now, ahead = (keep * (1.0 - 0.5 * 0.96 ** (step * group["momentum_decay"])) for step in (n, n + 1))
        product = now * (state["mu_product"][0] if state["mu_product"] else 1.0)
        by_gradient, by_mean = lr * (1.0 - now) / (1.0 - product), lr * ahead / (1.0 - product * ahead)
        bias = 1.0 - keep_sq**n
        sizes = [sqrt(v / bias) + eps for v in state["exp_avg_sq"]]
        return ([x - by_gradient * g / s - by_mean * m / s
                 for x, g, m, s in zip(data, grads, state["exp_avg"], sizes, strict=True)],
                {**state, "mu_product": [product] * len(data)})


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
                 decoupled_weight_decay: bool = False) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
                                  "decoupled_weight_decay": decoupled_weight_decay})

    def update(self, group: dict[str, Any], state: State, data: list[float],
               grads: list[float]) -> tuple[list[float], State]:
        data, _, state = self._moments(group, state, data, grads)
        (keep, keep_sq), eps, n = group["betas"], group["eps"], state["step"]
        length, bias = group["lr"] / (1.0 - keep**n), 1.0 - keep_sq**n
        most = 2.0 / (1.0 - keep_sq) - 1.0
        known = most - 2.0 * n * keep_sq**n / bias
        if known > 5.0:
            length *= sqrt((known - 4.0) * (known - 2.0) * most / ((most - 4.0) * (most - 2.0) * known) * bias)
            sizes = [sqrt(v) + eps for v in state["exp_avg_sq"]]
        else:
            sizes = [1.0] * len(data)
        return [x - length * m / s for x, m, s in zip(data, state["exp_avg"], sizes, strict=True)], state
