"""What the parameters of NetworkClassifier and NetworkRegressor may be."""

from collections.abc import Iterable
from numbers import Real
from typing import Any

from nn.sklearn.estimators import plain
from nn.validators import Rule, count, count_or_none, not_negative, or_none


def _sizes(name: str, x: Any) -> list[int]:
    if isinstance(x, Iterable) and not isinstance(x, str):
        return [count(f"{name}[{i}]", plain(n)) for i, n in enumerate(x)]
    return [count(name, x)]


def _part(name: str, x: Any) -> float:
    if isinstance(x, bool) or not isinstance(x, Real) or not 0.0 < float(x) < 1.0:
        raise ValueError(f"{name} is a part of the rows, between 0 and 1, or None, not {x!r}")
    return float(x)


def _maker(name: str, x: Any) -> Any:
    if not callable(x):
        raise ValueError(f"{name} is an optimiser's class, such as nn.Adam, or a function of parameters, not {x!r}")
    return x


def _choice(name: str, x: Any) -> Any:
    if not (isinstance(x, bool) or (isinstance(x, str) and x == "auto")):
        raise ValueError(f'{name} is "auto", True or False, not {x!r}')
    return x


RULES: dict[str, Rule] = {
    "hidden_layer_sizes": _sizes, "optimizer": _maker, "learning_rate": or_none(not_negative),
    "weight_decay": or_none(not_negative), "batch_size": count_or_none, "max_iter": count, "tol": not_negative,
    "n_iter_no_change": count_or_none, "validation_fraction": or_none(_part), "jit": _choice}
