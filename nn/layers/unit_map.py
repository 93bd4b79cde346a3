"""UnitMap: the units of a map, and what can be asked of them: winners, errors, hits and distances."""

from collections import Counter
from collections.abc import Mapping
from heapq import nsmallest
from math import dist, fsum
from typing import Any

from nn.init import Seed, generator
from nn.layers.competitive import nearest
from nn.layers.data_rows import PlainState, read_rows
from nn.layers.map_grid import MapGrid
from nn.validators import count, one_of

TOPOLOGIES, NEIGHBOURHOODS = ("rectangular", "hexagonal"), ("gaussian", "bubble")


def map_shape(name: str, x: Any) -> tuple[int, int]:
    """The rule for the shape of a map."""
    if not isinstance(x, (tuple, list)) or len(x) != 2:
        raise ValueError(f"{name} is the numbers of rows and columns, as in (6, 8), not {x!r}")
    return count(f"{name}[0]", x[0]), count(f"{name}[1]", x[1])


class UnitMap(PlainState):
    """Units in rows and columns, each with weights as long as a row of the data; `SOM` says how they learn."""

    def __init__(self, features: int, shape: tuple[int, int], seed: Seed = None, *, topology: str = "rectangular",
                 neighbourhood: str = "gaussian") -> None:
        rows, columns = self.shape = map_shape("shape", shape)
        self.features = count("features", features)
        self.grid = MapGrid(rows, columns, one_of(*TOPOLOGIES)("topology", topology))
        self.neighbourhood = one_of(*NEIGHBOURHOODS)("neighbourhood", neighbourhood)
        self.rng = generator(seed)
        self.weights = [[[self.rng.random() for _ in range(features)] for _ in range(columns)] for _ in range(rows)]

    def winner(self, x: Any) -> tuple[int, int]:
        """Row and column of the unit nearest to one row of numbers; the first of equally near ones."""
        return self.winners([x])[0]

    def winners(self, X: Any) -> list[tuple[int, int]]:  # noqa: N803
        """`winner` for each row."""
        return [divmod(number, self.shape[1]) for number in self.predict(X)]

    def predict(self, X: Any) -> list[int]:  # noqa: N803
        """The number of each row's winner, counted from 0, row by row of the map: its cluster.

        `winners` says where on the map these are: ``divmod(number, columns)``.
        """
        units = self._units()
        return [nearest(x, units) for x in read_rows(X, self.features)]

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

    def _units(self) -> list[list[float]]:
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
        return f"{type(self).__name__}({self.features}, {self.shape}, topology={self.grid.topology!r})"
