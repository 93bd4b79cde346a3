"""Metrics: functions of all outputs and all targets that say how good a model is, in numbers people read."""

import warnings
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from math import isnan
from operator import eq
from textwrap import shorten
from typing import Any

from autograd import Value
from nn.nested import listed

NONE = -1           # the class of an example with a nan
BEYOND = 0.125      # E max(|x - 1/2| - 1/2, 0) <= 1/8 where E (x - 1/2)² <= 1/4, as of targets 0 and 1 and their fits
UNCLEAR = 1.0       # outputs further from [0, 1] than this are not nearly 0 or 1


def accuracy(outputs: Sequence[Any], targets: Sequence[Any], threshold: float | None = None) -> float:
    """The part of the examples whose class is right.

    Of several outputs the largest names the class; the target is its number, counted from 0, or a one-hot list. Of
    sequences each step counts as an example: outputs ``[N][T][classes]``, targets ``[N][T]``. Several labels for one
    example are a ValueError: score each label by itself.

    One output names the class by its side of ``threshold``; the target is 1, or else 0 or -1. Left out, the threshold
    is 0 for targets 1 and -1. For 1 and 0 it is 0.5, as for probabilities and for a regression of 1 and 0; outputs that
    leave [0, 1] by more than 1/8 in the mean, which least squares of 1 and 0 cannot, are logits, with threshold 0. A
    warning says so where some leave it, and the other threshold would find more right: small logits look like a
    regression. ``lambda o, t: accuracy(o, t, 0.0)`` decides.

    An example with a nan among its outputs is wrong. A target that names no class is a ValueError.

    >>> accuracy([[0.1, 2.0, -1.0], [3.0, 0.0, 1.0]], [1, 2])
    0.5
    >>> accuracy([0.3, -2.0, 1.5], [1, -1, -1])
    0.6666666666666666
    >>> accuracy([0.1, 0.9, 0.8, 0.2], [0, 1, 1, 0])
    1.0
    >>> accuracy([-1e-9, 1.0000001, 0.98, 0.01], [0, 1, 1, 0])
    1.0
    >>> accuracy([[[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]]], [[1, 0, 0]])
    0.6666666666666666
    """
    _check_as_many("accuracy", outputs, targets)
    if {*map(type, targets)} == {int} and {*map(type, outputs)} == {list} and min(map(len, outputs)) > 1 and \
            {*map(type, chain.from_iterable(outputs))} == {float} and min(targets) >= 0 and \
            max(targets) < min(map(len, outputs)) and not isnan(sum(chain.from_iterable(outputs))):     # usual, fast
        right = map(eq, [output.index(max(output)) for output in outputs], targets)
        return len([*filter(None, right)]) / len(outputs)
    decisions = _decisions("accuracy", outputs, targets, threshold)
    return sum(found == wanted for found, wanted, _ in decisions) / len(decisions)


def confusion_matrix(outputs: Sequence[Any], targets: Sequence[Any], threshold: float | None = None) -> list[list[int]]:
    """How many examples of each class (rows) were given each class (columns), as scikit-learn's.

    Outputs, targets and ``threshold`` as for `accuracy`; one output per example is for the two classes 0 and 1.

    >>> confusion_matrix([[0.1, 2.0], [3.0, 0.0], [0.5, 0.6]], [1, 0, 0])
    [[1, 1], [0, 1]]
    """
    _check_as_many("confusion_matrix", outputs, targets)
    decisions = _decisions("confusion_matrix", outputs, targets, threshold)
    size = max(classes for _, _, classes in decisions)
    counts = [[0] * size for _ in range(size)]
    for i, (found, wanted, _) in enumerate(decisions):
        if found == NONE:
            raise ValueError(f"confusion_matrix: example {i} has a nan among its outputs and so no class; leave it out")
        counts[wanted][found] += 1
    return counts


