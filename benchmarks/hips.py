"""Rosenbrock, training loop and payoff in HIPS autograd; peers.py starts this in that package's environment.

The first input line is [task, data] as JSON. Each later line is a number of repetitions, or "numbers",
which asks for the last result. Every line gets an answer, so that peers.py can time it.
"""

import json
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import formulas
from timing import numbers

from autograd import grad, numpy, value_and_grad


def rosenbrock(point: list[float]) -> Callable[[], Any]:
    return partial(value_and_grad(formulas.rosenbrock_of_array), numpy.array(point))


def train(steps: int) -> Callable[[], Any]:
    x, targets = numpy.array(formulas.INPUTS), numpy.array(formulas.TARGETS)

    def sigmoid(z: Any) -> Any:
        return 1.0 / (1.0 + numpy.exp(-z))

    def loss(w: Any) -> Any:
        hidden = sigmoid(numpy.dot(w[0], x) + formulas.BIASES[0])
        error = targets - sigmoid(numpy.dot(w[1], hidden) + formulas.BIASES[1])
        return 0.5 * numpy.sum(error * error)

    gradient = grad(loss)

    def run() -> Any:
        w = numpy.array(formulas.WEIGHTS).reshape(2, 2, 2)
        for _ in range(steps):
            w = w - formulas.RATE * gradient(w)
        return w

    return run


def payoff(paths: list[list[float]]) -> Callable[[], Any]:
    slopes = value_and_grad(lambda parameters, normals: formulas.payoff(parameters, normals, numpy.exp, numpy.sqrt))
    parameters = numpy.array(formulas.PARAMETERS)
    return lambda: [slopes(parameters, normals) for normals in paths]


TASKS = {"rosenbrock": rosenbrock, "training_loop": train, "payoff": payoff}

name, data = json.loads(sys.stdin.readline())
run = TASKS[name](data)
out: Any = None
asked: Any = 0
while True:
    for _ in range(0 if asked == "numbers" else asked):
        out = run()
    print(json.dumps(numbers(out) if asked == "numbers" else None), flush=True)
    line = sys.stdin.readline()
    if not line:
        break
    asked = json.loads(line)
