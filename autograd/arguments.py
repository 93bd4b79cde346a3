"""How arguments and results are taken apart into numbers and put together again.

A number stays a number, a sequence becomes a list, an array an array: of floats where all its
elements are floats, else an object array. NumPy is never imported: who has an array has it.
"""

import sys
from collections.abc import Callable
from typing import Any

from autograd.modes import modes
from autograd.operand import Operand

Rebuild = Callable[[list[Any]], Any]


def is_array(x: Any) -> bool:
    """Whether ``x`` is a NumPy array with at least one axis."""
    return hasattr(x, "ravel") and getattr(x, "shape", ()) != ()


def flatten(x: Any) -> tuple[list[Any], Rebuild]:
    """The numbers in ``x``, and a function that puts as many other things into the same form.

    >>> items, rebuild = flatten([1, [2, 3]])
    >>> items, rebuild([10, 20, 30])
    ([1, 2, 3], [10, [20, 30]])
    """
    if is_array(x):
        return x.ravel().tolist(), lambda items: _array(items, x.shape)
    if not isinstance(x, (list, tuple, range)):
        return [x], lambda items: items[0]
    parts = [flatten(item) for item in x]
    flat = [item for items, _ in parts for item in items]

    def rebuild(items: list[Any]) -> Any:
        waiting, out = iter(items), []
        for numbers, part in parts:
            out.append(part([next(waiting) for _ in numbers]))
        return out if not out or not all(map(is_array, out)) else _array(out, (len(out),))

    return flat, rebuild


def unpack(x: Any) -> tuple[list[Any], Rebuild]:
    """As `flatten`, of a function's result: tuples stay tuples, dicts dicts, and what is no number itself.

    >>> items, rebuild = unpack({"a": (1, 2), "b": None})
    >>> items, rebuild([10, 20])
    ([1, 2], {'a': (10, 20), 'b': None})
    """
    if is_array(x):
        return flatten(x)
    if x is None or isinstance(x, (str, bytes)):
        return [], lambda items: x
    if not isinstance(x, (list, tuple, dict)):
        return [x], lambda items: items[0]
    parts = [unpack(item) for item in (x.values() if isinstance(x, dict) else x)]
    flat = [item for items, _ in parts for item in items]

    def rebuild(items: list[Any]) -> Any:
        waiting = iter(items)
        filled = [part([next(waiting) for _ in inner]) for inner, part in parts]
        if isinstance(x, dict):
            return dict(zip(x, filled, strict=True))
        return filled if isinstance(x, list) else type(x)(*filled) if hasattr(x, "_fields") else tuple(filled)

    return flat, rebuild


def _array(items: list[Any], shape: tuple[int, ...]) -> Any:
    numpy = sys.modules["numpy"]
    inner = numpy.shape(items[0]) if items and (is_array(items[0]) or isinstance(items[0], list)) else ()
    out = numpy.empty((len(items), *inner), dtype=object)
    for i, item in enumerate(items):
        out[i] = item
    if all(isinstance(item, float) for item in out.flat):
        out = out.astype(float)
    return out.reshape(shape + inner)


def bottom(x: Any) -> Any:
    """The plain number inside a carrier, whatever it wraps; a number as it is."""
    while isinstance(x, Operand):
        x = x._primal
    return x


def through(x: Any, function: Callable[[Any], Any]) -> Any:
    """``function`` of the number or Value inside ``x``, whatever is wrapped around it."""
    return x._through(function) if isinstance(x, Operand) else function(x)


def plain(x: Any, outermost: bool) -> Any:
    """At the outermost level a float; inside another transform ``x`` as it is, where a function is traced noted."""
    if modes.recorder:
        return modes.recorder.leaving(x)
    return x._leave() if outermost and isinstance(x, Operand) else x


def check_number(x: Any, name: str, advice: str) -> Any:
    """``x`` if it is one number (or carries one), else a TypeError that says what f returned."""
    if not isinstance(x, (Operand, float, int)) and not (getattr(x, "shape", None) == () and hasattr(x, "item")):
        raise TypeError(f"{name}: the function returned {type(x).__name__}, not one number; {advice}")
    return x.item() if hasattr(x, "item") else x


def same_count(name: str, what: str, given: int, expected: int) -> None:
    """A ValueError if the numbers given do not match those expected, one for one."""
    if given != expected:
        raise ValueError(f"{name}: {given} {what} for {expected} number{'s' * (expected != 1)}; give one for each")
