"""Importance of columns: how far the score of a predictor falls where a column is shuffled among the rows."""

from collections.abc import Callable, Sequence
from math import fsum, hypot, sqrt
from random import Random
from typing import NamedTuple

REPEATS = 5         # shuffles of each column
ROWS = 1000         # that are drawn where there are more

Numbers = Sequence[Sequence[float]]


class Importance(NamedTuple):
    """The mean and the standard deviation of the drops of the score."""

    name: str
    drop: float
    spread: float


def permutation_importance(names: Sequence[str], predict: Callable[[list[list[float]]], Numbers],
                           score: Callable[[Numbers, Sequence[float]], float], rows: Numbers, targets: Sequence[float],
                           seed: str) -> list[Importance]:
    """Each column's, the largest first (Breiman, "Random forests", 2001). Columns that say the same share theirs.

    predict: the outputs for rows. score: of outputs and targets, larger where they are better.

    >>> rows = [[float(i), 1.0] for i in range(20)]
    >>> worst = lambda found, wanted: -max(abs(x - y) for (x,), y in zip(found, wanted))
    >>> [(x.name, x.drop > 5) for x in permutation_importance("ab", lambda rows: [row[:1] for row in rows], worst, rows,
    ...                                                       [row[0] for row in rows], "0")]
    [('a', True), ('b', False)]
    """
    rng = Random(seed)
    if len(rows) > ROWS:
        drawn = rng.sample(range(len(rows)), ROWS)
        rows, targets = [rows[i] for i in drawn], [targets[i] for i in drawn]
    changed = [[*row] for row in rows]
    for i in range(len(names)):
        for _ in range(REPEATS):
            order = rng.sample(range(len(rows)), len(rows))
            changed += ([*row[:i], rows[j][i], *row[i + 1:]] for row, j in zip(rows, order, strict=True))
    found, size = predict(changed), len(rows)       # at once: one compilation
    scores = [score(found[at:at + size], targets) for at in range(0, len(found), size)]
    importances = [_drops(name, [scores[0] - x for x in scores[1 + i * REPEATS:1 + (i + 1) * REPEATS]])
                   for i, name in enumerate(names)]
    return sorted(importances, key=lambda x: -x.drop)


def _drops(name: str, drops: list[float]) -> Importance:
    mean = fsum(drops) / len(drops)
    return Importance(name, mean, hypot(*(x - mean for x in drops)) / sqrt(len(drops)))
