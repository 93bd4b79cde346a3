"""SOM: Kohonen's self-organising map, whose neighbouring units learn to answer to similar inputs."""

from collections.abc import Callable
from functools import partial
from math import fsum
from operator import mul
from typing import Any, Self

from nn.layers.competitive import drawn_rows, nearest
from nn.layers.data_rows import read_rows
from nn.layers.decay import RADII, RATES, Decay, read_decay
from nn.layers.unit_map import UnitMap
from nn.validators import count, flag, not_negative, positive, share_above_0

Rows = list[list[float]]


class SOM(UnitMap):
    """A sheet of units that unfolds over the data: the winner learns, and so do its neighbours on the sheet.

        winner         c = argmin_i |x - w_i|
        neighbourhood  h_i = exp(-d(i, c)² / 2 radius²), d on the sheet
        online         w_i <- w_i + rate h_i (x - w_i)
        batch          w_i <- w_i + rate (m_i - w_i), m_i = sum_x h_i(x) x / sum_x h_i(x)

    Rate and radius fall during training. Kohonen, "Self-organized formation of topologically correct feature maps",
    1982; the batch map is of "Essentials of the self-organizing map", 2013, at a rate of 1.

    topology: "rectangular" or "hexagonal", as `MapGrid` says. neighbourhood: "gaussian" or "bubble", which is 1 up to
    the radius. weights: [rows][columns][features], uniform in [0, 1) at first, plain floats: the winner is a choice and
    has no gradient. seed: an int makes weights and orders reproducible.

    >>> som = SOM(2, (3, 3), seed=0).fit([[x / 9, y / 9] for x in range(10) for y in range(10)], epochs=20)
    >>> som.topographic_error([[0.1, 0.1], [0.5, 0.5], [0.9, 0.9]]), som.quantization_error([[0.5, 0.5]]) < 0.2
    (0.0, True)
    """

    def init_from(self, X: Any) -> Self:  # noqa: N803
        """Begin anew from rows of the data, drawn at random: for data that are far from [0, 1]."""
        rows = read_rows(X, self.features)
        self.weights = self.grid.in_rows(drawn_rows(rows, len(self.grid.places), self.rng))
        return self

    def fit(self, X: Any, *, epochs: int = 10, batch: bool = False, learning_rate: float | None = None,  # noqa: N803
            radius: float | None = None, rate_decay: str | Decay | None = None,
            radius_decay: str | Decay = "exponential", shuffle: bool = True,
            callback: Callable[[int, "SOM"], Any] | None = None) -> Self:
        """Learn from rows of ``features`` numbers, on from the present weights.

        batch: all rows at once, one step per epoch; else one row per step, each epoch in an order of its own unless
            ``shuffle`` is False.
        learning_rate, radius: of the first step; 0.5, or 1 for a batch, and half the longer side of the map.
        rate_decay, radius_decay: "constant"; "asymptotic", start / (1 + 2 s), s the share of steps done; "linear", to
            0, the radius to 1; "inverse", to a hundredth, the radius to 1; of the radius also "exponential", to 0.3; or
            a function of start and s. The default of the rate is "asymptotic", for a batch "constant".
        callback: is called with the number of each step, from 1, and this map as it is after it.
        """
        rows, epochs = read_rows(X, self.features), count("epochs", epochs)
        rate = share_above_0("learning_rate", (1.0 if batch else 0.5) if learning_rate is None else learning_rate)
        width = positive("radius", max(1.0, max(self.shape) / 2) if radius is None else radius)
        rate_at = read_decay("rate_decay", rate_decay or ("constant" if batch else "asymptotic"), RATES, not_negative)
        radius_at = read_decay("radius_decay", radius_decay, RADII, positive)
        batch, shuffle = flag("batch", batch), flag("shuffle", shuffle)
        units = self._units()       # copies: an error in the middle leaves the map as it was
        steps = epochs if batch else epochs * len(rows)
        order = list(range(len(rows)))
        for step in range(steps):
            now = rate_at(rate, step / steps), radius_at(width, step / steps)
            reach = partial(self.grid.influence, radius=now[1], neighbourhood=self.neighbourhood)
            if batch:
                batch_step(units, rows, now[0], reach)
            else:
                if shuffle and step % len(rows) == 0:
                    self.rng.shuffle(order)
                x = rows[order[step % len(rows)]]
                online_step(units, x, now[0], reach(nearest(x, units)))
            if callback is not None:
                self.weights = self.grid.in_rows(list(units))
                callback(step + 1, self)
        self.weights = self.grid.in_rows(units)
        return self


def online_step(units: Rows, x: list[float], rate: float, influence: list[float]) -> None:
    """Move each unit towards one row."""
    for i, h in enumerate(influence):
        g = rate * h
        if g:
            units[i] = [w + g * (a - w) for w, a in zip(units[i], x, strict=True)]


def batch_step(units: Rows, rows: Rows, rate: float, influence: Callable[[int], list[float]]) -> None:
    """Move each unit towards the mean of all rows, weighted by the influence that their winners have on it."""
    won: dict[int, Rows] = {}
    for x in rows:
        won.setdefault(nearest(x, units), []).append(x)
    sums = [*zip(*([fsum(xs) for xs in zip(*own, strict=True)] for own in won.values()), strict=True)]
    reach = [*zip(*map(influence, won), strict=True)]       # of each unit, for each winner
    for i, h in enumerate(reach):
        weight = fsum(a * len(own) for a, own in zip(h, won.values(), strict=True))
        if weight > 0.0:        # a bubble, or a narrow bell, may reach no winner
            means = [fsum(map(mul, h, s)) / weight for s in sums]
            units[i] = [w + rate * (m - w) for w, m in zip(units[i], means, strict=True)]
