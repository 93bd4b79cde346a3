"""The numbers that a carry consists of where derivatives are taken by forward mode: primals, tangents, conditions."""

from collections.abc import Iterator, Sequence
from typing import Any

from autograd.transforms.dual import Dual
from autograd.transforms.float_dual import make_dual
from autograd.transforms.presence import CERTAIN


def parts(items: Sequence[Any]) -> tuple[list[Any], tuple[Any, ...]]:
    """Values and floats, and a key that tells structures apart: which of them are tangents."""
    found: list[Any] = []
    return found, tuple([_taken(x, found) for x in items])


def _taken(x: Any, found: list[Any]) -> Any:
    if not isinstance(x, Dual):
        found.append(x)
        return 0
    primal = _taken(x.primal, found)
    tangent = None if x.tangent is None else _taken(x.tangent, found)
    certain = x.present.__class__ is float and bool(x.present)
    if not certain:
        found.append(x.present)
    return x._rank, primal, tangent, certain


def joined(found: Sequence[Any], key: Sequence[Any]) -> list[Any]:
    """The items again."""
    numbers = iter(found)
    return [_put(numbers, part) for part in key]


def _put(numbers: Iterator[Any], key: Any) -> Any:
    if key == 0:
        return next(numbers)
    rank, primal, tangent, certain = key
    one = _put(numbers, primal)
    other = None if tangent is None else _put(numbers, tangent)
    return make_dual(one, other, rank, CERTAIN if certain else next(numbers))


def matched(items: Sequence[Any], key: Sequence[Any]) -> list[Any]:
    """The numbers of items that may lack tangents, which are -0.0 then, in the structure of a key."""
    found: list[Any] = []
    for x, part in zip(items, key, strict=True):
        _match(x, part, found)
    return found


def _match(x: Any, key: Any, found: list[Any]) -> None:
    if key == 0:
        found.append(x)
        return
    rank, primal, tangent, certain = key
    own = isinstance(x, Dual) and x._rank == rank
    _match(x.primal if own else x, primal, found)
    if tangent is not None:
        _match(-0.0 if not own or x.tangent is None else x.tangent, tangent, found)
    if not certain:
        found.append(x.present if own else 0.0)
