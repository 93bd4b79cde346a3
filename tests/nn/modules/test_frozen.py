"""A frozen Value gets no gradient, and nothing that trains moves it; a derivative by its name is given."""

import copy
import math
from random import Random

import pytest

import nn.optim
from autograd import StaleValueError, Value, grad, jit, trainable, value_and_grad
from nn import Adam, Linear, Sequential, Tanh, fit, mse_loss
from nn.optim import Optimizer

X = [[Random(i).gauss(0, 1), Random(-i).gauss(0, 1)] for i in range(1, 21)]
Y = [a - 2 * b for a, b in X]


def test_a_frozen_value_gets_no_gradient():
    a, b = Value(2.0), Value(3.0)
    b.requires_grad = False
    product = a * b
    product.backward()
    assert (a.grad, b.grad, b.has_grad, product.requires_grad) == (3.0, 0.0, False, True)
    assert trainable([a, b]) == [a]
    assert not copy.deepcopy(b).requires_grad
    assert b.detach().requires_grad
    b.data = 5.0        # assigned as before
    assert (a * b).data == 10.0
    assert not b.requires_grad
    # a derivative that is asked for by name is given
    assert value_and_grad(lambda: a * b, wrt=[a, b])() == (10.0, [5.0, 2.0])
    assert jit(value_and_grad(lambda: a * b, wrt=[a, b]))() == (10.0, [5.0, 2.0])
    assert grad(lambda x: x * b)(7.0) == 5.0
    compiled = jit(lambda x: x * b)
    assert compiled(2.0) == 10.0
    x = Value(2.0)
    compiled(x).backward()
    assert (x.grad, b.has_grad) == (5.0, False)
    b.requires_grad = True
    (a * b).backward()
    assert b.grad == 2.0
    with pytest.raises(StaleValueError, match="only a leaf can be frozen"):
        product.requires_grad = False
    with pytest.raises(TypeError, match="requires_grad is True or False, not 0"):
        a.requires_grad = 0


OPTIMISERS = {name: kind for name, kind in vars(nn.optim).items()
              if isinstance(kind, type) and issubclass(kind, Optimizer) and kind is not Optimizer}
OPTIONS = {"SGD": {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.1}, "Adam": {"lr": 0.1, "weight_decay": 0.1},
           "RMSprop": {"lr": 0.1, "momentum": 0.5, "centered": True}, "LBFGS": {"max_iter": 3}}


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("name", OPTIMISERS)
def test_optimisers_skip_what_is_frozen(name, place):
    """The others move as if they were alone, wherever the frozen one is; that stays where it was."""
    def run(with_frozen):
        a, b, c = Value(1.0), Value(-2.0), Value(0.5)
        optimizer = OPTIMISERS[name]([*[a, c][:place], b, *[a, c][place:]] if with_frozen else [a, c],
                                     **OPTIONS.get(name, {}))
        if with_frozen:
            b.requires_grad = False
            b.grad = math.nan       # of an earlier pass
        for _ in range(3):
            optimizer.step(lambda: closure(optimizer, a, b, c))
        return [a.data, c.data], b

    def closure(optimizer, a, b, c):
        for value in (a, c):
            value.grad = None
        loss = (a - b) ** 2 + (a * c - 1) ** 2
        loss.backward()
        return loss

    alone, _ = run(False)
    others, frozen = run(True)
    assert others == alone
    assert frozen.data == -2.0


@pytest.mark.parametrize("jit", [True, False])
def test_fit_trains_what_is_not_frozen(jit):
    net = Sequential(Linear(2, 3, seed=0), Tanh(), Linear(3, 1, seed=1))
    net[0].requires_grad_(False)
    before = net.state_dict()
    optimizer = Adam(net.parameters(), lr=0.05, weight_decay=0.1)

    def thaw(epoch, history):
        if epoch == 2:
            assert net.state_dict()["0.weight"] == before["0.weight"]
            assert not any(value.has_grad for value in net[0].parameters())
            net.requires_grad_()

    fit(net, mse_loss, X, Y, optimizer, 4, 5, jit=jit, progress=False, callbacks=[thaw])
    assert net.state_dict()["0.weight"] != before["0.weight"]
    found = trained.setdefault("state", net.state_dict())
    assert net.state_dict() == found
    with pytest.raises(ValueError, match="every parameter of the optimiser is frozen"):
        fit(net.requires_grad_(False), mse_loss, X, Y, optimizer, 1, progress=False)


trained: dict = {}      # by the two ways, which have to agree
