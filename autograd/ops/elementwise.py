"""Functions applied to each element of NumPy arrays, without importing NumPy: who has an array has loaded it."""

import sys
from collections.abc import Callable, Sequence
from typing import Any


def elementwise(function: Callable[..., Any], inputs: Sequence[Any]) -> Any:
    """``function`` of each element: an object array, or one result where there are no axes."""
    return sys.modules["numpy"].frompyfunc(function, len(inputs), 1)(*map(as_objects, inputs))


def as_objects(x: Any) -> Any:
    """A carrier in an array without axes, which NumPy does not convert again; an array of numbers as one of objects."""
    if hasattr(x, "_apply"):
        box = sys.modules["numpy"].empty((), object)
        box[()] = x
        return box
    if getattr(x, "shape", ()) != () and x.dtype != object:
        if type(x).__name__ not in ("ndarray", "memmap") or x.dtype.kind not in "biuf":
            raise TypeError(f"expected a number or a Value, not {type(x).__name__} of {x.dtype}")
        return x.astype(object)
    return x


def unboxed(x: Any) -> Any:
    """The element of an object array without axes, which acts as that; other objects as they are."""
    return x.item() if getattr(x, "shape", None) == () and holds_objects(x) else x


def holds_objects(x: Any) -> bool:
    """Whether ``x`` is an array of Python's objects."""
    return getattr(getattr(x, "dtype", None), "kind", "") == "O"


def is_shaped(x: Any) -> bool:
    """Whether ``x`` is an array with axes."""
    return bool(getattr(x, "shape", ())) and hasattr(x, "dtype")


def over_arrays(function: Callable[..., Any], args: Sequence[Any]) -> Any:
    """An op's function of arguments with arrays among them: an array of floats where all are plain, else of objects."""
    found = elementwise(function, args)
    plain = not any(hasattr(x, "_apply") or holds_objects(x) for x in args)
    return found.astype(float) if plain else found
