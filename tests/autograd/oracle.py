"""What every op of the table should give: values and slopes from mpmath, and how far off a float may be.

Nothing here comes from the project: an error in its formulas cannot hide in these.
"""

import math
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from mpmath import mp, mpf

mp.prec = 300       # 200 bits and a reserve for what a formula below may lose
TINY, HUGE = 2.0**-1022, 1.7976931348623157e308


def _sign(x: Any) -> Any:
    return mpf(0) if x == 0 else mp.sign(x)


def _exactly(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of rationals, for quotients that no fixed precision can hold."""
    def exact(*args: Any) -> Any:
        if not all(mp.isfinite(x) for x in args):
            return mp.nan
        with mp.workprec(4500):
            result = function(*[Fraction(*x.as_integer_ratio()) for x in args])
            return mpf(result.numerator) / result.denominator
    return exact


def _c_remainder(x: Fraction, y: Fraction) -> Fraction:
    return x - math.trunc(x / y) * y


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def _density(x: Any) -> Any:
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def _cdf(x: Any) -> Any:
    return mp.erfc(-x / mp.sqrt(2)) / 2


def _order(x: Any, y: Any, more: Any, fewer: Any, same: Any) -> Any:
    return more if x > y else fewer if x < y else same if x == y else mp.nan


def _zero(*args: Any) -> Any:
    return mpf(0)


def _one(*args: Any) -> Any:
    return mpf(1)


def _log1pexp(x: Any) -> Any:
    return mp.log1p(mp.exp(x)) if x < 0 else x + mp.log1p(mp.exp(-x))


def _inside(x: Any, lo: Any, hi: Any) -> bool:
    return bool(lo <= x <= hi)


# name: the value, then the slope by each argument
EXACT: dict[str, tuple[Callable[..., Any], ...]] = {
    "greater": (lambda x, y: mpf(x > y), _zero, _zero),
    "less": (lambda x, y: mpf(x < y), _zero, _zero),
    "equal": (lambda x, y: mpf(x == y), _zero, _zero),
    "where": (lambda c, x, y: x if c else y, _zero, lambda c, x, y: mpf(bool(c)), lambda c, x, y: mpf(not c)),
    "add": (_exactly(lambda x, y: x + y), _one, _one),
    "sub": (_exactly(lambda x, y: x - y), _one, lambda x, y: mpf(-1)),
    "mul": (lambda x, y: x * y, lambda x, y: y, lambda x, y: x),
    "div": (lambda x, y: x / y, lambda x, y: 1 / y, lambda x, y: -x / y**2),
    "neg": (lambda x: -x, lambda x: mpf(-1)),
    "pos": (lambda x: x, _one),
    "pow": (lambda x, y: x**y, lambda x, y: y * x**(y - 1), lambda x, y: x**y * mp.log(x)),
    "fmod": (_exactly(_c_remainder), _one, _exactly(lambda x, y: Fraction(-math.trunc(x / y)))),
    "mod": (_exactly(lambda x, y: x % y), _one, _exactly(lambda x, y: Fraction(-math.floor(x / y)))),
    "floordiv": (_exactly(lambda x, y: Fraction(x // y)), _zero, _zero),
    "square": (lambda x: x**2, lambda x: 2 * x),
    "sqrt": (mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x))),
    "cbrt": (lambda x: _sign(x) * mp.cbrt(abs(x)), lambda x: 1 / (3 * mp.cbrt(abs(x))**2)),
    "reciprocal": (lambda x: 1 / x, lambda x: -1 / x**2),
    "sign": (_sign, _zero),
    "step": (lambda x: _order(x, 0, mpf(1), mpf(0), mpf(0)), _zero),
    "abs": (abs, _sign),
    "floor": (mp.floor, _zero),
    "ceil": (mp.ceil, _zero),
    "trunc": (lambda x: _sign(x) * mp.floor(abs(x)), _zero),
    "round": (mp.nint, _zero),
    "copysign": (lambda x, y: abs(x) * (1 if y >= 0 else -1), lambda x, y: _sign(x) * (1 if y >= 0 else -1), _zero),
    "maximum": (lambda x, y: _order(x, y, x, y, x), lambda x, y: _order(x, y, mpf(1), mpf(0), mpf(0.5)),
                lambda x, y: _order(x, y, mpf(0), mpf(1), mpf(0.5))),
    "minimum": (lambda x, y: _order(x, y, y, x, x), lambda x, y: _order(x, y, mpf(0), mpf(1), mpf(0.5)),
                lambda x, y: _order(x, y, mpf(1), mpf(0), mpf(0.5))),
    "clip": (lambda x, lo, hi: min(max(x, lo), hi), lambda x, lo, hi: mpf(_inside(x, lo, hi)),
             lambda x, lo, hi: mpf(x < lo <= hi), lambda x, lo, hi: mpf(x > hi or (x < lo and lo > hi))),
    "relu": (lambda x: _order(x, 0, x, mpf(0), mpf(0)), lambda x: mpf(x > 0)),
    "leaky_relu": (lambda x, s: x if x > 0 else s * x, lambda x, s: mpf(1) if x > 0 else s,
                   lambda x, s: mpf(0) if x > 0 else x),
    "elu": (lambda x, a: x if x > 0 else a * mp.expm1(x), lambda x, a: mpf(1) if x > 0 else a * mp.exp(x),
            lambda x, a: mpf(0) if x > 0 else mp.expm1(x)),
    "exp": (mp.exp, mp.exp),
    "exp2": (lambda x: mpf(2)**x, lambda x: mpf(2)**x * mp.ln2),
    "expm1": (mp.expm1, mp.exp),
    "log": (mp.log, lambda x: 1 / x),
    "log2": (lambda x: mp.log(x) / mp.ln2, lambda x: 1 / (x * mp.ln2)),
    "log10": (lambda x: mp.log(x) / mp.ln10, lambda x: 1 / (x * mp.ln10)),
    "log1p": (mp.log1p, lambda x: 1 / mp.fadd(1, x, exact=True)),
    "hypot": (mp.hypot, lambda x, y: x / mp.hypot(x, y), lambda x, y: y / mp.hypot(x, y)),
    "sin": (mp.sin, mp.cos),
    "cos": (mp.cos, lambda x: -mp.sin(x)),
    "tan": (mp.tan, lambda x: mp.sec(x)**2),
    "asin": (mp.asin, lambda x: 1 / mp.sqrt((1 - x) * (1 + x))),
    "acos": (mp.acos, lambda x: -1 / mp.sqrt((1 - x) * (1 + x))),
    "atan": (mp.atan, lambda x: 1 / (1 + x**2)),
    "atan2": (mp.atan2, lambda y, x: x / (x**2 + y**2), lambda y, x: -y / (x**2 + y**2)),
    "sinh": (mp.sinh, mp.cosh),
    "cosh": (mp.cosh, mp.sinh),
    "tanh": (mp.tanh, lambda x: mp.sech(x)**2),
    "asinh": (mp.asinh, lambda x: 1 / mp.sqrt(1 + x**2)),
    "acosh": (mp.acosh, lambda x: 1 / mp.sqrt((x - 1) * (x + 1)) if x >= 1 else mp.nan),
    "atanh": (mp.atanh, lambda x: 1 / ((1 - x) * (1 + x))),
    "gauss": (lambda x, k: mp.exp(-k * x * x), lambda x, k: -2 * k * x * mp.exp(-k * x * x),
              lambda x, k: -x * x * mp.exp(-k * x * x)),
    "erf": (mp.erf, lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-x * x)),
    "erfc": (mp.erfc, lambda x: -2 / mp.sqrt(mp.pi) * mp.exp(-x * x)),
    "normal_cdf": (_cdf, _density),
    "sigmoid": (_sigmoid, lambda x: _sigmoid(x) * _sigmoid(-x)),
    "softplus": (_log1pexp, _sigmoid),
    "silu": (lambda x: x * _sigmoid(x), lambda x: _sigmoid(x) * (1 + x * _sigmoid(-x))),
    "gelu": (lambda x: x * _cdf(x), lambda x: _cdf(x) + x * _density(x)),
    "logaddexp": (lambda x, y: max(x, y) + mp.log1p(mp.exp(-abs(x - y))), lambda x, y: _sigmoid(x - y),
                  lambda x, y: _sigmoid(y - x)),
    "stop_gradient": (lambda x: x, _zero),
}

# of any number of arguments: the value and the list of slopes, from a list
EXACT_NARY: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "sum": (mp.fsum, lambda xs: [mpf(1) for _ in xs]),
    "prod": (mp.fprod, lambda xs: [mp.fprod(xs[:i] + xs[i + 1:]) for i in range(len(xs))]),
    "mean": (lambda xs: mp.fsum(xs) / len(xs), lambda xs: [mpf(1) / len(xs) for _ in xs]),
    "logsumexp": (lambda xs: mp.log(mp.fsum(map(mp.exp, xs))),
                  lambda xs: [mp.exp(x) / mp.fsum(map(mp.exp, xs)) for x in xs]),
    "dot": (lambda xs: mp.fdot(xs[:len(xs) // 2], xs[len(xs) // 2:]), lambda xs: xs[len(xs) // 2:] + xs[:len(xs) // 2]),
}

# The largest error allowed, in ulps of the exact result: of the value, then of each slope. Ops that
# neither round nor approximate have 0; the others the project's goal or, without one, what was measured.
ULPS: dict[str, tuple[float, ...]] = {
    "greater": (0, 0, 0), "less": (0, 0, 0), "equal": (0, 0, 0), "where": (0, 0, 0, 0),
    "add": (0.5, 0, 0), "sub": (0.5, 0, 0), "mul": (0.5, 0, 0), "div": (0.5, 0.5, 1.5),
    "neg": (0, 0), "pos": (0, 0), "pow": (1, 3, 3), "square": (0.5, 0), "reciprocal": (0.5, 2),
    "fmod": (0, 0, 1), "mod": (0.5, 0, 1), "floordiv": (1, 0, 0),
    "sqrt": (0.5, 1.5), "cbrt": (4, 12),
    "sign": (0, 0), "step": (0, 0), "abs": (0, 0), "floor": (0, 0), "ceil": (0, 0), "trunc": (0, 0), "round": (0, 0),
    "copysign": (0, 0, 0), "maximum": (0, 0, 0), "minimum": (0, 0, 0), "clip": (0, 0, 0, 0),
    "relu": (0, 0), "leaky_relu": (0.5, 0, 0), "elu": (2, 1.5, 1),
    "exp": (1, 1), "exp2": (1, 1.5), "expm1": (1, 1),
    "log": (1, 0.5), "log2": (1, 1.5), "log10": (2, 1.5), "log1p": (1, 1.5),
    "sigmoid": (2.5, 4), "softplus": (2, 2.5), "silu": (4, 4), "gelu": (4, 4), "tanh": (2.5, 4),
    "logaddexp": (400, 500, 500),   # e^(x - y) inherits the rounding of x - y, |x - y| / 2 ulps
    "hypot": (0.75, 2, 2), "atan2": (1, 3, 3),
    "sin": (1, 1), "cos": (1, 1), "tan": (1, 2.5), "asin": (1, 2), "acos": (1, 2), "atan": (1, 2.5),
    "sinh": (2, 1.5), "cosh": (1.5, 2), "asinh": (2, 2), "acosh": (2, 2), "atanh": (2, 2),
    "gauss": (1.5, 2.5, 3), "erf": (1.5, 3), "erfc": (3, 3), "normal_cdf": (4, 3),
    "stop_gradient": (0, 0),
}

# Where terms cancel, the error is counted in ulps of the largest of them.
_TERMS: dict[tuple[str, int], Callable[..., Any]] = {
    ("gelu", 1): lambda x: max(_cdf(x), abs(x) * _density(x)),
    ("silu", 1): lambda x: max(_sigmoid(x), abs(x) * _sigmoid(x) * _sigmoid(-x)),
    ("logaddexp", 0): max,
}

# Arguments that must match, or that a whole range would mostly miss.
_SPECIAL: dict[str, Callable[[random.Random, list[float]], list[float]]] = {
    "gauss": lambda rng, xs: [xs[0], rng.choice((0.25, 0.5, 1.0))],
    "pow": lambda rng, xs: [xs[0], _exponent(rng, xs)],
    "gelu": lambda rng, xs: [rng.choice((xs[0], rng.uniform(-38.5, -36.5)))],       # the last digits before 0
    "silu": lambda rng, xs: [rng.choice((xs[0], rng.uniform(-716.0, -690.0)))],
}


def _exponent(rng: random.Random, xs: list[float]) -> float:
    reach = 1075.0 / abs(math.log2(abs(xs[0])) or 1.0)
    y = rng.choice((xs[1], rng.uniform(-reach, reach), float(round(rng.uniform(-reach, reach)))))
    return y if xs[0] > 0 or math.isinf(y) else float(round(y))


def points(name: str, domain: Any, count: int, seed: int = 0) -> Iterator[tuple[float, ...]]:
    """Arguments over the whole range of normal numbers, half of them where most ops are interesting."""
    rng = random.Random(f"{name} {seed}")
    for i in range(count):
        reach = ((-1022.0, 1023.99), (-60.0, 60.0), (-8.0, 12.0))[i % 3]
        if i % 4 == 3:
            xs = [rng.uniform(*interval) for interval in domain]
        else:
            xs = [rng.choice((-1.0, 1.0)) * 2.0**rng.uniform(*reach) for _ in domain]
            if len(xs) == 2 and i % 8 < 4:      # of like size
                xs[1] = xs[0] * 2.0**rng.uniform(-30, 30)
            elif i % 8 == 6:                    # just beside 1
                xs[0] = math.copysign(1.0, xs[0]) * (1.0 + rng.choice((-1.0, 1.0)) * 2.0**rng.uniform(-52, -1))
        if name in _SPECIAL:
            xs = _SPECIAL[name](rng, xs)
        if all(normal(x) for x in xs):
            yield tuple(xs)


def normal(x: float) -> bool:
    return TINY <= abs(x) <= HUGE


def exact(function: Callable[..., Any], args: Any) -> Any:
    """What the oracle says; nan where it has no real answer."""
    try:
        result = function(*map(mpf, args))
    except (ZeroDivisionError, ValueError, OverflowError, mp.NoConvergence):
        return mp.nan
    return result if isinstance(result, mpf) else mp.nan


def error(name: str, part: int, args: tuple[float, ...], got: float | None) -> float | None:
    """Ulps between ``got`` and the exact value (part 0) or slope by argument ``part``.

    None where the oracle has no answer, or one that is not a normal number.
    """
    true = exact(EXACT[name][part], args)
    value = exact(EXACT[name][0], args)
    if part and (mp.isnan(value) or (name == "gauss" and value < TINY)):    # whose slope has its few digits only
        return None
    if not mp.isfinite(true) or not (true == 0 or TINY <= abs(true) <= HUGE):
        return None
    scale = abs(true)
    if (name, part) in _TERMS:
        scale = max(scale, abs(exact(_TERMS[name, part], args)))
    got = 0.0 if got is None else got
    if true == 0:
        return 0.0 if got == 0.0 else math.inf
    if not math.isfinite(got):
        return math.inf
    return float(abs(mpf(got) - true) / mpf(math.ulp(float(scale))))


def worst(op: Any, count: int, seed: int = 0) -> list[tuple[float, Any]]:
    """The largest error of an op's value and of each slope, and the arguments where it occurs."""
    found: list[tuple[float, Any]] = [(0.0, None)] * (1 + op.arity)
    for args in points(op.name, op.domain, count, seed):
        out = op.value(*args)
        for part, got in enumerate([out] + [slope(*args, out) for slope in op.slopes]):
            ulps = error(op.name, part, args, got)
            if ulps is not None and ulps > found[part][0]:
                found[part] = ulps, args
    return found
