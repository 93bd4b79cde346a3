"""BatchNorm1d and LayerNorm: numbers shifted and scaled to mean 0 and variance 1, over a batch or over an example."""

from collections.abc import Sequence
from typing import Any

from autograd import Value, mean, sqrt, square
from nn.layers.examples import holds_rows, is_row, without_tensors, wrong_inputs
from nn.layers.outputs import Outputs
from nn.module import Module
from nn.nested import misplaced, no_numbers
from nn.validators import count, flag, positive, share


class BatchNorm1d(Module):
    """Each feature normalized over the examples of a batch.

        y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias

    Ioffe, Szegedy, "Batch normalization", 2015. In train mode E and Var (divided by n) are those of the batch, a list
    of n > 1 examples of ``num_features`` numbers; under `fit` that needs ``batched=True``. In eval mode they are the
    running statistics, and one example is taken, too. After a training step

        running = (1 - momentum) running + momentum observed,

    where the observed variance is divided by n - 1, as in PyTorch; ``momentum=None`` averages over all batches.
    affine: whether there are ``weight`` and ``bias``, which begin at 1 and 0. track_running_stats: if False, the
    batch's statistics are used in eval mode as well. Names and buffers are PyTorch's.

    >>> layer = BatchNorm1d(2, eps=1e-12)
    >>> [[y.data for y in row] for row in layer([[1.0, 10.0], [3.0, 30.0]])]
    [[-0.9999999999995, -0.999999999999995], [0.9999999999995, 0.999999999999995]]
    >>> [x.data for x in layer.running_mean]
    [0.2, 2.0]
    """

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1, affine: bool = True,
                 track_running_stats: bool = True) -> None:
        n = self.num_features = count("BatchNorm1d: num_features", num_features)
        self.eps = positive("BatchNorm1d: eps", eps)
        self.momentum = None if momentum is None else share("BatchNorm1d: momentum", momentum)
        self.affine, self.track_running_stats = flag("affine", affine), flag("track_running_stats", track_running_stats)
        self.weight: Any = None
        self.bias: Any = None
        if affine:
            self.weight, self.bias = _affine(n)
        for name, start in (("running_mean", [0.0] * n), ("running_var", [1.0] * n), ("num_batches_tracked", 0.0)):
            self.register_buffer(name, start if track_running_stats else None)

    running_mean: Any
    running_var: Any
    num_batches_tracked: Any

    def __call__(self, x: Any) -> Any:
        x = without_tensors(x)
        rows = list(x) if holds_rows(x) else [x]
        for row in rows:
            if holds_rows(row):
                raise ValueError(f"BatchNorm1d takes examples of {self.num_features} numbers, (N, C), and no sequences,"
                                 " (N, C, L): give each step as an example, [[channel[t] for channel in x] for x in X "
                                 "for t in range(L)]; LayerNorm takes sequences")
            if not is_row(row, self.num_features):
                raise wrong_inputs("BatchNorm1d", row, self.num_features)
            if no_numbers(row):
                raise TypeError(f"BatchNorm1d: {misplaced('input', x)}")
        if not self.training and self.track_running_stats:
            means, variances = self.running_mean, self.running_var
        else:
            if len(rows) < 2:
                raise ValueError("BatchNorm1d: the statistics of a batch need a list of at least 2 examples; train by "
                                 "fit(batched=True) with batches of 2 or more, or call eval() first")
            columns = [[row[j] for row in rows] for j in range(self.num_features)]
            means = [mean(column) for column in columns]
            variances = [mean([square(a - m) for a in column]) for column, m in zip(columns, means, strict=True)]
            if self.training and self.track_running_stats:
                self._track(means, variances, len(rows))
        deviations = [sqrt(v + self.eps) for v in variances]
        out = [_scaled(row, means, deviations, self.weight, self.bias) for row in rows]
        return out if holds_rows(x) else out[0]

    def _track(self, means: Sequence[Any], variances: Sequence[Any], n: int) -> None:
        tracked = self.num_batches_tracked + 1.0
        rate = 1.0 / tracked if self.momentum is None else self.momentum
        keep = 1.0 - rate
        self.update_buffer("running_mean", [keep * r + rate * m for r, m in zip(self.running_mean, means, strict=True)])
        self.update_buffer("running_var", [keep * r + rate * (v * (n / (n - 1)))
                                           for r, v in zip(self.running_var, variances, strict=True)])
        self.update_buffer("num_batches_tracked", tracked)

    def __repr__(self) -> str:
        return f"BatchNorm1d({self.num_features}, eps={self.eps:g}, momentum={self.momentum})"


