"""Sums and products with an exact or a fixed rounding: error-free transformations, and folds from the left.

All of them take floats, Values and symbols alike.
"""

import operator
from collections.abc import Sequence
from functools import reduce
from typing import Any

SPLIT = 2.0**27 + 1.0       # Veltkamp's constant: splits a double into two halves of 26 bits


def product(x: Any, y: Any) -> tuple[Any, Any]:
    """x * y as a rounded product and its exact rounding error (Dekker 1971).

    >>> product(0.1, 10.0)
    (1.0, 5.551115123125783e-17)
    """
    a, b, out = x * SPLIT, y * SPLIT, x * y
    x1, y1 = a - (a - x), b - (b - y)
    x2, y2 = x - x1, y - y1
    return out, x2 * y2 - (((out - x1 * y1) - x2 * y1) - x1 * y2)


def difference(x: Any, y: Any) -> tuple[Any, Any]:
    """x - y as a rounded difference and its exact rounding error (Knuth's two-sum).

    >>> difference(1.0, 1e-20)
    (1.0, -1e-20)
    """
    out = x - y
    back = x - out
    return out, (x - (out + back)) - (y - back)


def add_up(*xs: Any) -> Any:
    """The sum from the left; the builtin sum is compensated since Python 3.12 and rounds another way."""
    return reduce(operator.add, xs) if xs else 0.0


def multiply_up(*xs: Any) -> Any:
    """The product from the left."""
    return reduce(operator.mul, xs) if xs else 1.0


def products_of_others(xs: Sequence[Any], out: Any) -> list[Any]:
    """For each factor the product of all others: running products from both ends, correct beside a zero, too."""
    before, after = [1.0], [1.0]
    for x in xs[:-1]:
        before.append(before[-1] * x)
    for x in xs[:0:-1]:
        after.append(after[-1] * x)
    return [a * b for a, b in zip(before, reversed(after), strict=True)]


def inner(*args: Any) -> Any:
    """The inner product of the first half of ``args`` with the second half."""
    half = len(args) // 2
    return add_up(*map(operator.mul, args[:half], args[half:]))
