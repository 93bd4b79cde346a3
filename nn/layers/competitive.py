"""CompetitiveLayer: units that compete for each input, of which the winner alone learns."""

from collections.abc import Mapping
from math import dist
from typing import Any, Self

from nn.init import Seed, generator
from nn.layers.data_rows import PlainState, read_rows
from nn.validators import count, flag, share_above_0


class CompetitiveLayer(PlainState):
    """Winner takes all: the unit whose weights are nearest to the input answers 1, all others 0, and it alone learns.

        winner    c = argmin_i |x - w_i|
        learning  w_c <- w_c + rate (x - w_c)

    Rumelhart, Zipser, "Feature discovery by competitive learning", 1985, with Euclidean distances, so that inputs need
    no common length. A unit that is far from all data never wins, and never learns; so in training the distance counts
    times the number of wins (``frequency_sensitive``): Ahalt, Krishnamurthy, Chen, Melton, "Competitive learning
    algorithms for vector quantization", 1990.

    weights: [units][in_features], uniform in [0, 1) at first, plain floats: the winner is a choice and has no gradient.

    >>> layer = CompetitiveLayer(2, 2, seed=0).fit([[0.0, 0.1], [0.1, 0.0], [1.0, 0.9], [0.9, 1.0]])
    >>> layer.winner([0.0, 0.0]) != layer.winner([1.0, 1.0]), sorted(layer([0.0, 0.0]))
    (True, [0.0, 1.0])
    """

    def __init__(self, in_features: int, units: int, seed: Seed = None) -> None:
        self.in_features, self.units = count("in_features", in_features), count("units", units)
        self.rng = generator(seed)
        self.weights = [[self.rng.random() for _ in range(in_features)] for _ in range(units)]

    def init_from(self, X: Any) -> Self:  # noqa: N803
        """Begin anew from rows of the data, drawn at random: for data that are far from [0, 1]."""
        self.weights = drawn_rows(read_rows(X, self.in_features), self.units, self.rng)
        return self

    def fit(self, X: Any, *, epochs: int = 10, learning_rate: float = 0.5, shuffle: bool = True,  # noqa: N803
            frequency_sensitive: bool = True) -> Self:
        """Learn from rows of ``in_features`` numbers, on from the present weights.

        learning_rate: of the first step; it falls linearly to 0. shuffle: each epoch in an order of its own.
        """
        rows = read_rows(X, self.in_features)
        steps = count("epochs", epochs) * len(rows)
        first = share_above_0("learning_rate", learning_rate)
        fair, mixed = flag("frequency_sensitive", frequency_sensitive), flag("shuffle", shuffle)
        weights, wins = list(self.weights), [1] * self.units       # an error in the middle leaves the layer as it was
        order = list(range(len(rows)))
        for step in range(steps):
            if step % len(rows) == 0 and mixed:
                self.rng.shuffle(order)
            x = rows[order[step % len(rows)]]
            c = nearest(x, weights, wins if fair else None)
            wins[c] += 1
            rate = first * (1.0 - step / steps)
            weights[c] = [w + rate * (a - w) for w, a in zip(weights[c], x, strict=True)]
        self.weights = weights
        return self

    def winner(self, x: Any) -> int:
        """The index of the unit that is nearest to one row; the first of equally near ones."""
        return nearest(read_rows([x], self.in_features, "x")[0], self.weights)

    def __call__(self, x: Any) -> list[float]:
        """The outputs of the units: 1 of the winner, 0 of all others."""
        c = self.winner(x)
        return [float(i == c) for i in range(self.units)]

    def predict(self, X: Any) -> list[int]:  # noqa: N803
        """The winner for each row."""
        return [nearest(x, self.weights) for x in read_rows(X, self.in_features)]

    def _read_state(self, state: Mapping[str, Any]) -> dict[str, Any]:
        weights = read_rows(state["weights"], self.in_features, "weights")
        if len(weights) != self.units:
            raise ValueError(f"load_state_dict: weights has {len(weights)} rows, and this layer {self.units} units")
        return {"weights": weights}

    def __repr__(self) -> str:
        return f"CompetitiveLayer({self.in_features}, {self.units})"


def nearest(x: list[float], weights: list[list[float]], factors: list[int] | None = None) -> int:
    """The index of the least distance, times its factor; the first of equals."""
    distances = [dist(x, w) for w in weights]
    if factors is not None:
        distances = [d * factor for d, factor in zip(distances, factors, strict=True)]
    return distances.index(min(distances))


def drawn_rows(rows: list[list[float]], n: int, rng: Any) -> list[list[float]]:
    """Copies of ``n`` rows drawn at random, different ones while there are enough."""
    picked = rng.sample(range(len(rows)), n) if n <= len(rows) else rng.choices(range(len(rows)), k=n)
    return [list(rows[i]) for i in picked]
