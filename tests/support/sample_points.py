"""Points at which ops are tested: the whole range of floats, and beside every special point."""

import math
import random
from collections.abc import Callable, Iterator
from typing import Any

HUGE, LEAST = 1.7976931348623157e308, 5e-324
_ROOT, _CUBE = math.sqrt(HUGE), math.cbrt(HUGE)

# Thresholds of overflow, underflow and of the formulas' own branches; 0, 1 and whole numbers are every op's.
PLACES: dict[str, tuple[float, ...]] = {
    **dict.fromkeys(("exp", "expm1", "elu"), (709.782712893384, -708.3964185322641, -745.1332191019412)),
    "exp2": (1024.0, -1022.0, -1075.0),
    **dict.fromkeys(("sinh", "cosh"), (710.4758600739439, -710.4758600739439, 22.0)),
    **dict.fromkeys(("tanh", "sigmoid", "sigmoid_slope", "softplus"), (18.714973875118524, 36.7, 354.2, 372.6, 0.55)),
    "silu": (-700.0, -708.4, -715.0, -745.0, -800.0, 36.7, -1.2784645427610738, 2.3993572805154677),
    "gelu": (-37.0, -38.5, -60.0, 8.3, -0.7517915246935645, math.sqrt(2.0)),
    "normal_cdf": (-37.5, -38.5, 8.3, -60.0),
    **dict.fromkeys(("erf", "erfc", "gauss"), (26.543, 26.64, 27.2, 5.92, -5.92, _ROOT)),
    **{name: (_ROOT, _CUBE, math.sqrt(2.0**-1022), 2.0**-340, 1e150, 1e-150) for name in
       ("square", "reciprocal", "cbrt", "sqrt", "hypot", "atan2", "mul", "div")},
    **{name: (_ROOT, 1e50, 1e9, 0.5, math.sqrt(0.5), 2.0**28, 2.0**-28) for name in
       ("asin", "acos", "atan", "asinh", "acosh", "atanh")},
    **{name: tuple(k * math.pi / 2 for k in (1, 2, 3, 4, 11, 1000, 1e15)) for name in ("sin", "cos", "tan")},
    "log1p": (-0.5, 2.0**-53, 2.0**53),
    "pow": (2.0, 0.5, 3.0, 4.0),
    "gamma": (3.0, 0.5, 142.0, 170.6, 171.6243769563027, 200.0, 1.4616321449683622, 5.6e-309),
    "lgamma": (0.75, 3.0, 1.4616321449683622, -2.4570247382208006, 2.5563481638716906e305),
    **dict.fromkeys(("digamma", "polygamma"), (0.75, 3.0, 1.4616321449683622, -0.504083008264455, 0.25)),
    "erfinv": (0.85, 0.7, 1.0 - 2.0**-37, 2.0**-30), "ndtri": (0.5, 0.075, 0.925, 0.15865, 1.3887943864964021e-11),
    "sinc": (0.25, 0.75, 1.4302966531242027, 0.6626, 1e15 + 0.5, 2.0**51 + 0.5, 2.0**52, 2.0**53),
}

# Where one formula or another has failed; they are always tried.
FAILED: dict[str, list[tuple[float, ...]]] = {
    "atan2": [(-5.584752141517261e-246, 7.895690070135471e-174), (-4.46479449719639e-103, 2.225073858507202e-308),
              (-3.8360766916771873e127, -3.802262218629988e-32), (-5.243312323083883e-130, 4.06437883169385e-274)],
    "elu": [(-745.1332191019416, 1.7976931348623155e308), (-709.782712893384, -709.782712893384)],
    "hypot": [(1e10, 1.0), (0.03680991168762575, 2523655.19298734)],
    "pow": [(8.765189339901155e-249, 6.050736927661153e-250), (2.2250738585072024e-308, 0.005942998123334542),
            (1181389434.5362597, -32.20273271030815), (7.17487145854837e-224, 0.0)],
}

# Arguments that must match, or that a whole range would mostly miss.
SPECIAL: dict[str, Callable[[random.Random, list[float]], list[float]]] = {
    "flow": lambda rng, xs: [rng.choice((1.0, -2.0)), xs[1], 1.0, xs[3]],       # what a factor of 0 does is not smooth
    "gauss": lambda rng, xs: [xs[0], rng.choice((0.25, 0.5, 1.0))],
    "pow": lambda rng, xs: [xs[0], _exponent(rng, xs)],
    "gelu": lambda rng, xs: [rng.choice((xs[0], xs[0], rng.uniform(-38.5, -36.5)))],    # the last digits before 0
    "silu": lambda rng, xs: [rng.choice((xs[0], xs[0], rng.uniform(-716.0, -690.0)))],
    # below -1e15 all floats are whole; beside a whole number a pole
    "gamma": lambda rng, xs: [rng.choice((xs[0], rng.uniform(-184.0, 172.0)))],
    "lgamma": lambda rng, xs: [rng.choice((xs[0], rng.uniform(-20.0, 20.0)))],
    "digamma": lambda rng, xs: [rng.choice((xs[0], rng.uniform(-20.0, 20.0)))],
    "polygamma": lambda rng, xs: [float(rng.randint(1, 6)), rng.choice((xs[1], rng.uniform(-20.0, 20.0)))],
    "erfinv": lambda rng, xs: [rng.choice((xs[0], 1.0 - 2.0**rng.uniform(-52.0, 0.0)))],
    "ndtri": lambda rng, xs: [rng.choice((xs[0], 2.0**rng.uniform(-1022.0, -1.0), 1.0 - 2.0**rng.uniform(-52.0, 0.0)))],
    "logaddexp": lambda rng, xs: rng.choice((xs, [xs[0], xs[0] + rng.uniform(-740.0, 740.0)])),
}


