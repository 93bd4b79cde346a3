"""Values that a compiled function captures: read at each call, and differentiated."""

import math
from random import Random

import pytest

import autograd as ag
import nn
from autograd import TraceError, Value, value_and_grad
from tests.support.bit_identity import bits, same


def test_captured_values_are_read_at_each_call(jit):
    w = Value(2.0, label="w")
    compiled = jit(lambda x: w * x if w > 0.0 else w - x)
    for number in (2.0, -3.0, 5.0, math.nan, 0.0):
        w.data = number
        out = compiled(3.0)
        assert isinstance(out, Value)
        assert bits(out.data) == bits(number * 3.0 if number > 0.0 else number - 3.0)
        w.grad = None
        out.backward()
        assert w.grad == (3.0 if number > 0.0 else 1.0)


def test_gradients_flow_through_captured_values_that_were_computed(jit):
    w = Value(2.0)
    y = w * w
    out = jit(lambda x: y * x)(3.0)
    out.backward()
    assert (out.data, w.grad) == (12.0, 12.0)
    with pytest.raises(TraceError, match="compute it inside"):
        jit(value_and_grad(lambda x: y * x, wrt=[w]))(3.0)


def test_a_loss_of_parameters_that_are_unused_or_asked_for_twice(jit):
    w, v = Value(2.0), Value(3.0)
    for wrt in ([w], [v], [v, w], [w, w], []):
        assert same(jit(value_and_grad(lambda x: w * w * x, wrt=wrt))(3.0),
                    value_and_grad(lambda x: w * w * x, wrt=wrt)(3.0))


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_micrograd_s_training_loop_with_one_decorator(jit, activation):
    rng = Random(3)
    points = [[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(12)]
    targets = [1.0 if x * y > 0 else -1.0 for x, y in points]

    def train(decorate):
        model = nn.MLP(2, [4, 4, 1], activation, seed=5)
        history = []

        def loss():
            losses = [ag.relu(1.0 - target * model(point)) for point, target in zip(points, targets, strict=True)]
            return ag.sum(losses) * (1.0 / len(losses)) + 1e-4 * ag.sum([p * p for p in model.parameters()])

        step = decorate(value_and_grad(loss, wrt=model.parameters()))
        for k in range(20):
            value, slopes = step()
            history.append((value, slopes))
            for p, slope in zip(model.parameters(), slopes, strict=True):
                p.data -= (1.0 - 0.9 * k / 20) * 0.1 * slope
        return history

    assert same(train(jit), train(lambda f: f))


def test_micrograd_s_loop_with_backward(jit):
    def train(decorate):
        model = nn.MLP(2, [3, 1], "relu", seed=5)

        @decorate
        def loss():
            return ag.sum([ag.square(model([0.1 * i, 1.0]) - 0.3 * i) for i in range(5)])

        history = []
        for _ in range(20):
            model.zero_grad()
            total = loss()
            total.backward()
            history.append((total.data, [p.grad for p in model.parameters()]))
            for p in model.parameters():
                p.data -= 0.01 * p.grad
        return history

    assert same(train(jit), train(lambda f: f))
