"""A small data set, and a short training on it."""

from random import Random

from nn import MLP, SGD, fit, mse_loss

RNG = Random(1)
POINTS = [[RNG.gauss(0, 1), RNG.gauss(0, 1)] for _ in range(30)]
SUMS = [2 * a - 3 * b + 1 for a, b in POINTS]
SIDES = [int(a * b > 0) for a, b in POINTS]


def trained(model, loss=mse_loss, y=SUMS, epochs=3, optimizer=None, **options):
    optimizer = optimizer or SGD(model.parameters(), lr=0.05)
    return fit(model, loss, options.pop("X", POINTS), y, optimizer, epochs, **{"progress": False, **options})


def state(model):
    return [p.data for p in model.parameters()]


def make_pair():
    return MLP(2, [4, 2], "tanh", seed=3)
