"""What every op of the table should give: its value and its slopes, from mpmath.

Nothing here comes from the project: an error in its formulas cannot hide in these.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from statistics import NormalDist
from typing import Any

from mpmath import mp, mpf

mp.prec = 300       # 200 bits and a reserve for what a formula below may lose


def sign(x: Any) -> Any:
    return mpf(0) if x == 0 else mp.sign(x)


def _exactly(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of rationals, for quotients that no fixed precision can hold."""
    def exact(*args: Any) -> Any:
        if not all(mp.isfinite(x) for x in args):
            return mp.nan
        with mp.workprec(4500):
            result = function(*[Fraction(*map(int, x.as_integer_ratio())) for x in args])
            return mpf(result.numerator) / result.denominator
    return exact


def _c_remainder(x: Fraction, y: Fraction) -> Fraction:
    return x - math.trunc(x / y) * y


def sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def bump(x: Any) -> Any:
    return sigmoid(x) * sigmoid(-x)


def density(x: Any) -> Any:
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def cdf(x: Any) -> Any:
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


def sinc(x: Any) -> Any:
    return mp.sinpi(x) / (mp.pi * x) if x else mpf(1)


def sinc_slope(x: Any) -> Any:
    # below, the next term is less than 2^-300 of this one
    return (mp.cospi(x) - sinc(x)) / x if abs(x) > 1e-40 else -mp.pi**2 * x / 3


def polygamma(n: Any, x: Any) -> Any:
    return _polygamma(int(n), x, mp.prec) if n in range(200) else mp.nan


@cache
def _polygamma(n: int, x: Any, prec: int) -> Any:
    """psi(n, x) in this precision; below 0 by the derivatives of the cotangent, and nan at the poles."""
    if x > 0:
        return mp.psi(n, x)
    if mp.isinf(x) or x == mp.nint(x):
        return mp.nan
    with mp.workprec(mp.prec + max(0, mp.mag(x)) + 64):
        rest = x - mp.nint(x)
        # powers of c = cot(πx) whose sum is the n-th derivative, as c' = -π (1 + c^2)
        powers = {1: mp.pi}
        for _ in range(n):
            found: dict[int, Any] = {}
            for k, factor in powers.items():
                for j in (k - 1, k + 1):
                    found[j] = found.get(j, 0) - mp.pi * k * factor
            powers = found
        c = mp.cospi(rest) / mp.sinpi(rest)
        mirrored = mp.fsum(factor * c**k for k, factor in powers.items())
        return +((-1)**n * mp.psi(n, 1 - x) - mirrored)


def _gamma(x: Any) -> Any:
    return mp.gamma(x) if x < 1e4 else mp.inf


def _lgamma(x: Any) -> Any:
    if x > 0:
        return mp.loggamma(x)
    with mp.workprec(mp.prec + max(0, mp.mag(x)) + 64 if mp.isfinite(x) else mp.prec):
        return +(mp.log(mp.pi / abs(x * mp.sinpi(x))) - mp.loggamma(-x))


def ndtri(p: Any) -> Any:
    if not 0 < p < 1:
        return mp.nan
    return _quantile(p, mp.prec) if p <= 0.5 else -_quantile(mp.fsub(1, p, exact=True), mp.prec)


