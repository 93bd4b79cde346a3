"""Losses of classes: cross entropies of probabilities, of their logarithms and of logits, and hinges.

Output and target are those of one example, or of several, in a list; numbers may be floats, Values, or traced.
``reduction`` is "mean", "sum", or "none", which gives the loss of each example.
"""

from collections.abc import Callable
from math import nan
from typing import Any
from warnings import warn

from autograd import TraceError, Value, div, dot, equal, log, logsumexp, maximum, mul, neg, relu, softplus, sub, where
from autograd import sum as total
from nn.frames import framed
from nn.losses.reduction import (
    check_as_many,
    check_reduction,
    check_shapes,
    elementwise,
    reduced,
    scaled,
    spread,
)
from nn.nested import listed, numbers_in
from nn.validators import share

LOWEST = -1.7976931348623157e308        # a logit that takes no part


def hinge_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """max(0, 1 - target · input) for targets -1 and 1, and their mean.

    Cortes, Vapnik, "Support-vector networks", 1995.

    >>> hinge_loss([0.5, 3.0], [-1.0, 1.0])
    0.75
    """
    return elementwise("hinge_loss", lambda o, t: relu(sub(1.0, mul(_sign("hinge_loss", t), o))), input, target,
                       reduction)


def hinge_embedding_loss(input: Any, target: Any, margin: float = 1.0, reduction: str = "mean") -> Any:
    """The mean of x where the target is 1, and of max(0, margin - x) where it is -1; x is a distance.

    Hadsell, Chopra, LeCun, "Dimensionality reduction by learning an invariant mapping", 2006, without the squares.

    >>> hinge_embedding_loss([0.5, 0.25], [1, -1])
    0.625
    """
    def loss(x: Any, t: Any) -> Any:
        near, far = x, relu(sub(margin, x))
        if isinstance(t, (int, float)):
            return near if _sign("hinge_embedding_loss", t) == 1 else far
        return where(equal(t, 1.0), near, far)

    return elementwise("hinge_embedding_loss", loss, input, target, reduction)


def binary_cross_entropy(input: Any, target: Any, weight: Any = None, reduction: str = "mean") -> Any:
    """-t log p - (1 - t) log(1 - p) for probabilities p = ``input``, and their mean.

    weight: a factor for each number, broadcast as in PyTorch: a row is for the numbers of each example, N x 1 numbers
    for N examples. A number outside [0, 1] is a ValueError; compiled code gives nan for it.

    A logarithm is at least -100, as in PyTorch. The gradient is the exact derivative of that: of -log p it is -1/p,
    and 0 below the bound. PyTorch's backward is another function, (p - t) / max(p (1 - p), 1e-12), which differs where
    p (1 - p) is below 1e-12: for t = 1 it is -1e12 at p = 0, where this one is 0, and at p = 1e-40, where this one is
    -1e40; at p = 1 it is 0, and this one -1. For t = 0 it is the same of 1 - p. Behind a sigmoid, no gradient passes
    p = 1.0 with either; `binary_cross_entropy_with_logits` of the logits learns there, and keeps the digits that 1 - p
    has lost.

    >>> binary_cross_entropy([0.5, 0.0], [1, 0], reduction="none")
    [0.6931471805599453, 0.0]
    """
    def loss(p: Any, t: Any, factor: Any) -> Any:
        _check_share("binary_cross_entropy", t)
        yes, no = (neg(maximum(log(share), -100.0)) for share in (p, sub(1.0, p)))
        return scaled(mul(t, yes) + mul(sub(1.0, t), no), factor)

    input = listed(input)
    for i, x in enumerate(numbers_in(input)):
        p = x if x.__class__ is float else _known(x)
        if p is not None and (p < 0.0 or p > 1.0):
            raise ValueError(f"binary_cross_entropy: number {i} of the input (counted from 0) is {p}, which is no "
                             "probability; put a sigmoid behind the model, or use binary_cross_entropy_with_logits")
    return elementwise("binary_cross_entropy", loss, input, target, reduction,
                       _weights("binary_cross_entropy", "weight", weight, input))


def binary_cross_entropy_with_logits(input: Any, target: Any, reduction: str = "mean", *, weight: Any = None,
                                     pos_weight: Any = None) -> Any:
    """-t log sigmoid(x) - (1 - t) log sigmoid(-x), and their mean.

    target: 0, 1, or a probability. -log sigmoid(x) is softplus(-x), so the gradient, sigmoid(x) - t, keeps its digits
    where it is small. weight: a factor for each number, as of `binary_cross_entropy`; pos_weight: one for its first
    term, where positives are few.

    >>> binary_cross_entropy_with_logits([1000.0, -1000.0], [1, 1])
    500.0
    """
    name, input = "binary_cross_entropy_with_logits", listed(input)

    def loss(x: Any, t: Any, factor: Any, positive: Any) -> Any:
        return scaled(_binary(x, t, positive), factor)

    return elementwise(name, loss, input, target, reduction, _weights(name, "weight", weight, input),
                       _weights(name, "pos_weight", pos_weight, input))


