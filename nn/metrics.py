"""Metrics: functions of all outputs and all targets that say how good a model is, in numbers people read."""

from collections.abc import Sequence
from typing import Any


def accuracy(outputs: Sequence[Any], targets: Sequence[Any], threshold: float = 0.0) -> float:
    """The part of the examples whose class is right.

    Of several outputs the largest names the class; the target is its number, counted from 0, or a one-hot list. One
    output names it by its side of ``threshold``: 0 for scores, logits and tanh; ``lambda o, t: accuracy(o, t, 0.5)``
    for probabilities. The target then is above 0 (1) or not (0 or -1).

    >>> accuracy([[0.1, 2.0, -1.0], [3.0, 0.0, 1.0]], [1, 2])
    0.5
    >>> accuracy([0.3, -2.0, 1.5], [1, -1, -1])
    0.6666666666666666
    """
    if len(outputs) != len(targets) or not len(outputs):
        raise ValueError(f"accuracy: {len(outputs)} outputs and {len(targets)} targets; give as many of each")
    right = [_right(output, target, threshold) for output, target in zip(outputs, targets, strict=True)]
    return sum(right) / len(right)


def _right(output: Any, target: Any, threshold: float) -> bool:
    if hasattr(output, "__len__") and len(output) > 1:
        return bool(_largest(output) == (_largest(target) if hasattr(target, "__len__") else target))
    above, wanted = ((x[0] if hasattr(x, "__len__") else x) for x in (output, target))
    return bool((above > threshold) == (wanted > 0))


def _largest(numbers: Sequence[float]) -> int:
    return max(range(len(numbers)), key=numbers.__getitem__)
