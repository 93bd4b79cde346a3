"""Second derivatives of each op of the table, in closed form, by mpmath alone."""

from collections.abc import Callable
from itertools import combinations_with_replacement
from typing import Any

from mpmath import mp, mpf

from tests.support.exact_slopes import (
    EXACT,
    bump,
    density,
    erfinv,
    erfinv_slope,
    ndtri,
    ndtri_slope,
    polygamma,
    room,
    sign,
    sinc_slope,
)

Function = Callable[..., Any]


def pairs(arity: int) -> list[tuple[int, int]]:
    """The pairs of arguments in the order of the lists below: xx; xx, xy, yy; xx, xy, xz, yy, yz, zz."""
    return list(combinations_with_replacement(range(arity), 2))


def _zero(*args: Any) -> Any:
    return mpf(0)


def _gap(x: Any) -> Any:
    return (1 - x) * (1 + x)


def _pow_xy(x: Any, y: Any) -> Any:
    return x**(y - 1) * (1 + y * mp.log(x))


def _bell(x: Any, k: Any) -> Any:
    return mp.exp(-k * x * x)


def _sinc_xx(x: Any) -> Any:
    with room(x):
        return (-mp.pi * mp.sinpi(x) - 2 * sinc_slope(x)) / x if abs(x) > 1e-40 else -mp.pi**2 / 3


_FLAT = [_zero] * 6

SECOND: dict[str, list[Function]] = {
    **dict.fromkeys(("neg", "pos", "sign", "step", "abs", "floor", "ceil", "trunc", "round", "relu", "stop_gradient",
                     "isnan", "isfinite", "deg2rad", "rad2deg"), _FLAT[:1]),
    **dict.fromkeys(("greater", "less", "equal", "add", "sub", "fmod", "mod", "floordiv", "copysign", "maximum",
                     "minimum", "heaviside"), _FLAT[:3]),
    **dict.fromkeys(("where", "clip"), _FLAT[:6]),
    "flow": [*[_zero] * 6, lambda p, x, q, y: mpf(1), *[_zero] * 3],
    "mul": [_zero, lambda x, y: mpf(1), _zero],
    "div": [_zero, lambda x, y: -1 / y**2, lambda x, y: 2 * x / y**3],
    "pow": [lambda x, y: y * (y - 1) * x**(y - 2), _pow_xy, lambda x, y: x**y * mp.log(x)**2],
    "square": [lambda x: mpf(2)],
    "sqrt": [lambda x: -1 / (4 * x * mp.sqrt(x))],
    "cbrt": [lambda x: -2 * sign(x) / (9 * mp.cbrt(abs(x))**5)],
    "reciprocal": [lambda x: 2 / x**3],
    "leaky_relu": [_zero, lambda x, s: mpf(x <= 0), _zero],
    "elu": [lambda x, a: mpf(0) if x > 0 else a * mp.exp(x), lambda x, a: mpf(0) if x > 0 else mp.exp(x), _zero],
    "exp": [mp.exp],
    "exp2": [lambda x: mpf(2)**x * mp.ln2**2],
    "expm1": [mp.exp],
    "log": [lambda x: -1 / x**2],
    "log2": [lambda x: -1 / (x**2 * mp.ln2)],
    "log10": [lambda x: -1 / (x**2 * mp.ln10)],
    "log1p": [lambda x: -1 / mp.fadd(1, x, exact=True)**2],
    "sigmoid": [lambda x: -bump(x) * mp.tanh(x / 2)],
    "sigmoid_slope": [lambda x: bump(x) * (mp.tanh(x / 2)**2 - 2 * bump(x))],
    "softplus": [bump],
    "silu": [lambda x: bump(x) * (2 - x * mp.tanh(x / 2))],
    "gelu": [lambda x: density(x) * (2 - x * x)],
    "logaddexp": [lambda x, y: bump(x - y), lambda x, y: -bump(x - y), lambda x, y: bump(x - y)],
    "hypot": [lambda x, y: y**2 / mp.hypot(x, y)**3, lambda x, y: -x * y / mp.hypot(x, y)**3,
              lambda x, y: x**2 / mp.hypot(x, y)**3],
    "atan2": [lambda y, x: -2 * x * y / (x**2 + y**2)**2, lambda y, x: (y - x) * (y + x) / (x**2 + y**2)**2,
              lambda y, x: 2 * x * y / (x**2 + y**2)**2],
    "sin": [lambda x: -mp.sin(x)],
    "cos": [lambda x: -mp.cos(x)],
    "tan": [lambda x: 2 * mp.tan(x) * mp.sec(x)**2],
    "asin": [lambda x: x / mp.sqrt(_gap(x))**3],
    "acos": [lambda x: -x / mp.sqrt(_gap(x))**3],
    "atan": [lambda x: -2 * x / (1 + x**2)**2],
    "sinh": [mp.sinh],
    "cosh": [mp.cosh],
    "tanh": [lambda x: -2 * mp.tanh(x) * mp.sech(x)**2],
    "asinh": [lambda x: -x / mp.sqrt(1 + x**2)**3],
    "acosh": [lambda x: -x / mp.sqrt((x - 1) * (x + 1))**3 if x >= 1 else mp.nan],
    "atanh": [lambda x: 2 * x / _gap(x)**2],
    "gauss": [lambda x, k: 2 * k * (2 * k * x * x - 1) * _bell(x, k),
              lambda x, k: 2 * x * (k * x * x - 1) * _bell(x, k), lambda x, k: x**4 * _bell(x, k)],
    "erf": [lambda x: -4 * x / mp.sqrt(mp.pi) * mp.exp(-x * x)],
    "erfc": [lambda x: 4 * x / mp.sqrt(mp.pi) * mp.exp(-x * x)],
    "normal_cdf": [lambda x: -x * density(x)],
    "sinc": [_sinc_xx],
    "gamma": [lambda x: EXACT["gamma"][0](x) * (polygamma(0, x)**2 + polygamma(1, x))],
    "lgamma": [lambda x: polygamma(1, x)],
    "digamma": [lambda x: polygamma(2, x)],
    "polygamma": [_zero, _zero, lambda n, x: polygamma(n + 2, x)],
    "erfinv": [lambda x: 2 * erfinv(x) * erfinv_slope(x)**2],
    "ndtri": [lambda p: ndtri(p) * ndtri_slope(p)**2],
}