def nll_loss(input: Any, target: Any, weight: Any = None, ignore_index: int | None = None,
             reduction: str = "mean") -> Any:
    """-input[target]: the negative log likelihood, of logarithms of probabilities such as `log_softmax` gives.

    target, weight, ignore_index: as of `cross_entropy`.

    >>> nll_loss([-0.5, -1.0], 1)
    1.0
    """
    return _of_classes("nll_loss", lambda row, i: neg(_chosen(row, i)), listed(input), target, weight, ignore_index,
                       reduction)


def cross_entropy(input: Any, target: Any, weight: Any = None, ignore_index: int | None = None,
                  reduction: str = "mean", label_smoothing: float = 0.0) -> Any:
    """-log softmax(input)[target], whose gradient at the logits ``input`` is softmax(input) - target.

    input: one example's logits, or a list of several examples'.
    target: the number of a class, counted from 0, or the probability of each. A number is the most accurate: all
    digits of a small loss and of its gradient are right. A traced number that names no class gives nan.
    weight: a factor for each class. The mean of several examples is over the sum of their classes' weights, as in
    PyTorch; so the weight of a single example cancels, and for `fit` "sum" is meant.
    ignore_index: a target that does not count (in PyTorch -100, if nothing is said). The mean of no target at all is
    undefined: a ValueError, where PyTorch gives nan; the sum is 0.
    label_smoothing: this share of a target's probability is given to all classes alike (Szegedy et al., 2016).

    >>> cross_entropy([0.0, 0.0, 1000.0], 0)
    1000.0
    >>> cross_entropy([[1000.0, 0.0], [0.0, 0.0]], [1, 0], reduction="none")
    [1000.0, 0.6931471805599453]
    """
    input = listed(input)
    smoothing = share("cross_entropy: label_smoothing", label_smoothing)
    rows = _rows("cross_entropy", input)
    many = _is_batch(input)
    targets = listed(target)
    if isinstance(targets, list) and (not many or (targets and hasattr(targets[0], "__iter__"))):
        if ignore_index is not None and ignore_index >= 0:
            raise ValueError("cross_entropy: ignore_index is for targets that are numbers of classes, and these are "
                             "probabilities; leave it out")
        return _of_probabilities(rows, targets if many else [targets], weight, reduction, smoothing, many)
    if not smoothing:
        return _of_classes("cross_entropy", _class_loss, input, target, weight, ignore_index, reduction)
    size = len(rows[0])
    factors = [None] * size if weight is None else _of_each_class("cross_entropy", weight, size)

    def smooth(row: list[Any], i: Any) -> Any:
        whole = logsumexp(row)
        return mul(smoothing / size, total([scaled(sub(whole, x), w) for x, w in zip(row, factors, strict=True)]))

    def apart(row: list[Any], i: Any) -> Any:
        return mul(1.0 - smoothing, _class_loss(row, i))

    return _of_classes("cross_entropy", apart, input, target, weight, ignore_index, reduction, smooth)


def _of_classes(name: str, loss: Callable[[list[Any], Any], Any], input: Any, target: Any, weight: Any,
                ignored: int | None, reduction: str, smooth: Callable[[list[Any], Any], Any] | None = None) -> Any:
    """``loss`` of each row and its class, times the weight of the class; ``smooth`` is added without one."""
    check_reduction(name, reduction)
    rows, classes = _rows(name, input), numbers_in(target)
    check_as_many(name, rows, classes)
    check_shapes(name, [0.0] * len(rows) if _is_batch(input) else 0.0, target)
    size = len(rows[0])
    factors = None if weight is None else _of_each_class(name, weight, size)
    losses, counted = [], []
    for row, i in zip(rows, classes, strict=True):
        if isinstance(i, (int, float)):
            if i == ignored:
                losses.append(0.0)
                counted.append(0.0)
                continue
            if i not in range(size):
                raise ValueError(f"{name}: there is no class {i} among {size} logits; classes count from 0 to "
                                 f"{size - 1}")
        factor = None if factors is None else _chosen(factors, i)
        found = scaled(loss(row, i), factor)
        if smooth is not None:
            found = found + smooth(row, i)
        share = 1.0 if factor is None else factor
        if ignored is not None and not isinstance(i, (int, float)):
            found, share = (where(equal(i, ignored), 0.0, x) for x in (found, share))
        losses.append(found)
        counted.append(share)
    return framed(name, _averaged(name, losses, counted, reduction, _is_batch(input), weight is not None),
                  [x for row in rows for x in row], classes)


