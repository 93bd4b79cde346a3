"""One example or a list of examples: how feed-forward layers tell the two apart.

A layer of vectors takes one example, a sequence of numbers, or a list of examples, for which it gives a list of
results. Its author writes, at the beginning of ``__call__``: ``if holds_rows(x): return [self(row) for row in x]``.
"""

from typing import Any


def is_list(x: Any) -> bool:
    """Whether ``x`` is a list, a tuple or an array: a text, a dict or a set is none, though it has a length."""
    return hasattr(x, "__len__") and not isinstance(x, (str, bytes, dict, set)) and getattr(x, "shape", None) != ()


def holds_rows(x: Any) -> bool:
    """Whether ``x`` is a sequence of sequences or arrays, as the examples of a batch are.

    >>> holds_rows([[1.0, 2.0]]), holds_rows([1.0, 2.0])
    (True, False)
    """
    if not is_list(x):
        return False
    first = next(iter(x), None)
    return isinstance(first, (list, tuple)) or getattr(first, "shape", ()) != ()


def is_row(x: Any, n: int) -> bool:
    """Whether ``x`` is a sequence of ``n``, and not one of rows."""
    return is_list(x) and len(x) == n and not holds_rows(x)


def wrong_inputs(what: str, x: Any, n: int) -> Exception:
    """The error for ``x``, which is no sequence of ``n``."""
    if not is_list(x):
        return TypeError(f"{what} takes a sequence of {n} numbers, not {type(x).__name__}")
    return ValueError(f"{what} of {n} inputs was given {len(x)}")
