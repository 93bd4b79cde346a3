"""One example's loss over all examples: two moons by vmap and as a plain loop; Rosenbrock's function as a plain loop.

python benchmarks/batch.py [--only NAME ...] [--rounds 21]

Moons: the mean hinge loss of MLP(2, [16, 16, 1]) over 100 points and its gradient by 337 weights, arrays in and out.
*vmap*: `vmap(value_and_grad(loss), in_axes=(None, 0, 0), reduce="mean")` of the loss of one point, `fast` or with
eager's bits; *nn.MLP*: the same of a Module, by `wrt=parameters`. *plain loop*: a Python loop over the points under
`jit`, likewise. Array engines get the formula on arrays. C is written for this network, with loops over the points.
Rosenbrock: the plain Python loop over coordinates, with `** 2` and with products. Below each table stand its goals.
"""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy
import peers
from formulas import POINTS, SIDES, SIZES, hinge, hinge_of_arrays, rosenbrock, rosenbrock_of_array, start
from rosenbrock import REORDERED, by_hand, jax, point, torch
from timing import Engine, contest, deep, goal, machine, options, present

import autograd
import nn

FAST, EXACT, LOOP, EXACT_LOOP = "ours, vmap, fast", "ours, vmap", "ours, plain loop, fast", "ours, plain loop"
JAX, TORCH, C = "jax, on arrays", "PyTorch, on arrays", "C by hand, -ffast-math"
SQUARES, PRODUCTS, FIRST = "ours, ** 2, fast", "ours, products, fast", ", first answer"


# ---- two moons ----------------------------------------------------------------------------------


def data(width: int) -> tuple[list[int], Any, Any, Any]:
    """The layers of a network with so many neurons in both hidden layers, its weights, the points and their sides."""
    sizes = [2, width, width, 1]
    return sizes, numpy.array(start(sizes)), numpy.array(POINTS), numpy.array(SIDES)


def vmapped(width: int, fast: bool) -> Engine:
    sizes, *numbers = data(width)
    slopes = autograd.value_and_grad(lambda w, x, side: hinge(w, x, side, autograd.relu, sizes), argnums=0)
    return Engine(partial(autograd.vmap(slopes, (None, 0, 0), reduce="mean", fast=fast), *numbers), compiles=True)


def of_module(width: int) -> Engine:
    """As one writes it with nn: the weights are the Values of a network."""
    sizes, w, points, sides = data(width)
    model = nn.MLP(sizes[0], sizes[1:], init="micrograd")
    for p, number in zip(model.parameters(), w.tolist(), strict=True):
        p.data = number
    slopes = autograd.value_and_grad(lambda x, side: autograd.relu(1.0 - side * model(x)), wrt=model.parameters())
    return Engine(partial(autograd.vmap(slopes, reduce="mean", fast=True), points, sides), compiles=True)


def plain_loop(width: int, fast: bool) -> Engine:
    sizes, *numbers = data(width)

    def mean(w: Any, points: Any, sides: Any) -> Any:
        total = 0.0
        for x, side in zip(points, sides, strict=True):
            total = total + hinge(w, x, side, autograd.relu, sizes)
        return total / len(points)

    return Engine(partial(autograd.jit(autograd.value_and_grad(mean, argnums=0), fast=fast), *numbers), compiles=True)


def moons_of_jax(width: int) -> Engine:
    import jax
    jax.config.update("jax_enable_x64", True)
    sizes, *numbers = data(width)
    step = jax.jit(jax.value_and_grad(partial(hinge_of_arrays, relu=jax.nn.relu, sizes=sizes)))
    arrays = list(map(jax.numpy.array, numbers))
    return Engine(lambda: jax.block_until_ready(step(*arrays)), compiles=True)


def moons_of_torch(width: int) -> Engine:
    import torch
    sizes, *numbers = data(width)
    w, points, sides = map(torch.tensor, numbers)
    w.requires_grad_()

    def call() -> Any:
        loss = hinge_of_arrays(w, points, sides, torch.relu, sizes)
        return loss.detach(), torch.autograd.grad(loss, w)[0]

    return Engine(call)


