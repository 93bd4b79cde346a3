"""Many boolean units at once, in NumPy arrays: their probabilities, and states drawn by chance."""

from random import Random
from typing import Any

from autograd import Value
from nn.layers.data_rows import BOOLEANS, Allowed, read_rows


def array_of(numbers: Any) -> Any:
    """A NumPy array of floats, from nested lists of numbers or Values."""
    return import_numpy().array(_plain(numbers), dtype=float)


def read_array(X: Any, features: int, name: str, allowed: Allowed) -> Any:  # noqa: N803
    """`read_rows` as a NumPy array."""
    return import_numpy().array(read_rows(X, features, name, allowed))


def logistic(x: Any) -> Any:
    """1 / (1 + exp(-x)), without overflow."""
    return 0.5 + 0.5 * import_numpy().tanh(0.5 * x)


def log1pexp(x: Any) -> Any:
    """log(1 + exp(x)), without overflow."""
    return import_numpy().logaddexp(0.0, x)


def all_states(units: int) -> Any:
    """The 2^units states of boolean units, a row each, in the order of binary numbers.

    >>> all_states(2).tolist()
    [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    """
    numpy = import_numpy()
    return (numpy.arange(2 ** units)[:, None] >> numpy.arange(units)[::-1] & 1).astype(float)


class Draws:
    """Chance, from a generator that ``rng`` begins."""

    def __init__(self, rng: Random) -> None:
        self._rng = import_numpy().random.default_rng(rng.getrandbits(64))

    def on(self, probabilities: Any) -> Any:
        """1 with the probability given, else 0, for each."""
        return (self._rng.random(probabilities.shape) < probabilities).astype(float)

    def coins(self, rows: int, units: int) -> Any:
        """States in which each unit is on with probability 1/2."""
        return (self._rng.random((rows, units)) < 0.5).astype(float)

    def order(self, rows: int) -> Any:
        """The numbers of the rows in random order."""
        return self._rng.permutation(rows)

    def states(self, where: str, start: Any, rows: int, units: int) -> Any:
        """The given states, one for each of ``rows`` chains, or random ones."""
        if start is None:
            return self.coins(rows, units)
        given = read_array(start, units, where, BOOLEANS)
        if len(given) != rows:
            raise ValueError(f"{where} has {len(given)} rows for {rows} chains; give one for each")
        return given


def _plain(x: Any) -> Any:
    return x.data if isinstance(x, Value) else [_plain(item) for item in x] if isinstance(x, (list, tuple)) else x


def import_numpy() -> Any:
    """NumPy, or an ImportError that says how to install it."""
    try:
        import numpy
    except ImportError:
        raise ImportError('machines of boolean units compute with NumPy: pip install ".[train]" in a clone of '
                          "pathgrad, or pip install numpy") from None
    return numpy
