"""Frames in pictures around what a function or a layer of nn computes."""

from collections.abc import Iterable
from typing import Any

from autograd import Group, Value


def framed(name: str, out: Any, *inputs: Any) -> Any:
    """``out``, with a frame of that name around what was computed of the inputs, numbers or lists of them."""
    if isinstance(out, Value) and out.op is not None:       # under no_grad there is nothing to frame
        given = [x for some in inputs for x in (some if isinstance(some, list) else [some])]
        out.group = Group((name,), tuple(x for x in given if isinstance(x, Value)))
    return out


def enclose(numbers: Iterable[Any], path: tuple[str, ...], inputs: tuple[Any, ...]) -> None:
    """A frame around what each of the numbers was computed of; path: its title, after those of the frames around it."""
    group = Group(path, inputs)
    for y in numbers:
        if isinstance(y, Value) and y.op is not None:
            y.group = group


def entitle(layer: Any, outer: tuple[str, ...], name: str) -> None:
    """`_entitle` of a layer that has the titles of its frames in ``path``: those around it, its name and its text."""
    layer.path = (*outer, f"{name}  {text(layer)}" if name else text(layer))


def text(layer: Any) -> str:
    """The layer as text; its class while a ``__repr__`` of the user's reads what a later line sets."""
    try:
        return repr(layer)
    except Exception:
        return type(layer).__name__


def titles(layer: Any) -> tuple[str, ...]:
    """The ``path`` of a layer; its class, if a pickle has it from the time when it had no frames."""
    return getattr(layer, "path", (type(layer).__name__,))
