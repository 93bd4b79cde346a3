"""Compiled function: Rosenbrock's function and its gradient at a point of n coordinates.

python benchmarks/rosenbrock.py [--sizes 10 100 1000 10000] [--only NAME ...] [--hips PYTHON]

Every scalar engine gets the same loop over scalars (formulas.py); array engines get the same formula on
arrays, as their users would write it. The time is that of one call, from input numbers to output numbers.
"""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy
import peers
from formulas import rosenbrock, rosenbrock_of_array
from timing import Engine, contest, deep, machine, options, present

import autograd

LIST, BUFFERS = "ours, llvm, list in", "ours, llvm, buffers"
LARGEST = {"jax, loop over scalars": 1_000, "CasADi, C": 1_000}     # beyond, compiling takes minutes

# what lets C add in lanes; -ffast-math itself would have subnormals flushed in the whole process
REORDERED = "-fassociative-math", "-fno-signed-zeros", "-fno-trapping-math"


def point(n: int) -> list[float]:
    numbers = random.Random(n)
    return [numbers.uniform(-2.0, 2.0) for _ in range(n)]


def ours(n: int, backend: str) -> Engine:
    f = autograd.jit(autograd.value_and_grad(rosenbrock), backend=backend)
    return Engine(partial(f, point(n)), compiles=True)


def ours_with_buffers(n: int) -> Engine:
    f: Any = autograd.jit(autograd.value_and_grad(rosenbrock), backend="llvm")
    x, out = numpy.array(point(n)), numpy.empty(n + 1)
    return Engine(f.bind(x, out=out), lambda _: out.tolist(), compiles=True)


def ours_eager(n: int) -> Engine:
    return Engine(partial(autograd.value_and_grad(rosenbrock), point(n)))


def micrograd(n: int) -> Engine:
    return Engine(partial(peers.of_micrograd(rosenbrock), point(n)), cycles=True)


def xad(n: int) -> Engine:
    return Engine(partial(peers.of_xad(rosenbrock), point(n)))


def torch(n: int) -> Engine:
    import torch
    x = torch.tensor(point(n), dtype=torch.float64, requires_grad=True)

    def call() -> Any:
        y = rosenbrock_of_array(x)
        return y.detach(), torch.autograd.grad(y, x)[0]

    return Engine(call)


def jax(n: int, f: Callable[[Any], Any]) -> Engine:
    import jax
    jax.config.update("jax_enable_x64", True)
    compiled = jax.jit(jax.value_and_grad(f))
    x = jax.numpy.array(point(n))
    return Engine(lambda: jax.block_until_ready(compiled(x)), compiles=True)


def casadi(n: int, lower: Callable[[Any], Any]) -> Engine:
    import casadi
    symbols = casadi.SX.sym("x", n)
    y = rosenbrock(casadi.vertsplit(symbols))
    f = casadi.Function("rosenbrock", [symbols], [y, casadi.densify(casadi.gradient(y, symbols))])
    x, value, slopes = numpy.array(point(n)), numpy.empty(1), numpy.empty(n)
    return Engine(peers.with_buffers(lower(f), [x], [value, slopes]), lambda _: [*value, *slopes], compiles=True)


def by_hand(n: int, *flags: str) -> Engine:
    x, out = numpy.array(point(n)), numpy.empty(n + 1)
    function = peers.by_hand("rosenbrock", *flags)
    return Engine(partial(function, n, peers.address(x), peers.address(out)), lambda _: out.tolist(), compiles=True)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1_000, 10_000])
    chosen = parser.parse_args()
    makers = present({
        LIST: partial(ours, backend="llvm"),
        BUFFERS: ours_with_buffers,
        "ours, python": partial(ours, backend="python"),
        "ours, eager": ours_eager,
        "micrograd": micrograd,
        "XAD": xad,
        "HIPS autograd": lambda n: peers.of_hips(chosen.hips, "rosenbrock", point(n), 50),
        "PyTorch": torch,
        "jax, on arrays": partial(jax, f=rosenbrock_of_array),
        "jax, loop over scalars": partial(jax, f=rosenbrock),
        "CasADi, virtual machine": partial(casadi, lower=lambda f: f),
        "CasADi, C": partial(casadi, lower=peers.casadi_code),
        "C by hand": by_hand,
        "C by hand, sums reordered": lambda n: by_hand(n, *REORDERED),
    }, 3, chosen.only)
    print(f"Rosenbrock, microseconds per call and ratios to ours; medians; {machine()}\n")
    for n in chosen.sizes:
        print(f"n = {n:,}\n")
        able = {name: make for name, make in makers.items() if n <= LARGEST.get(name, n)}
        contest(able, n, chosen.rounds, 1e-12, ("us", 1e6), [BUFFERS, LIST])
        if len(able) < len(makers):
            print(f"Not at this size: {'; '.join(name for name in makers if name not in able)}.\n")


if __name__ == "__main__":
    deep(main)
