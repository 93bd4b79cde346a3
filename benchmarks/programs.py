"""Whole programs, as their users write them: value and gradient, compiled; instructions, compile time, memory, call.

python benchmarks/programs.py [--only NAME ...] [--rounds N]

Kepler: 500 Runge-Kutta steps of an orbit, by the start; its attraction is written with `r**3`, spelled out in products,
with `hypot`, and with an exponent that is an input. Tree: an American put in a binomial tree of 200 steps with
`maximum`, by spot, volatility and rate. Each engine runs in a process of its own. Compile time is that of the first
call, memory the most that the process held; the time is the processor's.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from time import process_time
from typing import Any

from timing import figure, machine, options

STEPS, H = 500, 0.01
Function = Callable[[Sequence[Any]], Any]


def with_power(x: Any, y: Any, *_: Any) -> Any:
    r = (x**2 + y**2)**0.5
    return -x / r**3, -y / r**3


def with_input(x: Any, y: Any, p: Any) -> Any:
    r = (x**2 + y**2)**0.5
    return -x / r**p, -y / r**p


def kepler(attraction: Callable[..., Any]) -> Function:
    """A function of position, velocity and exponent: the distance at the end."""
    def orbit(start: Sequence[Any]) -> Any:
        *state, p = (start[i] for i in range(5))

        def slope(s: Sequence[Any]) -> list[Any]:
            return [s[2], s[3], *attraction(s[0], s[1], p)]

        for _ in range(STEPS):
            k1 = slope(state)
            k2 = slope([a + H / 2 * k for a, k in zip(state, k1, strict=True)])
            k3 = slope([a + H / 2 * k for a, k in zip(state, k2, strict=True)])
            k4 = slope([a + H * k for a, k in zip(state, k3, strict=True)])
            state = [a + H / 6 * (p1 + 2 * p2 + 2 * p3 + p4)
                     for a, p1, p2, p3, p4 in zip(state, k1, k2, k3, k4, strict=True)]
        return state[0] * state[0] + state[1] * state[1]

    return orbit


def tree(maximum: Callable[..., Any], exp: Callable[[Any], Any], steps: int = 200) -> Function:
    """A function of spot, volatility and rate: the price."""
    def price(p: Sequence[Any]) -> Any:
        spot, volatility, rate = (p[i] for i in range(3))
        dt = 1.0 / steps
        up, growth = exp(volatility * dt**0.5), exp(rate * dt)
        q = (growth - 1 / up) / (up - 1 / up)
        values = [maximum(100.0 - spot * up**(2 * i - steps), 0.0) for i in range(steps + 1)]
        for step in reversed(range(steps)):
            values = [maximum((q * values[i + 1] + (1 - q) * values[i]) / growth, 100.0 - spot * up**(2 * i - step))
                      for i in range(step + 1)]
        return values[0]

    return price


def programs(engine: str) -> dict[str, tuple[Function, list[float]]]:
    """The programs in an engine's functions."""
    module: Any = __import__("casadi") if engine == "CasADi" else __import__("autograd")
    largest, hypot, sqrt = (module.fmax if engine == "CasADi" else module.maximum), module.hypot, module.sqrt

    def spelled(x: Any, y: Any, *_: Any) -> Any:
        r = sqrt(x * x + y * y)
        return -x / (r * r * r), -y / (r * r * r)

    def by_hypot(x: Any, y: Any, *_: Any) -> Any:
        return -x / hypot(x, y)**3, -y / hypot(x, y)**3

    start = [1.0, 0.0, 0.0, 1.1, 3.0]
    return {"Kepler, r**3": (kepler(with_power), start), "Kepler, products": (kepler(spelled), start), "Kepler, hypot":
            (kepler(by_hypot), start), "Kepler, r**p": (kepler(with_input), start),
            "Tree, 200 steps": (tree(largest, module.exp), [100.0, 0.2, 0.05])}


def run(engine: str, name: str, rounds: int) -> list[Any]:
    """In a fresh process: instructions, seconds to compile, gigabytes, seconds of a call, and the gradient."""
    f, x = programs(engine)[name]
    begin = process_time()
    if engine == "CasADi":
        import casadi
        v = casadi.SX.sym("x", len(x))
        y = f([v[i] for i in range(len(x))])
        made = casadi.Function("f", [v], [y, casadi.gradient(y, v)])
        call = lambda: [float(z) for z in made(x)[1].full().ravel()]     # noqa: E731
    else:
        import autograd as ag
        compiled = ag.jit(ag.value_and_grad(f), backend=engine)
        call = lambda: compiled(x)[1]       # noqa: E731
    slopes = call()
    seconds = process_time() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    times = []
    for _ in range(rounds):
        begin = process_time()
        call()
        times.append(process_time() - begin)
    if engine == "CasADi":
        return [made.n_instructions(), seconds, memory, min(times), slopes]
    from autograd.program.gradients import gradients
    from autograd.program.simplification import expand
    program = gradients(ag.trace(f, x), range(len(x)))
    return [len(expand(program, calls=True).instructions), seconds, memory, min(times), slopes]


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--run", nargs=2, help="an engine and a program: what a process of its own does")
    chosen = parser.parse_args()
    if chosen.run:
        print(json.dumps(run(*chosen.run, chosen.rounds)))
        return
    print(f"Value and gradient; least of {chosen.rounds} calls; {machine()}\n")
    print("| | engine | instructions | compile, s | memory, GB | us per call |")
    print("|" + "---|" * 6)
    for name in programs("llvm"):
        if chosen.only and not any(part in name for part in chosen.only):
            continue
        first: list[float] = []
        for engine in ("llvm", "CasADi"):
            done = subprocess.run([sys.executable, __file__, "--run", engine, name, "--rounds", str(chosen.rounds)],
                                  capture_output=True, text=True)
            if done.returncode:
                print(f"missing: {engine} ({done.stderr.strip().splitlines()[-1]})")
                continue
            count, seconds, memory, call, slopes = json.loads(done.stdout)
            first = first or slopes
            size = max(1.0, *map(abs, first))
            assert all(abs(a - b) <= 1e-7 * size for a, b in zip(slopes, first, strict=True)), name
            print(f"| {name} | {engine} | {count:,} | {figure(seconds)} | {figure(memory)} | {figure(call * 1e6)} |",
                  flush=True)


if __name__ == "__main__":
    main()
