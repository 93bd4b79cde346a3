"""Adam and AdamW: each parameter's step is measured by its own gradient's mean and mean square."""

from collections.abc import Callable, Iterable
from functools import partial
from math import sqrt
from typing import Any, ClassVar

from autograd import Value
from nn.optim.formulas import Functions, Step
from nn.optim.optimizer import Optimizer, State
from nn.validators import Rule, flag, not_negative, positive, two_fractions


class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015): ``x -= lr * m / (sqrt(v) + eps)``.

    m, v: the means of the gradient and of its square, without the bias of their start at 0; at each step ``betas`` of
    them are kept. weight_decay: times x, is added to the gradient.
    amsgrad: divide by the largest v so far (Reddi, Kale and Kumar, 2018). As in PyTorch's documentation, that is the
    largest before its bias is taken out, and eps is added after that.

    >>> x = Value(1.0)
    >>> optimizer = Adam([x], lr=0.1)
    >>> for _ in range(3):
    ...     optimizer.zero_grad()
    ...     (1000 * x * x).backward()
    ...     optimizer.step()
    ...     print(round(x.data, 3))         # the first steps have the length lr, whatever the gradient's
    0.9
    0.8
    0.702
    """

    rules: ClassVar[dict[str, Rule]] = {"lr": not_negative, "betas": two_fractions, "eps": positive,
                                        "weight_decay": not_negative, "amsgrad": flag, "maximize": flag}
    blank: ClassVar[State] = {"step": 0, "exp_avg": None, "exp_avg_sq": None, "max_exp_avg_sq": None}

    _apart = False      # whether weight decay is apart from the gradient

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 1e-3,
                 betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0, *,
                 amsgrad: bool = False, maximize: bool = False) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
                                  "amsgrad": amsgrad, "maximize": maximize})

    def plan(self, group: dict[str, Any], state: State, size: int) -> Step:
        (keep, keep_sq), step, lr = group["betas"], state["step"] + 1, group["lr"]
        decay = ("apart" if self._apart else "added") if group["weight_decay"] or self._apart else ""
        form = decay, group["amsgrad"]
        constants = (1.0 - lr * group["weight_decay"] if self._apart else group["weight_decay"], keep, 1.0 - keep,
                     keep_sq, 1.0 - keep_sq, group["eps"], lr / (1.0 - keep**step), sqrt(1.0 - keep_sq**step))
        names = ("exp_avg", "exp_avg_sq", "max_exp_avg_sq")[:2 + group["amsgrad"]]
        return Step(partial(_moved, *form), form, constants, names, {"step": step})


class AdamW(Adam):
    """Adam whose weight decay shrinks the parameter by ``lr * weight_decay`` of itself, apart from the gradient.

    Loshchilov and Hutter, 2019; in PyTorch's form, where the rate multiplies the decay.

    >>> x = Value(1.0)
    >>> optimizer = AdamW([x], lr=0.1, weight_decay=0.5)
    >>> optimizer.step()                    # no gradient
    >>> x.data
    0.95
    """

    _apart = True

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 1e-3,
                 betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 1e-2, *,
                 amsgrad: bool = False, maximize: bool = False) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad=amsgrad, maximize=maximize)


def _moved(decays: str, amsgrad: bool, by: Functions, constants: tuple[Any, ...]) -> Callable[..., Any]:
    decay, keep, new, keep_sq, new_sq, eps, length, bias = constants
    root, where_less = by

    def moved(x: Any, g: Any, m: Any, v: Any, *largest: Any) -> tuple[Any, ...]:
        if decays == "apart":
            x = x * decay
        elif decays:
            g = g + decay * x
        m = keep * m + new * g
        v = keep_sq * v + new_sq * g * g
        if not amsgrad:
            return x - length * m / (root(v) / bias + eps), m, v
        most = where_less(v, largest[0], largest[0], v)
        return x - length * m / (root(most) / bias + eps), m, v, most

    return moved
