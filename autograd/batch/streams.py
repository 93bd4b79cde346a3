"""Batches larger than memory: an argument that is an iterator gives one chunk of rows after another."""

from collections.abc import Iterator, Sequence
from typing import Any

from autograd.ops.operand import Operand


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
                             "share it by None in in_axes")
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
        yield parts[:positional], dict(zip(names, parts[positional:], strict=True))
