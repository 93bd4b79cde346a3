"""``--check``: every gradient against central differences, and one verdict wherever there is a kink."""

import math
import re

from autograd import GradientError, gradcheck, value_and_grad
from viz.command.expression import Expression
from viz.words.expressions import RESULT
from viz.words.library import translated


def gradient_errors(expression: Expression, values: dict[str, float]) -> str:
    """What --check found first, with the name of its variable; empty if every gradient agrees.

    At a kink no derivative exists, so no gradient is confirmed there, not even where central differences happen to
    give the same number (abs at 0).

    >>> gradient_errors(Expression("a * b"), {"a": 2.0, "b": 3.0})
    ''
    """
    names = list(values)
    if not names:
        return ""
    at = list(values.values())
    gradient = _gradient(expression, names, at)
    for i, name in enumerate(names):
        if (slopes := _sides(expression, names, at, i)) is not None:
            return RESULT("kink", name, f"{slopes[0]:.6g}", f"{slopes[1]:.6g}", repr(gradient[i]))
    try:
        gradcheck(lambda *xs: expression(**dict(zip(names, xs, strict=True))), *at)
    except GradientError as error:
        return translated(re.sub(r"argument (\d+)", lambda found: names[int(found.group(1))], str(error)))
    return ""


def _gradient(expression: Expression, names: list[str], at: list[float]) -> list[float]:
    return list(value_and_grad(lambda xs: expression(**dict(zip(names, xs, strict=True))))(at)[1])


def _sides(expression: Expression, names: list[str], at: list[float], i: int) -> tuple[float, float] | None:
    """The slopes just left and right of the point along variable ``i``, if they differ and stay apart; else None.

    Slopes beside the point are exact derivatives, so the step may be tiny; where the function is smooth, the difference
    of the two shrinks with the step.
    """
    x = at[i]
    if not math.isfinite(x):
        return None
    pairs = []
    for step in (1e-9 * abs(x), 1e-13 * abs(x)) if x else (1e-12, 1e-24):
        pairs.append([_gradient(expression, names, [*at[:i], beside, *at[i + 1:]])[i]
                      for beside in (x - step, x + step)])
    (left, right), (near_left, near_right) = pairs
    wide, near = abs(right - left), abs(near_right - near_left)
    if not math.isfinite(wide + near) or near <= 1e-6 * (abs(near_left) + abs(near_right)) or near < 0.9 * wide:
        return None
    return near_left, near_right