def moons_by_hand(_: int, *flags: str) -> Engine:
    _, w, points, sides = data(SIZES[1])
    arrays = w, points.T.copy(), sides, (out := numpy.empty(1 + len(w)))
    step = partial(peers.by_hand("moons", *flags), len(sides), *map(peers.address, arrays))
    return Engine(step, lambda _: out.tolist(), compiles=True)


def moons(only: list[str] | None, rounds: int) -> None:
    makers: dict[str, Callable[[int], Engine]] = {
        FAST: partial(vmapped, fast=True), EXACT: partial(vmapped, fast=False), "ours, vmap of nn.MLP, fast": of_module,
        LOOP: partial(plain_loop, fast=True), EXACT_LOOP: partial(plain_loop, fast=False), JAX: moons_of_jax,
        TORCH: moons_of_torch, C: lambda _: moons_by_hand(_, "-ffast-math"),
        "C by hand, strict": moons_by_hand}
    print(f"Two moons, microseconds for loss and gradient and ratios to ours; medians; {machine()}\n")
    times = contest(present(makers, 3, only), SIZES[1], rounds, 1e-12, ("us", 1e6), [FAST, EXACT])
    goal("jax.jit takes >= 8 times as long as vmap, fast", times, JAX, FAST, 8.0, least=True)
    goal("PyTorch takes >= 30 times as long as vmap, fast", times, TORCH, FAST, 30.0, least=True)
    goal("vmap, fast, within 2 times C -O3 -ffast-math", times, FAST, C, 2.0)
    goal("jax.jit takes >= 2 times as long as vmap with eager's bits", times, JAX, EXACT, 2.0, least=True)
    goal("the plain loop within 1.5 times vmap, both fast", times, LOOP, FAST, 1.5)
    goal("the plain loop within 1.5 times vmap, both with eager's bits", times, EXACT_LOOP, EXACT, 1.5)
    goal("the plain loop's first answer within 0.5 s", times, LOOP + FIRST, None, 0.5)


# ---- Rosenbrock ---------------------------------------------------------------------------------


def with_squares(x: Any) -> Any:
    """As people write it."""
    total = 0.0
    for a, b in pairwise(x):
        total = total + 100.0 * (b - a ** 2) ** 2 + (1.0 - a) ** 2
    return total


def ours(n: int, f: Callable[..., Any], fast: bool) -> Engine:
    x, out = numpy.array(point(n)), numpy.empty(n + 1)
    run: Any = autograd.jit(autograd.value_and_grad(f), backend="llvm", fast=fast)
    return Engine(run.bind(x, out=out), lambda _: out.tolist(), compiles=True)


def rosenbrocks(only: list[str] | None, rounds: int) -> None:
    own = {SQUARES: partial(ours, f=with_squares, fast=True), PRODUCTS: partial(ours, f=rosenbrock, fast=True),
           "ours, ** 2": partial(ours, f=with_squares, fast=False),
           "ours, products": partial(ours, f=rosenbrock, fast=False)}
    makers = present({**own, JAX: partial(jax, f=rosenbrock_of_array), TORCH: torch,
                      "C by hand, sums reordered": lambda n: by_hand(n, *REORDERED)}, 3, only)
    for n, bar in (1_000, 4.0), (10_000, 3.0):
        print(f"\nRosenbrock, n = {n:,}, microseconds for value and gradient and ratios to ours\n")
        times = contest(makers, n, rounds, 1e-12, ("us", 1e6), [SQUARES])
        for name in (SQUARES, PRODUCTS):
            goal(f"jax on arrays takes >= {bar:g} times as long as {name}", times, JAX, name, bar, least=True)
    goal("first answer within 0.3 s", times, SQUARES + FIRST, None, 0.3)


def main() -> None:
    chosen = options(__doc__).parse_args()
    moons(chosen.only, chosen.rounds)
    rosenbrocks(chosen.only, chosen.rounds)


if __name__ == "__main__":
    deep(main)
