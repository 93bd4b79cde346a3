"""accumulate: the mean of a function over rows and its gradient by parameters, for loops that `fit` does not write."""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from operator import add
from threading import Lock
from typing import Any

from autograd import Environment, Value, no_grad, value_and_grad, vmap

KEPT = 8        # functions whose code is kept


class _Accumulated:
    """A function with its code, and the state outside it that the code has constants of."""

    def __init__(self, f: Callable[..., Any], parameters: list[Value], args: Sequence[Any]) -> None:
        self.environment, self._slopes = Environment(f), value_and_grad(f, wrt=parameters)
        self._run = vmap(self._slopes, reduce="mean")
        with suppress(Exception), no_grad(), self.environment:      # what is wrong, vmap says; a dict has no first row
            for row in islice(_each(args), 1):
                f(*row)
        self._draws = bool(self.environment.drawn)
        self.environment.restore()

    def __call__(self, args: Sequence[Any]) -> tuple[float, list[float]]:
        try:
            return self._each_drawn(args) if self._draws else self._run(*args)
        except (TypeError, ValueError):
            _check_lengths(args)
            raise

    def _each_drawn(self, args: Sequence[Any]) -> tuple[float, list[float]]:
        """Row by row: code would draw once, for all rows."""
        total, sums, count = 0.0, array("d"), 0
        for row in _each(args):
            value, slopes = self._slopes(*row)
            sums = array("d", map(add, sums or [0.0] * len(slopes), slopes))
            total, count = total + value, count + 1
        if not count:
            raise ValueError("accumulate: the mean of no rows; give at least one")
        return total / count, [x / count for x in sums]


def _check_lengths(args: Sequence[Any]) -> None:
    """ValueError where arguments have different numbers of rows: what vmap advises, a user of accumulate cannot do."""
    counts: dict[int, int] = {}
    for i, x in enumerate(args):
        if isinstance(x, (int, float, Value)) or getattr(x, "shape", None) == ():
            raise ValueError(f"accumulate: argument {i} is one number, which has no rows; let the function read it "
                             "from outside")
        if hasattr(x, "__len__") and not isinstance(x, (dict, tuple, str)):
            counts[i] = len(x)
    for i, count in counts.items():
        if count != (first := counts[min(counts)]):
            raise ValueError(f"accumulate: argument {i} has {count} rows, and argument {min(counts)} has {first}; give "
                             "the same number")


def _each(args: Sequence[Any]) -> Iterator[list[Any]]:
    """The arguments of each row."""
    tables = [x.to_numpy() if hasattr(x, "to_numpy") else x for x in args]
    return (list(row) for row in zip(*tables, strict=True))


_recent: OrderedDict[Any, _Accumulated] = OrderedDict()
_lock = Lock()


def accumulate(f: Callable[..., Any], parameters: Iterable[Value], rows: Any) -> tuple[float, list[float]]:
    """The mean of ``f`` over all rows, and its gradient by the parameters, a list of floats in their order.

    f: a function of one row, which gives one number and reads the parameters, as the loss of a model does.
    rows: the argument of ``f`` with an axis of rows, as `vmap` takes it: a list, or an array of shape (n,) or (n, k).
        A tuple holds several arguments, each with n rows: ``(X, y)`` for ``f(x, y)``.

    As `fit` computes a batch, to the bit: values and gradients are added up from 0.0 on in the order of the rows, and
    divided by their number last. Nothing is written: assign the gradients to ``p.grad`` for an optimiser. The code of
    the functions that were used last is kept; give the same function in each step. What it reads from outside, such
    as numbers and lists, may change between calls. One that draws random numbers, as Dropout does, runs row by row,
    eagerly. ValueError where there are no rows, or not the same number of each; else the errors of `vmap`.

    >>> from nn import Linear
    >>> layer = Linear(2, 1, seed=0)
    >>> def loss(x, y):
    ...     return (layer(x)[0] - y)**2
    >>> mean, gradients = accumulate(loss, layer.parameters(), ([[0.0, 1.0], [1.0, 0.0]], [1.0, -1.0]))
    >>> len(gradients)
    3
    """
    chosen = [*parameters]
    args = rows if type(rows) is tuple else (rows,)
    return _known(f, chosen, args)(args)


def _known(f: Callable[..., Any], parameters: list[Value], args: Sequence[Any]) -> _Accumulated:
    key = f, tuple(map(id, parameters))     # which the code keeps alive
    try:
        with _lock:
            known = _recent.pop(key, None)
    except TypeError:       # a function without a hash
        return _Accumulated(f, parameters, args)
    if known is None or known.environment.changed():
        known = _Accumulated(f, parameters, args)
    with _lock:
        _recent[key] = known
        while len(_recent) > KEPT:
            _recent.popitem(last=False)
    return known
