"""Activations: autograd's functions as they are, and modules that apply them to one number or to each of a list."""

from collections.abc import Callable, Iterable
from numbers import Integral
from typing import Any

from autograd import elu, gelu, leaky_relu, logsumexp, relu, sigmoid, silu, softmax, softplus, sub, tanh
from nn.frames import framed
from nn.layers.examples import of_each, without_tensors
from nn.layers.outputs import Outputs
from nn.module import Module
from nn.validators import flag

__all__ = ["ELU", "GELU", "Identity", "LeakyReLU", "LogSoftmax", "ReLU", "SiLU", "Sigmoid", "Softmax", "Softplus",
           "Tanh", "elu", "gelu", "leaky_relu", "log_softmax", "relu", "sigmoid", "silu", "softmax", "softplus", "tanh"]


def log_softmax(xs: Iterable[Any]) -> list[Any]:
    """log of `softmax`, for each of ``xs``, without overflow: x - logsumexp(xs).

    >>> log_softmax([1000.0, 0.0])
    [0.0, -1000.0]
    """
    xs = list(xs) if hasattr(xs, "__iter__") else xs      # else logsumexp says what is wrong
    total = logsumexp(xs)
    return [framed("log_softmax", sub(x, total), xs) for x in xs]


class Elementwise(Module):
    """``function`` of one number, or of each number of a sequence, which gives a list; lists may hold lists.

    inplace, where a class takes it as in PyTorch, changes nothing: a Value is never overwritten.
    """

    function: Callable[..., Any]

    def __call__(self, x: Any) -> Any:
        return of_each(self._one, x)

    def _one(self, x: Any) -> Any:
        return Outputs(map(self._of, x)) if hasattr(x, "__len__") else self._of(x)

    def _of(self, x: Any) -> Any:
        return type(self).function(x)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Identity(Elementwise):
    """x itself.

    >>> Identity()([1.0, -2.0])
    [1.0, -2.0]
    """

    def _of(self, x: Any) -> Any:
        return x


class ReLU(Elementwise):
    """x where x > 0, else 0.

    >>> ReLU()([-1.0, 2.0])
    [0.0, 2.0]
    """

    function = relu

    def __init__(self, inplace: bool = False) -> None:
        flag("inplace", inplace)


class LeakyReLU(Elementwise):
    """x where x > 0, else ``negative_slope`` times x.

    >>> LeakyReLU(0.1)([-1.0, 2.0])
    [-0.1, 2.0]
    """

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        flag("inplace", inplace)
        self.negative_slope = negative_slope

    def _of(self, x: Any) -> Any:
        return leaky_relu(x, self.negative_slope)

    def __repr__(self) -> str:
        return f"LeakyReLU({self.negative_slope})"


class ELU(Elementwise):
    """x where x > 0, else alpha (e^x - 1).

    >>> ELU()([-1.0, 2.0])
    [-0.6321205588285577, 2.0]
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        flag("inplace", inplace)
        self.alpha = alpha

    def _of(self, x: Any) -> Any:
        return elu(x, self.alpha)

    def __repr__(self) -> str:
        return f"ELU({self.alpha})"


class GELU(Elementwise):
    """x times the normal distribution function of x.

    >>> GELU()(0.0)
    0.0
    >>> GELU()([3.0, -3.0])
    [2.99595030590511, -0.0040496940948902835]
    """

    function = gelu


class SiLU(Elementwise):
    """x sigmoid(x), also called swish.

    >>> SiLU()([0.0, 1.0])
    [0.0, 0.7310585786300049]
    """

    function = silu

    def __init__(self, inplace: bool = False) -> None:
        flag("inplace", inplace)


class Softplus(Elementwise):
    """log(1 + e^x), a smooth relu.

    >>> Softplus()([0.0, 100.0])
    [0.6931471805599453, 100.0]
    """

    function = softplus


class Sigmoid(Elementwise):
    """1 / (1 + e^-x).

    >>> Sigmoid()([0.0, 1.0])
    [0.5, 0.7310585786300049]
    """

    function = sigmoid


class Tanh(Elementwise):
    """tanh(x) = 2 sigmoid(2x) - 1.

    >>> Tanh()([0.0, 1.0])
    [0.0, 0.7615941559557649]
    """

    function = tanh


class _AlongLast(Module):
    """A function of sequences, along the last dimension."""

    function: Callable[..., Any]
    dim: int | None = None

    def __init__(self, dim: int | None = None) -> None:
        if dim is not None and (not isinstance(dim, Integral) or isinstance(dim, bool)):
            raise ValueError(f"{type(self).__name__}: dim is a whole number or None, not {dim!r}")
        self.dim = None if dim is None else int(dim)

    def __call__(self, x: Iterable[Any]) -> list[Any]:
        if self.dim is not None and self.dim != -1:
            self._check(without_tensors(x))
        return of_each(type(self).function, x)      # type: ignore[no-any-return]

    def _check(self, x: Any) -> None:
        depth = 0
        while hasattr(x, "__len__"):
            depth, x = depth + 1, next(iter(x), None)
        if self.dim != depth - 1:
            example = "; an example comes alone, and not in a batch" if depth == 1 else ""
            raise ValueError(f"{self} was given {depth} dimension{'s' * (depth != 1)}{example}: {type(self).__name__} "
                             "acts along the last one; write dim=-1")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'' if self.dim is None else f'dim={self.dim}'})"


class Softmax(_AlongLast):
    """e^x over the sum of all e^x, for each number of a sequence, or of each sequence in a list.

    dim: the last dimension, which is -1, or None; a number counts the dimensions of what the model is given, and
    examples come one by one unless `fit` has ``batched=True``. Another dimension is a ValueError.

    >>> Softmax(dim=-1)([0.0, 0.0])
    [0.5, 0.5]
    """

    function = softmax


class LogSoftmax(_AlongLast):
    """log(softmax(x)), without overflow; dim as of `Softmax`.

    >>> LogSoftmax()([1000.0, 0.0])
    [0.0, -1000.0]
    """

    function = log_softmax
