"""Gradients cut to a size before an optimiser sees them."""

from collections.abc import Iterable
from math import hypot, inf, isfinite, isnan
from numbers import Real
from typing import Any

from autograd import Value
from nn.optim.parameters import flat
from nn.validators import positive


def clip_grad_norm_(parameters: Value | Iterable[Value], max_norm: float, norm_type: float = 2.0, *,
                    error_if_nonfinite: bool = False) -> float:
    """Scale all gradients alike so that their norm, taken together, is at most ``max_norm``; gives the norm before.

    parameters: also nested lists, as ``linear.weight``. max_norm: inf only measures. norm_type: 2, another number from
    1 on, or inf, which takes the largest. A norm that is inf or nan makes gradients 0 or nan, as in PyTorch, or with
    ``error_if_nonfinite`` is a ValueError. Parameters that have no gradient get none. Pascanu, Mikolov and Bengio,
    2013; as in PyTorch the divisor is the norm plus 1e-6.

    >>> a, b = Value(1.0), Value(1.0)
    >>> (3 * a + 4 * b).backward()
    >>> clip_grad_norm_([a, b], 1.0)
    5.0
    >>> round(a.grad, 5), round(b.grad, 5)
    (0.6, 0.8)
    """
    max_norm, norm_type = _size("max_norm", max_norm, 0.0), _size("norm_type", norm_type, 1.0)
    values = _with_gradients("clip_grad_norm_", parameters)
    grads = [value.grad for value in values]
    norm = _norm(grads, norm_type)
    if error_if_nonfinite and not isfinite(norm):
        raise ValueError(f"clip_grad_norm_: the norm of the gradients is {norm}, which no scaling makes finite")
    scale = max_norm / (norm + 1e-6)
    if max_norm < inf and not scale >= 1.0:
        _assign(values, [g * scale for g in grads])
    return norm


def clip_grad_value_(parameters: Value | Iterable[Value], clip_value: float) -> None:
    """Cut each gradient to the range from ``-clip_value`` to ``clip_value``; nan stays nan.

    >>> a, b = Value(1.0), Value(1.0)
    >>> (3 * a - 0.5 * b).backward()
    >>> clip_grad_value_([a, b], 1.0)
    >>> a.grad, b.grad
    (1.0, -0.5)
    """
    limit = positive("clip_grad_value_: clip_value", clip_value)
    values = _with_gradients("clip_grad_value_", parameters)
    _assign(values, [min(max(value.grad, -limit), limit) for value in values])


def _size(name: str, x: Any, least: float) -> float:
    if isinstance(x, bool) or not isinstance(x, Real) or not float(x) >= least:
        raise ValueError(f"clip_grad_norm_: {name} is a number, at least {least:g}, or inf, not {x!r}")
    return float(x)


def _norm(grads: list[float], kind: float) -> float:
    if any(map(isnan, grads)):
        return float("nan")
    if kind == 2.0:
        return hypot(*grads)        # scales by itself
    largest = max(map(abs, grads), default=0.0)
    if kind == inf or largest in (0.0, inf):
        return largest
    total: float = sum((abs(g) / largest) ** kind for g in grads) ** (1.0 / kind)
    return total * largest


def _with_gradients(name: str, parameters: Any) -> list[Value]:
    values = [parameters] if isinstance(parameters, Value) else flat(parameters)
    for value in values:
        if not isinstance(value, Value):
            raise TypeError(f"{name}: expected Values, not {type(value).__name__}")
    return [value for value in values if value.has_grad]


def _assign(values: list[Value], grads: list[float]) -> None:
    for value, grad in zip(values, grads, strict=True):
        value.grad = grad
