"""Adamax: Adam with the largest gradient of late in the place of the root of its mean square."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar

from autograd import Value
from nn.optim.formulas import Functions, Step
from nn.optim.optimizer import Optimizer, State
from nn.validators import Rule, flag, not_negative, positive, two_fractions


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
                                        "weight_decay": not_negative, "maximize": flag}
    blank: ClassVar[State] = {"step": 0, "exp_avg": None, "exp_inf": None}

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 2e-3,
                 betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0, *,
                 maximize: bool = False) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
                                  "maximize": maximize})

    def plan(self, group: dict[str, Any], state: State, size: int) -> Step:
        (keep, keep_largest), form, step = group["betas"], bool(group["weight_decay"]), state["step"] + 1
        constants = (group["weight_decay"], keep, 1.0 - keep, keep_largest, group["eps"],
                     group["lr"] / (1.0 - keep**step))
        return Step(partial(_moved, form), form, constants, ("exp_avg", "exp_inf"), {"step": step})


def _moved(decays: bool, by: Functions, constants: tuple[Any, ...]) -> Callable[..., Any]:
    decay, keep, new, keep_largest, eps, length = constants
    where_less = by.where_less

    def moved(x: Any, g: Any, m: Any, u: Any) -> tuple[Any, ...]:
        g = g + decay * x if decays else g
        m = keep * m + new * g
        old, size = keep_largest * u, abs(g) + eps
        u = where_less(size, old, old, size)        # a gradient of nan is kept, as in m
        return x - length * m / u, m, u

    return moved
