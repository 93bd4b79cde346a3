"""An optimiser's step as a formula for one number, which floats and Values compute alike, and so compiled code too."""

from collections.abc import Callable, Hashable
from math import sqrt
from typing import Any, NamedTuple

import autograd


class Functions(NamedTuple):
    """What formulas call, beside operators and ``abs``, for floats or for Values."""

    sqrt: Callable[[Any], Any]
    where_less: Callable[[Any, Any, Any, Any], Any]     # a, b, x, y: x where a < b, else y

    @classmethod
    def of_values(cls) -> "Functions":
        """Those of Values."""
        return cls(autograd.sqrt, lambda a, b, x, y: autograd.where(autograd.less(a, b), x, y))


Formula = Callable[[Functions, tuple[Any, ...]], Callable[..., tuple[Any, ...]]]
FLOATS = Functions(sqrt, lambda a, b, x, y: x if a < b else y)


def upwards(formula: Formula, by: Functions, constants: tuple[Any, ...]) -> Callable[..., tuple[Any, ...]]:
    """The formula by the gradient with the other sign, which maximises."""
    moved = formula(by, constants)
    return lambda x, g, *state: moved(x, -g, *state)


class Step(NamedTuple):
    """A step of a group: a formula for one number, and what it is the same for all of them.

    formula: from the functions to call and the ``constants`` to a function of a parameter's number, its gradient and
    its part of the state (the lists ``names`` of it, which begin as ``start``); that gives the new number and the new
    parts of the state. form: of the same class and form the formula is the same, only the constants differ.
    counts: the other entries of the state after the step.
    """

    formula: Formula
    form: Hashable
    constants: tuple[float, ...]
    names: tuple[str, ...]
    counts: dict[str, Any]
    start: float = 0.0
