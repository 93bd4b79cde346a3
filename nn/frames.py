"""Frames in pictures around what a function of nn computes."""

from typing import Any

from autograd import Group, Value


def framed(name: str, out: Any, *inputs: Any) -> Any:
    """``out``, with a frame of that name around what was computed of the inputs, numbers or lists of them."""
    if isinstance(out, Value) and out.op is not None:       # under no_grad there is nothing to frame
        given = [x for some in inputs for x in (some if isinstance(some, list) else [some])]
        out.group = Group((name,), tuple(x for x in given if isinstance(x, Value)))
    return out
