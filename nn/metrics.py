"""Metrics: functions of all outputs and all targets that say how good a model is, in numbers people read."""

import warnings
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from operator import eq
from textwrap import shorten
from typing import Any

from nn.nested import listed


def accuracy(outputs: Sequence[Any], targets: Sequence[Any], threshold: float | None = None) -> float:
    """The part of the examples whose class is right.

    Of several outputs the largest names the class; the target is its number, counted from 0, or a one-hot list. Of
    sequences each step counts as an example: outputs ``[N][T][classes]``, targets ``[N][T]``. Several labels for one
    example are a ValueError: score each label by itself.

    One output names the class by its side of ``threshold``; the target then is above 0 (1) or not (0 or -1). Left out,
    the threshold is 0.5 for probabilities: targets 0 and 1, and every output in [0, 1]. Else it is 0, as for logits,
    scores and tanh. Outputs trained towards 0 and 1 without a sigmoid need ``lambda o, t: accuracy(o, t, 0.5)``; a
    warning says so where it seems to be meant.

    >>> accuracy([[0.1, 2.0, -1.0], [3.0, 0.0, 1.0]], [1, 2])
    0.5
    >>> accuracy([0.3, -2.0, 1.5], [1, -1, -1])
    0.6666666666666666
    >>> accuracy([0.1, 0.9, 0.8, 0.2], [0, 1, 1, 0])
    1.0
    >>> accuracy([[[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]]], [[1, 0, 0]])
    0.6666666666666666
    """
    _check_as_many("accuracy", outputs, targets)
    if {*map(type, targets)} == {int} and {*map(type, outputs)} == {list} and min(map(len, outputs)) > 1 and \
            {*map(type, chain.from_iterable(outputs))} == {float}:      # the usual case, fast
        right = map(eq, [output.index(max(output)) for output in outputs], targets)
        return len([*filter(None, right)]) / len(outputs)
    outputs, targets = _decisions("accuracy", outputs, targets, threshold)
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


def confusion_matrix(outputs: Sequence[Any], targets: Sequence[Any], threshold: float | None = None) -> list[list[int]]:
    """How many examples of each class (rows) were given each class (columns), as scikit-learn's.

    Outputs, targets and ``threshold`` as for `accuracy`; one output per example is for the two classes 0 and 1.

    >>> confusion_matrix([[0.1, 2.0], [3.0, 0.0], [0.5, 0.6]], [1, 0, 0])
    [[1, 1], [0, 1]]
    """
    _check_as_many("confusion_matrix", outputs, targets)
    outputs, targets = _decisions("confusion_matrix", outputs, targets, threshold)
    if threshold is None:
        threshold = usual_threshold([_one(o) for o in outputs if not _several(o)], [_one(target) for target in targets])
    size = max(len(output) if _several(output) else 2 for output in outputs)
    counts = [[0] * size for _ in range(size)]
    for output, target in zip(outputs, targets, strict=True):
        if _several(output):
            found, wanted = _largest(output), target
        else:
            found, wanted = int(_one(output) > threshold), int(_one(target) > 0)
        if wanted not in range(size):
            raise ValueError(f"confusion_matrix: there is no class {wanted} among {size} outputs")
        counts[int(wanted)][found] += 1
    return counts


def balanced_accuracy(outputs: Sequence[Any], targets: Sequence[Any], threshold: float | None = None) -> float:
    """The mean of each class's own accuracy, so that a rare class counts as much as a common one; as scikit-learn's.

    Arguments as for `confusion_matrix`. Classes that are no target do not count.

    >>> balanced_accuracy([[1.0, 0.0]] * 4, [0, 0, 0, 1])
    0.5
    """
    counts = confusion_matrix(outputs, targets, threshold)
    parts = [row[i] / sum(row) for i, row in enumerate(counts) if any(row)]
    return sum(parts) / len(parts)


