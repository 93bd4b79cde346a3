"""What batch and layer normalization share: the first weights and biases, and the shift and scale of a row."""

from collections.abc import Sequence
from typing import Any

from autograd import Value
from nn.frames import enclose
from nn.layers.outputs import Outputs

STATISTICS, SCALED = "mean and deviation", "outputs"        # the titles of frames inside the layer's


def first_affine(n: int) -> tuple[list[Value], list[Value]]:
    """Weights of 1 and biases of 0."""
    return ([Value(1.0, label=f"n{j}.w") for j in range(1, n + 1)],
            [Value(0.0, label=f"n{j}.b") for j in range(1, n + 1)])


def scaled(row: Sequence[Any], means: Sequence[Any], deviations: Sequence[Any], weight: Sequence[Any] | None,
           bias: Sequence[Any] | None, path: tuple[str, ...]) -> Outputs:
    """(a - mean) / deviation * weight + bias, for each number of a row. path: the titles of the layer's frames."""
    out = [(a - m) / d for a, m, d in zip(row, means, deviations, strict=True)]
    if weight is not None:
        out = [y * w for y, w in zip(out, weight, strict=True)]
    if bias is not None:
        out = [y + b for y, b in zip(out, bias, strict=True)]
    enclose(out, (*path, SCALED), (*row, *means, *deviations))
    return Outputs(out)


def enclose_statistics(path: tuple[str, ...], numbers: Sequence[Any], mean: Any, deviation: Any) -> None:
    """Frames of a mean and a deviation inside the layer's; each ends where the other begins, so that none is long."""
    enclose([mean], (*path, STATISTICS), tuple(numbers))
    enclose([deviation], (*path, STATISTICS), (*numbers, mean))
