"""The state of parameters that have moved unequally often, since some of them were frozen: each has counts of its own.

In the state of a group a list has a number per parameter, None of one that has never moved; machine code leaves arrays.
A count is one for all, or such a list. Parameters that have moved together are updated together, as if they were a
group of their own.
"""

from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple

State = dict[str, Any]
LISTS = list, array


class Part(NamedTuple):
    """Parameters of a group that have moved together, by their places in it, and their state."""

    group: int
    places: Sequence[int]
    state: State


def even(state: State, counts: frozenset[str], one: frozenset[str]) -> bool:
    """Whether a group's parameters have moved together. counts: the entries that count; one: lists of one number."""
    return all(name not in counts and (isinstance(x, array) or None not in x) and (
        name not in one or x.count(x[0]) == len(x)) for name, x in state.items() if isinstance(x, LISTS))


def parts(state: State, counts: frozenset[str], one: frozenset[str], moving: Sequence[int]) -> list[list[int]]:
    """The places in ``moving``, those of parameters that have moved together in one list."""
    found: dict[Any, list[int]] = {}
    for i in moving:
        key = tuple(x[i] if name in one or name in counts else x[i] is None
                    for name, x in state.items() if isinstance(x, LISTS))
        found.setdefault(key, []).append(i)
    return list(found.values())


def part(state: State, counts: frozenset[str], places: Sequence[int]) -> State:
    """The state of parameters that have moved together."""
    def of(name: str, x: Any) -> Any:
        if not isinstance(x, LISTS):
            return x
        return x[places[0]] if name in counts or x[places[0]] is None else [x[i] for i in places]

    return {name: of(name, x) for name, x in state.items()}


def joined(state: State, counts: frozenset[str], size: int, after: Sequence[tuple[Sequence[int], State]]) -> State:
    """The state of a group whose parameters at these places have these new ones, and the others theirs of before."""
    if len(after) == 1 and len(after[0][0]) == size:
        return {**state, **after[0][1]}
    found = dict(state)
    for name in dict.fromkeys(name for _, new in after for name in new):
        given = [new.get(name) for _, new in after]
        if name not in counts and not any(isinstance(x, LISTS) for x in given):
            found[name] = given[-1]
            continue
        before = state.get(name)
        row = list(before) if isinstance(before, LISTS) else [before] * size
        for (places, _), x in zip(after, given, strict=True):
            for k, i in enumerate(places):
                row[i] = x[k] if isinstance(x, LISTS) else x
        found[name] = row[0] if name in counts and row.count(row[0]) == size else row
    return found