def class_weights(targets: Sequence[int], classes: int | None = None) -> list[float]:
    """Weights for `cross_entropy` with which every class counts alike: examples / (classes * examples of the class).

    targets: numbers of classes, counted from 0. classes: how many there are, if not all occur; one without an example
    has weight 0. scikit-learn's "balanced". Their mean over the examples is 1. In `fit`, whose loss sees one example,
    give ``cross_entropy`` also ``reduction="sum"``, as the weight of one example cancels in its mean.

    >>> class_weights([0, 0, 0, 1])
    [0.6666666666666666, 2.0]
    """
    if any(hasattr(target, "__len__") and not isinstance(target, str) and getattr(target, "shape", None) != ()
           for target in targets):
        raise ValueError("class_weights: a target is a list; give the numbers of classes in one list, as in "
                         "[t for row in targets for t in row]")
    counts = Counter(map(int, targets))
    size = max(counts, default=-1) + 1 if classes is None else classes
    if not counts or min(counts) < 0 or max(counts) >= size:
        raise ValueError("class_weights: targets are the numbers of classes, counted from 0; give at least one")
    return [len(targets) / (len(counts) * counts[i]) if counts[i] else 0.0 for i in range(size)]


def usual_threshold(outputs: Sequence[Any], targets: Sequence[Any]) -> float:
    """0.5 where single outputs can be probabilities: all in [0, 1], and no target is negative; else 0.

    outputs: one number each. targets: numbers, or names of classes.

    >>> usual_threshold([0.1, 0.9], [0, 1]), usual_threshold([0.1, 0.9], [-1, 1]), usual_threshold([-2.0, 0.9], [0, 1])
    (0.5, 0.0, 0.0)
    """
    probable = outputs and all(0.0 <= x <= 1.0 for x in outputs)
    return 0.5 if probable and all(isinstance(t, str) or t >= 0 for t in targets) else 0.0


def _check_as_many(name: str, outputs: Sequence[Any], targets: Sequence[Any]) -> None:
    if len(outputs) != len(targets) or not len(outputs):
        raise ValueError(f"{name}: {len(outputs)} outputs and {len(targets)} targets; give as many of each")


def _decisions(name: str, outputs: Any, targets: Any, threshold: float | None) -> tuple[list[Any], list[Any]]:
    """Each output that names a class, of sequences one per step, and its target: of several outputs a class's number.
    """
    found: tuple[list[Any], list[Any]] = [], []
    waiting = [*zip(reversed(listed(outputs)), reversed(listed(targets)), strict=True)]
    while waiting:
        output, target = map(listed, waiting.pop())
        if isinstance(output, list) and output and isinstance(listed(output[0]), list):
            steps = target if isinstance(target, list) or len(output) > 1 else [target]
            if not isinstance(steps, list) or len(steps) != len(output):
                raise ValueError(f"{name}: an output of {len(output)} steps, and the target {_shown(target)}; give one "
                                 "for each step")
            waiting += zip(reversed(output), reversed(steps), strict=True)
            continue
        found[0].append(output)
        found[1].append(_class(name, target, len(output) if isinstance(output, list) else 1, threshold))
    return found


def _class(name: str, target: Any, outputs: int, threshold: float | None) -> Any:
    """The number of the class that a target names, which may be a one-hot list."""
    if not isinstance(target, list):
        return target
    if len(target) == 1 and not isinstance(listed(target[0]), list):
        return target[0]
    if len(target) != outputs or target.count(max(target)) > 1 or threshold is not None:
        raise ValueError(f"{name}: the target {_shown(target)} for {outputs} outputs is no class's number and no "
                         "one-hot list; of several labels, or of steps with one output, score each by itself, as in "
                         "[o for row in outputs for o in row], with its target")
    return _largest(target)


def _shown(target: Any) -> str:
    return shorten(repr(target), 60, placeholder=" ...")


def _towards_0_and_1(outputs: Sequence[Any], targets: Sequence[Any]) -> bool:
    """Whether they may be a regression of 0 and 1: nearer to these than to other whole numbers."""
    return all(-0.5 < x < 1.5 for x in outputs) and all(_one(t) in (0, 1) for t in targets)


def _score(outputs: Sequence[Any], targets: Sequence[Any], threshold: float) -> float:
    right = [_right(output, target, threshold) for output, target in zip(outputs, targets, strict=True)]
    return sum(right) / len(right)


def _right(output: Any, target: Any, threshold: float) -> bool:
    if _several(output):
        return bool(_largest(output) == target)
    return bool((_one(output) > threshold) == (_one(target) > 0))


def _several(output: Any) -> bool:
    return hasattr(output, "__len__") and len(output) > 1


def _one(x: Any) -> Any:
    """The number that stands for an example: the first of a list."""
    return x[0] if hasattr(x, "__len__") and not isinstance(x, str) else x


def _largest(numbers: Sequence[float]) -> int:
    return max(range(len(numbers)), key=numbers.__getitem__)
