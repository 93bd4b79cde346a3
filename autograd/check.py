"""gradcheck: derivatives against three independent measurements of them."""

import cmath
import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from autograd.arguments import flatten
from autograd.errors import GradientError
from autograd.floats import number
from autograd.forward import jvp
from autograd.op import Op
from autograd.operand import Operand
from autograd.reverse import value_and_grad
from autograd.value import Value

ARITHMETIC: dict[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv,
    "pow": operator.pow, "neg": operator.neg, "pos": operator.pos}


class NotAnalyticError(Exception):
    """The function has a part that the complex step cannot go through."""


class Complex(Operand):
    """A complex number that ops apply to, for the complex step alone; it compares by its real part."""

    __slots__ = ("z",)
    _rank = 1000

    def __init__(self, z: complex) -> None:
        self.z = z

    @property
    def _primal(self) -> float:
        return self.z.real

    data = _primal

    def _apply(self, op: Op, args: Sequence[Any]) -> Any:
        function = ARITHMETIC.get(op.name) or getattr(cmath, op.name, None)
        if function is not None:
            try:
                return Complex(function(*[arg.z if isinstance(arg, Complex) else number(arg) for arg in args]))
            except (ValueError, OverflowError, ZeroDivisionError):
                raise NotAnalyticError from None
        if op.name == "where":
            return args[1] if args[0] else args[2]
        if op.name in ("greater", "less"):
            return float(getattr(operator, {"greater": "gt", "less": "lt"}[op.name])(*args))
        if op.composite and op.name not in ("stop_gradient", "logsumexp"):
            return op.formula(*args)
        raise NotAnalyticError


def gradcheck(f: Callable[..., Any], *args: Any, rtol: float = 1e-6, atol: float = 1e-8) -> bool:
    """True if reverse mode, forward mode and two numerical derivatives of ``f`` agree at ``args``.

    The numerical ones are central differences, refined by Ridders' method with its own error
    estimate, and the complex step (Squire and Trapp 1998) where every op of ``f`` has one.

    f: returns one number; args: numbers, sequences or arrays.
    rtol, atol: the tolerance, |ours - measured| <= atol + rtol |measured|.
    Raises GradientError naming the argument, both derivatives and their difference.

    >>> gradcheck(lambda x, y: x * y + x, 2.0, 3.0)
    True
    """
    forms = [flatten(arg) for arg in args]
    point = [number(x, "gradcheck") for items, _ in forms for x in items]

    def rebuild(flat: Sequence[Any]) -> list[Any]:
        waiting = iter(flat)
        return [form([next(waiting) for _ in items]) for items, form in forms]

    def at(flat: Sequence[Any]) -> Any:
        # on Values: f may use their methods, or look at their data
        out = f(*rebuild([Value(x) if isinstance(x, float) else x for x in flat]))
        return out._primal if isinstance(out, Operand) and not isinstance(out, Complex) else out

    gradients = value_and_grad(f)(*args)[1]
    reverse = [x for part in (gradients if len(args) > 1 else (gradients,)) for x in flatten(part)[0]]
    for i, (x, ours) in enumerate(zip(point, reverse, strict=True)):
        name = _name(i, [len(items) for items, _ in forms])

        def along(t: Any, i: int = i) -> Any:
            return at([*point[:i], t, *point[i + 1:]])

        directions = [1.0 if j == i else 0.0 for j in range(len(point))]
        forward = jvp(f, rebuild(point), rebuild(directions))[1]
        _compare(name, ours, forward, "forward mode", 1e-12 * abs(forward), atol * 1e-4)
        if not math.isfinite(ours):
            raise GradientError(f"{name}: reverse mode and forward mode give {ours!r}, which nothing can measure; "
                                "check at a point where the function and its slope are finite")
        stepped = _complex_step(along, x)
        if stepped is not None:
            _compare(name, ours, stepped, "the complex step", rtol * abs(stepped), atol)
        measured, error = _central(along, x)
        if error <= 1e-3 * abs(measured) + 1e-6:
            note = _sides(along, x)
            _compare(name, ours, measured, "central differences", rtol * abs(measured) + 10 * error, atol, note)
        elif stepped is None:
            raise GradientError(f"{name}: central differences do not settle (about {measured:.6g}, give or take "
                                f"{error:.3g}): the function jumps here, or is too rough to check{_sides(along, x)}")
    return True


def _compare(name: str, ours: float, other: float, method: str, relative: float, atol: float,
             note: str = "") -> None:
    same = ours == other or (math.isnan(ours) and math.isnan(other))
    if not same and not abs(ours - other) <= relative + atol:
        raise GradientError(f"{name}: reverse mode gives {ours!r}, {method} {other!r}; "
                            f"they differ by {abs(ours - other):.3g}{note}")


def _name(i: int, sizes: Sequence[int]) -> str:
    for arg, size in enumerate(sizes):
        if i < size:
            return f"argument {arg}" if size == 1 else f"argument {arg}, element {i}"
        i -= size
    raise IndexError(i)


def _complex_step(f: Callable[[Any], Any], x: float) -> float | None:
    step = 1e-20 * abs(x) if abs(x) > 1e-280 else 1e-300 if x == 0.0 else 0.0
    try:
        out = f(Complex(complex(x, step))) if step else None
    except (NotAnalyticError, TypeError):
        return None
    slope = out.z.imag / step if isinstance(out, Complex) else None
    return slope if slope is not None and math.isfinite(slope) else None


def _central(f: Callable[[float], float], x: float) -> tuple[float, float]:
    """The derivative by central differences, and its error: the best of several first steps.

    A wide step averages rounding out, a narrow one stays clear of a pole nearby.
    """
    widths = [0.002] if x == 0.0 else [0.02 * max(abs(x), 0.1), 0.02 * abs(x)]
    widths += [w * (abs(x) or 1.0) for w in (1e-4, 1e-6)]
    return min((_ridders(f, x, width) for width in widths), key=lambda pair: pair[1])


def _ridders(f: Callable[[float], float], x: float, h: float) -> tuple[float, float]:
    """Central differences with ever narrower steps, extrapolated to 0; inf as the error if none settles.

    C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", 1982.
    """
    shrink, best, error = 1.4, math.nan, math.inf
    previous: list[float] = []
    for i in range(24):
        row = [_slope(f, x - h, x + h)]
        for j in range(min(i, len(previous))):
            factor = shrink ** (2 * (j + 1))
            row.append((row[j] * factor - previous[j]) / (factor - 1))
            guess = max(abs(row[-1] - row[j]), abs(row[-1] - previous[j]))
            if guess <= error:
                best, error = row[-1], guess
        if i and abs(row[-1] - previous[-1]) > 2 * error:
            break
        previous, h = row, h / shrink
    return best, error


def _sides(f: Callable[[float], float], x: float) -> str:
    """A note where the slopes to the left and to the right disagree."""
    h = 1e-7 * max(abs(x), 1.0)
    left, right = _slope(f, x - h, x), _slope(f, x, x + h)
    if not abs(left - right) > 1e-3 * (abs(left) + abs(right)):
        return ""
    return f" (the slopes on the two sides are {left:.6g} and {right:.6g}: a kink or a jump)"


def _slope(f: Callable[[float], float], a: float, b: float) -> float:
    return (number(f(b)) - number(f(a))) / (b - a)
