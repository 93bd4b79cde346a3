"""Flattens arguments and results into lists of numbers and rebuilds them.

They are trees of containers (lists, tuples, ranges; in results also dicts) and leaves (numbers, carriers, arrays).
Rebuilding keeps each container: a list never becomes an array. An array without an axis is a number. A carrier is a
Value, a Dual, or anything else that ops apply to.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from itertools import islice
from typing import Any

from autograd.graph.context import modes
from autograd.ops.operand import Operand
from autograd.transforms.arrays import array_like, elements, is_array, is_ndarray, make_array, memory_strides

Layout = Any        # of a number (), of an array its shape, of a sequence the list of its items' layouts
Rebuild = Callable[[Sequence[Any]], Any]
SEQUENCES = (list, tuple, range)


def flatten(x: Any, argument: bool = False) -> tuple[list[Any], Layout]:
    """The numbers in ``x``, and its layout; an ``argument`` may not be an array of bools.

    >>> flatten([1, (2, 3)])
    ([1, 2, 3], [(), [(), ()]])
    """
    if x.__class__ is float:
        return [x], ()
    if is_ndarray(x):
        return elements(x, argument), x.shape
    if not isinstance(x, SEQUENCES):
        return [x], ()
    if set(map(type, x)) == {float}:
        return list(x), [()] * len(x)
    parts = [flatten(item, argument) for item in x]
    return [item for items, _ in parts for item in items], [layout for _, layout in parts]


def leaves(x: Any) -> Iterator[Any]:
    """The numbers in a function's result, which may also hold dicts, None and text."""
    if isinstance(x, (list, tuple, dict)):
        for item in x.values() if isinstance(x, dict) else x:
            yield from leaves(item)
    elif not _is_text(x):
        yield from flatten(x)[0]


def unpack(x: Any) -> tuple[list[Any], Rebuild]:
    """The numbers in a function's result, and a function that rebuilds the result with other items in their places.

    >>> items, rebuild = unpack({"a": (1, 2), "b": None})
    >>> items, rebuild([10, 20])
    ([1, 2], {'a': (10, 20), 'b': None})
    """
    items = list(leaves(x))
    places = fill(x, map(float, range(len(items))))     # keeps no number alive; floats, as `fill` is fast on these
    return items, lambda items: fill(places, iter(items))


def fill(x: Any, items: Iterator[Any]) -> Any:
    """``x`` rebuilt, with the next of ``items`` in the place of each number; ranges and plain lists become lists."""
    if isinstance(x, (float, Operand)):
        return next(items)
    if is_array(x):
        made = make_array([next(items) for _ in range(x.size)], x.shape)
        return made if memory_strides(x) is None else array_like(x, made)
    if isinstance(x, SEQUENCES):
        plain = set(map(type, x)) == {float}
        filled = [*islice(items, len(x))] if plain else [fill(item, items) for item in x]
        listed = type(x) in (list, range) or hasattr(x, "_plain_list")
        return filled if listed else _of_class(x, filled)
    if isinstance(x, dict):
        made = copy(x)
        for key, value in x.items():
            made[key] = fill(value, items)
        return made
    return x if _is_text(x) else next(items)


def _is_text(x: Any) -> bool:
    return x is None or isinstance(x, (str, bytes))


def _of_class(x: Any, items: list[Any]) -> Any:
    """A sequence of these items with the class and the attributes of ``x``."""
    made: Any
    if isinstance(x, tuple):
        made = tuple.__new__(type(x), items)
        getattr(made, "__dict__", {}).update(getattr(x, "__dict__", {}))
    else:
        made = copy(x)
        made[:] = items
    return made


def innermost(x: Any) -> Any:
    """The plain number inside a carrier, at any depth; a number as it is."""
    while isinstance(x, Operand):
        x = x._primal
    return x


def map_primal(x: Any, function: Callable[[Any], Any]) -> Any:
    """``function`` applied to the number or Value inside ``x``, below all Duals around it."""
    return x._map_primal(function) if isinstance(x, Operand) else function(x)


def plain(x: Any, outermost: bool) -> Any:
    """A float at the outermost level; inside another transform ``x`` itself. A trace makes a note of it."""
    if modes.recorder:
        return modes.recorder.leaving(x)
    return x._to_float() if outermost and isinstance(x, Operand) else x


def check_number(x: Any, name: str, advice: str) -> Any:
    """``x`` if it is one number (or carries one), else a TypeError that says what f returned."""
    if not isinstance(x, (Operand, float, int)) and not (getattr(x, "shape", None) == () and hasattr(x, "item")):
        raise TypeError(f"{name}: the function returned {type(x).__name__}, not one number; {advice}")
    return x.item() if hasattr(x, "item") else x
