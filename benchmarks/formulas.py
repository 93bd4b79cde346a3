"""The formulas and data of the benchmarks, independent of any engine."""

from collections.abc import Callable, Sequence
from itertools import islice, pairwise
from typing import Any

import numpy

Function = Callable[[Any], Any]


# ---- Rosenbrock ---------------------------------------------------------------------------------


def rosenbrock(x: Sequence[Any]) -> Any:
    """A loop over scalars. Squares are products, so that no engine has to recognise a power."""
    total = 0.0
    for a, b in pairwise(x):
        d, e = b - a * a, 1.0 - a
        total = total + (100.0 * d * d + e * e)
    return total


def rosenbrock_of_array(x: Any) -> Any:
    """The same formula on arrays."""
    a, b = x[:-1], x[1:]
    d, e = b - a * a, 1.0 - a
    return (100.0 * d * d + e * e).sum()


# ---- training loop: two inputs, two hidden neurons, two outputs; the biases are constant --------

INPUTS, TARGETS, BIASES = (0.05, 0.10), (0.01, 0.99), (0.35, 0.60)
WEIGHTS = [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55]
RATE = 0.5


def outputs(w: Sequence[Any], sigmoid: Function) -> tuple[Any, Any]:
    """Both outputs of the network; ``w``: its eight weights, row by row."""
    x, y = INPUTS
    g = sigmoid(w[0] * x + w[1] * y + BIASES[0])
    h = sigmoid(w[2] * x + w[3] * y + BIASES[0])
    return sigmoid(w[4] * g + w[5] * h + BIASES[1]), sigmoid(w[6] * g + w[7] * h + BIASES[1])


def loss(w: Sequence[Any], sigmoid: Function) -> Any:
    """Half the sum of squared errors."""
    d, e = (target - output for target, output in zip(TARGETS, outputs(w, sigmoid), strict=True))
    return 0.5 * (d * d) + 0.5 * (e * e)


def updated(w: Sequence[Any], gradient: Sequence[Any]) -> list[Any]:
    """The weights after one step."""
    return [p - RATE * slope for p, slope in zip(w, gradient, strict=True)]


# ---- the payoff: an Asian call that a barrier may end, on one path of Heston's model ------------

PARAMETERS = [100.0, 0.04, 2.0, 0.04, 0.3, -0.7, 0.03]      # spot, variance, kappa, theta, xi, rho, rate
YEARS, WEEK = 1.0, 5        # the barrier is looked at, and the average taken, at every fifth step
STRIKE, BARRIER, REBATE, FLOOR = 100.0, 85.0, 2.0, 1.0


def week(parameters: Sequence[Any], x: Any, v: Any, normals: Sequence[Any], dt: float, sqrt: Function) -> Any:
    """log(spot / start) and variance after a week of Euler steps with |v| under the root (Higham & Mao 2005)."""
    _, _, kappa, theta, xi, rho, rate = parameters
    rest, root_dt = sqrt(1.0 - rho * rho), dt ** 0.5
    for i in range(0, len(normals), 2):
        z, other = normals[i], normals[i + 1]
        root = sqrt(abs(v)) * root_dt
        x = x + (rate - 0.5 * v) * dt + root * z
        v = v + kappa * (theta - v) * dt + xi * root * (rho * z + rest * other)
    return x, v


