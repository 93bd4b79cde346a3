"""BatchNorm1d and BatchNorm2d: each feature, or channel, shifted and scaled to mean 0 and variance 1 over a batch."""

from collections.abc import Sequence
from typing import Any

from autograd import mean, sqrt, square
from nn.frames import entitle, titles
from nn.layers.examples import holds_rows, is_row, refuse_pair, without_tensors, wrong_inputs
from nn.layers.outputs import Outputs
from nn.layers.scaling import enclose_statistics, first_affine, scaled
from nn.layers.windows import depth_of, folded, shape_of, unfolded
from nn.module import Module
from nn.nested import misplaced, nested_lists, no_numbers
from nn.validators import count, flag, positive, share


class _BatchNorm(Module):
    """What the two share: rows of features, their statistics, the running ones, weight and bias."""

    _entitle = entitle

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1, affine: bool = True,
                 track_running_stats: bool = True) -> None:
        name = type(self).__name__
        n = self.num_features = count(f"{name}: num_features", num_features)
        self.eps = positive(f"{name}: eps", eps)
        self.momentum = None if momentum is None else share(f"{name}: momentum", momentum)
        self.affine, self.track_running_stats = flag("affine", affine), flag("track_running_stats", track_running_stats)
        self.weight: Any = None
        self.bias: Any = None
        if affine:
            self.weight, self.bias = first_affine(n)
        for name, start in (("running_mean", [0.0] * n), ("running_var", [1.0] * n), ("num_batches_tracked", 0.0)):
            self.register_buffer(name, start if track_running_stats else None)

    running_mean: Any
    running_var: Any
    num_batches_tracked: Any

    def _of_the_batch(self) -> bool:
        """Whether the statistics are those of the batch that is given."""
        return self.training or not self.track_running_stats

    def _normalized(self, rows: Sequence[Sequence[Any]]) -> list[Outputs]:
        """Each row of ``num_features``, normalized by the mean and variance of each column."""
        if self._of_the_batch():
            columns = [[row[j] for row in rows] for j in range(self.num_features)]
            means = [mean(column) for column in columns]
            variances = [mean([square(a - m) for a in column]) for column, m in zip(columns, means, strict=True)]
            if self.training and self.track_running_stats:
                self._track(means, variances, len(rows))
        else:
            means, variances = self.running_mean, self.running_var
        deviations = [sqrt(v + self.eps) for v in variances]
        if self._of_the_batch():
            for some in zip(columns, means, deviations, strict=True):
                enclose_statistics(titles(self), *some)
        return [scaled(row, means, deviations, self.weight, self.bias, titles(self)) for row in rows]

    def _track(self, means: Sequence[Any], variances: Sequence[Any], n: int) -> None:
        tracked = self.num_batches_tracked + 1.0
        rate = 1.0 / tracked if self.momentum is None else self.momentum
        keep = 1.0 - rate
        self.update_buffer("running_mean", [keep * r + rate * m for r, m in zip(self.running_mean, means, strict=True)])
        self.update_buffer("running_var", [keep * r + rate * (v * (n / (n - 1)))
                                           for r, v in zip(self.running_var, variances, strict=True)])
        self.update_buffer("num_batches_tracked", tracked)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.num_features}, eps={self.eps:g}, momentum={self.momentum})"


class BatchNorm1d(_BatchNorm):
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
        if self._of_the_batch() and len(rows) < 2:
            raise ValueError("BatchNorm1d: the statistics of a batch need a list of at least 2 examples; train by "
                             "fit(batched=True) with batches of 2 or more, or call eval() first")
        out = self._normalized(rows)
        return out if holds_rows(x) else out[0]


class BatchNorm2d(_BatchNorm):
    """Each channel normalized over the places of all images of a batch, ``[N][num_features][H][W]``.

        y[n][c][i][j] = (x[n][c][i][j] - E[x_c]) / sqrt(Var[x_c] + eps) * weight[c] + bias[c]

    Ioffe, Szegedy, "Batch normalization", 2015. In train mode E and Var (divided by N H W) are those of channel c in
    the batch, a list of images; under `fit` that needs ``batched=True``. In eval mode they are the running statistics,
    and one image ``[num_features][H][W]`` is taken, too. All else is as in `BatchNorm1d`, names and buffers PyTorch's.

    >>> layer = BatchNorm2d(1, eps=1e-12)
    >>> [[[y.data for y in row] for row in image[0]] for image in layer([[[[1.0, 3.0]]], [[[3.0, 1.0]]]])]
    [[[-0.9999999999995, 0.9999999999995]], [[0.9999999999995, -0.9999999999995]]]
    """

    def __call__(self, x: Any) -> Any:
        refuse_pair(x)
        x = nested_lists(x)
        images = x if depth_of(x) == 4 else [x]
        shapes = [shape_of("BatchNorm2d", image, 3) for image in images]
        if len(set(shapes)) != 1 or shapes[0][0] != self.num_features:
            other = next(shape for shape in shapes if shape != (self.num_features, *shapes[0][1:]))
            raise ValueError(f"BatchNorm2d of {self.num_features} channels takes images of one size, and was given one "
                             f"of {' x '.join(map(str, other))}")
        if self._of_the_batch() and (images is not x or len(images) * shapes[0][1] * shapes[0][2] < 2):
            raise ValueError("BatchNorm2d: the statistics of a batch need a list of images, with at least 2 numbers in "
                             "a channel; train by fit(batched=True), or call eval() first")
        places = [row for image in images for row in zip(*[unfolded(plane, 2) for plane in image], strict=True)]
        out, (_, height, width) = self._normalized(places), shapes[0]
        size = height * width
        found = [[folded(list(plane), (height, width)) for plane in zip(*out[i:i + size], strict=True)]
                 for i in range(0, len(out), size)]
        return found if images is x else found[0]
