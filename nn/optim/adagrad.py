"""Adagrad and Adadelta: each parameter's step is measured by the squares of all its gradients, or of its last ones."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar

from autograd import Value
from nn.optim.formulas import Functions, Step
from nn.optim.optimizer import Optimizer, State
from nn.validators import Rule, flag, fraction, not_negative, positive


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
                                        "initial_accumulator_value": not_negative, "eps": positive, "maximize": flag}
    blank: ClassVar[State] = {"step": 0, "sum": None}

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 1e-2, lr_decay: float = 0.0,
                 weight_decay: float = 0.0, initial_accumulator_value: float = 0.0, eps: float = 1e-10, *,
                 maximize: bool = False) -> None:
        super().__init__(params, {"lr": lr, "lr_decay": lr_decay, "weight_decay": weight_decay,
                                  "initial_accumulator_value": initial_accumulator_value, "eps": eps,
                                  "maximize": maximize})

    def plan(self, group: dict[str, Any], state: State, size: int) -> Step:
        form, step = bool(group["weight_decay"]), state["step"]
        constants = group["weight_decay"], group["lr"] / (1.0 + step * group["lr_decay"]), group["eps"]
        return Step(partial(_adagrad, form), form, constants, ("sum",), {"step": step + 1},
                    group["initial_accumulator_value"])


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
                                        "weight_decay": not_negative, "maximize": flag}
    blank: ClassVar[State] = {"square_avg": None, "acc_delta": None}

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 1.0, rho: float = 0.9,
                 eps: float = 1e-6, weight_decay: float = 0.0, *, maximize: bool = False) -> None:
        super().__init__(params, {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize})

    def plan(self, group: dict[str, Any], state: State, size: int) -> Step:
        form, keep = bool(group["weight_decay"]), group["rho"]
        constants = group["weight_decay"], keep, 1.0 - keep, group["eps"], group["lr"]
        return Step(partial(_adadelta, form), form, constants, ("square_avg", "acc_delta"), {})


def _adagrad(decays: bool, by: Functions, constants: tuple[Any, ...]) -> Callable[..., Any]:
    decay, rate, eps = constants
    root = by.sqrt

    def moved(x: Any, g: Any, s: Any) -> tuple[Any, ...]:
        g = g + decay * x if decays else g
        s = s + g * g
        return x - rate * (g / (root(s) + eps)), s

    return moved


def _adadelta(decays: bool, by: Functions, constants: tuple[Any, ...]) -> Callable[..., Any]:
    decay, keep, new, eps, lr = constants
    root = by.sqrt

    def moved(x: Any, g: Any, v: Any, u: Any) -> tuple[Any, ...]:
        g = g + decay * x if decays else g
        v = keep * v + new * g * g
        d = root(u + eps) / root(v + eps) * g
        return x - lr * d, v, keep * u + new * d * d

    return moved
