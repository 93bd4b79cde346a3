"""Structure: how deep and long nested lists of numbers are, and lists made of it."""

from collections.abc import Iterator
from typing import Any

Structure = tuple[Any, ...] | None      # that of each item; None of a number


def structure(x: Any) -> Structure:
    """The structure of nested sequences.

    >>> structure([1.0, [2.0, 3.0]])
    (None, (None, None))
    """
    return tuple(map(structure, x)) if hasattr(x, "__len__") else None


def nested(shape: Structure, numbers: Iterator[Any]) -> Any:
    """Lists of that structure, of these numbers.

    >>> nested((None, (None, None)), iter([1.0, 2.0, 3.0]))
    [1.0, [2.0, 3.0]]
    """
    return next(numbers) if shape is None else [nested(item, numbers) for item in shape]
