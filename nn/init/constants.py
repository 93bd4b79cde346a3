"""Initial parameters that are constants or matrices of a kind: the identity, orthogonal, sparse."""

import math
from typing import Any

from nn.init.tensors import Seed, filled, generator, shape
from nn.validators import count, share


def constant_(tensor: Any, val: float) -> Any:
    """Give each Value of ``tensor``, a Value or a (nested) list of Values, the number ``val``.

    >>> from autograd import Value
    >>> constant_([Value(1.0), Value(2.0)], 0.5)
    [Value(data=0.5, grad=0.0), Value(data=0.5, grad=0.0)]
    """
    return filled("constant_", tensor, lambda: val)


def zeros_(tensor: Any) -> Any:
    """Give each Value the number 0.

    >>> from autograd import Value
    >>> [w.data for w in zeros_([Value(5.0), Value(5.0)])]
    [0.0, 0.0]
    """
    return filled("zeros_", tensor, lambda: 0.0)


def ones_(tensor: Any) -> Any:
    """Give each Value the number 1.

    >>> from autograd import Value
    >>> [w.data for w in ones_([Value(0.0), Value(0.0)])]
    [1.0, 1.0]
    """
    return filled("ones_", tensor, lambda: 1.0)


def eye_(tensor: Any) -> Any:
    """Give a list of rows the numbers of the identity matrix: 1 on the diagonal, 0 elsewhere.

    >>> from autograd import Value
    >>> [[w.data for w in row] for row in eye_([[Value(9.0) for _ in range(3)] for _ in range(2)])]
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    rows, columns = _matrix("eye_", tensor)
    return _assigned("eye_", tensor, [float(i == j) for i in range(rows) for j in range(columns)])


def dirac_(tensor: Any, groups: int = 1) -> Any:
    """Give kernels ``[output][channel]`` a 1 in the middle where output and channel agree: the layer copies its input.

    groups: the outputs are in as many groups, in each of which counting begins anew.

    >>> from autograd import Value
    >>> kernels = [[[Value(9.0) for _ in range(3)]]]      # one output, one channel, three weights
    >>> [w.data for w in dirac_(kernels)[0][0]]
    [0.0, 1.0, 0.0]
    """
    sizes = shape("dirac_", tensor)
    if not 3 <= len(sizes) <= 5 or sizes[0] % count("dirac_: groups", groups):
        raise ValueError(f"dirac_ takes the kernels of a convolution, whose outputs are a multiple of groups={groups}, "
                         f"not a tensor of shape {sizes}")
    size, middle = math.prod(sizes[2:]), 0
    for length in sizes[2:]:
        middle = middle * length + length // 2
    per_group = sizes[0] // groups
    return _assigned("dirac_", tensor, [float(i % per_group == j and k == middle)
                                        for i in range(sizes[0]) for j in range(sizes[1]) for k in range(size)])


def orthogonal_(tensor: Any, gain: float = 1.0, *, seed: Seed = None) -> Any:
    """Give a list of rows, or kernels as rows, orthonormal numbers times ``gain``: its rows, or if fewer its columns.

    Saxe, McClelland, Ganguli, "Exact solutions to the nonlinear dynamics of learning", 2014. Normal draws, made
    orthogonal one after another (Gram and Schmidt's method, twice, which is accurate to rounding).

    >>> from autograd import Value
    >>> (a, b), (c, d) = orthogonal_([[Value(0.0), Value(0.0)] for _ in range(2)], seed=0)
    >>> abs((a * c + b * d).data) < 1e-12
    True
    """
    sizes = shape("orthogonal_", tensor)
    if len(sizes) < 2:
        raise ValueError("orthogonal_ takes a list of rows of Values, one row per output, as linear.weight")
    rng, rows, columns = generator(seed), sizes[0], math.prod(sizes[1:])
    basis: list[list[float]] = []
    for _ in range(min(rows, columns)):
        x = [rng.gauss(0.0, 1.0) for _ in range(max(rows, columns))]
        for other in basis * 2:
            along = math.fsum(map(float.__mul__, x, other))
            x = [a - along * b for a, b in zip(x, other, strict=True)]
        length = math.hypot(*x)
        basis.append([a / length for a in x])
    entries = [row[j] for row in basis for j in range(columns)] if rows <= columns else \
        [column[i] for i in range(rows) for column in basis]
    return _assigned("orthogonal_", tensor, [gain * x for x in entries])


def sparse_(tensor: Any, sparsity: float, std: float = 0.01, *, seed: Seed = None) -> Any:
    """Draw from the normal distribution, and set the share ``sparsity`` of each column of a list of rows to 0.

    Martens, "Deep learning via Hessian-free optimization", 2010.

    >>> from autograd import Value
    >>> rows = sparse_([[Value(9.0)] for _ in range(4)], sparsity=0.5, seed=0)
    >>> [row[0].data for row in rows].count(0.0)
    2
    """
    share("sparse_: sparsity", sparsity)
    rows, columns = _matrix("sparse_", tensor)
    rng, zeros = generator(seed), math.ceil(sparsity * rows)
    entries = [[rng.gauss(0.0, std) for _ in range(columns)] for _ in range(rows)]
    for j in range(columns):
        for i in rng.sample(range(rows), zeros):
            entries[i][j] = 0.0
    return _assigned("sparse_", tensor, [x for row in entries for x in row])


def _matrix(name: str, tensor: Any) -> tuple[int, int]:
    sizes = shape(name, tensor)
    if len(sizes) != 2:
        raise ValueError(f"{name} takes a list of rows of Values, one row per output, as linear.weight, not a tensor "
                         f"of shape {sizes}")
    return sizes[0], sizes[1]


def _assigned(name: str, tensor: Any, entries: list[float]) -> Any:
    left = iter(entries)
    return filled(name, tensor, lambda: next(left))
