"""Functions that tests batch, pickle and run in other processes."""

import os

import autograd as ag
from autograd import Value, vmap

weight = Value(1.5)
calls = 0           # of `counted` in this process


def counted(x, y):
    global calls
    calls += 1
    return x * y if x > 0.0 else ag.sin(x) - y


def weighted(x):
    global calls
    calls += 1
    return x * weight


def weighted_by(w, x):
    return x * w


@vmap
def decorated(x):
    global calls
    calls += 1
    return 2.0 * x + 1.0


class Model:
    """A function with a parameter of its own."""

    def __init__(self, slope):
        self.slope = Value(slope)

    def loss(self, x, y):
        global calls
        calls += 1
        return (self.slope * x - y) ** 2


def run(batched, *columns):
    """The result in this process, the calls that it took, and the process."""
    before = calls
    return batched(*columns), calls - before, os.getpid()
