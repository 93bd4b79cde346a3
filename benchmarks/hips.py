"""W3, W5 and the payoff in HIPS autograd: peers.py starts this where ``autograd`` is that package.

The first line that comes in is [task, data] as JSON; each further one how many times to do the task,
or "numbers", which asks for what it gave. Every line is answered, so that the other side can time it.
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


TASKS = {"w3": rosenbrock, "w5": train, "payoff": payoff}

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
