"""fit takes steps along the mean gradient of each batch; compiled, eager and plain Python are bit-identical."""

import math
import random
import sys
from random import Random

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value
from nn import MLP, SGD, Adam, Linear, fit, mse_loss
from nn.optim import LBFGS, decay_groups
from tests.support.small_training import POINTS, SIDES, SUMS, make_pair, state, trained

# ---- steps --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [None, 30, 7, 1])
def test_a_step_goes_along_the_mean_gradient_of_its_batch(size):
    model = Linear(2, 1, seed=2)
    history = trained(model, epochs=2, batch_size=size)
    w, losses = np.array(state(Linear(2, 1, seed=2))), []
    x, y = np.column_stack([POINTS, np.ones(30)]), np.array(SUMS)
    for epoch in (1, 2):
        rows = nn.training.data.row_order(30, 0, epoch)
        squares = []
        for i in range(0, 30, size or 30):
            part = rows[i:i + (size or 30)]
            error = x[part] @ w - y[part]
            squares += list(error**2)
            w = w - 0.05 * 2 * x[part].T @ error / len(part)
        losses.append(np.mean(squares))
    assert state(model) == pytest.approx(w, rel=1e-12)
    assert history["loss"] == pytest.approx(losses, rel=1e-12)


def number(output):
    return sum(output) if isinstance(output, list) else output


def branching(output, target):
    """A comparison of Values: compiled once for each way it comes out."""
    error = output[0] - target
    return error * error if error < 1 else 2 * error - 1


