"""A time loop for many rows: the logistic map, a pendulum, and paths of Heston's model, value and gradient of each row.

python benchmarks/batch_loops.py [--rows 10000] [--steps 100] [--only NAME ...]

The loops are `scan` here and in JAX; each runs under `vmap`. *row after row*: our scalar machine code, called for one
row after another. The pendulum takes Runge-Kutta steps and its parameters are for all rows; each of Heston's paths has
draws of its own, by which there is no derivative. Last, Kepler's equation, which a `while_loop` solves to 1e-12: 3 to 9
rounds of Newton's method, and the value alone, as JAX has no reverse mode there.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy
from loops import PARAMETERS, runge_kutta
from timing import Engine, contest, goal, machine, options, present

import autograd
from autograd.lower import recent_code
from autograd.lower.llvm import backend

LANES, FAST, ROWS, JAX = "ours", "ours, fast", "ours, row after row", "jax"
Work = tuple[Callable[..., Any], Any, Any, Any]     # a loss, arguments, which of them is each row's, and by which


def logistic(steps: int, rows: int, scan: Any, _: Any) -> Work:
    def last(r: Any) -> Any:
        return scan(lambda x, _: (r * x * (1 - x), None), 0.5, None, steps)[0]

    return last, (numpy.linspace(2.5, 4.0, rows),), 0, 0


def pendulum(steps: int, rows: int, scan: Any, ops: Any) -> Work:
    def swung(p: Any, start: Any) -> Any:
        (angle, _), _ = scan(lambda c, _: (runge_kutta(p, c, ops.sin), None), (start, 0.1), None, steps)
        return angle * angle

    return swung, (numpy.array(PARAMETERS), numpy.linspace(0.1, 1.0, rows)), (None, 0), (0, 1)


def heston(steps: int, rows: int, scan: Any, ops: Any) -> Work:
    def payoff(spot: Any, variance: Any, draws: Any) -> Any:
        def step(c: Any, draw: Any) -> Any:
            spot, variance = c
            known = ops.maximum(variance, 1e-8)
            spread = ops.sqrt(known * 0.01)
            spot = spot * ops.exp(2e-4 - 0.005 * known + spread * draw[0])
            return (spot, variance + 0.015 * (0.04 - known) + 0.3 * spread * (0.8 * draw[1] - 0.6 * draw[0])), None

        (spot, _), _ = scan(step, (spot, variance), draws)
        return ops.sqrt((spot - 100.0) ** 2 + 1.0) + spot

    random = numpy.random.default_rng(3)
    return payoff, (random.uniform(90, 110, rows), random.uniform(0.02, 0.09, rows),
                    random.standard_normal((rows, steps, 2))), 0, (0, 1)


def kepler(steps: int, rows: int, loop: Any, ops: Any) -> Work:
    def anomaly(mean: Any, eccentricity: Any) -> Any:
        def wrong(x: Any) -> Any:
            return abs(x - eccentricity * ops.sin(x) - mean) > 1e-12

        return loop(wrong, lambda x: x - (x - eccentricity * ops.sin(x) - mean) / (1 - eccentricity * ops.cos(x)), mean)

    random = numpy.random.default_rng(4)
    return anomaly, (random.uniform(0.1, 3.0, rows), random.uniform(0.0, 0.9, rows)), 0, None


def ours(steps: int, work: Any, rows: int, fast: bool = False, laned: bool = True) -> Engine:
    f, args, axes, by = work(steps, rows, autograd.while_loop if work is kepler else autograd.scan, autograd)
    run = autograd.vmap(f if by is None else autograd.value_and_grad(f, argnums=by), in_axes=axes, fast=fast)
    suits = backend.hindrance
    try:
        if not laned:
            backend.hindrance = lambda *_: "as this benchmark asks"
            recent_code._kept.clear()
        run(*args)
    finally:
        if not laned:
            backend.hindrance = suits
            recent_code._kept.clear()
    return Engine(lambda: run(*args), compiles=True)


def jax_scan(steps: int, work: Any, rows: int) -> Engine:
    import jax
    jax.config.update("jax_enable_x64", True)
    f, args, axes, by = work(steps, rows, jax.lax.while_loop if work is kepler else jax.lax.scan, jax.numpy)
    arrays = [*map(jax.numpy.array, args)]
    run = jax.jit(jax.vmap(f if by is None else jax.value_and_grad(f, argnums=by), in_axes=axes))
    return Engine(lambda: jax.block_until_ready(run(*arrays)), compiles=True)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=100)
    chosen = parser.parse_args()
    rows, steps = chosen.rows, chosen.steps
    for work in (logistic, pendulum, heston, kepler):
        how = {LANES: {}, FAST: {"fast": True}, ROWS: {"laned": False}}
        makers = {name: partial(ours, work=work, rows=rows, **more) for name, more in how.items()}
        found = present({**makers, JAX: partial(jax_scan, work=work, rows=rows)}, 3, chosen.only)
        per = 1 if work is kepler else steps
        print(f"{work.__name__}, {rows:,} rows, " + ("value, nanoseconds per row" if work is kepler else
              f"value and gradient, {steps} steps, nanoseconds per step of a row") + f"; ratios to ours; {machine()}\n")
        times = contest(found, steps, chosen.rounds, 1e-6, ("ns", 1e9 / rows / per), [LANES, FAST])
        goal("row after row takes longer than lanes", times, ROWS, LANES, 1.0, least=True)
        goal("jax takes >= 2 times as long as fast lanes", times, JAX, FAST, 2.0, least=True)
        print()


if __name__ == "__main__":
    main()
