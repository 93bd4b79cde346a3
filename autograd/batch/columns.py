"""Columns: the addresses of the numbers of rows, in the memory of arrays and buffers, or in a copy as float64."""

import ctypes
import sys
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from autograd.batch.in_axes import sharing
from autograd.ops.ieee import number
from autograd.ops.operand import Operand
from autograd.transforms.arrays import is_ndarray
from autograd.transforms.derivative_layout import array_shape
from autograd.transforms.pytree import flatten

OBJECTS = (list, tuple, range)


class CarriersError(Exception):
    """An argument holds Values or Duals, which only a plain loop over the rows takes."""


class Memory(NamedTuple):
    """Numbers in memory, as float64."""

    start: int                  # the address of the first
    shape: tuple[int, ...]
    strides: tuple[int, ...]    # in bytes
    owner: Any                  # keeps the memory alive

    def along(self, axis: int, name: str) -> "Memory":
        """The same with this axis first."""
        order = axis_first(axis, self.shape, name)
        return self._replace(shape=tuple([self.shape[i] for i in order]),
                             strides=tuple([self.strides[i] for i in order]))

    def places(self) -> Sequence[int]:
        """The addresses of the numbers of row 0."""
        found: Sequence[int] = [self.start]
        for size, stride in zip(self.shape[1:], self.strides[1:], strict=True):
            found = range(found[0], found[0] + size * stride, stride) if len(found) == 1 and stride else \
                [x + i * stride for x in found for i in range(size)]
        return found


def axis_first(axis: int, shape: Sequence[int], name: str) -> list[int]:
    """The axes of an array of this shape, this one first."""
    n = len(shape)
    if not -n <= axis < n:
        raise ValueError(f"vmap: {name} has the shape {tuple(shape)}, and no axis {axis}" if n else
                         f"vmap: {name} is one number, which has no rows; {sharing(name)}")
    return [axis % n, *(i for i in range(n) if i != axis % n)]


def numbers_at(places: Iterable[int]) -> list[float]:
    """The numbers at these addresses."""
    return [ctypes.c_double.from_address(place).value for place in places]


def of_buffer(owner: "array[Any]", shape: tuple[int, ...]) -> Memory:
    """A buffer of doubles, or addresses, row by row."""
    strides, size = [], 8
    for n in reversed(shape):
        strides.append(size)
        size *= n
    return Memory(owner.buffer_info()[0], shape, tuple(strides[::-1]), owner)


def of_array(x: Any, name: str) -> Memory:
    """A NumPy array, of any real dtype: float64 where it is, others copied."""
    dtype = x.dtype
    if dtype.char != "d" or not dtype.isnative or not x.flags.aligned:
        if dtype.kind not in "iuf":
            _refuse_dtype(x, name)
        x = x.astype(float)
    found = x.__array_interface__
    strides = found["strides"]
    if strides is None:
        strides = x.strides
    elif any(step % 8 for step in strides):
        return of_array(x.copy(), name)
    return Memory(found["data"][0], found["shape"], strides, x)


def _refuse_dtype(x: Any, name: str) -> None:
    if x.dtype.kind == "O":
        if any(isinstance(item, Operand) for item in x.ravel().tolist()):
            raise CarriersError
        advice = "an array of objects; write x.astype(float)"
    elif x.dtype.kind == "b":
        advice = "an array of bools; write x.astype(float)"
    else:
        advice = f"an array of {x.dtype}; give real numbers"
    raise TypeError(f"vmap: {name} is {advice}")


def of_numbers(items: Sequence[Any], name: str) -> "array[float]":
    """Python's numbers as a buffer."""
    kinds = set(map(type, items))
    if not kinds <= {float}:
        for kind in kinds:
            if issubclass(kind, Operand):
                raise CarriersError
            if kind is bool or (kind.__module__ == "numpy" and kind.__name__ in ("bool", "bool_")):
                raise TypeError(f"vmap: {name} holds bools; write float(x)")
        return array("d", [number(x, f"vmap: {name}") for x in items])
    return array("d", items)


def of_rows(x: Sequence[Any], name: str) -> tuple[Memory, bool]:
    """A list with an item for each row; whether these have a shape, so that other axes can hold the rows, too."""
    if not set(map(type, x)) <= {float}:
        items, layout = _flat(x, name)
        first = layout[0] if layout else ()
        for i, other in enumerate(layout):
            if other != first:
                raise ValueError(f"vmap: {name} is ragged: row {i} (counted from 0) has {_described(x[i], other)}, "
                                 f"and row 0 {_described(x[0], first)}")
        shape = array_shape(layout)
    else:
        items, shape = [*x], (len(x),)
    made = of_numbers(items, name)
    return of_buffer(made, shape or (len(x), len(made) // len(x) if x else 0)), shape is not None


def _flat(x: Sequence[Any], name: str) -> tuple[list[Any], Any]:
    try:
        return flatten(x, argument=True)
    except TypeError as error:
        for i, row in enumerate(x):
            if is_ndarray(row) and row.dtype.kind not in "iufO":
                _refuse_dtype(row, f"row {i} (counted from 0) of {name}")
        if type(error) is TypeError:    # of an array inside a row; no argnums makes it a flag of some rows
            raise TypeError(f"vmap: {name}: {error}".partition(", or make it")[0]) from None
        raise


def _described(row: Any, layout: Any) -> str:
    shape = array_shape(layout)
    return f"the structure of {row!r:.60}" if shape is None else f"the shape {shape}" if shape else "one number"


def of_memory(x: Any, name: str) -> Memory:
    """An `array.array` or a memoryview, without NumPy: doubles in place, others copied."""
    view = memoryview(x)
    if view.format == "d" and view.c_contiguous and not view.readonly and view.nbytes:
        return Memory(ctypes.addressof(ctypes.c_char.from_buffer(view)), view.shape or (), view.strides or (), view)
    if view.format in ("c", "?", "u", "w"):
        raise TypeError(f"vmap: {name} is a buffer of the format {view.format!r}; give numbers")
    items = view.tolist()
    flat, _ = flatten(items)
    return of_buffer(of_numbers([*map(float, flat)], name), view.shape or ())


def as_array(x: Any, name: str) -> Any:
    """A column or a table of another library as a NumPy array; None for what is none."""
    if is_ndarray(x):
        return x
    kind = type(x)
    if "numpy" not in sys.modules or isinstance(x, OBJECTS) or (
            kind.__module__ == "builtins" and kind is not memoryview):
        return None
    numpy = sys.modules["numpy"]
    if isinstance(x, numpy.ndarray):
        raise TypeError(f"vmap: {name} is a {kind.__module__}.{kind.__name__}, which computes in its own way; give a "
                        "plain array")
    if isinstance(x, (array, memoryview)) or (hasattr(x, "__array__") and hasattr(x, "ndim") and x.ndim > 0):
        return numpy.asarray(x)
    return None
