"""Numbers for many leaves at once."""

from array import array
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from autograd.graph.ancestry import serials
from autograd.graph.value import Value
from autograd.ops.ieee import number

_operands = attrgetter("_a")


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
    data, slopes = _floats(numbers), _floats(grads or ())
    if {*map(type, values)} <= {Value} and not any(map(_operands, values)):
        changed = next(serials)
        for value, x in zip(values, data, strict=True):
            value._changed = changed        # first: interrupted between the two it is stale, not mixed
            value._data = x
        for value, x in zip(values, slopes, strict=False):
            value._grad = x
        return
    for value, x in zip(values, data, strict=True):
        value.data = x
    for value, x in zip(values, slopes, strict=False):
        value.grad = x


def _floats(given: Sequence[Any]) -> Sequence[float]:
    if isinstance(given, array) and given.typecode == "d":
        return given.tolist()
    return given if {*map(type, given)} <= {float} else [number(x, "assign") for x in given]
