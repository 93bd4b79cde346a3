"""The largest error allowed for each op, in ulps: of its value, each slope and each second derivative."""

from collections.abc import Callable
from functools import partial
from typing import Any

from mpmath import mp, mpf

from tests.support.exact_slopes import EXACT, bump, cdf, density, polygamma, sigmoid, sinc, sinc_slope

# The largest error allowed, in ulps of the exact result: of the value, then of each slope. Ops that
# neither round nor approximate have 0; the others the project's goal or, without one, what was measured.
ULPS: dict[str, tuple[float, ...]] = {
    "greater": (0, 0, 0), "less": (0, 0, 0), "equal": (0, 0, 0), "where": (0, 0, 0, 0),
    "flow": (0.5, 0, 0, 0, 0),
    "add": (0.5, 0, 0), "sub": (0.5, 0, 0), "mul": (0.5, 0, 0), "div": (0.5, 0.5, 1.5),
    "neg": (0, 0), "pos": (0, 0), "pow": (1, 3, 3), "square": (0.5, 0), "reciprocal": (0.5, 2),
    "fmod": (0, 0, 1), "mod": (0.5, 0, 1), "floordiv": (1, 0, 0),
    "sqrt": (0.5, 1.5), "cbrt": (4, 12),
    "sign": (0, 0), "step": (0, 0), "abs": (0, 0), "floor": (0, 0), "ceil": (0, 0), "trunc": (0, 0), "round": (0, 0),
    "copysign": (0, 0, 0), "maximum": (0, 0, 0), "minimum": (0, 0, 0), "clip": (0, 0, 0, 0),
    "relu": (0, 0), "leaky_relu": (0.5, 0, 0), "elu": (2, 3.5, 1),
    "exp": (1, 1), "exp2": (1, 1.5), "expm1": (1, 1),
    "log": (1, 0.5), "log2": (1, 1.5), "log10": (2, 1.5), "log1p": (1, 1.5),
    "sigmoid": (2.5, 4), "sigmoid_slope": (2.5, 4), "softplus": (2, 2.5),
    "silu": (4, 4), "gelu": (4, 4), "tanh": (2.5, 4),
    "logaddexp": (20, 2.5, 2.5),      # the value: x - y is rounded, |x - y| / 2 ulps up to 37
    "hypot": (0.75, 2, 2), "atan2": (1, 3, 3),
    "sin": (1, 1), "cos": (1, 1), "tan": (1, 2.5), "asin": (1, 2), "acos": (1, 2), "atan": (1, 2.5),
    "sinh": (2, 1.5), "cosh": (1.5, 2), "asinh": (2, 2), "acosh": (2, 2), "atanh": (2, 2),
    "gauss": (1.5, 2.5, 3), "erf": (1.5, 3), "erfc": (3, 3), "normal_cdf": (4, 3),
    "stop_gradient": (0, 0), "isnan": (0, 0), "isfinite": (0, 0), "heaviside": (0, 0, 0), "deg2rad": (1.5, 0.5),
    "rad2deg": (1.5, 0.5), "sinc": (3, 4),
    "gamma": (8, 16), "lgamma": (8, 8), "digamma": (8, 8), "polygamma": (8, 0, 10), "erfinv": (8, 8), "ndtri": (8, 8),
}



def _reflected(n: Any, x: Any) -> Any:
    """The largest term of polygamma(n, x): below 0 its reflection has two, and a pole beside x."""
    if x >= 0:
        return abs(polygamma(n, x))
    rest = x - mp.nint(x)
    pole = mp.pi * abs(mp.cospi(rest) / mp.sinpi(rest)) if n == 0 else mp.factorial(n) * abs(rest)**-(n + 1)
    return max(abs(polygamma(n, 1 - x)), pole)


def _log_reflected(x: Any) -> Any:
    return max(mp.loggamma(1 - x), abs(mp.log(abs(mp.sinpi(x - mp.nint(x))) / mp.pi))) if x < 0 else mpf(0)


BEYOND = 4      # ulps that fast code may add to the error of an op or slope

# Where terms cancel, the error is counted in ulps of the largest of them.
TERMS: dict[tuple[str, tuple[int, ...]], Callable[..., Any]] = {
    ("gelu", (0,)): lambda x: max(cdf(x), abs(x) * density(x)),
    ("silu", (0,)): lambda x: max(sigmoid(x), abs(x) * bump(x)),
    ("logaddexp", ()): lambda x, y: max(abs(x), abs(y)) if x * y < 0 else abs(max(x, y)),
    ("pow", (0, 1)): lambda x, y: x**(y - 1) * max(1, abs(y * mp.log(x))),
    ("sigmoid_slope", (0, 0)): lambda x: bump(x) * max(mp.tanh(x / 2)**2, 2 * bump(x)),
    ("gelu", (0, 0)): lambda x: density(x) * max(2, x * x),
    ("silu", (0, 0)): lambda x: bump(x) * max(2, abs(x * mp.tanh(x / 2))),
    ("gauss", (0, 0)): lambda x, k: mp.exp(-k * x * x) * 2 * k * max(1, 2 * k * x * x),
    ("gauss", (0, 1)): lambda x, k: mp.exp(-k * x * x) * 2 * abs(x) * max(1, k * x * x),
    ("atan2", (0, 1)): lambda y, x: max(x * x, y * y) / (x * x + y * y)**2,
    ("sinc", (0,)): lambda x: max(abs(mp.cospi(x)), abs(sinc(x))) / abs(x) if abs(x) > 0.5 else abs(sinc_slope(x)),
    ("sinc", (0, 0)): lambda x: (max(abs(mp.pi * mp.sinpi(x) / x), abs(2 * mp.cospi(x) / x**2)) if abs(x) > 0.5
                                 else mp.pi**2 / 3),
    ("gamma", (0,)): lambda x: EXACT["gamma"][0](x) * _reflected(0, x),
    ("lgamma", ()): _log_reflected,
    **dict.fromkeys((("lgamma", (0,)), ("digamma", ())), partial(_reflected, 0)),
    ("digamma", (0, 0)): partial(_reflected, 2),
    ("polygamma", ()): lambda n, x: _reflected(n, x),
    ("polygamma", (1,)): lambda n, x: _reflected(n + 1, x),
    ("polygamma", (1, 1)): lambda n, x: _reflected(n + 2, x),
}

