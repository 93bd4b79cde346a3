"""One full-batch training step of micrograd's demo on 100 points of two moons.

python benchmarks/mlp_step.py

MLP(2, [16, 16, 1]), relu, hinge loss, L2 with alpha 1e-4, SGD. Each engine runs the code that its users
would write: ours with nn.MLP, whose neurons are one `dot` node each; micrograd with its own nn.MLP, as in
its demo; XAD in a loop over scalars, with one tape for all steps. Every step starts from the same
weights. The time covers forward, backward, the update and freeing the graph.
"""

import operator
from collections.abc import Callable
from itertools import islice, pairwise
from typing import Any

import micrograd.engine
import micrograd.nn
import xad.adj_1st
from formulas import POINTS, SIDES, SIZES, START
from timing import Work, agree, deep, interleaved, machine, ratio, typical

import autograd
import nn

ALPHA, RATE = 1e-4, 0.1
ROUNDS = 40
EVERY = 10      # round micrograd takes part in, being slow

Step = Callable[[], tuple[float, list[float]]]      # -> the loss and all gradients


def ours() -> Step:
    model = nn.MLP(SIZES[0], SIZES[1:], init="micrograd")
    parameters = model.parameters()

    def step() -> tuple[float, list[float]]:
        for p, start in zip(parameters, START, strict=True):
            p.data = start
        losses = [(1.0 + -y * model(x)).relu() for x, y in zip(POINTS, SIDES, strict=True)]
        loss = autograd.mean(losses) + ALPHA * autograd.dot(parameters, parameters)
        model.zero_grad()
        loss.backward()
        for p in parameters:
            p.data -= RATE * p.grad
        return loss.data, [p.grad for p in parameters]

    return step


def of_micrograd() -> Step:
    model = micrograd.nn.MLP(SIZES[0], SIZES[1:])
    parameters = model.parameters()

    def step() -> tuple[float, list[float]]:
        for p, start in zip(parameters, START, strict=True):
            p.data = start
        inputs = [list(map(micrograd.engine.Value, x)) for x in POINTS]
        scores = list(map(model, inputs))
        losses = [(1 + -y * score).relu() for y, score in zip(SIDES, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses)) + ALPHA * sum(p * p for p in parameters)
        model.zero_grad()
        loss.backward()
        for p in parameters:
            p.data -= RATE * p.grad
        return loss.data, [p.grad for p in parameters]

    return step


def of_xad() -> Step:
    tape = xad.adj_1st.Tape()
    multiply = operator.mul

    def relu(x: Any) -> Any:
        return x if x > 0.0 else 0.0

    def step() -> tuple[float, list[float]]:
        with tape:
            parameters = [xad.adj_1st.Real(start) for start in START]
            tape.registerInputs(parameters)
            tape.newRecording()
            rest = iter(parameters)
            layers = [[(list(islice(rest, nin)), next(rest)) for _ in range(nout)]
                      for nin, nout in pairwise(SIZES)]
            losses = []
            for x, y in zip(POINTS, SIDES, strict=True):
                outputs: list[Any] = x
                for layer in layers:
                    outputs = [sum(map(multiply, weights, outputs), bias) for weights, bias in layer]
                    if layer is not layers[-1]:
                        outputs = [relu(output) for output in outputs]
                losses.append(relu(1.0 + -y * outputs[0]))
            loss: Any = sum(losses) * (1.0 / len(losses)) + ALPHA * sum(p * p for p in parameters)
            tape.registerOutput(loss)
            loss.derivative = 1.0
            tape.computeAdjoints()
            gradient = [p.derivative for p in parameters]
            _updated = [start - RATE * g for start, g in zip(START, gradient, strict=True)]
            result = loss.value, gradient
            tape.clearAll()
            return result

    return step


def main() -> None:
    steps = {"ours": ours(), "XAD": of_xad(), "micrograd": of_micrograd()}
    agree({name: (lambda loss, gradient: [loss, *gradient])(*step()) for name, step in steps.items()}, 1e-10)
    work = {name: Work(step) for name, step in steps.items()}
    work["micrograd"] = Work(steps["micrograd"], 2, EVERY, cycles=True)
    times = interleaved(work, ROUNDS)
    print(f"MLP step, ms per training step; medians of {ROUNDS} rounds; {machine()}")
    for name in steps:
        print(f"{name:10} {typical(times, name) * 1e3:8.1f}")
    print(f"ours / XAD {ratio(times, 'ours', 'XAD'):.2f}, micrograd / ours {ratio(times, 'micrograd', 'ours'):.0f}")


if __name__ == "__main__":
    deep(main)