def _averaged(name: str, losses: list[Any], counted: list[Any], reduction: str, many: bool,
              weighted: bool) -> Any:
    """The losses put together; the mean is over the sum of what they count. weighted: by classes."""
    if reduction != "mean" or all(isinstance(w, float) and w == 1.0 for w in counted):
        return reduced(losses, reduction, losses if many else 0.0)
    if weighted and not many:
        warn(f"{name}: the weight of a single example cancels in its mean, as in PyTorch; give reduction='sum', "
             "also for fit, whose loss is of one example", RuntimeWarning, stacklevel=4)
    whole = total(counted)
    if isinstance(whole, float) and whole == 0.0:
        raise ValueError(f"{name}: no target counts, so there is no mean; leave examples out whose targets are all "
                         "ignored, or give reduction='sum'")
    return div(total(losses), whole)


def _of_probabilities(rows: list[list[Any]], targets: list[Any], weight: Any, reduction: str, smoothing: float,
                      many: bool) -> Any:
    """The cross entropy with a probability of each class as the target."""
    check_reduction("cross_entropy", reduction)
    check_as_many("cross_entropy", rows, targets)
    losses, given = [], []
    for logits, target in zip(rows, targets, strict=True):
        shares = numbers_in(target)
        check_as_many("cross_entropy", logits, shares)
        check_shapes("cross_entropy", logits, target)
        given += shares
        if smoothing:
            shares = [mul(t, 1.0 - smoothing) + smoothing / len(logits) for t in shares]
        if weight is not None:
            factors = _of_each_class("cross_entropy", weight, len(logits))
            shares = [mul(w, t) for w, t in zip(factors, shares, strict=True)]
        whole = logsumexp(logits)
        losses.append(dot(shares, [sub(whole, x) for x in logits]))
    found = reduced(losses, reduction, losses if many else 0.0)
    return framed("cross_entropy", found, [x for row in rows for x in row], given)


def _of_each_class(name: str, weight: Any, size: int) -> list[Any]:
    factors = numbers_in(weight)
    if len(factors) != size:
        raise ValueError(f"{name}: weight has {len(factors)} numbers for {size} classes; give one for each")
    return factors


def _class_loss(row: list[Any], i: Any) -> Any:
    """-log softmax(row)[i]."""
    if isinstance(i, (int, float)):
        logits = list(row)
        chosen = logits.pop(int(i))
        others = logits or [LOWEST]
    else:       # selected, not looked up, so that a compiled loss takes any class; and without a nan or -inf on the way
        chosen = _chosen(row, i)
        others = [where(equal(i, j), LOWEST, x) for j, x in enumerate(row)]
    # -log(e^c / (e^c + e^others)): as the difference of two logarithms it would have no digits left where it is small
    return softplus(sub(logsumexp(others), chosen))


def _chosen(row: list[Any], i: Any) -> Any:
    """The number of the row at place i, which may be traced; nan where it is none."""
    if isinstance(i, (int, float)):
        return row[int(i)]
    named = [equal(i, j) for j in range(len(row))]
    chosen: Any = 0.0
    for it, x in zip(named, row, strict=True):
        chosen = where(it, x, chosen)
    return where(total(named), chosen, nan)


def _is_batch(input: Any) -> bool:
    rows = listed(input)
    return isinstance(rows, list) and bool(rows) and hasattr(rows[0], "__iter__")


def _rows(name: str, input: Any) -> list[list[Any]]:
    """The rows of logits, one for each example, all of one length."""
    rows = [listed(row) for row in listed(input)] if _is_batch(input) else [listed(input)]
    if not isinstance(rows[0], list) or not rows[0]:
        raise ValueError(f"{name}: input is the list of logits, one per class; give at least one")
    for i, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != len(rows[0]):
            raise ValueError(f"{name}: the logits of example {i} are not as many as those of example 0; give one per "
                             "class")
    return rows


def _binary(x: Any, t: Any, positive: Any) -> Any:
    _check_share("binary_cross_entropy_with_logits", t)
    yes = None if isinstance(t, (int, float)) and t == 0 else scaled(softplus(neg(x)), positive)
    no = None if isinstance(t, (int, float)) and t == 1 else softplus(x)
    if yes is None or no is None:
        return no if yes is None else yes
    return mul(t, yes) + mul(sub(1.0, t), no)


def _weights(name: str, option: str, given: Any, input: Any) -> list[Any]:
    return [None] * len(numbers_in(input)) if given is None else spread(name, option, given, input)


def _known(x: Any) -> Any:
    """An output's number; None of a traced one: a comparison would be another branch of compiled code, for each."""
    try:
        return x.data if isinstance(x, Value) and x.op is not None else x
    except TraceError:
        return None


def _check_share(name: str, t: Any) -> None:
    if isinstance(t, (int, float)) and not 0 <= t <= 1:
        raise ValueError(f"{name}: targets are from 0 to 1, not {t}; labels -1 and 1 are hinge_loss's")


def _sign(name: str, t: Any) -> Any:
    if isinstance(t, (int, float)) and t not in (-1, 1):
        raise ValueError(f"{name}: targets are -1 and 1, not {t}; scale labels 0 and 1 by 2 t - 1")
    return t
