"""Masks of attention: which keys a query may not look at, as numbers that are added to the products."""

from collections.abc import Sequence
from typing import Any

from nn.layers.examples import is_list, is_row, without_tensors

HIDDEN = float("-inf")


def attention_mask(mask: Any, padding: Any, rows: int, columns: int) -> list[list[Any]]:
    """The number that is added to each of ``rows`` x ``columns`` products, None for none.

    mask: ``[rows][columns]``; padding: ``[columns]``, for all queries. True hides a key; other numbers are added.

    >>> attention_mask([[False, True], [0.5, -1.0]], None, 2, 2)
    [[None, -inf], [0.5, -1.0]]
    >>> attention_mask(None, [False, True], 1, 2)
    [[None, -inf]]
    """
    mask, padding = without_tensors(mask), without_tensors(padding)
    if mask is not None and not (is_list(mask) and len(mask) == rows and all(is_row(row, columns) for row in mask)):
        raise ValueError(f"MultiheadAttention: attn_mask is of {rows} queries x {columns} keys; give a row per query")
    if padding is not None and not is_row(padding, columns):
        raise ValueError(f"MultiheadAttention: key_padding_mask has one entry for each of the {columns} keys")
    added = [[None] * columns] * rows if mask is None else _added("attn_mask", mask)
    if padding is not None:
        every, = _added("key_padding_mask", [padding])
        added = [[b if a is None else a if b is None else a + b for a, b in zip(row, every, strict=True)]
                 for row in added]
    if any(all(type(x) is float and x == HIDDEN for x in row) for row in added):
        raise ValueError("MultiheadAttention: attn_mask hides all keys from a query; leave one at least")
    return added


def _added(name: str, rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """-inf for True, None for False, other numbers as they are."""
    rows = [row.tolist() if hasattr(row, "tolist") else list(row) for row in rows]
    if all(type(x) is int for row in rows for x in row):
        raise TypeError(f"MultiheadAttention: {name} has whole numbers; give bools, True where a query may not look, "
                        "or floats, which are added")
    rows = [[x.item() if hasattr(x, "item") else x for x in row] for row in rows]      # NumPy's bools in a list
    return [[(HIDDEN if x else None) if isinstance(x, bool) else x for x in row] for row in rows]
