"""Adamax: Adam with the largest gradient of late in the place of the root of its mean square."""

from collections.abc import Iterable
from typing import Any, ClassVar

from autograd import Value
from nn.optim.optimizer import Optimizer, State
from nn.optim.parameters import decayed
from nn.validators import Rule, not_negative, positive, two_fractions


class Adamax(Optimizer):
    """Adamax (Kingma and Ba, 2015, section 7.1): ``x -= lr / (1 - betas[0]**n) * m / u`` at step n.

    m: the mean of the gradient, of which ``betas[0]`` is kept; u: the larger of ``betas[1]`` times the last u and
    |gradient| + eps. weight_decay: times x, is added to the gradient. In the form of PyTorch's documentation.

    >>> x = Value(1.0)
    >>> optimizer = Adamax([x], lr=0.1)
    >>> (1000 * x * x).backward()
    >>> optimizer.step()
    >>> round(x.data, 6)
    0.9
    """

    rules: ClassVar[dict[str, Rule]] = {"lr": not_negative, "betas": two_fractions, "eps": positive,
                                        "weight_decay": not_negative}
    blank: ClassVar[State] = {"step": 0, "exp_avg": None, "exp_inf": None}

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 2e-3,
                 betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})

    def update(self, group: dict[str, Any], state: State, data: list[float],
               grads: list[float]) -> tuple[list[float], State]:
        grads = decayed(grads, data, group["weight_decay"])
        (keep, keep_largest), eps, none = group["betas"], group["eps"], [0.0] * len(data)
        step = state["step"] + 1
        mean = [keep * m + (1.0 - keep) * g for m, g in zip(state["exp_avg"] or none, grads, strict=True)]
        largest = []
        for u, g in zip(state["exp_inf"] or none, grads, strict=True):
            old, new = keep_largest * u, abs(g) + eps
            largest.append(old if old > new else new)       # a gradient of nan is kept, as in m
        length = group["lr"] / (1.0 - keep**step)
        return ([x - length * m / u for x, m, u in zip(data, mean, largest, strict=True)],
                {"step": step, "exp_avg": mean, "exp_inf": largest})
