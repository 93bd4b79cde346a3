"""The parameters of an optimiser: checked, flattened, and given their new numbers."""

from collections.abc import Iterable, Sequence
from typing import Any

from autograd import Value


def listed(where: str, params: Any) -> list[Any]:
    """``params`` as a list with something in it."""
    if hasattr(params, "parameters"):
        raise TypeError(f"{where}: give the model's parameters, model.parameters()")
    if isinstance(params, (Value, dict)) or not isinstance(params, Iterable):
        raise TypeError(f"{where}: expected a list of Values or of groups, not {type(params).__name__}")
    items = list(params)
    if not flat(items):
        raise ValueError(f"{where}: the list is empty; there is nothing to optimise")
    return items


def leaves(where: str, params: Any, others: Sequence[list[Value]]) -> list[Value]:
    """The parameters of a new group: leaves, and none of those in the groups before."""
    items = flat(listed(f"{where}: params", params))
    known = {id(p): i for i, other in enumerate(others) for p in other}
    for i, p in enumerate(items):
        if not isinstance(p, Value):
            raise TypeError(f"{where}: parameter {i} is no Value but {type(p).__name__}")
        if p.op is not None:
            raise ValueError(f"{where}: parameter {i} was computed by {p.op!r}; only leaves can be moved: give the "
                             "Values it was computed from, or start from v.detach()")
        if id(p) in known:
            raise ValueError(f"{where}: parameter {i} is in group {known[id(p)]} already; each may be given once")
        known[id(p)] = len(others)
    return items


def flat(items: Iterable[Any]) -> list[Any]:
    """The items of nested lists, such as the rows of a weight, and of arrays, from left to right."""
    found: list[Any] = []
    for item in items:
        item = item.tolist() if hasattr(item, "tolist") else item
        found += flat(item) if isinstance(item, (list, tuple)) else [item]
    return found
