"""SOM: Kohonen's self-organising map, whose neighbouring units learn to answer to similar inputs."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from heapq import nsmallest
from math import dist, fsum
from operator import mul
from typing import Any, Self

from nn.init import Seed, generator
from nn.layers.competitive import drawn_rows, nearest
from nn.layers.data_rows import PlainState, read_rows
from nn.layers.decay import RADII, RATES, Decay, read_decay
from nn.layers.map_grid import MapGrid
from nn.validators import count, flag, not_negative, one_of, positive, share_above_0

Rows = list[list[float]]


class SOM(PlainState):
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

    def __init__(self, features: int, shape: tuple[int, int], seed: Seed = None, *, topology: str = "rectangular",
                 neighbourhood: str = "gaussian") -> None:
        if not isinstance(shape, (tuple, list)) or len(shape) != 2:
            raise ValueError(f"shape is the numbers of rows and columns, as in (6, 8), not {shape!r}")
        rows, columns = count("shape[0]", shape[0]), count("shape[1]", shape[1])
        self.features, self.shape = count("features", features), (rows, columns)
        self.grid = MapGrid(rows, columns, one_of("rectangular", "hexagonal")("topology", topology))
        self.neighbourhood = one_of("gaussian", "bubble")("neighbourhood", neighbourhood)
        self.rng = generator(seed)
        self.weights = [[[self.rng.random() for _ in range(features)] for _ in range(columns)] for _ in range(rows)]

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
            0, the radius to 1; "inverse", to a hundredth, the radius to 1; of the radius also "exponential", to 1/4; or
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

    def winner(self, x: Any) -> tuple[int, int]:
        """Row and column of the unit nearest to one row of numbers; the first of equally near ones."""
        return self.winners([x])[0]

    def winners(self, X: Any) -> list[tuple[int, int]]:  # noqa: N803
        """`winner` for each row."""
        units = self._units()
        return [divmod(nearest(x, units), self.shape[1]) for x in read_rows(X, self.features)]

    def quantization_error(self, X: Any) -> float:  # noqa: N803
        """The mean distance of a row to its winner's weights."""
        rows, units = read_rows(X, self.features), self._units()
        return fsum(min(dist(x, w) for w in units) for x in rows) / len(rows)

    def topographic_error(self, X: Any) -> float:  # noqa: N803
        """The share of rows whose two nearest units are no neighbours on the map: 0 where the sheet has no folds."""
        rows, units = read_rows(X, self.features), self._units()
        if len(units) < 2:
            raise ValueError("topographic_error asks whether the two nearest units are neighbours; this map has one")
        pairs = [nsmallest(2, range(len(units)), key=[dist(x, w) for w in units].__getitem__) for x in rows]
        return sum(not self.grid.adjacent(a, b) for a, b in pairs) / len(rows)

    def hits(self, X: Any) -> list[list[int]]:  # noqa: N803
        """How many rows each unit wins, as [rows][columns]."""
        won = Counter(self.winners(X))
        return [[won[r, c] for c in range(self.shape[1])] for r in range(self.shape[0])]

    def u_matrix(self) -> list[list[float]]:
        """The mean distance of each unit's weights to those of its neighbours: large where clusters end.

        Ultsch, Siemon, "Kohonen's self organizing feature maps for exploratory data analysis", 1990.
        """
        units = self._units()
        around = [[dist(w, units[j]) for j in self.grid.neighbours(i)] for i, w in enumerate(units)]
        return self.grid.in_rows([fsum(distances) / max(1, len(distances)) for distances in around])

    def _units(self) -> Rows:
        return [list(w) for row in self.weights for w in row]

    def _read_state(self, state: Mapping[str, Any]) -> dict[str, Any]:
        given = state["weights"]
        weights = [read_rows(row, self.features, f"weights[{r}]") for r, row in enumerate(given)] if hasattr(
            given, "__iter__") else []
        found = {(len(weights), len(row)) for row in weights}
        if found != {self.shape}:
            raise ValueError(f"load_state_dict: the weights are no map of {self.shape[0]} rows and {self.shape[1]} "
                             "columns, as this one is")
        return {"weights": weights}

    def __repr__(self) -> str:
        return f"SOM({self.features}, {self.shape}, topology={self.grid.topology!r})"


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
