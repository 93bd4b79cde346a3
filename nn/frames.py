"""Frames in pictures around what a function of nn computes."""

from collections.abc import Sequence
from typing import Any

from autograd import Group, Value


def framed(name: str, out: Any, *inputs: Any) -> Any:
    """``out``, with a frame of that name around what was computed of the inputs, numbers or lists of them."""
    given = [x for some in inputs for x in (some if isinstance(some, list) else [some])]
    return framed_at(out, (name,), [x for x in given if isinstance(x, Value)])


def framed_at(out: Any, path: tuple[str, ...], inputs: Sequence[Any]) -> Any:
    """``out``, with a frame inside others: the titles of these, the outermost first, and then its own."""
    if isinstance(out, Value) and out.op is not None:       # under no_grad there is nothing to frame
        out.group = Group(path, tuple(inputs))
    return out
