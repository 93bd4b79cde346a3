"""accumulate: the mean of a function over rows and its gradient by parameters, for loops that `fit` does not write."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

from autograd import Environment, Value, value_and_grad, vmap

KEPT = 8        # functions whose code is kept


class _Accumulated:
    """A function with its code, and the state outside it that the code has constants of."""

    def __init__(self, f: Callable[..., Any], parameters: list[Value]) -> None:
        self.environment = Environment(f)
        self.run = vmap(value_and_grad(f, wrt=parameters), reduce="mean")


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
    as numbers and lists, may change between calls. ValueError where there are no rows; else the errors of `vmap`.

    >>> from nn import Linear
    >>> layer = Linear(2, 1, seed=0)
    >>> def loss(x, y):
    ...     return (layer(x)[0] - y)**2
    >>> mean, gradients = accumulate(loss, layer.parameters(), ([[0.0, 1.0], [1.0, 0.0]], [1.0, -1.0]))
    >>> len(gradients)
    3
    """
    chosen = [*parameters]
    known = _known(f, chosen)
    return known.run(*rows) if type(rows) is tuple else known.run(rows)     # type: ignore[no-any-return]


def _known(f: Callable[..., Any], parameters: list[Value]) -> _Accumulated:
    key = f, tuple(map(id, parameters))     # which the code keeps alive
    try:
        with _lock:
            known = _recent.pop(key, None)
    except TypeError:       # a function without a hash
        return _Accumulated(f, parameters)
    if known is None or known.environment.changed():
        known = _Accumulated(f, parameters)
    with _lock:
        _recent[key] = known
        while len(_recent) > KEPT:
            _recent.popitem(last=False)
    return known
