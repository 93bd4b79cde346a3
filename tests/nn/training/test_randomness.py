"""fit never freezes a random number or the time that the model reads."""

import functools
import itertools
import os
import random
import time
from random import Random

import numpy as np
import pytest

from autograd import TraceError
from nn import SGD, fit, mse_loss
from tests.support.training_pairs import POINTS, SUMS, Net, both


class Dropout(Net):
    """Leaves out a hardly ever: eight trial calls rarely see it."""

    def __init__(self, draw, p=0.01):
        super().__init__()
        self.draw, self.p = draw, p

    def forward(self, x):
        return super().forward([a * (self.draw() >= self.p) for a in x])


DRAWS = {
    "random": lambda: random.random,
    "numpy": lambda: np.random.random,
    "numpy's uniform": lambda: lambda: np.random.uniform(0, 1),
    "one's own": lambda: Random(1).random,
    "one's own, at call": lambda: (lambda rng: lambda: rng.uniform(0, 1))(Random(1)),
    "NumPy, one's own": lambda: np.random.default_rng(1).random,
    "NumPy, at call": lambda: (lambda rng: lambda: rng.uniform())(np.random.default_rng(1)),
    "NumPy, old": lambda: np.random.RandomState(1).rand,
    "in a list": lambda: (lambda rngs: lambda: rngs[0]["rng"].random())([{"rng": Random(1)}]),
    "from an iterator": lambda: functools.partial(next, itertools.cycle([0.0, 0.5, 0.7])),
}


@pytest.mark.parametrize("draw", DRAWS)
def test_dropout_at_one_percent_is_never_frozen(draw):
    both(lambda: (Dropout(DRAWS[draw]()), mse_loss), "would be frozen", epochs=8)
    model = Dropout(DRAWS[draw]())
    with pytest.raises(TraceError, match="would be frozen"):
        fit(model, mse_loss, POINTS, SUMS, SGD(model.parameters(), lr=0.02), 1, progress=False, jit=True)


CHANCE = {"urandom": lambda: os.urandom(1)[0] / 256, "time": lambda: time.time() % 1, "system": Random().random,
          "SystemRandom": random.SystemRandom().random, "counter": time.perf_counter,
          "new generator": lambda: np.random.default_rng().random()}


@pytest.mark.parametrize("what", CHANCE)
def test_clocks_and_the_systems_chance_are_not_frozen(what):
    model = Dropout(CHANCE[what])
    with pytest.raises(TraceError, match="by chance would be frozen"):
        fit(model, mse_loss, POINTS, SUMS, SGD(model.parameters(), lr=0.02), 1, progress=False, jit=True)


def test_a_clock_that_is_not_called_does_no_harm():
    def loss(output, target):
        if output is None:
            print(time.time(), random.random())
        return mse_loss(output, target)

    both(lambda: (Net(), loss))


def test_generators_used_elsewhere_do_no_harm():
    both(lambda: (Net(), mse_loss, lambda epoch, history: random.random() + np.random.rand()))
