"""Result layouts: where the outputs of a Program stand in the result of its function."""

import sys
from collections.abc import Callable, Sequence
from math import prod
from typing import Any, NamedTuple

from autograd.compiler.tracing import Trace
from autograd.transforms.arrays import is_array

MOST = 100      # objects inside each other that code is written out for


class Row(NamedTuple):
    """Outputs one after the other, in a list, a tuple or an array."""

    maker: Any                  # list, tuple or numpy.empty
    shape: tuple[int, ...]
    first: int                  # which output begins it


class Nested(NamedTuple):
    """A list or a tuple of other layouts."""

    maker: Any
    parts: list[Any]


Layout = int | Row | Nested     # an int is one number: which output it is


def result_layout(made: Trace) -> Layout | None:
    """The layout of a traced function's result.

    None where it holds anything but lists, tuples and arrays, or more than is worth writing out.
    """
    found = _layout(made.result())
    return found if _objects(found) <= MOST else None


def _layout(x: Any) -> Layout | None:
    if x.__class__ is int:
        return int(x)
    if x.__class__ is list or x.__class__ is tuple:
        parts = [_layout(part) for part in x]
        if None in parts:
            return None
        return Row(x.__class__, (len(x),), x[0]) if _in_order(parts) else Nested(x.__class__, parts)
    if is_array(x) and _in_order(x.ravel().tolist()):
        return Row(sys.modules["numpy"].empty, x.shape, x.flat[0])
    return None


def _in_order(parts: list[Any]) -> bool:
    """Whether they are outputs one after the other."""
    return bool(parts) and parts[0].__class__ is int and parts == [*range(parts[0], parts[0] + len(parts))]


def _objects(found: Layout | None) -> int:
    """How many objects are made one by one."""
    return 1 + sum(map(_objects, found.parts)) if isinstance(found, Nested) else 1


def result_builder(found: Layout) -> Callable[[Sequence[float]], Any]:
    """The function from all outputs, as floats, to the result in this layout."""
    space: dict[str, Any] = {}
    build: Callable[[Sequence[float]], Any] = eval(f"lambda out: {_source(found, space)}", space)
    return build


def _source(part: Layout, space: dict[str, Any]) -> str:
    """The source of this part of the result; no function in a function, which would hold itself."""
    if isinstance(part, int):
        return f"out[{part}]"
    if isinstance(part, Nested):
        inside = ", ".join([_source(x, space) for x in part.parts])
    else:
        inside = f"*out[{part.first}:{part.first + prod(part.shape)}]"
        if part.maker is not list and part.maker is not tuple:
            space["array"] = sys.modules["numpy"].array
            return f"array([{inside}]).reshape({part.shape})"
    return f"[{inside}]" if part.maker is list else f"({inside},)" if inside else "()"