CASES = {
    "multi-output": (make_pair, mse_loss, [[a, -b] for a, b in POINTS]),
    "classes": (make_pair, nn.cross_entropy, SIDES),
    "one-hot": (make_pair, nn.cross_entropy, [[float(i == j) for i in range(2)] for j in SIDES]),
    "one Value": (lambda: MLP(2, [3, 1], seed=4), nn.hinge_loss, [2 * s - 1 for s in SIDES]),
    "branches": (make_pair, branching, SUMS),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("without", ["", "numpy", "llvmlite"])
def test_compiled_and_eager_give_the_same_bits(case, without, monkeypatch):
    make, loss, y = CASES[case]
    found = []
    for jit in (False, True):
        if jit and without:
            ag.jit(lambda x: 2.0 * x, backend="python")(1.0)    # else the backend imported below stays for later tests
            monkeypatch.setitem(sys.modules, without, None)
            for name in [name for name in sys.modules if name.startswith("autograd.lower.") and without == "llvmlite"]:
                monkeypatch.delitem(sys.modules, name)
        model = make()
        history = trained(model, loss, y, optimizer=Adam(model.parameters(), lr=0.05), batch_size=8, validation=0.3,
                          jit=jit, metrics={"sum": lambda outputs, targets: sum(map(number, outputs))})
        assert not history.remarks
        found.append((state(model), dict(history)))
    assert found[0] == found[1]
    assert len(found[0][1]["val_loss"]) == 3


class Rounding(Linear):
    """Looks at its inputs as plain numbers, which tracing refuses."""

    def __call__(self, x):
        return super().__call__([float(round(float(a), 1)) for a in x])


def test_what_cannot_be_traced_runs_eagerly():
    eager, model = Rounding(2, 1, seed=5), Rounding(2, 1, seed=5)
    trained(eager, jit=False)
    with pytest.warns(RuntimeWarning, match="not compiled, and slower: TraceError"):
        history = trained(model)
    assert len(history.remarks) == 1
    assert state(model) == state(eager)
    with pytest.raises(ag.TraceError):
        trained(Rounding(2, 1, seed=5), jit=True)


def test_what_cannot_be_traced_in_a_later_branch_runs_eagerly():
    def loss(output, target):
        return ag.square(output[0] - target) if target < 2 else Value(math.exp(target)) * output[0] * 0.01

    eager, model = Linear(2, 1, seed=5), Linear(2, 1, seed=5)
    y = sorted(SUMS)
    trained(eager, loss, y, jit=False)
    with pytest.warns(RuntimeWarning, match="not compiled"):
        trained(model, loss, y)
    assert state(model) == state(eager)


class Dropout(Linear):
    """Leaves out inputs by chance, which a trace would freeze."""

    def __init__(self, drawn):
        super().__init__(2, 1, seed=5)
        self.drawn = drawn

    def __call__(self, x):
        return super().__call__([a * (self.drawn() > 0.2) for a in x])


@pytest.mark.parametrize("drawn", [random.random, Random(1).random])
def test_what_draws_by_chance_is_not_frozen(drawn):
    model = Dropout(drawn)
    with pytest.warns(RuntimeWarning, match="not compiled, and slower: .* by chance would be frozen"):
        history = trained(model, lambda output, target: output[0], epochs=5, optimizer=SGD(model.parameters(), lr=0.0))
    assert len(set(history["loss"])) == 5
    with pytest.raises(ag.TraceError, match="by chance would be frozen"):
        trained(Dropout(drawn), jit=True)


@pytest.mark.parametrize("seed", [0, 5])
def test_deterministic_under_a_seed(seed):
    models = [MLP(2, [3, 1], seed=6) for _ in range(3)]
    for model, other in zip(models, (seed, seed, seed + 1), strict=True):
        trained(model, batch_size=4, seed=other)
    assert state(models[0]) == state(models[1]) != state(models[2])


def test_only_what_the_optimizer_has_moves():
    model = Linear(2, 1, seed=7)
    bias = model.bias[0].data
    trained(model, optimizer=SGD(model.weight[0], lr=0.1))
    assert model.bias[0].data == bias
    assert set(state(model)).isdisjoint(state(Linear(2, 1, seed=7))[:2])


@pytest.mark.parametrize("jit", [True, False])
def test_groups_that_a_callback_adds_or_removes_are_followed(jit):
    def change(epoch, history):
        if epoch == 2:
            optimizer.add_param_group({"params": model.bias, "lr": 0.3})
        elif epoch == 4:
            del optimizer.param_groups[0], optimizer.state[0]

    model, plain = Linear(2, 1, seed=7), Linear(2, 1, seed=7)
    optimizer = SGD(model.weight[0], lr=0.05)
    trained(model, optimizer=optimizer, epochs=6, callbacks=[change], jit=jit)
    both = [{"params": plain.weight[0], "lr": 0.05}, {"params": plain.bias, "lr": 0.3}]
    for groups in (both[:1], both, both[1:]):
        trained(plain, optimizer=SGD(groups), epochs=2, jit=False)
    assert state(model) == state(plain)


def test_the_best_has_what_was_added_later_too():
    """The layer that is trained from epoch 2 on is, at the end, as it was at epoch 1, which was the best."""
    model = Linear(2, 1, seed=7)
    optimizer, bias = SGD(model.weight[0], lr=0.05), model.bias[0].data
    history = trained(model, optimizer=optimizer, epochs=5, patience=9, validation=(POINTS[:1], [-1e6]),
                      callbacks=[lambda epoch, h: epoch == 1 and optimizer.add_param_group({"params": model.bias})],
                      loss=lambda o, t: ag.where(ag.less(t, -9.0), o[0] + 0.0 * t, ag.square(o[0] - t)), y=[99.0] * 30)
    assert history.best_epoch == 1
    assert model.bias[0].data == bias


def test_parameters_of_the_loss_are_trained_too():
    model, scale = Linear(2, 1, seed=7), Value(1.0)
    trained(model, lambda o, t: ag.square(o[0] * scale - t), optimizer=SGD([*model.parameters(), scale], lr=0.01))
    assert scale.data != 1.0


def test_weight_decay_is_the_optimisers():
    model = Linear(2, 1, seed=8)
    w, b = state(model)[:2], state(model)[2]
    trained(model, lambda o, t: 0.0 * o[0], optimizer=SGD(decay_groups(model, 0.5), lr=0.1), epochs=2)
    assert state(model) == pytest.approx([x * 0.95**2 for x in w] + [b], rel=1e-14)


def test_clipping():
    big = [1000.0 * y for y in SUMS]
    for options, norm in (({"clip_norm": 0.5}, 0.5), ({"clip_value": 0.25}, 0.25 * math.sqrt(3))):
        model = Linear(2, 1, seed=9)
        before = state(model)
        trained(model, y=big, epochs=1, optimizer=SGD(model.parameters(), lr=1.0), **options)
        assert math.dist(before, state(model)) == pytest.approx(norm, rel=1e-5)


def test_lbfgs():
    model = Linear(2, 1, seed=10)
    trained(model, epochs=2, optimizer=LBFGS(model.parameters(), max_iter=50))
    assert state(model) == pytest.approx([2, -3, 1], abs=1e-5)


# ---- what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize("jit", [True, False])
def test_who_changes_what_it_is_given_changes_nothing_else(jit):
    class Doubling(nn.Module):
        def __init__(self):
            self.linear = Linear(2, 1, seed=3)

        def forward(self, x):
            x[0] = x[0] * 2
            return self.linear(x)[0]

    def median(outputs, targets):
        targets.sort()
        outputs.clear()
        return targets[len(targets) // 2]

    changing = trained(Doubling(), metrics={"median": median, "again": median}, validation=0.2, jit=jit)
    model = Linear(2, 1, seed=3)
    doubled = fit(lambda x: model([x[0] * 2, x[1]])[0], mse_loss, POINTS, SUMS, SGD(model.parameters(), lr=0.05), 3,
                  progress=False, validation=0.2, jit=jit)
    assert changing["loss"] == doubled["loss"]
    assert changing["median"] == changing["again"]