def payoff(parameters: Sequence[Any], normals: Sequence[Any], exp: Function, sqrt: Function) -> Any:
    """The payoff in ordinary Python: the path ends where it falls to the barrier."""
    spot, v, rate, x = parameters[0], parameters[1], parameters[6], 0.0
    dt = YEARS / (len(normals) // 2)
    total = 0.0
    for i in range(0, len(normals), 2 * WEEK):
        x, v = week(parameters, x, v, normals[i:i + 2 * WEEK], dt, sqrt)
        s = spot * exp(x)
        if s <= BARRIER:
            return REBATE * exp(-rate * ((i // 2 + WEEK) * dt))
        total = total + s
    gain = total / (len(normals) // (2 * WEEK)) - STRIKE
    return exp(-rate * YEARS) * (gain if gain > FLOOR else FLOOR)


def payoff_with_where(parameters: Sequence[Any], normals: Sequence[Any], exp: Function, sqrt: Function,
                      where: Callable[[Any, Any, Any], Any]) -> Any:
    """The payoff for engines that cannot branch: every path runs to its end."""
    state: Any = (0.0, parameters[1], 0.0, 1.0, 0.0)
    dt = YEARS / (len(normals) // 2)
    for i in range(0, len(normals), 2 * WEEK):
        state = monitored(parameters, state, normals[i:i + 2 * WEEK], (i // 2 + WEEK) * dt, dt, exp, sqrt, where)
    return settled(parameters, state, len(normals) // (2 * WEEK), exp, where)


def monitored(parameters: Sequence[Any], state: Any, normals: Sequence[Any], time: Any, dt: float, exp: Function,
              sqrt: Function, where: Callable[[Any, Any, Any], Any]) -> Any:
    """One week; state: log(spot / start), variance, sum of spots, 1 while the path is alive, payment so far."""
    x, v, total, alive, paid = state
    x, v = week(parameters, x, v, normals, dt, sqrt)
    s = parameters[0] * exp(x)
    paid = paid + where(s <= BARRIER, alive, 0.0) * (REBATE * exp(-parameters[6] * time))
    return x, v, total + s, where(s <= BARRIER, 0.0, alive), paid


def settled(parameters: Sequence[Any], state: Any, weeks: int, exp: Function,
            where: Callable[[Any, Any, Any], Any]) -> Any:
    """The total payment."""
    _, _, total, alive, paid = state
    gain = total / weeks - STRIKE
    return paid + alive * (exp(-parameters[6] * YEARS) * where(gain > FLOOR, gain, FLOOR))


# ---- micrograd's demo: MLP(2, [16, 16, 1]) tells two moons apart --------------------------------

SIZES = [2, 16, 16, 1]


def moons(n: int = 100) -> tuple[list[list[float]], list[float]]:
    """Two interleaved half circles with noise 0.1, and the sides -1 and 1."""
    noise = numpy.random.default_rng(1337).normal(scale=0.1, size=(n, 2))
    angle = numpy.linspace(0.0, numpy.pi, n // 2)
    upper = numpy.stack([numpy.cos(angle), numpy.sin(angle)], axis=1)
    points = numpy.concatenate([upper, [1.0, 0.5] - upper]) + noise
    return points.tolist(), [-1.0] * (n // 2) + [1.0] * (n // 2)


def start(sizes: Sequence[int]) -> list[float]:
    """Random weights: neuron by neuron its weights, then its bias."""
    count = sum((nin + 1) * nout for nin, nout in pairwise(sizes))
    return numpy.random.default_rng(1).uniform(-1.0, 1.0, count).tolist()       # type: ignore[no-any-return]


POINTS, SIDES = moons()
START = start(SIZES)


def hinge(w: Sequence[Any], x: Sequence[Any], side: Any, relu: Function, sizes: Sequence[int] = SIZES) -> Any:
    """The loss of one point."""
    rest, outputs = iter(w), x
    for nin, nout in pairwise(sizes):
        outputs = [sum(p * h for p, h in zip(islice(rest, nin), outputs, strict=True)) + next(rest)
                   for _ in range(nout)]
        if nout > 1:
            outputs = [relu(h) for h in outputs]
    return relu(1.0 - side * outputs[0])


def hinge_of_arrays(w: Any, points: Any, sides: Any, relu: Function, sizes: Sequence[int] = SIZES) -> Any:
    """The mean loss of all points, on arrays."""
    first, outputs = 0, points
    for nin, nout in pairwise(sizes):
        layer = w[first:first + (nin + 1) * nout].reshape(nout, nin + 1)
        first, outputs = first + (nin + 1) * nout, outputs @ layer[:, :-1].T + layer[:, -1]
        if nout > 1:
            outputs = relu(outputs)
    return relu(1.0 - sides * outputs[:, 0]).mean()


# ---- Black and Scholes --------------------------------------------------------------------------


def call_price(spot: Any, strike: Any, rate: Any, time: Any, vol: Any, exp: Function, log: Function,
               normal_cdf: Function) -> Any:
    """The price of a call."""
    spread = vol * time ** 0.5
    d = (log(spot / strike) + rate * time) / spread + spread / 2.0
    return spot * normal_cdf(d) - strike * exp(-rate * time) * normal_cdf(d - spread)
