"""jit(fast=True) beside the default: calls from buffer to buffer, one core.

python benchmarks/fast.py [--rounds N]

A row has nanoseconds of a call in both modes, in turns, their ratio, and milliseconds of the first call: trace,
derivative and compilation. Values with their gradients, but for the first.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from time import perf_counter
from typing import Any

import numpy
from timing import Work, interleaved, machine, options

import autograd as ag
from autograd import jit, value_and_grad

TURN = 0.01         # seconds of a mode's turn


def polynomial(p: Sequence[Any]) -> Any:
    """Horner's scheme: each product is fused with the sum behind it."""
    total = p[-1]
    for a in p[-2:0:-1]:
        total = total * p[0] + a
    return total


def products(p: Sequence[Any]) -> Any:
    """A dot product as a plain loop."""
    total = 0.0
    for a, b in zip(p[::2], p[1::2], strict=True):
        total = total + a * b
    return total


def network(p: Sequence[Any]) -> Any:
    """Two inputs, two layers of eight units with tanh, one output."""
    w, x = iter(p), [0.3, -0.7]
    for _ in range(2):
        x = [ag.tanh(sum((next(w) * a for a in x), next(w))) for _ in range(8)]
    return ag.dot([next(w) for _ in x], x)


def rosenbrock(p: Sequence[Any]) -> Any:
    """Written as users write it."""
    return ag.sum([100.0 * (b - a * a)**2 + (1.0 - a)**2 for a, b in pairwise(p)])


ROWS = {"dot of 400 pairs, value": (lambda p: ag.dot(p[:400], p[400:]), 800),
        "products of 400 pairs, a loop": (value_and_grad(products), 800),
        "polynomial of degree 40": (value_and_grad(polynomial), 42),
        "network of 8 and 8 units": (value_and_grad(network), 104),
        "Rosenbrock of 100": (value_and_grad(rosenbrock), 100)}


def main() -> None:
    rounds = options(__doc__).parse_args().rounds
    print(f"{machine()}\n\n| ns a call | default | fast | fast / default | first call, ms | fast |")
    print("|---|---|---|---|---|---|")
    for name, (f, count) in ROWS.items():
        x = numpy.random.default_rng(1).normal(size=count) * 0.3
        runs: dict[str, Any] = {}
        first = []
        for fast in (False, True):
            out = numpy.zeros(1 if name.endswith("value") else count + 1)
            start = perf_counter()
            runs[f"fast={fast}"] = jit(f, fast=fast).bind(x, out=out)
            first.append(1e3 * (perf_counter() - start))
        start = perf_counter()
        runs["fast=False"]()
        repetitions = max(1, int(TURN / (perf_counter() - start)))
        times = interleaved({mode: Work(run, repetitions) for mode, run in runs.items()}, rounds)
        usual, fast_times = times["fast=False"], times["fast=True"]
        share = median(b / a for a, b in zip(usual, fast_times, strict=True))
        print(f"| {name} | {1e9 * median(usual):.0f} | {1e9 * median(fast_times):.0f} | {share:.2f} | "
              f"{first[0]:.0f} | {first[1]:.0f} |", flush=True)


if __name__ == "__main__":
    main()
