"""A random split of rows that keeps the share of each class."""

from collections.abc import Hashable, Sequence
from itertools import compress

from nn.training.data import shuffled


def stratified_split(groups: Sequence[Hashable], part: float, seed: str) -> tuple[list[int], list[int]]:
    """The rows to keep and the rows to hold out, each in their order; ``groups`` has the class of every row.

    Of each class the nearest whole number to its share is held out, and at least one row kept.

    >>> stratified_split("aaaaabbbbb", 0.4, "0")
    ([1, 2, 4, 5, 7, 8], [0, 3, 6, 9])
    """
    members: dict[Hashable, list[int]] = {group: [] for group in groups}
    for i in shuffled(len(groups), seed):
        members[groups[i]].append(i)
    held_out = sorted(i for same in members.values() for i in same[:min(round(part * len(same)), len(same) - 1)])
    kept = bytearray(b"\1") * len(groups)
    for i in held_out:
        kept[i] = 0
    return [*compress(range(len(groups)), kept)], held_out
