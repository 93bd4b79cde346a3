"""Flattens arguments and results into lists of numbers and rebuilds them.

They are trees of sequences (lists, tuples, ranges), containers (dicts, NamedTuples, dataclasses, registered classes)
and leaves (numbers, carriers, arrays). Rebuilding keeps each of them: a list never becomes an array. An array without
an axis is a number. A carrier is a Value, a Dual, or anything else that ops apply to. An item of a container may also
be static: None, a flag, a text, a function.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from autograd.graph.context import modes
from autograd.ops.operand import Operand
from autograd.transforms.arrays import (
    array_like,
    elements,
    is_array,
    is_ndarray,
    is_numpy_bool,
    make_array,
    memory_strides,
)
from autograd.transforms.containers import REGISTRY, Tree, computed, is_container, of_class, opened, rebuilt

# of a number (), of an array its shape, of a sequence the list of its items' layouts, of a container a Tree
Layout = Any
Rebuild = Callable[[Sequence[Any]], Any]
SEQUENCES = (list, tuple, range)


class StaticArgument:
    """An argument that the options of `jit` make static, whatever it is."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return repr(self.value)


def is_static(x: Any) -> bool:
    """Whether ``x`` is no number, but a flag, a name, a function, for which `jit` compiles anew."""
    return x is None or isinstance(x, (bool, str, bytes, StaticArgument)) or (callable(x) and type(x) not in REGISTRY) \
        or is_numpy_bool(x)


def flatten(x: Any, argument: bool = False) -> tuple[list[Any], Layout]:
    """The numbers in ``x``, and its layout; an ``argument`` may not be an array of bools.

    >>> flatten([1, (2, 3)])
    ([1, 2, 3], [(), [(), ()]])
    """
    if x.__class__ is float:
        return [x], ()
    if x.__class__ is not list:
        if is_ndarray(x):
            return elements(x, argument), x.shape
        if is_container(x):
            inside, key = opened(x, argument)
            parts = [([], None) if is_static(item) else flatten(item, argument) for item in inside]
            items = [item for items, _ in parts for item in items]
            if argument:
                check_computed(x, inside, items)
            return items, Tree(type(x), key, [layout for _, layout in parts])
        if not isinstance(x, SEQUENCES):
            return [x], ()
    if set(map(type, x)) == {float}:
        return list(x), [()] * len(x)
    parts = [flatten(item, argument) for item in x]
    return [item for items, _ in parts for item in items], [layout for _, layout in parts]


def leaves(x: Any, argument: bool = False) -> Iterator[Any]:
    """The numbers in a function's result, which may also hold None and text."""
    if is_container(x):
        for item in opened(x, argument)[0]:
            if not is_static(item):
                yield from leaves(item, argument)
    elif isinstance(x, (list, tuple)):
        for item in x:
            yield from leaves(item, argument)
    elif is_array(x) and x.dtype.kind in "bO":      # of bools an array of floats is made
        yield from (float(item) if item.__class__ is bool else item for item in flatten(x)[0])
    elif not _is_text(x):
        yield from flatten(x)[0]


def unpack(x: Any, argument: bool = False) -> tuple[list[Any], Rebuild]:
    """The numbers in a function's result, and a function that rebuilds the result with other items in their places.

    >>> items, rebuild = unpack({"a": (1, 2), "b": None})
    >>> items, rebuild([10, 20])
    ([1, 2], {'a': (10, 20), 'b': None})
    """
    items = list(leaves(x, argument))
    # keeps no number alive; floats, as `fill` is fast on these
    places = fill(x, map(float, range(len(items))), argument)
    return items, lambda items: fill(places, iter(items), argument)


def fill(x: Any, items: Iterator[Any], argument: bool = False) -> Any:
    """``x`` rebuilt, with the next of ``items`` in the place of each number; ranges and plain lists become lists."""
    if isinstance(x, (float, Operand)):
        return next(items)
    if x.__class__ is list:
        plain = set(map(type, x)) == {float}
        return [*islice(items, len(x))] if plain else [fill(item, items, argument) for item in x]
    if x.__class__ is dict:
        return {name: next(items) if item.__class__ is float else item if is_static(item) else
                fill(item, items, argument) for name, item in x.items()}
    if is_array(x):
        made = make_array([next(items) for _ in range(x.size)], x.shape)
        return made if memory_strides(x) is None else array_like(x, made)
    if is_container(x):
        inside = [item if is_static(item) else fill(item, items, argument) for item in opened(x, argument)[0]]
        return rebuilt(x, inside, argument)
    if isinstance(x, SEQUENCES):
        plain = set(map(type, x)) == {float}
        filled = [*islice(items, len(x))] if plain else [fill(item, items, argument) for item in x]
        listed = type(x) is range or hasattr(x, "_plain_list")
        return filled if listed else of_class(x, filled)
    return x if _is_text(x) else next(items)


def check_computed(x: Any, inside: Sequence[Any], numbers: Sequence[Any]) -> None:
    """A TypeError for a dataclass whose constructor, called with its fields, computes other state than it has.

    The function would get that of the constructor. What is None there is a cache, and counts as not yet computed.
    """
    names = computed(x)
    if not names:
        return
    items = iter(numbers)
    try:
        made = rebuilt(x, [item if is_static(item) else fill(item, items, argument=True) for item in inside], True)
    except Exception:       # which the call of the function raises again
        return
    for name in names:
        has, gets = getattr(x, name, None), getattr(made, name, None)
        if not _alike(_facts(has), _facts(gets)):
            kind = type(x).__name__
            raise TypeError(f"{kind}.{name} is {has!r}, and its constructor, from which the function gets a new "
                            f"object, computes {gets!r}: it was changed later, or a field was; make a new object "
                            "(dataclasses.replace), or it an argument of the constructor, or say by "
                            "autograd.register_pytree_node how it is made")


def refuse_computed(x: Any) -> None:
    """The same for an argument that is read part by part, and not flattened."""
    if computed(x):
        flatten(x, argument=True)       # which checks it, and what it holds


def _facts(x: Any) -> list[Any] | None:
    """The plain numbers, flags and texts in ``x``; None where it holds others, or may be a cache."""
    if x is None or isinstance(x, dict):
        return None
    found = [x] if is_static(x) else [innermost(item) for item in leaves(x)]
    return found if all(isinstance(item, (float, int, str)) for item in found) else None


def _alike(xs: list[Any] | None, ys: list[Any] | None) -> bool:
    """Whether these are equal but for rounding: a compiled power may differ from Python's in the last bit."""
    return xs is None or ys is None or (len(xs) == len(ys) and all(
        x == y or (not isinstance(x, str) and not isinstance(y, str) and (
            math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-12) or (x != x and y != y)))
        for x, y in zip(xs, ys, strict=True)))


def _is_text(x: Any) -> bool:
    return x is None or isinstance(x, (str, bytes))


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
