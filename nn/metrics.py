"""Metrics: functions of all outputs and all targets that say how good a model is, in numbers people read."""

import warnings
from collections.abc import Sequence
from typing import Any


def accuracy(outputs: Sequence[Any], targets: Sequence[Any], threshold: float | None = None) -> float:
    """The part of the examples whose class is right.

    Of several outputs the largest names the class; the target is its number, counted from 0, or a one-hot list. One
    output names it by its side of ``threshold``; the target then is above 0 (1) or not (0 or -1). Left out, the
    threshold is 0.5 for probabilities: targets 0 and 1, and every output in [0, 1]. Else it is 0, as for logits, scores
    and tanh. Outputs trained towards 0 and 1 without a sigmoid need ``lambda o, t: accuracy(o, t, 0.5)``; a warning
    says so where it seems to be meant.

    >>> accuracy([[0.1, 2.0, -1.0], [3.0, 0.0, 1.0]], [1, 2])
    0.5
    >>> accuracy([0.3, -2.0, 1.5], [1, -1, -1])
    0.6666666666666666
    >>> accuracy([0.1, 0.9, 0.8, 0.2], [0, 1, 1, 0])
    1.0
    """
    if len(outputs) != len(targets) or not len(outputs):
        raise ValueError(f"accuracy: {len(outputs)} outputs and {len(targets)} targets; give as many of each")
    single = [_one(output) for output in outputs if not _several(output)]
    chosen = usual_threshold(single, [_one(target) for target in targets]) if threshold is None else threshold
    found = _score(outputs, targets, chosen)
    if threshold is None and single and chosen == 0.0 and _towards_0_and_1(single, targets):
        other = _score(outputs, targets, 0.5)
        if other > found:
            warnings.warn(f"accuracy: {found:.2g} by the sign of the output, and {other:.2g} by the threshold 0.5, for "
                          "targets 0 and 1 and outputs near them; write lambda o, t: accuracy(o, t, 0.5), or 0.0 for "
                          "logits", RuntimeWarning, stacklevel=2)
    return found


def usual_threshold(outputs: Sequence[Any], targets: Sequence[Any]) -> float:
    """0.5 where single outputs can be probabilities: all in [0, 1], and no target is negative; else 0.

    outputs: one number each. targets: numbers, or names of classes.

    >>> usual_threshold([0.1, 0.9], [0, 1]), usual_threshold([0.1, 0.9], [-1, 1]), usual_threshold([-2.0, 0.9], [0, 1])
    (0.5, 0.0, 0.0)
    """
    probable = outputs and all(0.0 <= x <= 1.0 for x in outputs)
    return 0.5 if probable and all(isinstance(t, str) or t >= 0 for t in targets) else 0.0


def _towards_0_and_1(outputs: Sequence[Any], targets: Sequence[Any]) -> bool:
    """Whether they may be a regression of 0 and 1: nearer to these than to other whole numbers."""
    return all(-0.5 < x < 1.5 for x in outputs) and all(_one(t) in (0, 1) for t in targets)


def _score(outputs: Sequence[Any], targets: Sequence[Any], threshold: float) -> float:
    right = [_right(output, target, threshold) for output, target in zip(outputs, targets, strict=True)]
    return sum(right) / len(right)


def _right(output: Any, target: Any, threshold: float) -> bool:
    if _several(output):
        return bool(_largest(output) == (_largest(target) if hasattr(target, "__len__") else target))
    return bool((_one(output) > threshold) == (_one(target) > 0))


def _several(output: Any) -> bool:
    return hasattr(output, "__len__") and len(output) > 1


def _one(x: Any) -> Any:
    """The number that stands for an example: the first of a list."""
    return x[0] if hasattr(x, "__len__") and not isinstance(x, str) else x


def _largest(numbers: Sequence[float]) -> int:
    return max(range(len(numbers)), key=numbers.__getitem__)
