"""RBF: a hidden layer of Gaussian bumps, and outputs that are linear in them."""

from collections.abc import Iterable, Sequence
from numbers import Real
from random import Random
from typing import Any

from autograd import Value, div, exp, mul, neg, square, sub
from autograd import sum as total
from nn.frames import framed
from nn.init import Seed, generator
from nn.layers.boolean_units import array_of, import_numpy
from nn.layers.data_rows import read_rows
from nn.layers.examples import is_row, of_each, wrong_inputs
from nn.layers.linear import Linear
from nn.layers.outputs import Outputs
from nn.layers.parameter_writing import write_numbers
from nn.module import Module
from nn.validators import count, not_negative, one_of, positive


class RBF(Module):
    """A radial basis function network: the outputs are linear in Gaussian bumps around centres.

        φ_j(x) = exp(-|x - c_j|² / (2 σ_j²))        y_k = bias_k + Σ_j weight_kj φ_j(x)

    centers: c, a row of ``in_features`` numbers for each unit; widths: σ, one for each unit; output: a `Linear` of the
    bumps. All are trained by `nn.fit`. Or in two steps without gradients: `place_centers` puts the centres among the
    data, and `solve` finds the best output layer for them, by linear least squares.

    Broomhead, Lowe, "Multivariable functional interpolation and adaptive networks", 1988; Moody, Darken, "Fast learning
    in networks of locally-tuned processing units", 1989.

    seed: of the first centres, uniform in [-1, 1], of the output layer, and of `place_centers`. Widths begin at 1.

    >>> rbf = RBF(1, 3, 1, seed=0)
    >>> rbf.place_centers([[0], [1], [2]], "rows", width=1.0)
    >>> rbf.solve([[0], [1], [2], [3]], [0, 1, 0, 1])
    >>> [abs(round(rbf([x])[0].data, 6)) for x in range(4)]
    [0.0, 1.0, 0.0, 1.0]
    """

    def __init__(self, in_features: int, units: int, out_features: int, *, seed: Seed = None) -> None:
        self.in_features, self.units = count("in_features", in_features), count("units", units)
        self._rng = generator(seed)
        self.centers = [[Value(self._rng.uniform(-1.0, 1.0), label=f"c{j},{i}") for i in range(1, in_features + 1)]
                        for j in range(1, units + 1)]
        self.widths = [Value(1.0, label=f"σ{j}") for j in range(1, units + 1)]
        self.output = Linear(units, out_features, seed=self._rng)

    def basis(self, x: Sequence[Any]) -> list[Any]:
        """φ_j(x) for each unit; of a list of examples a list."""
        return of_each(self._one, x)        # type: ignore[no-any-return]

    def _one(self, x: Sequence[Any]) -> list[Any]:
        if not is_row(x, self.in_features):
            raise wrong_inputs("RBF", x, self.in_features)
        x = tuple(x)
        distances = [total(square(sub(a, b)) for a, b in zip(x, center, strict=True)) for center in self.centers]
        return Outputs(framed("radial basis", exp(neg(div(d, mul(2.0, square(width))))), x)
                       for d, width in zip(distances, self.widths, strict=True))

    def __call__(self, x: Sequence[Any]) -> list[Any]:
        return self.output(self.basis(x))

    def place_centers(self, X: Any, method: str = "kmeans", *, width: float | None = None) -> None:  # noqa: N803
        """Put the centres among the rows of ``X``: "kmeans" at the middles of clusters, "rows" at rows drawn by chance.

        k-means is scikit-learn's where that is installed, otherwise Lloyd's iteration from rows drawn by chance; the
        two may end in different clusters. width: of all units; None takes for each the root mean square distance to
        its two nearest centres, as Moody and Darken do.
        """
        rows = read_rows(X, self.in_features, "RBF.place_centers: X")
        distinct = sorted(set(map(tuple, rows)))
        one_of("kmeans", "rows")("method", method)
        if len(distinct) < self.units:
            raise ValueError(f"RBF.place_centers: X has {len(distinct)} different rows for {self.units} centres; give "
                             "more rows, or make the RBF of fewer units")
        centers = distinct if len(distinct) == self.units else self._rng.sample(distinct, self.units)
        found = array_of(centers if method == "rows" else _k_means(rows, centers, self._rng))
        widths = _neighbour_distances(found) if width is None else array_of([positive("width", width)] * self.units)
        write_numbers("RBF.place_centers", [(self.centers, found), (self.widths, widths)])

    def solve(self, X: Any, y: Any, ridge: float = 0.0) -> None:  # noqa: N803
        """The output layer that fits ``y`` best, centres and widths as they are: linear least squares, in one step.

        y: a row of ``out_features`` numbers for each row of ``X``; of one output, a number will do. ridge: times the
        squares of the weights, not of the bias, is added to the sum of squared errors; noisy data need some. Without
        it the solution of least norm is taken where units overlap so much that there are several.
        """
        numpy, ridge = import_numpy(), not_negative("ridge", ridge)
        basis = self._basis(array_of(read_rows(X, self.in_features, "RBF.solve: X")))
        targets = array_of(read_rows(_columns(y), len(self.output.weight), "RBF.solve: y"))
        if len(targets) != len(basis):
            raise ValueError(f"RBF.solve: X has {len(basis)} rows and y {len(targets)}; give one target for each row")
        means = basis.mean(0), targets.mean(0)      # the bias takes these, so that the ridge does not see it
        left = numpy.vstack([basis - means[0], ridge ** 0.5 * numpy.eye(self.units)])
        right = numpy.vstack([targets - means[1], numpy.zeros((self.units, targets.shape[1]))])
        weight = numpy.linalg.lstsq(left, right, rcond=None)[0]
        bias = self.output.bias or []
        write_numbers("RBF.solve", [(self.output.weight, weight.T), (bias, means[1] - means[0] @ weight)])

    def _basis(self, x: Any) -> Any:
        """φ of each row of an array, a column for each unit."""
        columns = [((x - center) ** 2).sum(1) / (-2.0 * width ** 2)
                   for center, width in zip(array_of(self.centers), array_of(self.widths), strict=True)]
        return import_numpy().exp(columns).T

    def __repr__(self) -> str:
        return f"RBF({self.in_features}, {self.units}, {len(self.output.weight)})"


