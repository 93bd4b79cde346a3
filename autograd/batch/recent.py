"""The way in which the last call's arguments lay in memory: a call with others like them is read in little time."""

from array import array
from collections.abc import Sequence
from math import prod
from typing import Any

from autograd.batch.arguments import Arguments
from autograd.transforms.arrays import is_ndarray


class Recent:
    """Knows arrays of float64 with the rows along their first axis, contiguous rows, and floats that rows share."""

    def __init__(self, arguments: Arguments, given: Sequence[Any], axes: Sequence[Any]) -> None:
        """Arguments as they were read, and as they were given, by position."""
        self._before = arguments.again(arguments.columns, 0, None)      # which keeps no array alive
        self._entries: list[Any] = []
        self.usable = bool(arguments.count) and not arguments.kwargs
        place = 0
        for x, axis in zip(given, axes, strict=True):
            if is_ndarray(x) and axis == 0 and x.ndim and x.dtype.char == "d" and x.dtype.isnative \
                    and _contiguous(x.strides[1:], x.shape[1:]):
                size = prod(x.shape[1:])
                self._entries.append((place, size, x.dtype, x.shape[1:], x.strides[1:]))
            elif x.__class__ is float and axis is None:
                size = 1
                self._entries.append(place)
            else:
                self.usable = False
                return
            place += size

    def read(self, given: Sequence[Any]) -> Arguments | None:
        """These arguments; None where they do not lie in that way."""
        if len(given) != len(self._entries):
            return None
        before = self._before
        columns, floats, count = before.columns[:], [], -1
        for x, entry in zip(given, self._entries, strict=True):
            if entry.__class__ is int:
                if x.__class__ is not float:
                    return None
                floats.append((2 * entry, x))
                continue
            place, size, dtype, shape, strides = entry
            if not is_ndarray(x) or x.dtype is not dtype:
                return None
            n, *rest = x.shape
            step, *inner = x.strides
            start = x.__array_interface__["data"][0]
            if (*rest,) != shape or (*inner,) != strides or n == 0 or n != count != -1 or (start | step) & 7:
                return None
            count = n
            if size == 1:
                columns[2 * place], columns[2 * place + 1] = start, step
            elif size:
                columns[2 * place:2 * (place + size):2] = array("q", range(start, start + 8 * size, 8))
                columns[2 * place + 1:2 * (place + size):2] = array("q", (step,)) * size
        shared = array("d", [x for _, x in floats])
        for i, (place, _) in enumerate(floats):
            columns[place] = shared.buffer_info()[0] + 8 * i
        return before.again(columns, count, (given, shared))


def _contiguous(strides: Sequence[int], shape: Sequence[int]) -> bool:
    """Whether the numbers of a row lie one behind the other."""
    size = 8
    for stride, n in zip(reversed(strides), reversed(shape), strict=True):
        if n != 1 and stride != size:
            return False
        size *= n
    return True
