"""Adam and AdamW: each parameter's step is measured by its own gradient's mean and mean square."""

from collections.abc import Iterable
from math import sqrt
from typing import Any, ClassVar

from autograd import Value
from nn.optim.optimizer import Optimizer, State
from nn.optim.parameters import decayed
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
                                        "weight_decay": not_negative, "amsgrad": flag}
    blank: ClassVar[State] = {"step": 0, "exp_avg": None, "exp_avg_sq": None, "max_exp_avg_sq": None}

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 1e-3,
                 betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0, *,
                 amsgrad: bool = False) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
                                  "amsgrad": amsgrad})

    def update(self, group: dict[str, Any], state: State, data: list[float],
               grads: list[float]) -> tuple[list[float], State]:
        return self._moved(group, state, data, decayed(grads, data, group["weight_decay"]))

    def _moved(self, group: dict[str, Any], state: State, data: list[float],
               grads: list[float]) -> tuple[list[float], State]:
        """The step itself, which Adam and AdamW have in common."""
        keep, keep_sq = group["betas"]
        new, new_sq, eps, step = 1.0 - keep, 1.0 - keep_sq, group["eps"], state["step"] + 1
        none = [0.0] * len(data)
        mean = [keep * m + new * g for m, g in zip(state["exp_avg"] or none, grads, strict=True)]
        square = [keep_sq * v + new_sq * g * g for v, g in zip(state["exp_avg_sq"] or none, grads, strict=True)]
        largest, scale = state["max_exp_avg_sq"], square
        if group["amsgrad"]:
            scale = largest = [a if a > v else v for a, v in zip(largest or none, square, strict=True)]
        length, bias = group["lr"] / (1.0 - keep**step), sqrt(1.0 - keep_sq**step)
        return ([x - length * m / (sqrt(v) / bias + eps) for x, m, v in zip(data, mean, scale, strict=True)],
                {"step": step, "exp_avg": mean, "exp_avg_sq": square, "max_exp_avg_sq": largest})


class AdamW(Adam):
    """Adam whose weight decay shrinks the parameter by ``lr * weight_decay`` of itself, apart from the gradient.

    Loshchilov and Hutter, 2019; in PyTorch's form, where the rate multiplies the decay.

    >>> x = Value(1.0)
    >>> optimizer = AdamW([x], lr=0.1, weight_decay=0.5)
    >>> optimizer.step()                    # no gradient
    >>> x.data
    0.95
    """

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 1e-3,
                 betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 1e-2, *,
                 amsgrad: bool = False) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad=amsgrad)

    def update(self, group: dict[str, Any], state: State, data: list[float],
               grads: list[float]) -> tuple[list[float], State]:
        kept = 1.0 - group["lr"] * group["weight_decay"]
        return self._moved(group, state, [x * kept for x in data], grads)
