"""The numbers that a carry consists of where derivatives are taken by forward mode: primals, tangents, conditions."""

from collections.abc import Iterator, Sequence
from typing import Any

from autograd.transforms.dual import Dual
from autograd.transforms.float_dual import make_dual
from autograd.transforms.presence import CERTAIN


def primal(x: Any) -> Any:
    """The Value or number below all Duals around it."""
    while isinstance(x, Dual):
        x = x._primal
    return x


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


def common(key: Sequence[Any], other: Sequence[Any]) -> tuple[Any, ...]:
    """The key of a structure that has the tangents of both."""
    return tuple(map(_common, key, other))


def _common(key: Any, other: Any) -> Any:
    if key == other:
        return key
    if key == 0 or (other != 0 and other[0] > key[0]):      # a higher level is outside
        key, other = other, key
    rank, primal, tangent, certain = key
    _, inner, slope, sure = other if other != 0 and other[0] == rank else (rank, other, None, True)
    if tangent is None or slope is None:        # 0 is the key of a number
        return rank, _common(primal, inner), _uncertain(slope if tangent is None else tangent), False
    return rank, _common(primal, inner), _common(tangent, slope), certain and sure


def _uncertain(key: Any) -> Any:
    """The same with a condition of each tangent: where the number is absent, its tangents are, too."""
    return key and (key[0], _uncertain(key[1]), _uncertain(key[2]), False)


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
        found.append(x.present if own and (tangent is None or x.tangent is not None) else 0.0)
