"""Conversion to float, and IEEE 754 results (inf, nan, signed zero) where Python's functions raise."""

import math
from collections.abc import Callable
from typing import Any

INF, NAN = math.inf, math.nan


def number(x: Any, where: str = "") -> float:
    """``x`` as a float: float, int, bool, Fraction, NumPy scalar or 0-d array; else a TypeError.

    >>> number(True)
    1.0
    """
    kind = x.__class__
    if kind is float:
        return x    # type: ignore[no-any-return]
    if kind is not int and kind is not bool and not is_real(x):
        place = where + ": " if where else ""
        if hasattr(x, "_apply"):
            raise TypeError(f"{place}expected a plain number, not {kind.__name__}; write v.data")
        hint = "; take its elements one by one" if hasattr(x, "__len__") and kind is not str else ""
        raise TypeError(f"{place}expected a number or a Value, not {kind.__name__}{hint}")
    try:
        return float(x)
    except OverflowError:
        raise OverflowError(f"{where + ': ' if where else ''}this {kind.__name__} is beyond 1.8e308 and does "
                            "not fit a float; write math.inf, or scale the problem") from None


def is_real(x: Any) -> bool:
    if isinstance(x, (float, int)):
        return True
    if getattr(x, "shape", None) == () and hasattr(x, "dtype"):    # a NumPy scalar or 0-d array
        return getattr(x.dtype, "kind", "") in "biuf"
    from numbers import Real
    return isinstance(x, Real)


def ieee(function: Callable[..., Any], pole: dict[float, float] | None = None,
         even: bool = False) -> Callable[..., Any]:
    """``function`` of one float with inf and nan for Python's OverflowError and ValueError.

    pole: the arguments where the result is infinite; ``even``: overflow is inf on both sides.
    """
    poles = pole or {}

    def total(x: float) -> Any:
        try:
            return function(x)
        except OverflowError:
            return INF if even else math.copysign(INF, x)
        except ValueError:
            return poles.get(x, NAN)

    return total


def whole(function: Callable[[float], int]) -> Callable[[float], float]:
    """A rounding function with a float as result, as in C; a zero keeps the sign of x."""

    def rounded(x: float) -> float:
        try:
            return math.copysign(function(x), x)
        except (OverflowError, ValueError):     # inf, nan
            return x

    return rounded


def divide(x: float, y: float) -> float:
    """x / y; inf with its sign where y is 0, nan for 0/0.

    >>> divide(-1.0, 0.0)
    -inf
    """
    try:
        return x / y
    except ZeroDivisionError:
        return NAN if x == 0.0 or x != x else math.copysign(INF, x) * math.copysign(1.0, y)


def modulo(x: float, y: float) -> float:
    """Python's x % y; nan where y is 0."""
    return x % y if y else NAN


def floor_divide(x: float, y: float) -> float:
    """Python's x // y; x / y where y is 0."""
    return x // y if y else divide(x, y)


def remainder(x: float, y: float) -> float:
    """C's fmod."""
    try:
        return math.fmod(x, y)
    except ValueError:
        return NAN


def power(x: float, y: float) -> float:
    """C's pow: nan for a negative base and a fractional exponent, inf on overflow and at 0**-1."""
    try:
        return math.pow(x, y)
    except OverflowError:
        return -INF if x < 0.0 and y % 2.0 == 1.0 else INF
    except ValueError:
        if x != 0.0:
            return NAN
        return math.copysign(INF, x) if y % 2.0 == 1.0 else INF
