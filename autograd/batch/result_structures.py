"""The structure of a carry or of a result of `scan`: its containers, lengths, keys, texts; compared, and described."""

from typing import Any

from autograd.ops.operand import Operand
from autograd.transforms.arrays import is_array
from autograd.transforms.containers import is_container, opened
from autograd.transforms.pytree import is_static

NUMBER = ()
LONGEST = 80        # characters of a structure in a message


def outside(y: Any) -> Any:
    """What tells a result from others, but for its items."""
    if y.__class__ is float or isinstance(y, Operand):
        return NUMBER
    if is_array(y):
        return "array", y.shape
    if is_container(y):
        return type(y), opened(y, False)[1]
    if isinstance(y, (list, tuple)):
        return type(y), len(y)
    return (type(y), y) if y is None or isinstance(y, (str, bytes)) else NUMBER


def structure(y: Any) -> Any:
    """What the results of all ways through a compiled body have in common: classes, lengths, keys, texts, flags."""
    if is_container(y):
        items = opened(y, False)[0]
        return outside(y), [(type(item), item if isinstance(item, bool) else outside(item)) if is_static(item) else
                             structure(item) for item in items]
    return (outside(y), list(map(structure, y))) if isinstance(y, (list, tuple)) else outside(y)


def different_results(one: Any, other: Any) -> TypeError:
    """The error for results that cannot be put together."""
    return TypeError(f"scan: f returns results of different structures, {described(one)} and {described(other)}; "
                     "return the same containers, lengths, keys, texts and flags in each iteration; a flag may be 1.0 "
                     "or 0.0")


def described(x: Any) -> str:
    """The structure of a carry or a result, for messages."""
    if is_array(x):
        return f"an array of shape {x.shape}"
    if isinstance(x, dict):
        text = f"{{{', '.join(f'{name!r}: {described(item)}' for name, item in x.items())}}}"
    elif is_container(x):
        text = f"{type(x).__name__}({', '.join(map(described, opened(x, False)[0]))})"
    elif isinstance(x, (list, tuple)):
        text = ", ".join(map(described, x[:20]))
        text = f"[{text}]" if isinstance(x, list) else f"({text})"
    else:
        text = "number" if not is_static(x) else getattr(x, "__name__", type(x).__name__) if callable(x) else repr(x)
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 3]}..."
