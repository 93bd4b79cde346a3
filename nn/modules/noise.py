"""Noise: numbers drawn by chance that compiled code reads as inputs; and what else a run of a model leaves behind it.

Under `fit` each run of the model and the loss is a `Run`: it says where the numbers come from, which depends on the
seed, the epoch and the example alone, and keeps the new numbers of buffers until the step is done.
"""

from collections.abc import Callable, Iterator
from contextvars import ContextVar, Token
from hashlib import blake2b
from itertools import count
from math import pi
from numbers import Integral
from random import Random
from struct import unpack
from typing import Any

from autograd import TraceError, Value, cos, log, mul, sqrt, sub

Draw = Callable[[], Any]
_run: "ContextVar[Run | None]" = ContextVar("nn_run", default=None)


class Run:
    """A block around one run of a model: the source of its random numbers, and the buffers that it changes.

    draw: gives the next number of [0, 1). batched: whether buffers may change.
    """

    def __init__(self, draw: Draw, batched: bool = False) -> None:
        self._draw, self.batched = draw, batched
        self.draws = 0
        self.updates: list[tuple[Value, Any]] = []
        self._before: Token[Run | None] | None = None

    def draw(self) -> Any:
        """The next number."""
        self.draws += 1
        return self._draw()

    def __enter__(self) -> "Run":
        self._before = _run.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            _run.reset(self._before)


def drawn_by(key: str) -> Draw:
    """A source that begins anew for each key, and costs nothing until it is asked: the hashes of the key and a count.
    """
    numbers = _numbers(key)
    return lambda: next(numbers)


def _numbers(key: str) -> Iterator[float]:
    for block in count():
        for word in unpack("<8Q", blake2b(f"{key}, {block}".encode()).digest()):
            yield (word >> 11) * 2.0**-53


class Noise:
    """A generator of random numbers for a model or a loss: Dropout's masks, noise on inputs, samples of a latent code.

    Under `fit` its numbers depend on fit's seed, the epoch and the example (or batch) alone: a resumed training draws
    the same, and so does compiled code, which reads them as inputs and is not traced again. Elsewhere they follow
    from ``seed``, an int, or differ in each run.

    >>> from nn import Linear, Module
    >>> class Noisy(Module):
    ...     def __init__(self):
    ...         self.linear, self.noise = Linear(2, 1, seed=0), Noise(seed=0)
    ...     def __call__(self, x):
    ...         if self.training:
    ...             x = [a + self.noise.gauss(0.0, 0.1) for a in x]
    ...         return self.linear(x)
    >>> noisy, again = Noisy(), Noisy()
    >>> first = noisy([1.0, 2.0])[0].data
    >>> first == again([1.0, 2.0])[0].data, first == noisy([1.0, 2.0])[0].data
    (True, False)
    """

    def __init__(self, seed: int | None = None) -> None:
        if seed is not None and (isinstance(seed, bool) or not isinstance(seed, Integral)):
            raise TypeError(f"seed is a whole number or None, not {seed!r}")
        self.seed = None if seed is None else int(seed)
        self._rng = Random(self.seed)

    def random(self) -> Any:
        """A number of [0, 1), each as likely."""
        run = _run.get()
        return self._rng.random() if run is None else run.draw()

    def uniform(self, a: Any = 0.0, b: Any = 1.0) -> Any:
        """A number of [a, b)."""
        return a + (b - a) * self.random()

    def gauss(self, mu: Any = 0.0, sigma: Any = 1.0) -> Any:
        """A number of the normal distribution, from two of `random` (Box and Muller, 1958)."""
        radius = sqrt(mul(-2.0, log(sub(1.0, self.random()))))
        return mu + sigma * mul(radius, cos(mul(2.0 * pi, self.random())))

    def __repr__(self) -> str:
        return f"Noise({'' if self.seed is None else self.seed})"


def replace_later(name: str, buffer: Any, numbers: Any) -> None:
    """Give the Values of ``buffer`` these numbers: at once, or in a `Run` at its end."""
    pairs = _pairs(name, buffer, numbers)
    run = _run.get()
    if run is None:
        try:
            new = [x.data if isinstance(x, Value) else float(x) for _, x in pairs]
        except TraceError:
            raise TraceError(f"{name} in a function that is compiled would change nothing; train with fit(batched=True)"
                             ", which takes it over after each step, or call eval() first") from None
        for (value, _), x in zip(pairs, new, strict=True):
            value.data = x
    elif run.batched:
        run.updates += pairs
    else:
        raise ValueError(f"{name}: fit gives the model one example at a time, and statistics need the examples of a "
                         "batch; write fit(..., batched=True)")


def _pairs(name: str, buffer: Any, numbers: Any) -> list[tuple[Value, Any]]:
    if isinstance(buffer, Value):
        return [(buffer, numbers)]
    if not hasattr(numbers, "__len__") or len(buffer) != len(numbers):
        raise ValueError(f"{name}: the numbers have another shape than the buffer")
    return [pair for value, x in zip(buffer, numbers, strict=True) for pair in _pairs(name, value, x)]