@cache
def _quantile(p: Any, prec: int) -> Any:
    """Newton's method for log(cdf(x)) = log(p), which does not overshoot in the tail; each step doubles the digits."""
    x, goal = mpf(NormalDist().inv_cdf(max(float(p), 5e-324))), mp.log(p)
    while True:
        below = cdf(x)
        step = (mp.log(below) - goal) * below / density(x)
        x -= step
        if abs(step) <= abs(x) * mpf(2)**(-prec // 2 - 8) or x == 0:
            return x


def erfinv(x: Any) -> Any:
    if not -1 < x < 1:
        return mp.nan
    if abs(x) < 1e-60:
        return x * mp.sqrt(mp.pi) / 2
    return -mp.sign(x) * ndtri(mp.fsub(1, abs(x), exact=True) / 2) / mp.sqrt(2)


def ndtri_slope(p: Any) -> Any:
    return 1 / density(ndtri(p))


def erfinv_slope(x: Any) -> Any:
    return mp.sqrt(mp.pi) / 2 * mp.exp(erfinv(x)**2)


def room(x: Any) -> Any:
    """Precision for differences of numbers that are equal up to x^4."""
    return mp.workprec(mp.prec + 4 * max(0, -int(mp.mag(x))) + 16 if 0 < abs(x) < 1 else mp.prec + 16)


def _sinc_slope_in_full(x: Any) -> Any:
    with room(x):
        return sinc_slope(x)


# name: the value, then the slope by each argument
EXACT: dict[str, tuple[Callable[..., Any], ...]] = {
    "greater": (lambda x, y: mpf(x > y), _zero, _zero),
    "less": (lambda x, y: mpf(x < y), _zero, _zero),
    "equal": (lambda x, y: mpf(x == y), _zero, _zero),
    "where": (lambda c, x, y: x if c else y, _zero, lambda c, x, y: mpf(bool(c)), lambda c, x, y: mpf(not c)),
    "flow": (lambda p, x, q, y: x * y if p and q else mpf(0), _zero, lambda p, x, q, y: y if q else mpf(0), _zero,
             lambda p, x, q, y: x if p else mpf(0)),
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
    "cbrt": (lambda x: sign(x) * mp.cbrt(abs(x)), lambda x: 1 / (3 * mp.cbrt(abs(x))**2)),
    "reciprocal": (lambda x: 1 / x, lambda x: -1 / x**2),
    "sign": (sign, _zero),
    "step": (lambda x: _order(x, 0, mpf(1), mpf(0), mpf(0)), _zero),
    "abs": (abs, sign),
    "floor": (mp.floor, _zero),
    "ceil": (mp.ceil, _zero),
    "trunc": (lambda x: sign(x) * mp.floor(abs(x)), _zero),
    "round": (mp.nint, _zero),
    "copysign": (lambda x, y: abs(x) * (1 if y >= 0 else -1), lambda x, y: sign(x) * (1 if y >= 0 else -1), _zero),
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
    "normal_cdf": (cdf, density),
    "sigmoid": (sigmoid, bump),
    "sigmoid_slope": (bump, lambda x: -bump(x) * mp.tanh(x / 2)),
    "softplus": (_log1pexp, sigmoid),
    "silu": (lambda x: x * sigmoid(x), lambda x: sigmoid(x) * (1 + x * sigmoid(-x))),
    "gelu": (lambda x: x * cdf(x), lambda x: cdf(x) + x * density(x)),
    "logaddexp": (lambda x, y: max(x, y) + mp.log1p(mp.exp(-abs(x - y))), lambda x, y: sigmoid(x - y),
                  lambda x, y: sigmoid(y - x)),
    "stop_gradient": (lambda x: x, _zero),
    "isnan": (lambda x: mpf(mp.isnan(x)), _zero),
    "isfinite": (lambda x: mpf(mp.isfinite(x)), _zero),
    "heaviside": (lambda x, half: _order(x, 0, mpf(1), mpf(0), half), _zero, lambda x, half: mpf(x == 0)),
    "deg2rad": (lambda x: x * mp.pi / 180, lambda x: mp.pi / 180),
    "rad2deg": (lambda x: x * 180 / mp.pi, lambda x: 180 / mp.pi),
    "sinc": (sinc, _sinc_slope_in_full),
    "gamma": (_gamma, lambda x: _gamma(x) * polygamma(0, x)),
    "lgamma": (_lgamma, lambda x: polygamma(0, x)),
    "digamma": (lambda x: polygamma(0, x), lambda x: polygamma(1, x)),
    "polygamma": (polygamma, _zero, lambda n, x: polygamma(n + 1, x)),
    "erfinv": (erfinv, erfinv_slope),
    "ndtri": (ndtri, ndtri_slope),
}

def _softmax(xs: Any) -> Any:
    total = mp.fsum(map(mp.exp, xs))
    return [mp.exp(x) / total for x in xs]


# of any number of arguments: the value and the list of slopes, from a list
EXACT_NARY: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "sum": (mp.fsum, lambda xs: [mpf(1) for _ in xs]),
    "prod": (mp.fprod, lambda xs: [mp.fprod(xs[:i] + xs[i + 1:]) for i in range(len(xs))]),
    "mean": (lambda xs: mp.fsum(xs) / len(xs), lambda xs: [mpf(1) / len(xs) for _ in xs]),
    "logsumexp": (lambda xs: mp.log(mp.fsum(map(mp.exp, xs))),
                  _softmax),
    "dot": (lambda xs: mp.fdot(xs[:len(xs) // 2], xs[len(xs) // 2:]), lambda xs: xs[len(xs) // 2:] + xs[:len(xs) // 2]),
}


def exact(function: Callable[..., Any], args: Any) -> Any:
    """What the oracle says; nan where it has no real answer."""
    try:
        result = function(*[x if x.__class__ is mpf else mpf(x) for x in args])
    except (ZeroDivisionError, ValueError, OverflowError, mp.NoConvergence):
        return mp.nan
    return result if isinstance(result, mpf) else mp.nan
