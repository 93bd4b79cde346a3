"""NumPy arrays as arguments and results, without importing NumPy: a caller that has an array has loaded NumPy."""

import sys
from collections.abc import Sequence
from typing import Any


def is_ndarray(x: Any) -> bool:
    """Whether ``x`` is a NumPy array, of any number of axes."""
    kind = type(x)      # no subclass: a matrix multiplies differently, a masked array leaves numbers out
    return kind.__module__ == "numpy" and kind.__name__ in ("ndarray", "memmap")


def is_array(x: Any) -> bool:
    """Whether ``x`` is a NumPy array with at least one axis."""
    return is_ndarray(x) and x.ndim > 0


def is_numpy_bool(x: Any) -> bool:
    """Whether ``x`` is an array of bools, which index and add differently from numbers, or a NumPy bool."""
    return type(x).__module__ == "numpy" and getattr(getattr(x, "dtype", None), "kind", "") == "b"


def elements(x: Any, argument: bool) -> list[Any]:
    """The numbers in an array, row by row; a TypeError for other dtypes, and for bools in an ``argument``."""
    if argument and x.dtype.kind == "b":        # True + True is True in NumPy
        raise TypeError("an array of bools is not an array of numbers; write x.astype(float), or make it an argument "
                        "of its own and leave it out by argnums")
    if x.dtype.kind not in "biufO":     # dates would become ints
        raise TypeError(f"expected an array of numbers or Values, not of {x.dtype}")
    return x.ravel().tolist()       # type: ignore[no-any-return]


def make_array(items: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """An array of floats if all items are floats, else an object array."""
    numpy = sys.modules["numpy"]
    if all(isinstance(item, float) for item in items):
        return numpy.array(items, float).reshape(shape)
    made = numpy.empty(len(items), dtype=object)
    for i, item in enumerate(items):
        made[i] = item
    return made.reshape(shape)


def memory_strides(x: Any) -> tuple[int, ...] | None:
    """The strides of the array that `array_like` makes, which ``x.ravel("K")`` depends on; None for row-major."""
    return None if x.ndim < 2 or x.flags.c_contiguous else array_like(x).strides


def array_like(x: Any, items: Any = None) -> Any:
    """An array of these items with the memory order of ``x``."""
    numpy, kind = sys.modules["numpy"], getattr(items, "dtype", object)
    made = numpy.empty_like(x, dtype=kind, subok=False)
    if made.flags.fnc and not x.flags.fnc:      # column-major with gaps, which ravel("A") reads row by row
        made = numpy.empty((2, *x.shape), kind, order="F")[0]
    made[...] = items
    return made
