"""RMSprop: the gradient divided by the root of its mean square."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar

from autograd import Value
from nn.optim.formulas import Functions, Step
from nn.optim.optimizer import Optimizer, State
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
                                        "weight_decay": not_negative, "momentum": not_negative, "centered": flag,
                                        "maximize": flag}
    blank: ClassVar[State] = {"square_avg": None, "grad_avg": None, "momentum_buffer": None}

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 1e-2, alpha: float = 0.99,
                 eps: float = 1e-8, weight_decay: float = 0.0, momentum: float = 0.0, *,
                 centered: bool = False, maximize: bool = False) -> None:
        super().__init__(params, {"lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay,
                                  "momentum": momentum, "centered": centered, "maximize": maximize})

    def plan(self, group: dict[str, Any], state: State, size: int) -> Step:
        form = bool(group["weight_decay"]), group["centered"], bool(group["momentum"])
        keep = group["alpha"]
        constants = group["weight_decay"], keep, 1.0 - keep, group["eps"], group["momentum"], group["lr"]
        names = ("square_avg", *["grad_avg"] * form[1], *["momentum_buffer"] * form[2])
        return Step(partial(_moved, *form), form, constants, names, {})


def _moved(decays: bool, centered: bool, moving: bool, by: Functions,
           constants: tuple[Any, ...]) -> Callable[..., Any]:
    decay, keep, new, eps, momentum, lr = constants
    root, where_less = by

    def moved(x: Any, g: Any, v: Any, *others: Any) -> tuple[Any, ...]:
        g = g + decay * x if decays else g
        v = keep * v + new * g * g
        scale, after = v, []
        if centered:
            mean = keep * others[0] + new * g
            scale = where_less(v, mean * mean, 0.0, v - mean * mean)    # nan stays nan
            after.append(mean)
        step = g / (root(scale) + eps)
        if moving:
            step = momentum * others[-1] + step
            after.append(step)
        return x - lr * step, v, *after

    return moved