# Where digits are lost on the way, and the remedy would cost more than it gives; tests/accuracy.md says so.
LEFT_OUT: dict[tuple[str, tuple[int, ...]], Callable[..., bool]] = {
    ("div", (1,)): lambda x, y: abs(x) < 2.0**-1022,        # -(out / y), where out may be subnormal, too
    **dict.fromkeys((("atan2", (0,)), ("atan2", (1,))), lambda y, x: min(abs(x), abs(y)) < 2.0**-1022),     # the ratio
    **dict.fromkeys((("atan2", (0, 0)), ("atan2", (1, 1))),
                    lambda y, x: max(abs(x), abs(y)) < 1e-154),     # 0 times 1 / (x^2 + y^2), which overflows
    ("atan2", (0, 1)): lambda y, x: max(abs(x), abs(y)) < 1e-154,   # a difference of such, at y = +-x
    ("silu", (0, 0)): lambda x: x > 708.0,                  # through e^-x, which is subnormal
    **dict.fromkeys((("gamma", (0,)), ("gamma", (0, 0))), lambda x: x < -170.0),      # the value may be subnormal
    ("ndtri", (0,)): lambda p: p < 2.0**-1022,        # the density there is subnormal
    ("pow", (0, 1)): lambda x, y: abs(x) > 4e307,           # through 1 / x, which is subnormal
}

# N-ary ops: the error is counted in ulps of a sum of magnitudes, of what a sum is made of before anything
# cancels (logsumexp: also of what the exponent's rounding costs), for up to 16 arguments.
CONDITION: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "sum": (lambda xs: mp.fsum(map(abs, xs)), lambda xs: [1] * len(xs)),
    "mean": (lambda xs: mp.fsum(map(abs, xs)) / len(xs), lambda xs: [mpf(1) / len(xs)] * len(xs)),
    "prod": (lambda xs: abs(mp.fprod(xs)), lambda xs: [abs(mp.fprod(xs[:i] + xs[i + 1:])) for i in range(len(xs))]),
    "dot": (lambda xs: mp.fsum(abs(x * y) for x, y in zip(xs[:len(xs) // 2], xs[len(xs) // 2:], strict=True)),
            lambda xs: [abs(x) for x in xs[len(xs) // 2:] + xs[:len(xs) // 2]]),
    "logsumexp": (lambda xs: max(map(abs, xs)) + 1,
                  lambda xs: [mp.exp(x - max(xs)) * (1 + max(xs) - x) for x in xs]),
}
NARY_ULPS: dict[str, tuple[float, float]] = {
    "sum": (8, 0), "mean": (9, 0.5), "prod": (9, 9), "dot": (8, 0), "logsumexp": (2, 20),
}

# Of second derivatives, in the order of `pairs`: in ulps of the exact result, or of the largest term.
SECOND_ULPS: dict[str, tuple[float, ...]] = {
    **dict.fromkeys(("neg", "pos", "sign", "step", "abs", "floor", "ceil", "trunc", "round", "relu", "stop_gradient",
                     "isnan", "isfinite", "deg2rad", "rad2deg"), (0,)),
    **dict.fromkeys(("greater", "less", "equal", "add", "sub", "mul", "fmod", "mod", "floordiv", "copysign", "maximum",
                     "minimum", "leaky_relu", "heaviside"), (0, 0, 0)),
    **dict.fromkeys(("where", "clip"), (0,) * 6), "flow": (0,) * 10,
    "div": (0, 2.5, 3.5), "pow": (5, 5, 5), "square": (0,), "sqrt": (4.5,), "cbrt": (25,), "reciprocal": (4,),
    "elu": (3.5, 1, 0), "exp": (1,), "exp2": (3,), "expm1": (1,), "log": (1.5,), "log2": (2,), "log10": (2,),
    "log1p": (3.5,), "sigmoid": (4.5,), "sigmoid_slope": (7,), "softplus": (2.5,), "silu": (5,), "gelu": (5,),
    "logaddexp": (3.5, 3.5, 3.5), "hypot": (6, 6, 6), "atan2": (5, 7, 5), "sin": (1,), "cos": (1,), "tan": (4,),
    "asin": (5,), "acos": (5.5,), "atan": (5,), "sinh": (2,), "cosh": (1.5,), "tanh": (5.5,), "asinh": (5,),
    "acosh": (5,), "atanh": (5,), "gauss": (3.5, 3.5, 4), "erf": (3.5,), "erfc": (3.5,), "normal_cdf": (4,),
    "sinc": (5,), "gamma": (16,), "lgamma": (8,), "digamma": (8,), "polygamma": (0, 0, 12), "erfinv": (20,),
    "ndtri": (16,),
}
