"""RMSprop: the gradient divided by the root of its mean square."""

from collections.abc import Iterable
from math import sqrt
from typing import Any, ClassVar

from autograd import Value
from nn.optim.optimizer import Optimizer, State
from nn.optim.parameters import decayed
from nn.validators import Rule, flag, fraction, not_negative, positive


class RMSprop(Optimizer):
    """RMSprop (Tieleman and Hinton, lecture 6.5 of a course, 2012): ``x -= lr * gradient / (sqrt(v) + eps)``.

    v: the mean of the squared gradient, of which ``alpha`` is kept at each step; ``centered`` (Graves, 2013) takes the
    square of the mean gradient away, which leaves the variance. momentum: of those quotients. weight_decay: times x, is
    added to the gradient. In the form of PyTorch's documentation, with one difference: a variance that rounding has
    made negative, as it may where the gradient stays the same, counts as 0, where PyTorch answers nan.

    >>> x = Value(1.0)
    >>> optimizer = RMSprop([x], lr=0.1, alpha=0.75)
    >>> (x * x).backward()
    >>> optimizer.step()
    >>> round(x.data, 6)                    # 1 - 0.1 * 2 / sqrt(0.25 * 2**2)
    0.8
    """

    rules: ClassVar[dict[str, Rule]] = {"lr": not_negative, "alpha": fraction, "eps": positive,
                                        "weight_decay": not_negative, "momentum": not_negative, "centered": flag}
    blank: ClassVar[State] = {"square_avg": None, "grad_avg": None, "momentum_buffer": None}

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 1e-2, alpha: float = 0.99,
                 eps: float = 1e-8, weight_decay: float = 0.0, momentum: float = 0.0, *,
                 centered: bool = False) -> None:
        super().__init__(params, {"lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay,
                                  "momentum": momentum, "centered": centered})

    def update(self, group: dict[str, Any], state: State, data: list[float],
               grads: list[float]) -> tuple[list[float], State]:
        lr, keep, eps, momentum = group["lr"], group["alpha"], group["eps"], group["momentum"]
        new, none, grads = 1.0 - keep, [0.0] * len(data), decayed(grads, data, group["weight_decay"])
        square = [keep * v + new * g * g for v, g in zip(state["square_avg"] or none, grads, strict=True)]
        mean, moved, scale = state["grad_avg"], state["momentum_buffer"], square
        if group["centered"]:
            mean = [keep * m + new * g for m, g in zip(mean or none, grads, strict=True)]
            scale = [0.0 if v < m * m else v - m * m for v, m in zip(square, mean, strict=True)]    # nan stays nan
        steps = [g / (sqrt(v) + eps) for g, v in zip(grads, scale, strict=True)]
        if momentum:
            steps = moved = [momentum * b + s for b, s in zip(moved or none, steps, strict=True)]
        return ([x - lr * s for x, s in zip(data, steps, strict=True)],
                {"square_avg": square, "grad_avg": mean, "momentum_buffer": moved})
