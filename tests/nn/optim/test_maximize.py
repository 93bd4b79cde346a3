"""maximize: up the gradient, by every optimiser, eager and compiled; and states from before there was the option."""

import json

import pytest

import nn
from autograd import Value, sin
from tests.support.torch_trajectories import START, landscape

KINDS = [nn.SGD, nn.Adam, nn.AdamW, nn.Adamax, nn.NAdam, nn.RAdam, nn.RMSprop, nn.Rprop, nn.Adagrad, nn.Adadelta]
X = [[0.1 * i, 1.0 - 0.07 * i] for i in range(12)]
Y = [[0.3 * a - b] for a, b in X]


def parameters(optimizer, numbers, sign, steps=20):
    for _ in range(steps):
        optimizer.zero_grad()
        (sign * landscape(numbers, sin)).backward()
        optimizer.step()
    return [x.data for x in numbers]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_the_path_that_minimises_the_negative(kind):
    up, down = ([Value(x) for x in START] for _ in range(2))
    reached = parameters(kind(up, lr=1e-3, maximize=True), up, 1.0)
    assert reached == parameters(kind(down, lr=1e-3), down, -1.0)
    assert reached != [*START]


@pytest.mark.parametrize("kind", [nn.SGD, nn.Adam, nn.Rprop])
def test_it_is_for_a_group_and_saved(kind):
    numbers = [Value(x) for x in START]
    optimizer = kind([{"params": numbers[:2]}, {"params": numbers[2:], "maximize": True}], lr=1e-3)
    state = json.loads(json.dumps(optimizer.state_dict()))
    assert [group["maximize"] for group in state["param_groups"]] == [False, True]
    optimizer.zero_grad()
    sum(numbers[1:], numbers[0]).backward()
    optimizer.step()
    assert [x.data > start for x, start in zip(numbers, START, strict=True)] == [False, False, True, True]
    for group in state["param_groups"]:
        del group["maximize"]       # as it was saved before the option
    optimizer.load_state_dict(state)
    assert [group["maximize"] for group in optimizer.param_groups] == [False, False]


def test_it_is_true_or_false():
    with pytest.raises(ValueError, match="SGD: maximize is True or False, not 1"):
        nn.SGD([Value(1.0)], maximize=1)


@pytest.mark.parametrize("kind", [nn.SGD, nn.Adam])
def test_fit_climbs_compiled_with_the_same_bits(kind, monkeypatch):
    monkeypatch.setattr("nn.training.compiled_update.pays", lambda *args: True)

    def gain(output, target):
        return -nn.mse_loss(output, target)

    def trained(loss, jit, **options):
        model = nn.Sequential(nn.Linear(2, 3, seed=0), nn.Tanh(), nn.Linear(3, 1, seed=1))
        history = nn.fit(model, loss, X, Y, kind(model.parameters(), lr=0.01, **options), 30, 4, jit=jit, seed=0,
                         progress=False)
        return [p.data for p in model.parameters()], history["loss"]

    eager, losses = trained(gain, False, maximize=True)
    assert losses[-1] > losses[0]
    pytest.importorskip("llvmlite")
    assert trained(gain, True, maximize=True) == (eager, losses)
    assert trained(nn.mse_loss, True)[0] == eager
