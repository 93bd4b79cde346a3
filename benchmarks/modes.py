"""Forward mode against reverse mode, and what functions with many branches cost.

python benchmarks/modes.py

1. One eager `jvp` and one eager `value_and_grad` of the same function of one number, by kind of operation.
2. The jacobian of a pendulum's 200 angles by 3 numbers: eager, to compile, compiled; beside it the same by three `jvp`.
3. A binomial tree with Python's `max`, Newton's method, and 32 units with `if h > 0`: 80 different calls, compiled and
   eager, and how many versions were compiled.
4. What these versions could share with the version above them, whose guard failed: the instructions before that guard,
   and the time of a call beside that of the version alone which answers it.
"""

import math
import warnings
from collections.abc import Callable, Sequence
from random import Random
from statistics import mean
from time import perf_counter
from typing import Any

from timing import Engine as Ready
from timing import agree, figure, interleaved, machine, numbers, ratio, turn, typical

import autograd as ag
from autograd import jacobian, jit, jvp, value_and_grad
from autograd.compiler.signature import call_signature
from autograd.lower.schedule import due
from autograd.program.simplification import expand

ROUNDS = 21
STEPS: dict[str, Callable[[Any, Any], Any]] = {
    "x * y + 1.5": lambda y, x: y * x + 1.5, "(y - x) / (y + 2 * x)": lambda y, x: (y - x) / (y + 2.0 * x),
    "sin, exp": lambda y, x: ag.sin(y) + ag.exp(-y) * 0.5, "y ** 2": lambda y, x: (y + 1.0) ** 2 / (y + 2.0),
    "relu, gelu, sigmoid": lambda y, x: ag.relu(y) + ag.gelu(y) * ag.sigmoid(y),
    "maximum, where": lambda y, x: ag.where(y > 0.5, y * 0.5, y) + ag.maximum(y, 0.2) * 0.1,
    "dot of 16": lambda y, x: ag.tanh(ag.dot([y] * 16, [x, 0.1, y, 0.2] * 4)),
}


