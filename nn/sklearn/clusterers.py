"""SOMClusterer and ARTClusterer: units of a map, and categories of adaptive resonance, as clusters 0, 1, ..."""

from math import dist, fsum
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import ClusterMixin

from nn.layers.adaptive_resonance import FuzzyART
from nn.layers.competitive import nearest
from nn.layers.self_organizing_map import SOM
from nn.layers.unit_map import NEIGHBOURHOODS, TOPOLOGIES, map_shape
from nn.sklearn.estimators import Array, Estimator, whole
from nn.validators import Rule, count, flag, one_of, or_none, positive, share, share_above_0


class SOMClusterer(ClusterMixin, Estimator):  # type: ignore[misc]
    """`nn.SOM` as a clusterer: a cluster is a unit of the map that wins rows.

    Columns are scaled to [0, 1] by their range in ``fit``, and clipped later. Units that win no row of ``fit`` are no
    clusters; the others are numbered from 0, row by row of the map. Neighbours on the map are similar clusters.

    map_shape: rows and columns of the map, which begins at rows of the data. n_iter: epochs. batch, learning_rate,
    radius: as of `SOM.fit`; topology, neighbourhood: as of `SOM`.

    Fitted: labels_, cluster_centers_ [clusters][features] in the units of X, positions_ (row and column of each
    cluster), model_ (the SOM of the scaled columns), scaler_.

    >>> model = SOMClusterer((1, 2), random_state=0).fit([[0.0], [0.1], [5.0], [5.1]])
    >>> bool(model.labels_[0] == model.labels_[1] != model.labels_[2] == model.labels_[3])
    True
    """

    _rules: ClassVar[dict[str, Rule]] = {
        "map_shape": map_shape, "topology": one_of(*TOPOLOGIES), "neighbourhood": one_of(*NEIGHBOURHOODS),
        "n_iter": count, "batch": flag, "learning_rate": or_none(share_above_0), "radius": or_none(positive)}

    def __init__(self, map_shape: tuple[int, int] = (3, 3), *, topology: str = "rectangular",
                 neighbourhood: str = "gaussian", n_iter: int = 10, batch: bool = False,
                 learning_rate: float | None = None, radius: float | None = None, random_state: Any = None) -> None:
        self.map_shape = map_shape
        self.topology = topology
        self.neighbourhood = neighbourhood
        self.n_iter = n_iter
        self.batch = batch
        self.learning_rate = learning_rate
        self.radius = radius
        self.random_state = random_state

    @whole
    def fit(self, X: Any, y: Any = None) -> Self:
        """Train a new map; y is not used."""
        X = self._first_rows(X)
        shape, topology, neighbourhood, epochs, batch, rate, radius = self._parameters(
            "map_shape", "topology", "neighbourhood", "n_iter", "batch", "learning_rate", "radius")
        som = SOM(self.n_features_in_, shape, self._seed(), topology=topology, neighbourhood=neighbourhood)
        self.model_ = som.init_from(X).fit(X, epochs=epochs, batch=batch, learning_rate=rate, radius=radius)
        self.positions_, labels = np.unique(self.model_.winners(X), axis=0, return_inverse=True)
        self.labels_ = labels.ravel()       # NumPy 2.0 gives a column
        self.cluster_centers_ = self.scaler_.inverse_transform(self._centers())
        return self

    def predict(self, X: Any) -> Array:
        """The nearest cluster of each row."""
        rows, centers = self._rows(X).tolist(), self._centers()
        return np.array([nearest(row, centers) for row in rows])

    def score(self, X: Any, y: Any = None) -> float:
        """Minus the mean distance of a row to the centre of its cluster, between scaled columns; y is not used.

        The larger, the better, as searches ask; for the rows of ``fit`` minus the `quantization_error` of the map.
        """
        rows, centers = self._rows(X).tolist(), self._centers()
        return -fsum(min(dist(row, center) for center in centers) for row in rows) / len(rows)

    def _centers(self) -> list[list[float]]:
        """The weights of the units that are clusters."""
        return [self.model_.weights[r][c] for r, c in self.positions_]


class ARTClusterer(ClusterMixin, Estimator):  # type: ignore[misc]
    """`nn.FuzzyART` as a clusterer: the vigilance, and not a number of clusters, says how much rows of one may differ.

    Columns are scaled to [0, 1] by their range in ``fit``, and clipped later. After ``n_iter`` epochs each row goes to
    the category with the largest choice; categories that get no row are left out. The order of rows matters.

    vigilance: from 0 (few clusters) to 1 (one for each row that differs). choice, learning_rate: as of `FuzzyART`.

    Fitted: labels_, boxes_ [clusters][lower, upper corner][features] in the units of X, model_ (the FuzzyART), scaler_.

    >>> ARTClusterer(vigilance=0.8).fit_predict([[0], [100], [8], [52]]).tolist()
    [0, 1, 0, 2]
    """

    _rules: ClassVar[dict[str, Rule]] = {"vigilance": share, "choice": positive, "learning_rate": share_above_0,
                                         "n_iter": count}

    def __init__(self, vigilance: float = 0.6, *, choice: float = 1e-3, learning_rate: float = 1.0,
                 n_iter: int = 1) -> None:
        self.vigilance = vigilance
        self.choice = choice
        self.learning_rate = learning_rate
        self.n_iter = n_iter

    @whole
    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn new categories from the rows in their order; y is not used."""
        X = self._first_rows(X)
        *parameters, epochs = self._parameters("vigilance", "choice", "learning_rate", "n_iter")
        self.model_ = FuzzyART(*parameters).fit(X, epochs=epochs)
        kept, self.labels_ = np.unique(self.model_.predict(X), return_inverse=True)
        self.model_.weights = [self.model_.weights[i] for i in kept]
        corners = np.array(self.model_.boxes())
        self.boxes_ = np.stack([self.scaler_.inverse_transform(corners[:, i]) for i in (0, 1)], 1)
        return self

    def predict(self, X: Any) -> Array:
        """The cluster of each row: the category with the largest choice."""
        rows = self._rows(X)
        return np.array(self.model_.predict(rows))

    def score(self, X: Any, y: Any = None) -> float:
        """Minus the mean distance of a row to the centre of its cluster's box, between scaled columns; y is not used.

        The larger, the better, as searches ask. More clusters come closer to their rows: search ``choice`` or
        ``learning_rate`` by it, and the vigilance by what the clusters are for.
        """
        rows = self._rows(X).tolist()
        centers = [[(a + b) / 2.0 for a, b in zip(*box, strict=True)] for box in self.model_.boxes()]
        return -fsum(dist(row, centers[i]) for row, i in zip(rows, self.model_.predict(rows), strict=True)) / len(rows)
