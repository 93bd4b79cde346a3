"""The lecture's multi-layer perceptron, typed along, and its training."""

import math
import random

import pytest

import nn
from autograd import Value


class Neuron:
    def __init__(self, nin):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(random.uniform(-1, 1))

    def __call__(self, x):
        act = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)       # noqa: B905
        return act.tanh()

    def parameters(self):
        return [*self.w, self.b]


class Layer:
    def __init__(self, nin, nout):
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, x):
        outs = [n(x) for n in self.neurons]
        return outs[0] if len(outs) == 1 else outs

    def parameters(self):
        return [p for neuron in self.neurons for p in neuron.parameters()]


class MLP:
    def __init__(self, nin, nouts):
        sz = [nin, *nouts]
        self.layers = [Layer(sz[i], sz[i + 1]) for i in range(len(nouts))]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]


xs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
ys = [1.0, -1.0, -1.0, 1.0]


def mlp():
    random.seed(1337)
    return MLP(3, [4, 4, 1])


def train(n, steps, rate):
    losses = []
    for _ in range(steps):
        ypred = [n(x) for x in xs]
        loss = sum((yout - ygt)**2 for ygt, yout in zip(ys, ypred))     # noqa: B905
        for p in n.parameters():
            p.grad = 0.0
        loss.backward()
        for p in n.parameters():
            p.data += -rate * p.grad
        losses.append(loss.data)
    return losses, ypred


def test_the_networks_gradient_is_the_measured_one():
    n = mlp()
    assert len(n.parameters()) == 41

    def loss():
        return sum((n(x) - y)**2 for x, y in zip(xs, ys))       # noqa: B905

    loss().backward()
    h = 1e-6
    for p in n.parameters():
        before = p.data
        p.data = before + h
        up = loss().data
        p.data = before - h
        down = loss().data
        p.data = before
        assert p.grad == pytest.approx((up - down) / (2 * h), rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("make", [mlp, lambda: nn.MLP(3, [4, 4, 1], "tanh", output_activation="tanh", seed=1337)],
                         ids=["the lecture's", "ours"])
def test_twenty_steps_of_training(make):
    n = make()
    assert len(n.parameters()) == 41
    losses, ypred = train(n, 20, 0.1)
    assert losses[-1] < 0.2 * losses[0]
    losses, ypred = train(n, 200, 0.1)
    assert losses[-1] < 0.02
    assert [math.copysign(1.0, y.data) for y in ypred] == ys


def test_gradients_that_are_not_cleared_add_up():
    n = mlp()
    loss = sum((n(x) - y)**2 for x, y in zip(xs, ys))       # noqa: B905
    loss.backward()
    once = [p.grad for p in n.parameters()]
    loss.backward()
    assert [p.grad for p in n.parameters()] == [2.0 * g for g in once]
