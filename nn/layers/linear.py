"""Linear and Maxout: affine maps as matrices of Values, with PyTorch's names and first weights."""

from collections.abc import Sequence
from functools import reduce
from math import sqrt
from random import Random
from typing import Any

from autograd import Group, Value, dot, maximum
from nn.frames import entitle, titles
from nn.init import Seed, generator
from nn.layers.examples import is_row, of_each, wrong_inputs
from nn.layers.outputs import Outputs
from nn.module import Module
from nn.validators import count


class Linear(Module):
    """weight · x + bias: a list of ``out_features`` numbers for a sequence of ``in_features``.

    weight: a list of rows, one per output; bias: a list, or None. Both begin uniform in ±1/sqrt(in_features), as in
    torch.nn.Linear. seed: an int makes them reproducible, ``random.seed`` does not; a random.Random is used as it is.

    >>> linear = Linear(2, 3, seed=0)
    >>> len(linear.weight), len(linear.weight[0]), len(linear([0.5, -1.0]))
    (3, 2, 3)
    """

    _entitle = entitle

    def __init__(self, in_features: int, out_features: int, bias: bool = True, *, seed: Seed = None) -> None:
        in_features, out_features = count("in_features", in_features), count("out_features", out_features)
        rng = generator(seed)
        self.in_features, self.out_features = in_features, out_features
        self.weight = [_row(rng, in_features, f"n{j}.w") for j in range(1, out_features + 1)]
        self.bias = [_drawn(rng, in_features, f"n{j}.b") for j in range(1, out_features + 1)] if bias else None

    def __call__(self, x: Sequence[Any]) -> list[Any]:
        return of_each(self._one, x)        # type: ignore[no-any-return]

    def _one(self, x: Sequence[Any]) -> list[Any]:
        if not is_row(x, self.in_features):
            raise wrong_inputs("Linear", x, self.in_features)
        x = tuple(x)        # one for all outputs
        out = [dot(row, x) for row in self.weight]
        if self.bias is not None:
            out = [y + b for y, b in zip(out, self.bias, strict=True)]
        return _framed(out, (*titles(self), f"output {{}}  w·x{' + b' if self.bias else ''}"), x)

    def __repr__(self) -> str:
        return f"Linear({self.in_features}, {self.out_features}{'' if self.bias is not None else ', bias=False'})"


class Maxout(Module):
    """The largest of ``num_pieces`` affine maps, for each output: a convex function that is learned.

    weight[j][k] is the row of output j in piece k, bias[j][k] its bias. Where one of two pieces is 0, the other goes
    through a relu. Goodfellow, Warde-Farley, Mirza, Courville, Bengio, "Maxout networks", 2013.

    >>> maxout = Maxout(2, 3, seed=0)
    >>> len(maxout([0.5, -1.0]))
    3
    """

    _entitle = entitle

    def __init__(self, in_features: int, out_features: int, num_pieces: int = 2, *, seed: Seed = None) -> None:
        in_features, out_features = count("in_features", in_features), count("out_features", out_features)
        num_pieces = count("num_pieces", num_pieces)
        rng = generator(seed)
        self.in_features, self.out_features, self.num_pieces = in_features, out_features, num_pieces
        pieces, outputs = range(1, num_pieces + 1), range(1, out_features + 1)
        self.weight = [[_row(rng, in_features, f"n{j}.p{k}.w") for k in pieces] for j in outputs]
        self.bias = [[_drawn(rng, in_features, f"n{j}.p{k}.b") for k in pieces] for j in outputs]

    def __call__(self, x: Sequence[Any]) -> list[Any]:
        return of_each(self._one, x)        # type: ignore[no-any-return]

    def _one(self, x: Sequence[Any]) -> list[Any]:
        if not is_row(x, self.in_features):
            raise wrong_inputs("Maxout", x, self.in_features)
        x = tuple(x)
        out = [reduce(maximum, [dot(row, x) + b for row, b in zip(rows, biases, strict=True)])
               for rows, biases in zip(self.weight, self.bias, strict=True)]
        return _framed(out, (*titles(self), "output {}  max(w·x + b)"), x)

    def __repr__(self) -> str:
        return f"Maxout({self.in_features}, {self.out_features}, {self.num_pieces})"


def _row(rng: Random, n: int, label: str) -> list[Value]:
    return [_drawn(rng, n, f"{label}{i}") for i in range(1, n + 1)]


def _drawn(rng: Random, n: int, label: str) -> Value:
    return Value(rng.uniform(-1.0, 1.0) / sqrt(n), label=label)


def _framed(out: list[Any], path: tuple[str, ...], x: tuple[Any, ...]) -> Outputs:
    """The outputs of an affine layer, each with a frame around what it was made of, for pictures."""
    for j, y in enumerate(out, 1):
        if isinstance(y, Value) and y.op is not None:       # under no_grad there is nothing to frame
            y.group = Group((*path[:-1], path[-1].format(j)), x)
    return Outputs(out)
