"""Rprop: steps of each parameter's own length, by the signs of its gradients alone."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar

from autograd import Value
from nn.optim.formulas import Functions, Step
from nn.optim.optimizer import Optimizer, State
from nn.validators import Rule, flag, not_negative, two_positive


class Rprop(Optimizer):
    """Resilient backpropagation (Riedmiller and Braun, 1993; without weight backtracking): ``x -= sign(gradient) * d``.

    d: the length of a parameter's step, ``lr`` at first; times ``etas[1]`` where its gradient keeps its sign, times
    ``etas[0]`` where it changes, and there the parameter rests for this step. It stays within ``step_sizes``. For whole
    batches: signs that differ by chance shrink the steps. In the form of PyTorch's documentation.

    >>> x = Value(1.0)
    >>> optimizer = Rprop([x], lr=0.5)
    >>> for _ in range(4):
    ...     optimizer.zero_grad()
    ...     (x * x).backward()
    ...     optimizer.step()
    ...     print(round(x.data, 3))
    0.5
    -0.1
    -0.1
    0.2
    """

    rules: ClassVar[dict[str, Rule]] = {"lr": not_negative, "etas": two_positive, "step_sizes": two_positive,
                                        "maximize": flag}
    blank: ClassVar[State] = {"prev": None, "step_size": None}

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], lr: float = 1e-2,
                 etas: tuple[float, float] = (0.5, 1.2), step_sizes: tuple[float, float] = (1e-6, 50.0), *,
                 maximize: bool = False) -> None:
        super().__init__(params, {"lr": lr, "etas": etas, "step_sizes": step_sizes, "maximize": maximize})

    def _checked(self, options: dict[str, Any]) -> dict[str, Any]:
        options = super()._checked(options)
        if not options["etas"][0] < 1.0 < options["etas"][1]:
            raise ValueError(f"Rprop: etas are a factor below 1 and one above 1, as in (0.5, 1.2), not "
                             f"{options['etas']}")
        return options

    def plan(self, group: dict[str, Any], state: State, size: int) -> Step:
        names = "prev", "step_size"
        first = state["step_size"] is None
        return Step(partial(_moved, first), first, (*group["etas"], *group["step_sizes"], group["lr"]), names, {})


def _moved(first: bool, by: Functions, constants: tuple[Any, ...]) -> Callable[..., Any]:
    shorter, longer, least, most, lr = constants
    where_less = by.where_less

    def moved(x: Any, g: Any, last: Any, size: Any) -> tuple[Any, ...]:
        turn = g * last
        size = lr if first else size
        size = size * where_less(turn, 0.0, shorter, where_less(0.0, turn, longer, 1.0))
        size = where_less(size, least, least, size)
        size = where_less(most, size, most, size)
        used = where_less(turn, 0.0, 0.0, g)
        sign = where_less(used, 0.0, -1.0, where_less(0.0, used, 1.0, abs(used)))     # of nan nan
        return x - size * sign, used, size

    return moved
