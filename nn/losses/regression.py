"""Losses of numbers, and of distributions: the square, the absolute value, both joined, and the divergence.

Output and target are those of one example, a number or a sequence, or of several, in a list; of each as many numbers,
which may be floats, Values, or traced. ``reduction`` is "mean", "sum", or "none", which gives the loss of each number.
"""

from typing import Any

from autograd import abs as absolute
from autograd import div, exp, greater, less, log, mul, square, sub, where
from nn.frames import framed
from nn.losses.reduction import check_reduction, elementwise
from nn.nested import listed, numbers_in
from nn.validators import not_negative, positive


def mse_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """The mean of (input - target)².

    >>> mse_loss([1.0, 2.0], [1.0, 4.0])
    2.0
    >>> mse_loss([[1.0, 2.0], [3.0, 4.0]], [[1.0, 4.0], [3.0, 3.0]], reduction="none")
    [[0.0, 4.0], [0.0, 1.0]]
    """
    return elementwise("mse_loss", lambda o, t: square(sub(o, t)), input, target, reduction)


def l1_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """The mean of |input - target|; no gradient where they are equal.

    >>> l1_loss([1.0, 2.0], [1.0, 4.0])
    1.0
    """
    return elementwise("l1_loss", lambda o, t: absolute(sub(o, t)), input, target, reduction)


def half_squared_error(input: Any, target: Any) -> Any:
    """Half the sum of (target - input)², the error of most texts: its gradient is input - target.

    >>> half_squared_error([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    error = 0.5 * elementwise("half_squared_error", lambda o, t: square(sub(o, t)), input, target, "sum")
    return framed("half_squared_error", error, numbers_in(input), numbers_in(target))


def huber_loss(input: Any, target: Any, reduction: str = "mean", delta: float = 1.0) -> Any:
    """The mean of d² / 2 where d = |input - target| is below ``delta``, and of delta (d - delta / 2) elsewhere.

    Huber, "Robust estimation of a location parameter", 1964: outliers pull with the same force, however far they are.

    >>> huber_loss([0.5, 3.0], [0.0, 0.0], reduction="none")
    [0.125, 2.5]
    """
    delta = positive("huber_loss: delta", delta)

    def loss(o: Any, t: Any) -> Any:
        d = absolute(sub(o, t))
        return where(less(d, delta), mul(0.5, square(d)), mul(delta, sub(d, 0.5 * delta)))

    return elementwise("huber_loss", loss, input, target, reduction)


def smooth_l1_loss(input: Any, target: Any, reduction: str = "mean", beta: float = 1.0) -> Any:
    """`huber_loss` over ``beta``: d² / (2 beta) below beta, and d - beta / 2 elsewhere; with beta 0 `l1_loss`.

    Girshick, "Fast R-CNN", 2015.

    >>> smooth_l1_loss([0.5, 3.0], [0.0, 0.0], reduction="none", beta=2.0)
    [0.0625, 2.0]
    """
    beta = not_negative("smooth_l1_loss: beta", beta)

    def loss(o: Any, t: Any) -> Any:
        d = absolute(sub(o, t))
        return where(less(d, beta), div(mul(0.5, square(d)), beta), sub(d, 0.5 * beta)) if beta else d

    return elementwise("smooth_l1_loss", loss, input, target, reduction)


def kl_div(input: Any, target: Any, reduction: str = "mean", log_target: bool = False) -> Any:
    """The divergence of Kullback and Leibler (1951): the mean of target (log target - input), as in PyTorch.

    input: logarithms of probabilities, as of `log_softmax`; target: probabilities, or their logarithms (log_target).
    Where a probability is 0, the term is 0. The divergence itself is the sum over a distribution: "sum" for one
    example, "batchmean" (the sum over the number of examples) for a list of them.

    >>> from math import log
    >>> round(kl_div([log(0.5), log(0.5)], [0.25, 0.75], reduction="sum"), 6)
    0.130812
    """
    check_reduction("kl_div", reduction, ("mean", "batchmean", "sum", "none"))

    def loss(o: Any, t: Any) -> Any:
        if log_target:
            return mul(exp(t), sub(t, o))
        there = greater(t, 0.0)
        return where(there, mul(t, sub(log(where(there, t, 1.0)), o)), mul(t, 0.0))

    if reduction != "batchmean":
        return elementwise("kl_div", loss, input, target, reduction)
    rows = listed(input)
    count = len(rows) if isinstance(rows, list) else 1
    divergence = div(elementwise("kl_div", loss, input, target, "sum"), float(count))
    return framed("kl_div", divergence, numbers_in(input), numbers_in(target))


for _loss in (mse_loss, l1_loss, half_squared_error, huber_loss, smooth_l1_loss):
    _loss.any_number = True     # type: ignore[attr-defined]  # each finite target is right: `fit` need not try them all
