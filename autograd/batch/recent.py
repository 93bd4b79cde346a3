"""The way in which the last call's arguments lay in memory: a call with others like them is read in little time."""

from array import array
from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple

from autograd.batch.arguments import Arguments
from autograd.transforms.arrays import is_ndarray


class Table(NamedTuple):
    """An array of float64: the place of its first number in a row, and what another one has to be like."""

    place: int
    size: int                   # numbers in a row
    start: int                  # the address of the last call's
    dtype: Any
    shape: tuple[int, ...]      # of a row
    strides: tuple[int, ...]
    shared: bool


class Recent:
    """Knows contiguous arrays of float64 with their rows along the first axis, or shared; and shared floats."""

    def __init__(self, arguments: Arguments, given: Sequence[Any], axes: Sequence[Any]) -> None:
        """Arguments as they were read, and as they were given, by position."""
        self._before = arguments.again(arguments.columns, 0, None)      # which keeps no array alive
        self._entries: list[Any] = []
        self.usable = bool(arguments.count) and not arguments.kwargs
        place = 0
        for x, axis in zip(given, axes, strict=True):
            if x.__class__ is float and axis is None:
                self._entries.append(place)
                place += 1
                continue
            shared = axis is None
            if not is_ndarray(x) or not (shared or (axis == 0 and x.ndim)) or x.dtype.char != "d" \
                    or not x.dtype.isnative:
                self.usable = False
                return
            shape, strides = (x.shape, x.strides) if shared else (x.shape[1:], x.strides[1:])
            self.usable = self.usable and _contiguous(strides, shape)
            self._entries.append(Table(place, prod(shape), arguments.columns[2 * place] if prod(shape) else 0, x.dtype,
                                       shape, strides, shared))
            place += prod(shape)

    def read(self, given: Sequence[Any]) -> Arguments | None:
        """These arguments; None where they do not lie in that way."""
        if len(given) != len(self._entries):
            return None
        columns, floats, count = self._before.columns[:], [], -1
        for x, entry in zip(given, self._entries, strict=True):
            if entry.__class__ is int:
                if x.__class__ is not float:
                    return None
                floats.append((2 * entry, x))
                continue
            place, size, before, dtype, shape, strides, shared = entry
            if not is_ndarray(x) or x.dtype is not dtype:
                return None
            start, step = x.__array_interface__["data"][0], 0
            if shared:
                if x.shape != shape or x.strides != strides:
                    return None
            else:
                (n, *rest), (step, *inner) = x.shape, x.strides
                if (*rest,) != shape or (*inner,) != strides or n == 0 or n != count != -1:
                    return None
                count = n
            if (start | step) & 7:
                return None
            if size == 1:
                columns[2 * place], columns[2 * place + 1] = start, step
            elif size and (start != before or step != columns[2 * place + 1]):
                columns[2 * place:2 * (place + size):2] = array("q", range(start, start + 8 * size, 8))
                columns[2 * place + 1:2 * (place + size):2] = array("q", (step,)) * size
        numbers = array("d", [x for _, x in floats])
        for i, (place, _) in enumerate(floats):
            columns[place] = numbers.buffer_info()[0] + 8 * i
        return self._before.again(columns, count, (given, numbers))


def _contiguous(strides: Sequence[int], shape: Sequence[int]) -> bool:
    """Whether numbers lie one behind the other."""
    size = 8
    for stride, n in zip(reversed(strides), reversed(shape), strict=True):
        if n != 1 and stride != size:
            return False
        size *= n
    return True
