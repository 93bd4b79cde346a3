"""What the engine knows of NumPy's arrays, without importing NumPy: who has an array has it."""

import sys
from collections.abc import Sequence
from typing import Any


def of_numpy(x: Any) -> bool:
    """Whether ``x`` is a NumPy array."""
    kind = type(x)      # no class below: a matrix multiplies differently, a masked array leaves numbers out
    return kind.__module__ == "numpy" and kind.__name__ in ("ndarray", "memmap")


def is_array(x: Any) -> bool:
    """Whether ``x`` is a NumPy array with at least one axis."""
    return of_numpy(x) and x.ndim > 0


def is_flags(x: Any) -> bool:
    """Whether ``x`` is an array of bools, which chooses and adds otherwise than numbers, or one of NumPy's bools."""
    return type(x).__module__ == "numpy" and getattr(getattr(x, "dtype", None), "kind", "") == "b"


def elements(x: Any, argument: bool) -> list[Any]:
    """The numbers in an array, row by row."""
    if argument and x.dtype.kind == "b":        # True + True is True there
        raise TypeError("an array of bools is not an array of numbers; write x.astype(float), or make it an argument "
                        "of its own and leave it out by argnums")
    if x.dtype.kind not in "biufO":     # dates would be ints
        raise TypeError(f"expected an array of numbers or Values, not of {x.dtype}")
    return x.ravel().tolist()       # type: ignore[no-any-return]


def array(items: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """An array of floats where all items are floats, else an object array."""
    numpy = sys.modules["numpy"]
    if all(isinstance(item, float) for item in items):
        return numpy.array(items, float).reshape(shape)
    made = numpy.empty(len(items), dtype=object)
    for i, item in enumerate(items):
        made[i] = item
    return made.reshape(shape)


def layout(x: Any) -> tuple[int, ...] | None:
    """The strides of the array that `like` makes, by which ``x.ravel("K")`` goes; None for row by row."""
    return None if x.ndim < 2 or x.flags.c_contiguous else like(x).strides


def like(x: Any, items: Any = None) -> Any:
    """An array with these items, in memory as ``x`` is."""
    numpy, kind = sys.modules["numpy"], getattr(items, "dtype", object)
    made = numpy.empty_like(x, dtype=kind, subok=False)
    if made.flags.fnc and not x.flags.fnc:      # column by column with gaps, which ravel("A") reads row by row
        made = numpy.empty((2, *x.shape), kind, order="F")[0]
    made[...] = items
    return made
