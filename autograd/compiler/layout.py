"""Result layouts: where the outputs of a Program stand in the result of its function."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from math import prod
from typing import Any

from autograd.compiler.tracing import Trace
from autograd.lower.layout import Fixed, Layout, Nested, Row, Table
from autograd.transforms.arrays import is_array, memory_strides

MOST = 100      # parts inside each other that the source of a builder is written out for


def result_layout(made: Trace) -> Layout | None:
    """The layout of a traced function's result; None where it holds objects of classes that a layout does not know."""
    return _layout(made.filled(range(len(made.program.outputs))))


def _layout(x: Any) -> Layout | None:
    if x.__class__ is int:
        return int(x)
    if x is None or isinstance(x, (str, bytes, bool)):
        return Fixed(x)
    if x.__class__ in (list, tuple, dict):
        parts = [_layout(part) for part in (x.values() if isinstance(x, dict) else x)]
        if None in parts:
            return None
        if _in_order(parts) and x.__class__ is not dict:
            return Row(x.__class__, len(x), parts[0])      # type: ignore[arg-type]
        return Nested(x.__class__, parts, [*x] if isinstance(x, dict) else ())
    if is_array(x) and memory_strides(x) is None and (not x.size or _in_order(x.ravel().tolist())):
        return Table(x.shape, x.flat[0] if x.size else 0)
    return None


def _in_order(parts: list[Any]) -> bool:
    """Whether they are outputs one after the other."""
    return bool(parts) and parts[0].__class__ is int and parts == [*range(parts[0], parts[0] + len(parts))]


def _regular(part: Nested) -> bool:
    """Whether these are the rows of a matrix, of which the outputs stand one after the other."""
    rows = part.parts
    if part.kind is dict or not rows or not isinstance(rows[0], Row):
        return False
    kind, size, first = rows[0]
    return rows == [Row(kind, size, first + size * i) for i in range(len(rows))]


def _objects(found: Layout) -> int:
    """How many objects a builder writes out."""
    return 1 + sum(map(_objects, found.parts)) if isinstance(found, Nested) and not _regular(found) else 1


def result_builder(found: Layout) -> Callable[[Sequence[float]], Any]:
    """The function from all outputs, as floats, to the result in this layout."""
    if _objects(found) > MOST:
        return partial(_build, found)
    space: dict[str, Any] = {}
    build: Callable[[Sequence[float]], Any] = eval(f"lambda out: {_source(found, space)}", space)
    return build


def _build(part: Layout, out: Sequence[float]) -> Any:
    """The result, for layouts whose source would be long."""
    if isinstance(part, int):
        return out[part]
    if isinstance(part, Row):
        return part.kind(out[part.first:part.first + part.size])
    if isinstance(part, Nested):
        parts = [_build(inner, out) for inner in part.parts]
        return dict(zip(part.keys, parts, strict=True)) if part.kind is dict else part.kind(parts)
    return result_builder(part)(out)


def _source(part: Layout, space: dict[str, Any]) -> str:
    """The source of this part of the result; no function in a function, which would hold itself."""
    if isinstance(part, int):
        return f"out[{part}]"
    if isinstance(part, Row):
        return _display(part.kind, f"*out[{part.first}:{part.first + part.size}]")
    if isinstance(part, Table):
        space["array"] = sys.modules["numpy"].array
        return f"array(out[{part.first}:{part.first + prod(part.shape)}]).reshape({part.shape})"
    if isinstance(part, Fixed):
        name = f"fixed{len(space)}"
        space[name] = part.value
        return name
    if _regular(part):
        kind, size, first = part.parts[0]
        row = _display(kind, f"*out[i:i+{size}]")
        return _display(part.kind, f"*[{row} for i in range({first}, {first + size * len(part.parts)}, {size})]")
    inside = [_source(inner, space) for inner in part.parts]
    if part.kind is dict:
        keys = [_source(Fixed(key), space) for key in part.keys]
        return f"{{{', '.join(map('{}: {}'.format, keys, inside))}}}"
    return _display(part.kind, ", ".join(inside))


def _display(kind: type, inside: str) -> str:
    """A list or a tuple of these items, as source."""
    return f"[{inside}]" if kind is list else f"({inside},)" if inside else "()"
