"""micrograd's demo, 100 training steps on two moons: its own loop, ours eager, ours with one decorator, and fit.

python benchmarks/moons.py

Network, loss and data are those of mlp_step.py. *jit*: the loss of one point is compiled
by `jit(value_and_grad(..., wrt=parameters))` and called in a loop; NumPy adds the gradients. *fit*: 100 epochs of the
whole batch, once with the time of tracing and compiling spread over all steps, and once for the steps after the first
alone. Every step of the first three starts from the same weights.
"""

from collections.abc import Callable
from itertools import pairwise
from statistics import median
from time import perf_counter

import numpy
from formulas import POINTS, SIDES, SIZES, START
from mlp_step import ALPHA, RATE, of_micrograd, ours
from timing import Work, agree, deep, figure, interleaved, machine, ratio, typical

import autograd
import nn

STEPS = 100
ROUNDS = 20
EVERY = 5       # round micrograd takes part in, being slow


def decorated() -> Callable[[], tuple[float, list[float]]]:
    model = nn.MLP(SIZES[0], SIZES[1:], init="micrograd")
    parameters = model.parameters()
    slopes = autograd.jit(autograd.value_and_grad(lambda x, y: (1.0 + -y * model(x)).relu(), wrt=parameters))
    pairs = list(zip(POINTS, SIDES, strict=True))

    def step() -> tuple[float, list[float]]:
        for p, start in zip(parameters, START, strict=True):
            p.data = start
        found = [slopes(x, y) for x, y in pairs]
        weights = numpy.array(START)
        gradient = numpy.mean([slope for _, slope in found], axis=0) + 2 * ALPHA * weights
        for p, x in zip(parameters, (weights - RATE * gradient).tolist(), strict=True):
            p.data = x
        return sum(loss for loss, _ in found) / len(found) + ALPHA * float(weights @ weights), gradient.tolist()

    return step


def fitted(epochs: int, rate: float = RATE) -> tuple[list[float], float, list[float]]:
    """The parameters after that many steps, the accuracy, and the time at which each step ended."""
    model, ends = nn.MLP(SIZES[0], SIZES[1:], init="micrograd"), list[float]()
    for p, start in zip(model.parameters(), START, strict=True):
        p.data = start
    optimizer = nn.SGD(model.parameters(), lr=rate, weight_decay=2 * ALPHA)
    falling = nn.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, STEPS)
    nn.fit(model, lambda score, side: (1.0 - side * score).relu(), POINTS, SIDES, optimizer, epochs,
           schedulers=[falling], jit=True, progress=False, callbacks=[lambda *_: ends.append(perf_counter())])
    return [p.data for p in model.parameters()], nn.accuracy([model(x).data for x in POINTS], SIDES), ends


def main() -> None:
    steps = {"micrograd": of_micrograd(), "eager": ours(), "jit": decorated()}
    agree({name: step()[1] for name, step in steps.items()}, 1e-10)
    agree({"eager": [w - RATE * g for w, g in zip(START, steps["eager"]()[1], strict=True)],
           "fit": fitted(1)[0]}, 1e-10)
    alone: list[float] = []

    def whole() -> None:
        ends = fitted(STEPS)[2]
        alone.append(median(b - a for a, b in pairwise(ends)))

    work = {name: Work(step) for name, step in steps.items()}
    work["micrograd"] = Work(steps["micrograd"], 1, EVERY, cycles=True)
    work["fit, compiling included"] = Work(whole, calls=STEPS)
    times = interleaved(work, ROUNDS)
    times["fit, a step"] = [*alone[1:]]     # the first round does not count
    print(f"Medians of {ROUNDS} rounds; {machine()}.\n")
    print("| | ms per training step | micrograd / it |\n|---|---|---|")
    for name in times:
        print(f"| {name} | {figure(typical(times, name) * 1e3)} | {figure(ratio(times, 'micrograd', name))} |")
    print(f"\nWith the demo's falling rate, from 1, fit tells {fitted(STEPS, 1.0)[1]:.0%} of the points "
          f"apart after {STEPS} steps.")


if __name__ == "__main__":
    deep(main)
