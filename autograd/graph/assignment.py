"""Numbers for many leaves at once."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

from autograd.graph.ancestry import serials
from autograd.graph.value import Value
from autograd.ops.ieee import number


def assign(values: Sequence[Any], numbers: Sequence[Any], grads: Sequence[Any] | None = None) -> None:
    """Give each of these leaves its number, and with ``grads`` its gradient, as ``v.data = x`` and ``v.grad = g`` do.

    All at once takes half of that time. Where the lengths differ it is a ValueError, and nothing is assigned.

    >>> from autograd import Value
    >>> a, b = Value(2.0), Value(3.0)
    >>> assign([a, b], [0.5, 0.25])
    >>> a.data, b.data
    (0.5, 0.25)
    """
    for name, given in (("numbers", numbers), ("gradients", grads)):
        if given is not None and len(given) != len(values):
            raise ValueError(f"assign: {len(given)} {name} for {len(values)} Values; give one for each")
    data, changed = _floats(numbers), next(serials)
    slopes: Iterable[float | None] = repeat(None) if grads is None else _floats(grads)
    for value, x, grad in zip(values, data, slopes, strict=False):      # of no end are those that there are not
        if value.__class__ is Value and value._a is None:
            value._changed = changed        # first: interrupted between the two it is stale, not mixed
            value._data = x
            if grad is not None:
                value._grad = grad      # type: ignore[attr-defined]
        else:       # what overrides them, and what is no leaf and raises an error
            value.data = x
            if grad is not None:
                value.grad = grad


def _floats(given: Sequence[Any]) -> Sequence[float]:
    if isinstance(given, array) and given.typecode == "d":
        return given        # a list of all its floats would be twice as many at a time: what caches hold is soon full
    return given if {*map(type, given)} <= {float} else [number(x, "assign") for x in given]
