"""Nested lists of numbers: a sequence, array or table as a list, at one level or at all; their numbers in a row."""

from collections.abc import Iterable
from typing import Any

from autograd import Value

NUMBERS = frozenset({float, int, Value})
REFUSED = (str, bytes, dict, set, frozenset)        # iterables whose items are not the numbers that are meant
NO_NUMBERS = frozenset({*REFUSED, type(None)})


def listed(x: Any) -> Any:
    """A list for any sequence, array or table, a Python number for NumPy's (a 0-d array has no len); else ``x`` itself.
    """
    if x.__class__ in NUMBERS or isinstance(x, list):
        return x
    x = x.to_numpy() if hasattr(x, "to_numpy") else x       # a DataFrame has columns first
    x = x.tolist() if hasattr(x, "tolist") else x
    return list(x) if hasattr(x, "__iter__") and not isinstance(x, REFUSED) else x


def nested_lists(x: Any) -> Any:
    """The same at all levels."""
    x = listed(x)
    return list(map(nested_lists, x)) if isinstance(x, list) else x


def numbers_in(x: Any) -> list[Any]:
    """All numbers in ``x``, which is one, or a sequence or an array, nested or not, from left to right.

    A text, a dict and a set are a TypeError.

    >>> numbers_in([1.0, [2.0, (3.0, 4.0)]])
    [1.0, 2.0, 3.0, 4.0]
    """
    x = listed(x)
    if isinstance(x, REFUSED):
        raise TypeError(f"expected a number or a Value, not {type(x).__name__}")
    if not isinstance(x, list):
        return [x]
    found: list[Any] = []
    for item in x:
        if item.__class__ in NUMBERS:
            found.append(item)
        else:
            found += numbers_in(item)
    return found


def misplaced(name: str, x: Any) -> str:
    """Where in ``x``, which is called ``name``, a text, a dict, a set or None stands for a number; empty if nowhere.

    >>> misplaced("weight", [[1.0, 2.0], [3.0, None]])
    'weight[1][1] is None, which is no number'
    """
    waiting = [(name, listed(x))]
    while waiting:
        place, item = waiting.pop()
        if item is None or isinstance(item, REFUSED):
            return f"{place} is {item!r}, which is no number"
        if isinstance(item, list):
            waiting += reversed([(f"{place}[{i}]", listed(inner)) for i, inner in enumerate(item)])
    return ""


def no_numbers(x: Iterable[Any]) -> bool:
    """Whether a flat list has something that `misplaced` would name."""
    return not NO_NUMBERS.isdisjoint(map(type, x))
