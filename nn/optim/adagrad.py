"""Adagrad and Adadelta: each parameter's step is measured by the squares of all its gradients, or of its last ones."""

from collections.abc import Iterable
from math import sqrt
from typing import Any, ClassVar

from autograd import Value
from nn.optim.optimizer import Optimizer, State
from nn.optim.parameters import decayed
from nn.validators import Rule, fraction, not_negative, positive


class Adagrad(Optimizer):
    """Adagrad (Duchi, Hazan and Singer, 2011): ``x -= lr / (1 + (n - 1) lr_decay) * gradient / (sqrt(s) + eps)``.

    s: the sum of the squared gradients of all n steps, from ``initial_accumulator_value`` on, so that steps only become
    shorter. weight_decay: times x, is added to the gradient. In the form of PyTorch's documentation.

    >>> x = Value(1.0)
    >>> optimizer = Adagrad([x], lr=0.1)
    >>> for _ in range(2):
    ...     optimizer.zero_grad()
    ...     (3 * x).backward()
    ...     optimizer.step()
    ...     print(round(x.data, 4))         # 0.1 / sqrt(1), then 0.1 / sqrt(2)
    0.9
    0.8293
    """

    rules: ClassVar[dict[str, Rule]] = {"lr": not_negative, "lr_decay": not_negative, "weight_decay": not_negative,
                                        "initial_accumulator_value": not_negative, "eps": positive}
    blank: ClassVar[State] = {"step": 0, "sum": None}

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 1e-2, lr_decay: float = 0.0,
                 weight_decay: float = 0.0, initial_accumulator_value: float = 0.0, eps: float = 1e-10) -> None:
        super().__init__(params, {"lr": lr, "lr_decay": lr_decay, "weight_decay": weight_decay,
                                  "initial_accumulator_value": initial_accumulator_value, "eps": eps})

    def update(self, group: dict[str, Any], state: State, data: list[float],
               grads: list[float]) -> tuple[list[float], State]:
        grads = decayed(grads, data, group["weight_decay"])
        before = state["sum"] or [group["initial_accumulator_value"]] * len(data)
        squares = [s + g * g for s, g in zip(before, grads, strict=True)]
        rate, eps = group["lr"] / (1.0 + state["step"] * group["lr_decay"]), group["eps"]
        return ([x - rate * (g / (sqrt(s) + eps)) for x, g, s in zip(data, grads, squares, strict=True)],
                {"step": state["step"] + 1, "sum": squares})


class Adadelta(Optimizer):
    """Adadelta (Zeiler, 2012): ``x -= lr * d`` with ``d = sqrt(u + eps) / sqrt(v + eps) * gradient``.

    v, u: the means of the squared gradient and of d², of which ``rho`` is kept at each step; u before this step.
    weight_decay: times x, is added to the gradient. In the form of PyTorch's documentation.

    >>> x = Value(1.0)
    >>> optimizer = Adadelta([x], rho=0.75, eps=0.25)
    >>> (x * x).backward()
    >>> optimizer.step()
    >>> round(x.data, 6)                    # 1 - sqrt(0.25) / sqrt(0.25 * 2**2 + 0.25) * 2
    0.105573
    """

    rules: ClassVar[dict[str, Rule]] = {"lr": not_negative, "rho": fraction, "eps": positive,
                                        "weight_decay": not_negative}
    blank: ClassVar[State] = {"square_avg": None, "acc_delta": None}

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 1.0, rho: float = 0.9,
                 eps: float = 1e-6, weight_decay: float = 0.0) -> None:
        super().__init__(params, {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay})

    def update(self, group: dict[str, Any], state: State, data: list[float],
               grads: list[float]) -> tuple[list[float], State]:
        grads = decayed(grads, data, group["weight_decay"])
        keep, new, eps, none = group["rho"], 1.0 - group["rho"], group["eps"], [0.0] * len(data)
        before = state["acc_delta"] or none
        square = [keep * v + new * g * g for v, g in zip(state["square_avg"] or none, grads, strict=True)]
        steps = [sqrt(u + eps) / sqrt(v + eps) * g for u, v, g in zip(before, square, grads, strict=True)]
        return ([x - group["lr"] * d for x, d in zip(data, steps, strict=True)],
                {"square_avg": square,
                 "acc_delta": [keep * u + new * d * d for u, d in zip(before, steps, strict=True)]})
