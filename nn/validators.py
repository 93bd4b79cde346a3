"""Rules for options of layers, optimisers and fit: each returns the value as it is kept, or raises one clear error."""

import math
from collections.abc import Callable, Mapping
from numbers import Integral, Real
from typing import Any

Rule = Callable[[str, Any], Any]


def finite(name: str, x: Any) -> float:
    """Any number but inf and nan."""
    return _number(name, x, "a finite number", lambda x: True)


def not_negative(name: str, x: Any) -> float:
    """A learning rate, a strength."""
    return _number(name, x, "a finite number, at least 0", lambda x: x >= 0.0)


def positive(name: str, x: Any) -> float:
    """A number that keeps a quotient from 0/0."""
    return _number(name, x, "a finite number above 0", lambda x: x > 0.0)


def fraction(name: str, x: Any) -> float:
    """The decay rate of a moving average."""
    return _number(name, x, "a number from 0 up to, but not including, 1", lambda x: 0.0 <= x < 1.0)


def share(name: str, x: Any) -> float:
    """A factor from 0 to 1."""
    return _number(name, x, "a number from 0 to 1", lambda x: 0.0 <= x <= 1.0)


def share_above_0(name: str, x: Any) -> float:
    """A factor in (0, 1]."""
    return _number(name, x, "a number above 0, up to 1", lambda x: 0.0 < x <= 1.0)


def two_fractions(name: str, x: Any) -> tuple[float, float]:
    """Adam's betas."""
    if not isinstance(x, (tuple, list)) or len(x) != 2:
        raise ValueError(f"{name} is a pair of numbers, as in (0.9, 0.999), not {x!r}")
    return fraction(f"{name}[0]", x[0]), fraction(f"{name}[1]", x[1])


def two_positive(name: str, x: Any) -> tuple[float, float]:
    """Two factors or lengths, the smaller first."""
    if not isinstance(x, (tuple, list)) or len(x) != 2:
        raise ValueError(f"{name} is a pair of numbers, the smaller first, not {x!r}")
    low, high = positive(f"{name}[0]", x[0]), positive(f"{name}[1]", x[1])
    if low > high:
        raise ValueError(f"{name} is a pair of numbers, the smaller first, not {x!r}")
    return low, high


def flag(name: str, x: Any) -> bool:
    """True or False."""
    if not isinstance(x, bool):
        raise ValueError(f"{name} is True or False, not {x!r}")
    return x


def count(name: str, x: Any) -> int:
    """A whole number of at least 1."""
    return _whole(name, x, 1)


def count_or_0(name: str, x: Any) -> int:
    """A whole number of at least 0."""
    return _whole(name, x, 0)


def count_or_none(name: str, x: Any) -> int | None:
    """A limit, or None for none."""
    return None if x is None else count(name, x)


def or_none(rule: Rule) -> Rule:
    """What a rule allows, or None."""
    return lambda name, x: None if x is None else rule(name, x)


def counts(name: str, x: Any) -> list[int]:
    """A list of whole numbers, sorted."""
    x = x.tolist() if hasattr(x, "tolist") else x
    if not isinstance(x, (list, tuple, range)):
        raise ValueError(f"{name} is a list of whole numbers, as in [30, 80], not {x!r}")
    return sorted(count(f"{name}[{i}]", item) for i, item in enumerate(x))


def one_of(*choices: str) -> Rule:
    """A name out of these."""
    def rule(name: str, x: Any) -> str:
        if not isinstance(x, str) or x not in choices:
            raise ValueError(f"{name} is {' or '.join(map(repr, choices))}, not {x!r}")
        return x

    return rule


def checked(owner: str, rules: Mapping[str, Rule], given: Mapping[str, Any]) -> dict[str, Any]:
    """``given`` as the rules keep it; an error for a name that has no rule."""
    for name in given:
        if name not in rules:
            raise ValueError(f"{owner} has no option {name!r}; it has {', '.join(rules)}")
    return {name: rules[name](f"{owner}: {name}", x) for name, x in given.items()}


def _number(name: str, x: Any, what: str, allowed: Callable[[float], bool]) -> float:
    if isinstance(x, bool) or not isinstance(x, Real) or not math.isfinite(x) or not allowed(float(x)):
        raise ValueError(f"{name} is {what}, not {x!r}")
    return float(x)


def _whole(name: str, x: Any, least: int) -> int:
    if not isinstance(x, Integral) or isinstance(x, bool) or x < least:
        raise ValueError(f"{name} is a whole number, at least {least}, not {x!r}")
    return int(x)       # NumPy's are some too
