"""Batches larger than memory: an argument that is an iterator gives one chunk of rows after another."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from autograd.batch.in_axes import axes_of_arguments, sharing
from autograd.ops.operand import Operand
from autograd.transforms.arrays import is_array

LARGE = 1 << 17     # numbers that are converted at a time


def is_stream(x: Any) -> bool:
    """Whether it is an iterator of chunks."""
    return hasattr(x, "__next__") and not isinstance(x, Operand)


def chunks(args: Sequence[Any], kwargs: dict[str, Any], in_axes: Sequence[Any]) -> Iterator[tuple[list[Any], Any]]:
    """The arguments of one call after another; those that are no iterators are shared by all chunks."""
    given = [*zip(args, in_axes, [f"argument {i}" for i in range(len(args))], strict=True),
             *((x, 0, f"argument {key!r}") for key, x in kwargs.items())]
    for x, axis, name in given:
        if axis is not None and not is_stream(x):
            raise ValueError(f"vmap: {name} is no iterator of chunks, and another argument is; give it as one, too, or "
                             f"{sharing(name)}")
        if axis is None and is_stream(x):
            raise ValueError(f"vmap: {name} is an iterator, and in_axes shares it; give its chunks an axis")
    return _zipped([x for x, *_ in given], len(args), list(kwargs))


def _zipped(given: Sequence[Any], positional: int, names: Sequence[str]) -> Iterator[tuple[list[Any], Any]]:
    end = object()
    while True:
        parts = [next(x, end) if is_stream(x) else x for x in given]
        ended = [i for i, part in enumerate(parts) if part is end]
        if ended:
            if len(ended) < sum(map(is_stream, given)):
                raise ValueError("vmap: an iterator of chunks ends before another; give as many chunks of each")
            return
        for part, x in zip(parts, given, strict=True):
            if is_stream(x) and isinstance(part, (int, float)):
                raise ValueError("vmap: an iterator gives numbers, and no chunks of rows; write list(x) for a column")
        yield parts[:positional], dict(zip(names, parts[positional:], strict=True))


def slices(args: Sequence[Any], kwargs: dict[str, Any], in_axes: Any) -> Iterable[tuple[Sequence[Any], dict[str, Any]]]:
    """A call with large arrays of other dtypes than float64 as several calls: a copy as float64 is never all of one."""
    axes = axes_of_arguments(in_axes, len(args))
    tables = [(x, axis) for x, axis in zip(args, axes, strict=True) if axis is not None]
    large = [x for x, _ in tables if is_array(x) and x.size > LARGE and x.dtype.char != "d" and x.dtype.kind in "iuf"]
    if not large or kwargs or not all(is_array(x) and isinstance(axis, int) and -x.ndim <= axis < x.ndim
                                      for x, axis in tables):
        return [(args, kwargs)]
    counts = {x.shape[axis] for x, axis in tables}
    size = max(1, LARGE * max(counts) // max(x.size for x in large))
    if len(counts) > 1 or counts == {0}:
        return [(args, kwargs)]
    return (([x if axis is None else _slice(x, axis, first, size) for x, axis in zip(args, axes, strict=True)], kwargs)
            for first in range(0, counts.pop(), size))


def _slice(x: Any, axis: int, first: int, size: int) -> Any:
    return x[(slice(None),) * (axis % x.ndim) + (slice(first, first + size),)]
