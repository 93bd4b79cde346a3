"""Masks of attention: which keys a query may not look at, as numbers that are added to the products."""

from collections.abc import Sequence
from typing import Any

from nn.layers.examples import holds_rows, is_list, is_row, without_tensors

HIDDEN = float("-inf")


Added = list[list[Any]]


def attention_masks(mask: Any, padding: Any, heads: int, rows: int, columns: int) -> list[Added]:
    """For each head the number that is added to each of ``rows`` x ``columns`` products, None for none.

    mask: ``[rows][columns]``, or one for each head; padding: ``[columns]``, for all queries. True hides a key; other
    numbers are added.

    >>> attention_masks([[False, True], [0.5, -1.0]], None, 1, 2, 2)
    [[[None, -inf], [0.5, -1.0]]]
    >>> attention_masks(None, [False, True], 2, 1, 2)
    [[[None, -inf]], [[None, -inf]]]
    """
    mask, padding = without_tensors(mask), without_tensors(padding)
    if padding is not None and not is_row(padding, columns):
        raise ValueError(f"MultiheadAttention: key_padding_mask has one entry for each of the {columns} keys")
    hidden = None if padding is None else _added("key_padding_mask", [padding])[0]
    if not is_of_heads(mask):
        return [_joined(mask, hidden, rows, columns)] * heads
    if len(mask) != heads:
        raise ValueError(f"MultiheadAttention: attn_mask has {len(mask)} masks for {heads} heads; give one for each, "
                         f"or one of {rows} queries x {columns} keys for all")
    return [_joined(each, hidden, rows, columns) for each in mask]


def is_of_heads(mask: Any) -> bool:
    """Whether a mask of attention is ``[heads][L][S]``, and not ``[L][S]``."""
    return holds_rows(mask) and holds_rows(mask[0])


def _joined(mask: Any, hidden: list[Any] | None, rows: int, columns: int) -> Added:
    """What both masks add together."""
    if mask is not None and not (is_list(mask) and len(mask) == rows and all(is_row(row, columns) for row in mask)):
        raise ValueError(f"MultiheadAttention: attn_mask is of {rows} queries x {columns} keys; give a row per query")
    found = own = [[None] * columns] * rows if mask is None else _added("attn_mask", mask)
    if hidden is not None:
        found = [[b if a is None else a if b is None else a + b for a, b in zip(row, hidden, strict=True)]
                 for row in own]
    if any(map(_hides_all, found)):
        name = ("key_padding_mask hides all keys" if hidden is not None and _hides_all(hidden) else
                "attn_mask hides all keys from a query" if any(map(_hides_all, own)) else
                "attn_mask and key_padding_mask together hide all keys from a query")
        raise ValueError(f"MultiheadAttention: {name}; leave one at least")
    return found


def _hides_all(row: list[Any]) -> bool:
    return all(type(x) is float and x == HIDDEN for x in row)


def _added(name: str, rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """-inf for True, None for False, other numbers as they are."""
    rows = [row.tolist() if hasattr(row, "tolist") else list(row) for row in rows]
    if all(type(x) is int for row in rows for x in row):
        raise TypeError(f"MultiheadAttention: {name} has whole numbers; give bools, True where a query may not look, "
                        "or floats, which are added")
    rows = [[x.item() if hasattr(x, "item") else x for x in row] for row in rows]      # NumPy's bools in a list
    return [[(HIDDEN if x else None) if isinstance(x, bool) else x for x in row] for row in rows]
