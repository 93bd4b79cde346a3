"""Compiled functions that are plain loops of Python, beside the same formulas on arrays under JAX.

python benchmarks/plain_loops.py [--only jax]

Rosenbrock's function of 1,000 and 10,000 numbers, written with products and with ``** 2``, and micrograd's loss over
the 100 points of two moons: value and gradient, from input numbers to output numbers. *compile* is the first call: the
trace, what is found again in it, the derivative and the machine code.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy
from formulas import rosenbrock, rosenbrock_of_array
from timing import Engine, contest, deep, machine, options, present

import autograd
import nn

OURS = "ours, a plain loop"
SIZES, ALPHA = [2, 16, 16, 1], 1e-4


def with_powers(x: Sequence[Any]) -> Any:
    """Rosenbrock's function as textbooks have it."""
    return sum(100.0 * (b - a ** 2) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x))


def bound(f: Callable[..., Any], n: int) -> Engine:
    compiled: Any = autograd.jit(autograd.value_and_grad(f), backend="llvm")
    x, out = numpy.random.default_rng(n).uniform(-2.0, 2.0, n), numpy.empty(n + 1)
    return Engine(compiled.bind(x, out=out), lambda _: out.tolist(), compiles=True)


def of_jax(f: Callable[..., Any], x: Any) -> Engine:
    import jax
    jax.config.update("jax_enable_x64", True)
    compiled, given = jax.jit(jax.value_and_grad(f)), jax.numpy.array(x)
    return Engine(lambda: jax.block_until_ready(compiled(given)), compiles=True)


def points() -> tuple[list[list[float]], list[float], list[float]]:
    """Two interleaved half circles with noise, their sides, and weights to start from."""
    draw = numpy.random.default_rng(1337)
    angle = numpy.linspace(0.0, numpy.pi, 50)
    upper = numpy.stack([numpy.cos(angle), numpy.sin(angle)], axis=1)
    rows = numpy.concatenate([upper, [1.0, 0.5] - upper]) + draw.normal(scale=0.1, size=(100, 2))
    count = sum((inputs + 1) * outputs for inputs, outputs in pairwise(SIZES))
    return rows.tolist(), [-1.0] * 50 + [1.0] * 50, draw.uniform(-1.0, 1.0, count).tolist()


def moons(_: int) -> Engine:
    """The loss as users write it, with a model and a loop over the rows."""
    rows, sides, weights = points()
    model = nn.MLP(SIZES[0], SIZES[1:], init="micrograd")
    for p, start in zip(model.parameters(), weights, strict=True):
        p.data = start

    def loss() -> Any:
        total: Any = 0.0
        for x, side in zip(rows, sides, strict=True):
            total = total + (1.0 - side * model(x)).relu()
        return total / len(rows) + ALPHA * sum(p * p for p in model.parameters())

    return Engine(autograd.jit(autograd.value_and_grad(loss, wrt=model.parameters()), backend="llvm"), compiles=True)


def moons_of_jax(_: int) -> Engine:
    import jax
    rows, sides, weights = points()
    x, y = numpy.array(rows), numpy.array(sides)

    def loss(w: Any) -> Any:
        outputs, start = x, 0
        for inputs, count in pairwise(SIZES):
            layer = w[start:start + (inputs + 1) * count].reshape(count, inputs + 1)     # each neuron's weights, bias
            outputs = outputs @ layer[:, :-1].T + layer[:, -1]
            if count > 1:
                outputs = jax.nn.relu(outputs)
            start += (inputs + 1) * count
        return jax.nn.relu(1.0 - y * outputs[:, 0]).mean() + ALPHA * w @ w

    return of_jax(loss, weights)


def main() -> None:
    parser = options(__doc__)
    chosen = parser.parse_args()
    print(f"Plain loops, microseconds per call and ratios to ours; medians; {machine()}\n")
    for n in (1_000, 10_000):
        print(f"Rosenbrock, n = {n:,}\n")
        makers = present({
            OURS: partial(bound, rosenbrock), f"{OURS}, ** 2": partial(bound, with_powers),
            "jax, on arrays": lambda n: of_jax(rosenbrock_of_array, numpy.random.default_rng(n).uniform(-2.0, 2.0, n)),
        }, 3, chosen.only)
        contest(makers, n, chosen.rounds, 1e-12, ("us", 1e6), [OURS])
    print("The loss over two moons\n")
    contest(present({OURS: moons, "jax, on arrays": moons_of_jax}, 3, chosen.only), 100, chosen.rounds, 1e-12,
            ("us", 1e6), [OURS])


if __name__ == "__main__":
    deep(main)