def repeated(step: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    """A hundred steps, one after another."""
    def f(x: Any) -> Any:
        y = x
        for _ in range(100):
            y = step(y, x)
        return y
    return f


def pendulum(p: Any) -> Any:
    """200 angles of a pendulum."""
    g, length, drag = p
    angle, speed, angles = 1.0, 0.0, []
    for _ in range(200):
        speed = speed + 0.01 * (-g / length * ag.sin(angle) - drag * speed)
        angle = angle + 0.01 * speed
        angles.append(angle)
    return angles


def by_columns(p: Any) -> Any:
    """The columns of its jacobian, one `jvp` each."""
    return [jvp(pendulum, (p,), ([float(i == j) for j in range(3)],))[1] for i in range(3)]


def tree(p: Any) -> Any:
    """A put that may be exercised early, on a tree of 100 steps."""
    spot, strike, rate, volatility = p
    n = 100
    up, discount = ag.exp(volatility * math.sqrt(1 / n)), ag.exp(-rate / n)
    q = (ag.exp(rate / n) - 1 / up) / (up - 1 / up)
    powers = [up**(j - n) for j in range(2 * n + 1)]
    values = [max(strike - spot * powers[2 * j], 0.0) for j in range(n + 1)]
    for i in range(n - 1, -1, -1):
        values = [max(discount * (q * values[j + 1] + (1 - q) * values[j]), strike - spot * powers[2 * j - i + n])
                  for j in range(i + 1)]
    return values[0]


def cube_roots(p: Any) -> Any:
    """The sum of cube roots by Newton's method."""
    total = 0.0
    for s in p:
        x = s
        while abs(x * x * x - s) > 1e-10 * s:
            x = x - (x * x * x - s) / (3 * x * x)
        total = total + x
    return total


def units(p: Any) -> Any:
    """32 units that branch."""
    random, total = Random(2), 0.0
    for _ in range(32):
        h = random.uniform(-1, 1) * p[0] + random.uniform(-1, 1) * p[1] + random.uniform(-1, 1)
        total = total + (h * 0.3 if h > 0 else 0.0)
    return total


def repeats(compiled: Any, points: Sequence[Any]) -> tuple[float, float, float]:
    """The mean part of a version that repeats the one above; seconds of a call, and of its version alone."""
    parts, works = [], {}
    for version in (version for root in compiled.versions.roots.values() for version in root.all()):
        _, found, above, failed = version
        if above is not None:
            program = expand(found.trace.program, calls=True)
            [register] = [register for register, guards in due(program).items() if failed in guards]
            parts.append((register + 1 - len(program.inputs)) / len(program.instructions))
    for place, point in enumerate(points):
        signature, numbers, _ = call_signature((point,), {})
        version = compiled.versions.roots[signature]
        while version is not None and (failed := version.run(numbers)).__class__ is int:
            version = version.by_failed_guard.get(failed)
        if version is not None:
            works[f"call {place}"] = turn(Ready(lambda point=point: compiled(point)))       # type: ignore[misc]
            works[f"alone {place}"] = turn(Ready(lambda point=point, entry=version.fast_entry: entry((point,))))    # type: ignore[misc]
    times = interleaved(works, 5)
    whole, alone = (mean(typical(times, name) for name in works if name.startswith(what)) for what in ("call", "alone"))
    return mean(parts), whole, alone


def main() -> None:
    """Print the four tables."""
    print(f"{machine()}\n\n| 100 times | jvp, us | gradient, us | jvp / gradient |\n|---|---|---|---|")
    for name, step in STEPS.items():
        f = repeated(step)
        agree({"reverse": [value_and_grad(f)(1.3)[1]], "forward": [jvp(f, (1.3,), (1.0,))[1]]}, 1e-9)
        times = interleaved({"jvp": turn(Ready(lambda f=f: jvp(f, (1.3,), (1.0,)))),    # type: ignore[misc]
                             "grad": turn(Ready(lambda f=f: value_and_grad(f)(1.3)))}, ROUNDS)      # type: ignore[misc]
        print(f"| {name} | {figure(typical(times, 'jvp') * 1e6)} | {figure(typical(times, 'grad') * 1e6)} "
              f"| {ratio(times, 'jvp', 'grad'):.2f} |", flush=True)
    point = [9.81, 1.0, 0.1]
    print("\n| 200 x 3 | eager, ms | to compile, s | compiled, us |\n|---|---|---|---|")
    for name, made in (("jacobian", jacobian(pendulum)), ("three jvp", by_columns)):
        compiled, start = jit(made), perf_counter()
        compiled(point)
        seconds = perf_counter() - start
        agree({"eager": numbers(made(point)), "compiled": numbers(compiled(point))}, 0.0)
        times = interleaved({"eager": turn(Ready(lambda made=made: made(point))),       # type: ignore[misc]
                             "compiled": turn(Ready(lambda compiled=compiled: compiled(point)))}, ROUNDS)   # type: ignore[misc]
        print(f"| {name} | {figure(typical(times, 'eager') * 1e3)} | {figure(seconds)} "
              f"| {figure(typical(times, 'compiled') * 1e6)} |", flush=True)
    random = Random(0)
    calls: dict[Any, list[list[float]]] = {
        tree: [[100 + random.uniform(-9, 9), 100.0, random.uniform(0.01, 0.05), random.uniform(0.1, 0.3)]
               for _ in range(80)],
        cube_roots: [[random.uniform(0.5, 50) for _ in range(30)] for _ in range(80)],
        units: [[random.uniform(-1, 1), random.uniform(-1, 1)] for _ in range(80)]}
    print("\n| 80 calls | with jit, s | eager, s | versions |\n|---|---|---|---|")
    for f, points in calls.items():
        compiled = jit(value_and_grad(f))
        start = perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for p in points:
                compiled(p)
        middle = perf_counter()
        for p in points:
            value_and_grad(f)(p)
        print(f"| {f.__name__} | {figure(middle - start)} | {figure(perf_counter() - middle)} "
              f"| {len(compiled.programs)} |", flush=True)
    print("\n| versions | before the failed guard | a call, us | its version alone, us |\n|---|---|---|---|")
    for f, points in calls.items():
        for name, made in (("value", f), ("gradient", value_and_grad(f))):
            compiled = jit(made)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for p in points:
                    compiled(p)
                part, whole, alone = repeats(compiled, points)
            print(f"| {f.__name__}, {name} | {part:.0%} | {figure(whole * 1e6)} | {figure(alone * 1e6)} |", flush=True)


if __name__ == "__main__":
    main()