class LayerNorm(Module):
    """The numbers of an example normalized over themselves: y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias.

    Ba, Kiros, Hinton, "Layer normalization", 2016. The same in train and eval mode. normalized_shape: how many numbers,
    or the sizes of the last dimensions, over which E and Var (divided by n) are taken; what is deeper, a sequence or a
    batch, is normalized piece by piece. elementwise_affine, bias: whether there are weight and bias, of that shape.

    >>> [round(y.data, 3) for y in LayerNorm(3)([1.0, 2.0, 3.0])]
    [-1.225, 0.0, 1.225]
    """

    def __init__(self, normalized_shape: int | Sequence[int], eps: float = 1e-5, elementwise_affine: bool = True,
                 bias: bool = True) -> None:
        sizes: list[Any] = [*normalized_shape] if hasattr(normalized_shape, "__iter__") else [normalized_shape]
        self.normalized_shape = tuple(count(f"LayerNorm: normalized_shape[{i}]", n) for i, n in enumerate(sizes))
        if not sizes:
            raise ValueError("LayerNorm: normalized_shape has no dimension; give at least one size")
        self.eps, self.elementwise_affine = positive("LayerNorm: eps", eps), flag("elementwise_affine",
                                                                                  elementwise_affine)
        size = 1
        for n in self.normalized_shape:
            size *= n
        weight, shift = _affine(size) if elementwise_affine else (None, None)
        self.weight = None if weight is None else _reshaped(weight, self.normalized_shape)
        self.bias = None if shift is None or not flag("bias", bias) else _reshaped(shift, self.normalized_shape)

    def __call__(self, x: Any) -> Any:
        return self._normalized(without_tensors(x))

    def _normalized(self, x: Any) -> Any:
        shape = _shape(x)
        depth = len(self.normalized_shape)
        if shape[len(shape) - depth:] != self.normalized_shape:
            raise ValueError(f"LayerNorm of {' x '.join(map(str, self.normalized_shape))} numbers was given "
                             f"{' x '.join(map(str, shape)) or 'one number'}")
        if len(shape) > depth:
            return [self._normalized(item) for item in x]
        if not _has_shape(x, self.normalized_shape):
            raise ValueError(f"LayerNorm of {' x '.join(map(str, self.normalized_shape))} numbers was given lists that "
                             "differ in length or depth")
        numbers = _flat(x, depth)
        if no_numbers(numbers):
            raise TypeError(f"LayerNorm: {misplaced('input', x)}")
        center = mean(numbers)
        deviation = sqrt(mean([square(a - center) for a in numbers]) + self.eps)
        n = len(numbers)
        out = _scaled(numbers, [center] * n, [deviation] * n, self.weight and _flat(self.weight, depth),
                      self.bias and _flat(self.bias, depth))
        return out if depth == 1 else _reshaped(out, self.normalized_shape)

    def __repr__(self) -> str:
        shape = self.normalized_shape
        return f"LayerNorm({shape[0] if len(shape) == 1 else shape}, eps={self.eps:g})"


def _affine(n: int) -> tuple[list[Value], list[Value]]:
    return ([Value(1.0, label=f"n{j}.w") for j in range(1, n + 1)],
            [Value(0.0, label=f"n{j}.b") for j in range(1, n + 1)])


def _scaled(row: Sequence[Any], means: Sequence[Any], deviations: Sequence[Any], weight: Sequence[Any] | None,
            bias: Sequence[Any] | None) -> Outputs:
    out = [(a - m) / d for a, m, d in zip(row, means, deviations, strict=True)]
    if weight is not None:
        out = [y * w for y, w in zip(out, weight, strict=True)]
    if bias is not None:
        out = [y + b for y, b in zip(out, bias, strict=True)]
    return Outputs(out)


def _shape(x: Any) -> tuple[int, ...]:
    """The sizes, by the first of each list."""
    sizes = []
    while hasattr(x, "__len__"):
        sizes.append(len(x))
        x = next(iter(x), None)
    return tuple(sizes)


def _has_shape(x: Any, shape: tuple[int, ...]) -> bool:
    """Whether each list in ``x`` has this shape, and not only the first."""
    if not shape or not hasattr(x, "__len__"):
        return not shape and (not hasattr(x, "__len__") or isinstance(x, str))
    return len(x) == shape[0] and all(_has_shape(item, shape[1:]) for item in x)


def _flat(x: Any, depth: int) -> list[Any]:
    return list(x) if depth == 1 else [number for item in x for number in _flat(item, depth - 1)]


def _reshaped(numbers: Sequence[Any], shape: tuple[int, ...]) -> list[Any]:
    if len(shape) == 1:
        return list(numbers)
    size = len(numbers) // shape[0]
    return [_reshaped(numbers[i:i + size], shape[1:]) for i in range(0, len(numbers), size)]
