"""How arguments and results are taken apart into numbers and put together again.

They are trees of containers (lists, tuples, ranges; in results also dicts) and leaves (numbers, carriers, arrays), and
are put together exactly as they were: an array is one leaf, and a list never becomes one. An array without an axis is
a number.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from itertools import islice
from typing import Any

from autograd.graph.context import modes
from autograd.ops.operand import Operand
from autograd.transforms.arrays import array, elements, is_array, layout, like, of_numpy

Form = Any      # of a number (), of an array its shape, of a sequence the list of its items' forms
Rebuild = Callable[[Sequence[Any]], Any]
SEQUENCES = (list, tuple, range)


def flatten(x: Any, argument: bool = False) -> tuple[list[Any], Form]:
    """The numbers in ``x``, and its form; in an ``argument`` there are no arrays of bools.

    >>> flatten([1, (2, 3)])
    ([1, 2, 3], [(), [(), ()]])
    """
    if x.__class__ is float:
        return [x], ()
    if of_numpy(x):
        return elements(x, argument), x.shape
    if not isinstance(x, SEQUENCES):
        return [x], ()
    if set(map(type, x)) == {float}:
        return list(x), [()] * len(x)
    parts = [flatten(item, argument) for item in x]
    return [item for items, _ in parts for item in items], [form for _, form in parts]


def leaves(x: Any) -> Iterator[Any]:
    """The numbers in a function's result, in which dicts, None and text may be, too."""
    if isinstance(x, (list, tuple, dict)):
        for item in x.values() if isinstance(x, dict) else x:
            yield from leaves(item)
    elif not _is_text(x):
        yield from flatten(x)[0]


def unpack(x: Any) -> tuple[list[Any], Rebuild]:
    """The numbers in a function's result, and a function that puts as many other things in their places.

    >>> items, rebuild = unpack({"a": (1, 2), "b": None})
    >>> items, rebuild([10, 20])
    ([1, 2], {'a': (10, 20), 'b': None})
    """
    items = list(leaves(x))
    places = fill(x, iter(range(len(items))))       # keeps none of the numbers
    return items, lambda items: fill(places, iter(items))


def fill(x: Any, items: Iterator[Any]) -> Any:
    """``x`` again, with the next of ``items`` in the place of each number; a range becomes a list."""
    if isinstance(x, (float, Operand)):
        return next(items)
    if is_array(x):
        made = array([next(items) for _ in range(x.size)], x.shape)
        return made if layout(x) is None else like(x, made)
    if isinstance(x, SEQUENCES):
        plain = set(map(type, x)) == {float}
        filled = [*islice(items, len(x))] if plain else [fill(item, items) for item in x]
        return filled if type(x) in (list, range) else _of_class(x, filled)
    if isinstance(x, dict):
        made = copy(x)
        for key, value in x.items():
            made[key] = fill(value, items)
        return made
    return x if _is_text(x) else next(items)


def _is_text(x: Any) -> bool:
    return x is None or isinstance(x, (str, bytes))


def _of_class(x: Any, items: list[Any]) -> Any:
    """A sequence as ``x`` is, attributes included."""
    made: Any
    if isinstance(x, tuple):
        made = tuple.__new__(type(x), items)
        getattr(made, "__dict__", {}).update(getattr(x, "__dict__", {}))
    else:
        made = copy(x)
        made[:] = items
    return made


def innermost(x: Any) -> Any:
    """The plain number inside a carrier, whatever it wraps; a number as it is."""
    while isinstance(x, Operand):
        x = x._primal
    return x


def map_primal(x: Any, function: Callable[[Any], Any]) -> Any:
    """``function`` of the number or Value inside ``x``, whatever is wrapped around it."""
    return x._map_primal(function) if isinstance(x, Operand) else function(x)


def plain(x: Any, outermost: bool) -> Any:
    """At the outermost level a float; inside another transform ``x`` as it is, where a function is traced noted."""
    if modes.recorder:
        return modes.recorder.leaving(x)
    return x._to_float() if outermost and isinstance(x, Operand) else x


def check_number(x: Any, name: str, advice: str) -> Any:
    """``x`` if it is one number (or carries one), else a TypeError that says what f returned."""
    if not isinstance(x, (Operand, float, int)) and not (getattr(x, "shape", None) == () and hasattr(x, "item")):
        raise TypeError(f"{name}: the function returned {type(x).__name__}, not one number; {advice}")
    return x.item() if hasattr(x, "item") else x


def same_count(name: str, what: str, given: int, expected: int) -> None:
    """A ValueError if the numbers given do not match those expected, one for one."""
    if given != expected:
        raise ValueError(f"{name}: {given} {what} for {expected} number{'s' * (expected != 1)}; give one for each")
