"""Initial parameters drawn at random, with the variances that keep a signal's size from layer to layer."""

import math
from typing import Any

from nn.init.tensors import Seed, fans, filled, generator


def uniform_(tensor: Any, a: float = 0.0, b: float = 1.0, *, seed: Seed = None) -> Any:
    """Draw each number from [a, b].

    >>> from autograd import Value
    >>> rows = [[Value(0.0) for _ in range(100)]]
    >>> all(2.0 <= w.data <= 3.0 for w in uniform_(rows, 2.0, 3.0, seed=0)[0])
    True
    """
    if not a <= b:
        raise ValueError(f"uniform_: from {a} to {b} is no interval; give the smaller end first")
    rng = generator(seed)
    return filled("uniform_", tensor, lambda: rng.uniform(a, b))


def normal_(tensor: Any, mean: float = 0.0, std: float = 1.0, *, seed: Seed = None) -> Any:
    """Draw each number from the normal distribution; texts often begin with ``std=0.01``.

    >>> from autograd import Value
    >>> rows = [[Value(0.0) for _ in range(200)]]
    >>> sum(w.data**2 for w in normal_(rows, std=0.1, seed=0)[0]) / 200 < 0.02
    True
    """
    if not std >= 0.0:
        raise ValueError(f"normal_: the standard deviation std is at least 0, not {std}")
    rng = generator(seed)
    return filled("normal_", tensor, lambda: rng.gauss(mean, std))


def trunc_normal_(tensor: Any, mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0, *,
                  seed: Seed = None) -> Any:
    """Draw each number from the normal distribution, again and again until it lies in [a, b].

    a, b: at most 5 deviations from the mean on the wrong side, where draws would not end; else a ValueError.

    >>> from autograd import Value
    >>> rows = [[Value(0.0) for _ in range(100)]]
    >>> max(abs(w.data) for w in trunc_normal_(rows, seed=0)[0]) <= 2.0
    True
    """
    if not (std > 0.0 and a < b and a <= mean + 5.0 * std and b >= mean - 5.0 * std):
        raise ValueError(f"trunc_normal_: no number of mean {mean} and deviation {std} will fall in [{a}, {b}]; give "
                         "an interval that holds the mean")
    rng = generator(seed)

    def draw() -> float:
        x = rng.gauss(mean, std)
        while not a <= x <= b:
            x = rng.gauss(mean, std)
        return x

    return filled("trunc_normal_", tensor, draw)


def xavier_uniform_(tensor: Any, gain: float = 1.0, *, seed: Seed = None) -> Any:
    """Uniform with the variance gain² 2 / (fan_in + fan_out), for a list of rows: one per output, one Value per input.

    Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.

    >>> from autograd import Value
    >>> rows = [[Value(0.0) for _ in range(50)] for _ in range(50)]
    >>> max(abs(w.data) for row in xavier_uniform_(rows, seed=0) for w in row) <= (6 / 100)**0.5
    True
    """
    fan_in, fan_out = fans("xavier_uniform_", tensor)
    bound = gain * math.sqrt(6.0 / (fan_in + fan_out))
    return uniform_(tensor, -bound, bound, seed=seed)


def xavier_normal_(tensor: Any, gain: float = 1.0, *, seed: Seed = None) -> Any:
    """Normal with the variance gain² 2 / (fan_in + fan_out); see `xavier_uniform_`.

    >>> from autograd import Value
    >>> rows = [[Value(0.0) for _ in range(50)] for _ in range(50)]       # a variance of 2 / 100
    >>> 0.018 < sum(w.data**2 for row in xavier_normal_(rows, seed=0) for w in row) / 2500 < 0.022
    True
    """
    fan_in, fan_out = fans("xavier_normal_", tensor)
    return normal_(tensor, 0.0, gain * math.sqrt(2.0 / (fan_in + fan_out)), seed=seed)


def kaiming_uniform_(tensor: Any, a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", *,
                     seed: Seed = None) -> Any:
    """Uniform with the variance gain² / fan, for layers before a relu, or a leaky one of slope ``a``.

    He, Zhang, Ren, Sun, "Delving deep into rectifiers", 2015.

    >>> from autograd import Value
    >>> rows = [[Value(0.0) for _ in range(50)] for _ in range(50)]
    >>> max(abs(w.data) for row in kaiming_uniform_(rows, seed=0) for w in row) <= (6 / 50)**0.5
    True
    """
    bound = math.sqrt(3.0) * _deviation("kaiming_uniform_", tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, seed=seed)


def kaiming_normal_(tensor: Any, a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", *,
                    seed: Seed = None) -> Any:
    """Normal with the variance gain² / fan; see `kaiming_uniform_`.

    >>> from autograd import Value
    >>> rows = [[Value(0.0) for _ in range(50)] for _ in range(50)]       # a variance of 2 / 50
    >>> 0.036 < sum(w.data**2 for row in kaiming_normal_(rows, seed=0) for w in row) / 2500 < 0.044
    True
    """
    return normal_(tensor, 0.0, _deviation("kaiming_normal_", tensor, a, mode, nonlinearity), seed=seed)


def calculate_gain(nonlinearity: str, param: float = 0.01) -> float:
    """The factor of a layer's deviation with which a signal keeps its size behind this activation.

    >>> calculate_gain("relu") ** 2
    2.0000000000000004
    """
    gains = {"linear": 1.0, "sigmoid": 1.0, "conv1d": 1.0, "conv2d": 1.0, "tanh": 5.0 / 3.0, "relu": math.sqrt(2.0),
             "selu": 0.75, "leaky_relu": math.sqrt(2.0 / (1.0 + param * param))}
    if nonlinearity not in gains:
        raise ValueError(f"no gain is known for {nonlinearity!r}; use one of {', '.join(gains)}")
    return gains[nonlinearity]


def _deviation(name: str, tensor: Any, a: float, mode: str, nonlinearity: str) -> float:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"{name}: mode is 'fan_in' or 'fan_out', not {mode!r}")
    fan_in, fan_out = fans(name, tensor)
    return calculate_gain(nonlinearity, a) / math.sqrt(fan_in if mode == "fan_in" else fan_out)
