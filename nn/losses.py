"""Losses: distances of outputs from their targets, in forms without cancellation.

Output and target are those of one example: each a number, or a sequence of as many; numbers may be floats, Values, or
traced. The names are PyTorch's where it has one.
"""

from collections.abc import Callable
from math import nan
from typing import Any

from autograd import abs as absolute
from autograd import dot, equal, logsumexp, mean, mul, neg, relu, softplus, square, sub, where
from autograd import sum as total
from nn.frames import framed

LOWEST = -1.7976931348623157e308        # a logit that takes no part


def mse_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """The mean of (input - target)², or with ``reduction="sum"`` their sum.

    >>> mse_loss([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    return _each("mse_loss", lambda o, t: square(sub(o, t)), input, target, reduction)


def l1_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """The mean of |input - target|, or with ``reduction="sum"`` their sum; no gradient where they are equal.

    >>> l1_loss([1.0, 2.0], [1.0, 4.0])
    1.0
    """
    return _each("l1_loss", lambda o, t: absolute(sub(o, t)), input, target, reduction)


def half_squared_error(input: Any, target: Any) -> Any:
    """Half the sum of (target - input)², the error of most texts: its gradient is input - target.

    >>> half_squared_error([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    error = 0.5 * _each("half_squared_error", lambda o, t: square(sub(o, t)), input, target, "sum")
    return framed("half_squared_error", error, _numbers(input), _numbers(target))


def hinge_loss(input: Any, target: Any) -> Any:
    """max(0, 1 - target · input) for targets -1 and 1, and their mean over a sequence.

    Cortes, Vapnik, "Support-vector networks", 1995.

    >>> hinge_loss([0.5, 3.0], [-1.0, 1.0])
    0.75
    """
    return _each("hinge_loss", _hinge, input, target, "mean")


def binary_cross_entropy_with_logits(input: Any, target: Any, reduction: str = "mean") -> Any:
    """-t log sigmoid(x) - (1 - t) log sigmoid(-x), the mean over a sequence, or with ``reduction="sum"`` the sum.

    target: 0, 1, or a probability. -log sigmoid(x) is softplus(-x), so the gradient, sigmoid(x) - t, keeps its digits
    where it is small.

    >>> binary_cross_entropy_with_logits([1000.0, -1000.0], [1, 1])
    500.0
    """
    return _each("binary_cross_entropy_with_logits", _binary, input, target, reduction)


def cross_entropy(input: Any, target: Any, weight: Any = None) -> Any:
    """-log softmax(input)[target], whose gradient at the logits ``input`` is softmax(input) - target.

    target: the number of a class, counted from 0, or the probability of each. A number is the most accurate: all
    digits of a small loss and of its gradient are right. A traced number that names no class gives nan.
    weight: a number for each class, which multiplies its losses, such as `nn.class_weights` gives. The mean over
    examples is by their count, not by the sum of their weights, which PyTorch divides by.

    >>> cross_entropy([0.0, 0.0, 1000.0], 0)
    1000.0
    >>> cross_entropy([0.0, 0.0, 1000.0], 0, weight=[0.5, 1.0, 1.0])
    500.0
    """
    logits, target = _numbers(input), _listed(target)
    weights = None if weight is None else _numbers(weight)
    if weights is not None and len(weights) != len(logits):
        raise ValueError(f"cross_entropy: {len(logits)} logits and {len(weights)} weights; give one for each class")
    if not hasattr(input, "__iter__") or not logits:
        raise ValueError("cross_entropy: input is the list of logits, one per class; give at least one")
    if isinstance(target, list):
        _as_many("cross_entropy", logits, target)
        whole = logsumexp(logits)
        if weights is not None:
            target = list(map(mul, weights, target))
        return framed("cross_entropy", dot(target, [sub(whole, x) for x in logits]), logits, target)
    given = list(logits)
    if isinstance(target, (int, float)):
        if target not in range(len(logits)):
            raise ValueError(f"cross_entropy: there is no class {target} among {len(logits)} logits; classes count "
                             f"from 0 to {len(logits) - 1}")
        chosen = logits.pop(int(target))
        others = logits or [LOWEST]
        factor = weights and weights[int(target)]
    else:       # selected, not looked up, so that a compiled loss takes any class; and without a nan or -inf on the way
        named = [equal(target, i) for i in range(len(logits))]
        chosen = 0.0
        for it, x in zip(named, logits, strict=True):
            chosen = where(it, x, chosen)
        chosen = where(total(named), chosen, nan)
        others = [where(it, LOWEST, x) for it, x in zip(named, logits, strict=True)]
        factor = weights and weights[0]
        for it, x in zip(named[1:], (weights or [])[1:], strict=False):
            factor = where(it, x, factor)
    # -log(e^c / (e^c + e^others)): as the difference of two logarithms it would have no digits left where it is small
    loss = softplus(sub(logsumexp(others), chosen))
    return framed("cross_entropy", loss if weights is None else mul(factor, loss), given, target)


def _hinge(o: Any, t: Any) -> Any:
    if isinstance(t, (int, float)) and t not in (-1, 1):
        raise ValueError(f"hinge_loss: targets are -1 and 1, not {t}; scale labels 0 and 1 by 2 t - 1")
    return relu(sub(1.0, mul(t, o)))


def _binary(x: Any, t: Any) -> Any:
    if not isinstance(t, (int, float)):
        return mul(t, softplus(neg(x))) + mul(sub(1.0, t), softplus(x))
    if not 0 <= t <= 1:
        raise ValueError(f"binary_cross_entropy_with_logits: targets are from 0 to 1, not {t}; labels -1 and 1 are "
                         "hinge_loss's")
    if t in (0, 1):
        return softplus(neg(x) if t else x)
    return t * softplus(neg(x)) + (1.0 - t) * softplus(x)


def _each(name: str, loss: Callable[[Any, Any], Any], input: Any, target: Any, reduction: str) -> Any:
    """``loss`` of each output and its target, put together."""
    if reduction not in ("mean", "sum"):
        raise ValueError(f"{name}: reduction is 'mean' or 'sum', not {reduction!r}")
    outputs, targets = _numbers(input), _numbers(target)
    _as_many(name, outputs, targets)
    losses = [loss(o, t) for o, t in zip(outputs, targets, strict=True)]
    loss_value = losses[0] if len(losses) == 1 else mean(losses) if reduction == "mean" else total(losses)
    return framed(name, loss_value, outputs, targets)


def _as_many(name: str, outputs: list[Any], targets: list[Any]) -> None:
    if len(outputs) != len(targets):
        raise ValueError(f"{name}: {len(outputs)} outputs and {len(targets)} targets; give as many of each")
    if not outputs:
        raise ValueError(f"{name} of no numbers is undefined; give at least one")


def _listed(x: Any) -> Any:
    """A list for any sequence or array, a Python number for NumPy's (a 0-d array has no len); else ``x`` itself."""
    x = x.tolist() if hasattr(x, "tolist") else x
    return list(x) if hasattr(x, "__iter__") else x


def _numbers(x: Any) -> list[Any]:
    """As `_listed`; a single number becomes a list of one."""
    x = _listed(x)
    return x if isinstance(x, list) else [x]
