"""Data of layers that learn by rules of their own: rows are checked, and parameters get their numbers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf, isfinite, nan
from numbers import Real
from typing import Any

from autograd import Value

Allowed = tuple[Callable[[float], bool], str]
NUMBERS: Allowed = (isfinite, "a finite number")
PROBABILITIES: Allowed = (lambda x: 0.0 <= x <= 1.0, "a number from 0 to 1: scale the data, as in x / 255")
BOOLEANS: Allowed = (lambda x: x in (0.0, 1.0), "0 or 1: set a threshold, as in [x > 0.5 for x in row]")


def read_rows(where: str, given: Any, width: int, allowed: Allowed = NUMBERS) -> list[list[float]]:
    """Rows of ``width`` numbers each from an array, a table or any iterable; one error for the first that is wrong.

    allowed: a test of each number, and what it asks for in words.

    >>> read_rows("X", [[0, 1], [1, 0.5]], 2, BOOLEANS)
    Traceback (most recent call last):
    ValueError: X, row 1 (counted from 0): number 1 is 0.5, not 0 or 1: set a threshold, as in [x > 0.5 for x in row]
    """
    rows: list[list[float]] = []
    for i, row in enumerate(_items(where, given, "a list of rows, as in [[0, 1], [1, 0]]")):
        place = f"{where}, row {i} (counted from 0)"
        numbers = _items(place, row, "a row of numbers; of a single row make a list of one row")
        if len(numbers) != width:
            raise ValueError(f"{place}: it has {len(numbers)} number{'s' * (len(numbers) != 1)} instead of {width}")
        rows.append([x if x.__class__ is float and allowed[0](x) else _number(f"{place}: number {j}", x, allowed)
                     for j, x in enumerate(numbers)])
    if not rows:
        raise ValueError(f"{where} is empty; give at least one row")
    return rows


def _items(where: str, given: Any, wanted: str) -> list[Any]:
    given = given.to_numpy() if hasattr(given, "to_numpy") else given       # a DataFrame iterates over its columns
    given = given.tolist() if hasattr(given, "tolist") else given
    if isinstance(given, (str, bytes, Mapping, Value)) or not isinstance(given, Iterable):
        raise TypeError(f"{where} is of type {type(given).__name__}; give {wanted}")
    return list(given)


def _number(where: str, x: Any, allowed: Allowed) -> float:
    x = x.item() if hasattr(x, "item") and getattr(x, "shape", None) == () else x
    test, wanted = allowed
    try:
        number = float(x) if isinstance(x, Real) else nan
    except OverflowError:       # an int
        number = inf
    if not test(number):
        shown = repr(x) if len(repr(x)) < 40 else f"of type {type(x).__name__}"
        raise ValueError(f"{where} is {shown}, not {wanted}")
    return number


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