def _exponent(rng: random.Random, xs: list[float]) -> float:
    reach = 1075.0 / (abs(math.log2(abs(xs[0]) or 1.0)) or 1.0)
    y = rng.choice((xs[1], rng.uniform(-reach, reach), float(round(rng.uniform(-reach, reach)))))
    return y if xs[0] > 0 else float(round(y)) if abs(y) < 2.0**200 else 3.0      # the oracle must see its parity


def points(name: str, domain: Any, count: int, seed: int = 0) -> Iterator[tuple[float, ...]]:
    """Arguments over the whole range of floats, many of them where most ops are interesting.

    Of every eight, four are log-uniform (two over the whole range, subnormals included), two
    uniform in the domain, one just beside 1 and one beside a place where something happens.
    """
    yield from FAILED.get(name, ())
    rng = random.Random(f"{name} {seed}")
    for i in range(count):
        kind = i % 8
        if kind < 2:
            xs = [rng.uniform(*interval) for interval in domain]
        elif kind < 6:
            reach = ((-1074.0, 1023.99), (-1022.0, 1023.99), (-60.0, 60.0), (-8.0, 12.0))[kind - 2]
            xs = [rng.choice((-1.0, 1.0)) * 2.0**rng.uniform(*reach) for _ in domain]
        elif kind == 6:
            xs = [rng.choice((-1.0, 1.0)) * (1.0 + rng.choice((-1.0, 1.0)) * 2.0**rng.uniform(-52, -1)) for _ in domain]
        else:
            xs = [beside(rng, PLACES.get(name, ())) for _ in domain]
        if len(xs) > 1 and kind > 1 and rng.random() < 0.5:     # of like size, or a tie
            xs[1] = rng.choice((xs[0] * 2.0**rng.uniform(-30, 30), steps(xs[0], rng.randint(-3, 3)), -xs[0]))
        if name in SPECIAL:
            xs = SPECIAL[name](rng, xs)
        if all(map(math.isfinite, xs)):
            yield tuple(x + 0.0 for x in xs)        # never -0.0, which mpmath does not know


def beside(rng: random.Random, places: tuple[float, ...]) -> float:
    """A float at most three steps from a kink, a whole number, an end of the range or one of ``places``."""
    common = (0.0, 1.0, -1.0, float(rng.randint(-9, 9)), rng.randint(-9, 9) + 0.5, HUGE, 2.0**-1022)
    return steps(rng.choice(common + 2 * places), rng.randint(-3, 3)) * rng.choice((1.0, 1.0, -1.0))


def steps(x: float, count: int) -> float:
    """The float that many steps above ``x``, or below."""
    for _ in range(abs(count)):
        x = math.nextafter(x, math.copysign(math.inf, count))
    return x


def held(name: str, args: tuple[float, ...]) -> tuple[float, ...]:
    """The same arguments, made to match where an op is accurate for some only, or the oracle sees some only."""
    if name == "gauss":
        return args[0], 0.5
    if name == "flow":
        return args[0] or 1.0, args[1], args[2] or 1.0, args[3]
    if name == "polygamma":
        return float(math.floor(abs(args[0])) % 7), args[1]
    if name == "pow" and args[0] < 0.0:
        return args[0], float(round(args[1])) if abs(args[1]) < 2.0**200 else 3.0
    return args


def samples(name: str, count: int, seed: int = 0) -> Iterator[list[float]]:
    """Lists of 1 to 16 numbers for n-ary ops: log-uniform, of like size, or nearly cancelling."""
    rng = random.Random(f"{name} {seed}")
    for i in range(count):
        length = 2 * rng.randint(1, 8) if name == "dot" else rng.randint(1, 16)
        reach = ((-300.0, 300.0), (-60.0, 60.0), (-8.0, 9.0), (-1.0, 1.0))[i % 4]
        if name == "prod":
            reach = tuple(edge * 3.0 / length for edge in reach)
        xs = [rng.choice((-1.0, 1.0)) * 2.0**rng.uniform(*reach) for _ in range(length)]
        if i % 3 == 0:
            xs[-1] = steps(-xs[0], rng.randint(-3, 3))
        yield xs
