"""A time loop: a pendulum with friction by 5,000 Runge-Kutta steps, and its gradient by three parameters.

python benchmarks/loops.py [--only NAME ...]

The loop is `fori_loop` here and `lax.scan` in JAX. Beside it our loop with 50 snapshots, which keeps the numbers of 50
steps instead of 5,000; and the first call, trace and compilation included, by the number of steps.
"""

from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any

from timing import Engine, contest, goal, machine, options, present, typical

import autograd

PARAMETERS, STEPS, STEP = [9.81, 1.3, 0.1], 5000, 0.002
ALL, FEW, JAX = "ours, fori_loop", "ours, 50 snapshots", "jax, scan"


def runge_kutta(p: Any, state: Any, sin: Callable[[Any], Any]) -> Any:
    """One step of angle and speed."""
    def slopes(angle: Any, speed: Any) -> Any:
        return speed, -(p[0] / p[1]) * sin(angle) - p[2] * speed

    angle, speed = state
    a1, b1 = slopes(angle, speed)
    a2, b2 = slopes(angle + 0.5 * STEP * a1, speed + 0.5 * STEP * b1)
    a3, b3 = slopes(angle + 0.5 * STEP * a2, speed + 0.5 * STEP * b2)
    a4, b4 = slopes(angle + STEP * a3, speed + STEP * b3)
    return (angle + STEP / 6 * (a1 + 2 * a2 + 2 * a3 + a4), speed + STEP / 6 * (b1 + 2 * b2 + 2 * b3 + b4))


def swung(p: Any, steps: int, checkpoint: Any) -> Any:
    """The square of the last angle."""
    angle, _ = autograd.fori_loop(0, steps, lambda _, c: runge_kutta(p, c, autograd.sin), (0.5, 0.1),
                                  checkpoint=checkpoint)
    return angle * angle


def ours(steps: int, checkpoint: Any) -> Engine:
    run = autograd.jit(autograd.value_and_grad(lambda p: swung(p, steps, checkpoint)))
    return Engine(lambda: run(PARAMETERS), compiles=True)


def jax_scan(steps: int) -> Engine:
    import jax
    jax.config.update("jax_enable_x64", True)

    def last(p: Any) -> Any:
        (angle, _), _ = jax.lax.scan(lambda c, _: (runge_kutta(p, c, jax.numpy.sin), None), (0.5, 0.1), None, steps)
        return angle * angle

    run = jax.jit(jax.value_and_grad(last))
    return Engine(lambda: jax.block_until_ready(run(PARAMETERS)), compiles=True)


def main() -> None:
    chosen = options(__doc__).parse_args()
    makers = present({ALL: partial(ours, checkpoint="all"), FEW: partial(ours, checkpoint=50), JAX: jax_scan},
                     10, chosen.only)
    print(f"Pendulum, value and gradient, milliseconds for {STEPS:,} steps and ratios to ours; medians; {machine()}\n")
    times = contest(makers, STEPS, chosen.rounds, 1e-9, ("ms", 1e3), [ALL], little=2)
    firsts = []
    for steps in (50, 500, 5000, 50_000):
        start = perf_counter()
        ours(steps, "all").call()
        firsts.append(perf_counter() - start - typical(times, ALL) * steps / STEPS)
        print(f"first call, {steps:6,} steps: {firsts[-1]:.3f} s beside the loop's own time")
    memory = []
    for name, checkpoint in ((ALL, "all"), (FEW, 50)):
        run = autograd.jit(autograd.value_and_grad(lambda p, kept=checkpoint: swung(p, STEPS, kept)))
        run(PARAMETERS)
        memory.append(run.programs[0].cost().memory)
        print(f"{name}: {memory[-1]:,} bytes of numbers")
    print()
    goal("jax scan takes >= 2 times as long", times, JAX, ALL, 2.0, least=True)
    goal("50 snapshots take <= 2 % of the memory of all states", {"few": [memory[1]], "all": [memory[0]]}, "few",
         "all", 0.02)
    goal("compiling 50,000 steps takes <= 1.5 times as long as 50", {"many": [firsts[-1]], "few": [firsts[0]]}, "many",
         "few", 1.5)


if __name__ == "__main__":
    main()
