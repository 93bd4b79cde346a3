"""Numerical derivatives, which use no partial of the table: central differences and the complex step."""

import cmath
import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from autograd.ops.ieee import number
from autograd.ops.operand import COMPLEX, Operand
from autograd.ops.primitives import Op

ARITHMETIC: dict[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv,
    "pow": operator.pow, "neg": operator.neg, "pos": operator.pos}


class NotAnalyticError(Exception):
    """An op of the function is not analytic, so the complex step does not apply."""


class Complex(Operand):
    """A complex number that ops apply to, only for the complex step; it compares by its real part."""

    __slots__ = ("z",)
    _rank = (COMPLEX, 0)

    def __init__(self, z: complex) -> None:
        self.z = z

    @property
    def _primal(self) -> float:
        return self.z.real

    data = _primal
    label = property(lambda self: "", lambda self, label: None)

    def _to_float(self) -> float:
        raise NotAnalyticError      # a derivative at the outermost level would be a constant

    def detach(self) -> float:
        """Its real part, as a constant."""
        return self.z.real

    def _apply(self, op: Op, args: Sequence[Any]) -> Any:
        function = ARITHMETIC.get(op.name) or getattr(cmath, op.name, None)
        if function is not None:
            numbers = [arg.z if isinstance(arg, Complex) else number(arg) for arg in args]
            if op.name == "pow" and abs(numbers[1]) > 100:      # beyond, Python uses polar coordinates
                raise NotAnalyticError
            try:
                return Complex(function(*numbers))
            except (ValueError, OverflowError, ZeroDivisionError):
                raise NotAnalyticError from None
        if op.name == "where":
            return args[1] if args[0] else args[2]
        if op.name in ("greater", "less"):
            return float(getattr(operator, {"greater": "gt", "less": "lt"}[op.name])(*args))
        if op.composite and op.name not in ("stop_gradient", "logsumexp"):
            return op.formula(*args)
        raise NotAnalyticError


def complex_step(f: Callable[[Any], Any], x: float) -> float | None:
    """Im f(x + ih) / h, exact to rounding (Squire and Trapp 1998); None where an op of ``f`` is not analytic."""
    step = 1e-20 * abs(x) if abs(x) > 1e-280 else 1e-150 if x == 0.0 else 0.0
    try:
        out = f(Complex(complex(x, step))) if step else None
    except (NotAnalyticError, TypeError):
        return None
    slope = out.z.imag / step if isinstance(out, Complex) else None
    return slope if slope is not None and math.isfinite(slope) else None


def central(f: Callable[[float], float], x: float) -> tuple[float, float]:
    """The derivative by central differences, and its error: the best of several initial steps.

    A wide step reduces rounding errors, a narrow one avoids a nearby pole.
    """
    widths = [0.002] if x == 0.0 else [0.02 * max(abs(x), 0.1), 0.02 * abs(x)]
    widths += [w * (abs(x) or 1.0) for w in (1e-4, 1e-6)]
    return min((_ridders(f, x, width) for width in widths), key=lambda pair: pair[1])


def _ridders(f: Callable[[float], float], x: float, h: float) -> tuple[float, float]:
    """Central differences with decreasing steps, extrapolated to 0; the error is inf if they do not converge.

    C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", 1982.
    """
    shrink, best, error = 1.4, math.nan, math.inf
    previous: list[float] = []
    for i in range(24):
        low, high = number(f(x - h)), number(f(x + h))
        rounding = 2.0**-52 * max(abs(low), abs(high)) / h
        row = [(high - low) / (2 * h)]
        for j in range(min(i, len(previous))):
            factor = shrink ** (2 * (j + 1))
            row.append((row[j] * factor - previous[j]) / (factor - 1))
            guess = max(abs(row[-1] - row[j]), abs(row[-1] - previous[j]), rounding)
            if guess <= error:
                best, error = row[-1], guess
        if i and abs(row[-1] - previous[-1]) > 2 * error:
            break
        previous, h = row, h / shrink
    return best, error


def sides(f: Callable[[float], float], x: float) -> str:
    """A note for the message if the slopes on the left and on the right differ; else empty."""
    h = 1e-7 * max(abs(x), 1.0)
    left, right = _slope(f, x - h, x), _slope(f, x, x + h)
    if not abs(left - right) > 1e-3 * (abs(left) + abs(right)):
        return ""
    return f" (the slopes on the two sides are {left:.6g} and {right:.6g}: a kink or a jump)"


def _slope(f: Callable[[float], float], a: float, b: float) -> float:
    return (number(f(b)) - number(f(a))) / (b - a)