def balanced_accuracy(outputs: Sequence[Any], targets: Sequence[Any], threshold: float | None = None) -> float:
    """The mean of each class's own accuracy, so that a rare class counts as much as a common one; as scikit-learn's.

    Arguments as for `accuracy`. Classes that are no target do not count.

    >>> balanced_accuracy([[1.0, 0.0]] * 4, [0, 0, 0, 1])
    0.5
    """
    _check_as_many("balanced_accuracy", outputs, targets)
    right: dict[int, list[bool]] = {}
    for found, wanted, _ in _decisions("balanced_accuracy", outputs, targets, threshold):
        right.setdefault(wanted, []).append(found == wanted)
    parts = [sum(some) / len(some) for _, some in sorted(right.items())]
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
    counts = Counter(int(x) if x % 1 == 0 else NONE for x in map(float, map(_one, targets)))
    size = max(counts, default=-1) + 1 if classes is None else classes
    if not counts or min(counts) < 0 or max(counts) >= size:
        raise ValueError("class_weights: targets are the numbers of classes, counted from 0; give at least one")
    return [len(targets) / (len(counts) * counts[i]) if counts[i] else 0.0 for i in range(size)]


def usual_threshold(name: str, outputs: Sequence[float], positive: Sequence[bool], signed: bool,
                    advice: str, level: int = 2) -> float:
    """The threshold that splits single outputs where the caller gives none, as `accuracy` says.

    outputs: one number per example. positive: which examples are of the second class. signed: whether the first class
    is -1, not 0. name, advice: of the caller, for the warning, whose place is ``level`` calls above this one.

    >>> [usual_threshold("f", x, [False, True], False, "") for x in ([0.1, 0.9], [-0.1, 1.1], [-2.0, 0.9])]
    [0.5, 0.5, 0.0]
    """
    if signed or not outputs:
        return 0.0
    beyond = [max(-x, x - 1.0, 0.0) for x in outputs if x == x]
    chosen, other = (0.5, 0.0) if sum(beyond) <= BEYOND * len(beyond) else (0.0, 0.5)
    if any(beyond) and all(x <= UNCLEAR for x in beyond):

        def right(threshold: float) -> int:
            return sum((x > threshold) == side for x, side in zip(outputs, positive, strict=True) if x == x)

        if right(other) > right(chosen):
            warnings.warn(f"{name}: the threshold is {chosen:g}, and {other:g} would find more right: outputs near "
                          f"targets 0 and 1 may be a regression (0.5) or small logits (0); {advice}", RuntimeWarning,
                          stacklevel=level + 1)
    return chosen


def _check_as_many(name: str, outputs: Sequence[Any], targets: Sequence[Any]) -> None:
    if len(outputs) != len(targets) or not len(outputs):
        raise ValueError(f"{name}: {len(outputs)} outputs and {len(targets)} targets; give as many of each")


def _decisions(name: str, outputs: Any, targets: Any, threshold: float | None) -> list[tuple[int, int, int]]:
    """Of each example, and of each step of a sequence: the class found, the class wanted, and how many there are."""
    examples = _examples(name, outputs, targets, threshold)
    single = [(_one(output), _one(target)) for output, target in examples if not _several(output)]
    values = {target for _, target in single}
    if strange := [target for target in values if target not in (0, 1, -1)]:
        raise ValueError(f"{name}: the target {_shown(strange[0])} for one output is no class; classes are 0 and 1, or "
                         "-1 and 1")
    if threshold is None:
        threshold = usual_threshold(name, [x for x, _ in single], [target > 0 for _, target in single], -1 in values,
                                    f"write lambda o, t: {name}(o, t, 0.5), or 0.0 for logits", 3)
    found = []
    for output, target in examples:
        if not _several(output):
            x = _one(output)
            found.append((int(x > threshold) if x == x else NONE, int(_one(target) > 0), 2))
            continue
        if _one(target) not in range(len(output)):
            raise ValueError(f"{name}: there is no class {_shown(target)} among {len(output)} outputs")
        found.append((_largest(output) if all(x == x for x in output) else NONE, int(_one(target)), len(output)))
    return found


def _examples(name: str, outputs: Any, targets: Any, threshold: float | None) -> list[tuple[Any, Any]]:
    """Each output that names a class, of sequences one per step, and its target: of several outputs a class's number.
    """
    found: list[tuple[Any, Any]] = []
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
        found.append((output, _class(name, target, len(output) if isinstance(output, list) else 1, threshold)))
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


def _several(output: Any) -> bool:
    return hasattr(output, "__len__") and len(output) > 1


def _one(x: Any) -> Any:
    """The plain number that stands for an example: the first of a list."""
    x = x[0] if hasattr(x, "__len__") and not isinstance(x, str) else x
    return x.data if isinstance(x, Value) else x


def _largest(numbers: Sequence[float]) -> int:
    return max(range(len(numbers)), key=numbers.__getitem__)
