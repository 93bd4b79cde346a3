"""Initial parameters: numbers from a seeded generator, or constants, assigned to Values in place."""

import math
from collections.abc import Callable
from operator import index
from random import Random
from typing import Any

from autograd import Value

Seed = int | Random | None


def generator(seed: Seed) -> Random:
    """A generator of its own for an int or None; a random.Random is used as it is, and goes on from where it was."""
    if isinstance(seed, Random):
        return seed
    if seed is not None and (isinstance(seed, bool) or not hasattr(seed, "__index__")):      # NumPy's ints are some too
        raise TypeError(f"seed is a whole number, a random.Random or None, not {seed!r}")
    return Random(None if seed is None else index(seed))


def constant_(tensor: Any, val: float) -> Any:
    """Give each Value of ``tensor``, a Value or a (nested) list of Values, the number ``val``.

    >>> constant_([Value(1.0), Value(2.0)], 0.5)
    [Value(data=0.5, grad=0.0), Value(data=0.5, grad=0.0)]
    """
    return _filled("constant_", tensor, lambda: val)


def zeros_(tensor: Any) -> Any:
    """Give each Value the number 0."""
    return _filled("zeros_", tensor, lambda: 0.0)


def uniform_(tensor: Any, a: float = 0.0, b: float = 1.0, *, seed: Seed = None) -> Any:
    """Draw each number from [a, b]."""
    if not a <= b:
        raise ValueError(f"uniform_: from {a} to {b} is no interval; give the smaller end first")
    rng = generator(seed)
    return _filled("uniform_", tensor, lambda: rng.uniform(a, b))


def normal_(tensor: Any, mean: float = 0.0, std: float = 1.0, *, seed: Seed = None) -> Any:
    """Draw each number from the normal distribution; texts often begin with ``std=0.01``."""
    if not std >= 0.0:
        raise ValueError(f"normal_: the standard deviation std is at least 0, not {std}")
    rng = generator(seed)
    return _filled("normal_", tensor, lambda: rng.gauss(mean, std))


def xavier_uniform_(tensor: Any, gain: float = 1.0, *, seed: Seed = None) -> Any:
    """Uniform with the variance gain² 2 / (fan_in + fan_out), for a list of rows: one per output, one Value per input.

    Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
    """
    fan_in, fan_out = _fans("xavier_uniform_", tensor)
    bound = gain * math.sqrt(6.0 / (fan_in + fan_out))
    return uniform_(tensor, -bound, bound, seed=seed)


def xavier_normal_(tensor: Any, gain: float = 1.0, *, seed: Seed = None) -> Any:
    """Normal with the variance gain² 2 / (fan_in + fan_out); see `xavier_uniform_`."""
    fan_in, fan_out = _fans("xavier_normal_", tensor)
    return normal_(tensor, 0.0, gain * math.sqrt(2.0 / (fan_in + fan_out)), seed=seed)


def kaiming_uniform_(tensor: Any, a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", *,
                     seed: Seed = None) -> Any:
    """Uniform with the variance gain² / fan, for layers before a relu, or a leaky one of slope ``a``.

    He, Zhang, Ren, Sun, "Delving deep into rectifiers", 2015.
    """
    bound = math.sqrt(3.0) * _deviation("kaiming_uniform_", tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, seed=seed)


def kaiming_normal_(tensor: Any, a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", *,
                    seed: Seed = None) -> Any:
    """Normal with the variance gain² / fan; see `kaiming_uniform_`."""
    return normal_(tensor, 0.0, _deviation("kaiming_normal_", tensor, a, mode, nonlinearity), seed=seed)


def calculate_gain(nonlinearity: str, param: float = 0.01) -> float:
    """The factor of a layer's deviation with which a signal keeps its size behind this activation.

    >>> calculate_gain("relu") ** 2
    2.0000000000000004
    """
    gains = {"linear": 1.0, "sigmoid": 1.0, "tanh": 5.0 / 3.0, "relu": math.sqrt(2.0),
             "leaky_relu": math.sqrt(2.0 / (1.0 + param * param))}
    if nonlinearity not in gains:
        raise ValueError(f"no gain is known for {nonlinearity!r}; use one of {', '.join(gains)}")
    return gains[nonlinearity]


def _deviation(name: str, tensor: Any, a: float, mode: str, nonlinearity: str) -> float:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"{name}: mode is 'fan_in' or 'fan_out', not {mode!r}")
    fan_in, fan_out = _fans(name, tensor)
    return calculate_gain(nonlinearity, a) / math.sqrt(fan_in if mode == "fan_in" else fan_out)


def _fans(name: str, tensor: Any) -> tuple[int, int]:
    """The numbers of inputs and outputs of a list of rows."""
    rows = list(tensor) if isinstance(tensor, (list, tuple)) else []
    if not rows or not all(isinstance(row, (list, tuple)) and row and len(row) == len(rows[0]) for row in rows):
        raise ValueError(f"{name} takes a list of rows of Values, one row per output, as linear.weight; give one "
                         "neuron's weights as [neuron.w]")
    return len(rows[0]), len(rows)


def _filled(name: str, tensor: Any, draw: Callable[[], float]) -> Any:
    for value in _values(name, tensor):
        value.data = draw()
    return tensor


def _values(name: str, tensor: Any) -> list[Value]:
    """All Values of ``tensor``; the error for anything else comes before the first is assigned."""
    if isinstance(tensor, Value) and tensor.op is None:
        return [tensor]
    if not isinstance(tensor, (list, tuple)):
        what = "a computed Value" if isinstance(tensor, Value) else type(tensor).__name__
        raise TypeError(f"{name} takes a parameter, which is a Value or a list of Values, not {what}; give "
                        "linear.weight, say")
    return [value for item in tensor for value in _values(name, item)]
