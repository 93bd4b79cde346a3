"""Folds over any number of arguments, from the left: never the builtin sum, compensated since Python 3.12."""

import operator
from collections.abc import Sequence
from functools import reduce
from typing import Any


def add_up(*xs: Any) -> Any:
    """Their sum."""
    return reduce(operator.add, xs) if xs else 0.0


def multiply_up(*xs: Any) -> Any:
    """Their product."""
    return reduce(operator.mul, xs) if xs else 1.0


def products_of_others(xs: Sequence[Any], out: Any) -> list[Any]:
    """For each the product of all others: from running products of both ends, so right beside a zero, too."""
    before, after = [1.0], [1.0]
    for x in xs[:-1]:
        before.append(before[-1] * x)
    for x in xs[:0:-1]:
        after.append(after[-1] * x)
    return [a * b for a, b in zip(before, reversed(after), strict=True)]


def inner(*args: Any) -> Any:
    """The first half of them times the second."""
    half = len(args) // 2
    return add_up(*map(operator.mul, args[:half], args[half:]))