def _columns(y: Any) -> Any:
    """A table of one column for a list of numbers."""
    y = y.to_numpy() if hasattr(y, "to_numpy") else y
    y = y.tolist() if hasattr(y, "tolist") else y
    return [[t] if isinstance(t, Real) else t for t in y] if isinstance(y, Iterable) and not isinstance(y, str) else y


def _neighbour_distances(centers: Any) -> Any:
    """The root mean square distance of each centre to its two nearest others; 1 for a centre that is alone."""
    squares = ((centers[:, None] - centers) ** 2).sum(2)
    squares.sort(axis=1)
    return squares[:, 1:3].mean(1) ** 0.5 if len(centers) > 1 else array_of([1.0])


def _k_means(rows: list[list[float]], start: Any, rng: Random) -> Any:
    """The middles of ``len(start)`` clusters."""
    try:
        from sklearn.cluster import KMeans
    except ImportError:
        return _lloyd(array_of(rows), array_of(start))
    found = KMeans(len(start), n_init=10, random_state=rng.getrandbits(31)).fit(array_of(rows))
    return found.cluster_centers_


def _lloyd(x: Any, centers: Any) -> Any:
    """k-means by Lloyd's iteration: each row joins its nearest centre, each centre moves to the mean of its rows."""
    for _ in range(300):
        nearest = ((x[:, None] - centers) ** 2).sum(2).argmin(1)
        moved = array_of([x[nearest == j].mean(0) if (nearest == j).any() else center
                          for j, center in enumerate(centers)])
        if (moved == centers).all():
            break
        centers = moved
    return centers
