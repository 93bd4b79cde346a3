"""Models and losses for training twice, compiled and eagerly, and the comparison of both."""

import functools
import random
import warnings
from dataclasses import dataclass, field
from random import Random

import numpy as np

import autograd as ag
import nn
from autograd import Value
from nn import SGD, Linear, fit, mse_loss

RNG = Random(5)
POINTS = [[RNG.gauss(0, 1), RNG.gauss(0, 1)] for _ in range(24)]
SUMS = [2 * a - 3 * b + 1 for a, b in POINTS]
SIDES = [int(a * b > 0) for a, b in POINTS]


def both(make, remark=None, epochs=6, y=SUMS, **options):
    """Train eagerly and compiled, with equal results; return the weights.

    make: gives a new model, a loss and perhaps callbacks, each time. remark: part of the one warning of `fit`.
    """
    found = []
    for jit in (False, "auto"):
        random.seed(3)
        np.random.seed(3)
        model, loss, *callbacks = make()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            history = fit(model, loss, POINTS, y, SGD(model.parameters(), lr=0.02), epochs, progress=False, jit=jit,
                          callbacks=callbacks, **{"batch_size": 8, **options})
        texts = [str(x.message) for x in caught]
        if jit and remark:
            assert len(texts) == 1
            assert remark in texts[0], texts[0]
        else:
            assert not texts, texts
        found.append(([p.data for p in model.parameters()], dict(history)))
    assert found[0] == found[1]
    return found[0][0]


class Net(nn.Module):
    """Two layers, with what a user may change between epochs."""

    scale = 1.0         # an attribute of the class

    def __init__(self):
        self.first, self.last = Linear(2, 3, seed=1), Linear(3, 1, seed=2)
        self.training, self.temperature = True, 1.0

    def forward(self, x):
        hidden = [ag.tanh(a / self.temperature) for a in self.first(x)]
        if self.training:
            hidden = [a * 0.8 for a in hidden]
        return [self.scale * a for a in self.last(hidden)]


def changing(change):
    """A model, the usual loss, and a callback that changes the model after epochs 2 and 4."""
    def make():
        model = Net()
        return model, mse_loss, lambda epoch, history: change(model, epoch) if epoch in (2, 4) else None

    return make


def plain(model, epoch):
    pass


@functools.cache
def unchanged():
    """The weights after the training that nothing changes."""
    return both(changing(plain))


def set_temperature(model, epoch):
    model.temperature = 1.0 + epoch


def set_training(model, epoch):
    model.training = epoch == 4


def shadow_the_class(model, epoch):
    model.scale = 0.5 * epoch


def replace_a_layer(model, epoch):
    model.last.weight[0][0] = Value(0.25 * epoch)


def replace_a_method(model, epoch):
    model.forward = lambda x: [a * 0.5 * epoch for a in Net.forward(model, x)]


def go_on_with_another_nested_layer(model, epoch):
    model.first = model.first if epoch == 4 else nn.Sequential(model.first, nn.Tanh())


CHANGES = [set_temperature, set_training, shadow_the_class, replace_a_layer, replace_a_method,
           go_on_with_another_nested_layer]
SETTINGS = {"weight": 1.0, "nested": [[1.0]]}


def by_settings(output, target):
    return SETTINGS["weight"] * SETTINGS["nested"][0][0] * mse_loss(output, target)


@dataclass
class Config:
    weight: float = 1.0
    powers: list = field(default_factory=lambda: [1.0])
