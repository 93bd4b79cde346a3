"""SGD: down the gradient, with momentum, Nesterov's momentum and weight decay."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar

from autograd import Value
from nn.optim.formulas import Functions, Step
from nn.optim.optimizer import Optimizer, State
from nn.validators import Rule, finite, flag, not_negative


class SGD(Optimizer):
    """Stochastic gradient descent: ``x -= lr * d``, where d is the gradient plus ``weight_decay`` times x.

    With momentum (Polyak, 1964) d is a velocity, ``v = momentum * v + (1 - dampening) * gradient``, which starts as the
    first gradient; with ``nesterov`` (Nesterov, 1983, in the form of Sutskever et al., 2013) it is
    ``gradient + momentum * v``. The rate multiplies the velocity, as in PyTorch's documentation, not the gradient that
    goes into it, as in the papers.

    >>> x = Value(1.0)
    >>> optimizer = SGD([x], lr=0.25, momentum=0.5)
    >>> for _ in range(3):
    ...     optimizer.zero_grad()
    ...     (x * x).backward()
    ...     optimizer.step()
    ...     print(x.data)
    0.5
    0.0
    -0.25
    """

    rules: ClassVar[dict[str, Rule]] = {"lr": not_negative, "momentum": not_negative, "dampening": finite,
                                        "weight_decay": not_negative, "nesterov": flag, "maximize": flag}
    blank: ClassVar[State] = {"momentum_buffer": None}

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 1e-3, momentum: float = 0.0,
                 dampening: float = 0.0, weight_decay: float = 0.0, *, nesterov: bool = False,
                 maximize: bool = False) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "dampening": dampening,
                                  "weight_decay": weight_decay, "nesterov": nesterov, "maximize": maximize})

    def _checked(self, options: dict[str, Any]) -> dict[str, Any]:
        options = super()._checked(options)
        if options["nesterov"] and not (options["momentum"] and not options["dampening"]):
            raise ValueError("SGD: nesterov needs a momentum above 0 and a dampening of 0")
        return options

    def plan(self, group: dict[str, Any], state: State, size: int) -> Step:
        first, moving = state["momentum_buffer"] is None, bool(group["momentum"])
        form = bool(group["weight_decay"]), moving and ("first" if first else "next"), group["nesterov"]
        constants = group["lr"], group["weight_decay"], group["momentum"], 1.0 - group["dampening"]
        return Step(partial(_moved, *form), form, constants, ("momentum_buffer",) if moving else (), {})


def _moved(decays: bool, moving: Any, ahead: bool, by: Functions, constants: tuple[Any, ...]) -> Callable[..., Any]:
    lr, decay, momentum, new = constants

    def plain(x: Any, g: Any) -> tuple[Any, ...]:
        return (x - lr * (g + decay * x if decays else g),)

    def moved(x: Any, g: Any, v: Any) -> tuple[Any, ...]:
        g = g + decay * x if decays else g
        v = g if moving == "first" else momentum * v + new * g
        return x - lr * (g + momentum * v if ahead else v), v

    return moved if moving else plain
