"""Parameters of layers that learn by rules of their own get their numbers: all of them, or none."""

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

from autograd import Value


def write_numbers(what: str, pairs: Iterable[tuple[Sequence[Any], Any]]) -> None:
    """Give Values, in lists or rows, the numbers of arrays of that shape: all of them, or none if one is not finite."""
    values: list[Value] = []
    numbers: list[float] = []
    for some, array in pairs:
        values += [x for item in some for x in (item if isinstance(item, list) else [item])]
        numbers += array.ravel().tolist()
    if not all(map(isfinite, numbers)):
        raise ValueError(f"{what} made a parameter nan or infinite, and was taken back; lower lr")
    before = [value.data for value in values]
    try:
        for value, number in zip(values, numbers, strict=True):
            value.data = number
    except BaseException:       # Ctrl-C
        for value, number in zip(values, before, strict=True):
            value.data = number
        raise
