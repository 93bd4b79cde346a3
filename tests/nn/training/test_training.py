"""fit: batches, what is measured, when it stops, and that compiled, eager and plain Python give the same bits."""

import math
import random
import sys
from random import Random

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value
from nn import MLP, SGD, Adam, Linear, TrainingError, accuracy, fit, mse_loss
from nn.optim import LBFGS, decay_groups, lr_scheduler

RNG = Random(1)
POINTS = [[RNG.gauss(0, 1), RNG.gauss(0, 1)] for _ in range(30)]
SUMS = [2 * a - 3 * b + 1 for a, b in POINTS]
SIDES = [int(a * b > 0) for a, b in POINTS]


def trained(model, loss=mse_loss, y=SUMS, epochs=3, optimizer=None, **options):
    optimizer = optimizer or SGD(model.parameters(), lr=0.05)
    return fit(model, loss, options.pop("X", POINTS), y, optimizer, epochs, **{"progress": False, **options})


def state(model):
    return [p.data for p in model.parameters()]


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


def make_pair():
    return MLP(2, [4, 2], "tanh", seed=3)


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


# ---- what is measured, and when it stops --------------------------------------------------------


def test_metrics_are_measured_on_both():
    model = MLP(2, [6, 2], "tanh", seed=11)
    history = trained(model, nn.cross_entropy, SIDES, 40, Adam(model.parameters(), lr=0.1),
                      validation=(POINTS[:9], SIDES[:9]),
                      metrics={"accuracy": accuracy, "n": lambda outputs, targets: len(targets)})
    assert list(history) == ["loss", "accuracy", "n", "val_loss", "val_accuracy", "val_n"]
    assert history["n"][0], history["val_n"][0] == (30, 9)
    right = [int(np.argmax([y.data for y in model(x)])) == t for x, t in zip(POINTS, SIDES, strict=True)]
    assert history["accuracy"][-1] == np.mean(right) > 0.9
    assert history["val_accuracy"][-1] == np.mean(right[:9])
    from viz import plot_loss
    assert len(plot_loss(history).axes) == 3


def test_patience_restores_the_best():
    model = Linear(2, 1, seed=12)
    states = []
    history = trained(model, epochs=50, optimizer=SGD(model.parameters(), lr=0.05), patience=3,
                      validation=(POINTS, [0.0] * 30), callbacks=[lambda epoch, history: states.append(state(model))])
    lowest = history["val_loss"].index(min(history["val_loss"])) + 1
    assert history.best_epoch == lowest
    assert history.epochs == lowest + 3 == len(states)
    assert state(model) == states[lowest - 1]
    assert history.remarks == [f"stopped after epoch {lowest + 3}: val_loss was lowest after epoch {lowest}"]


def test_patience_restores_the_best_of_a_whole_run():
    model = Linear(2, 1, seed=12)
    history = trained(model, epochs=2, patience=3, validation=(POINTS, [0.0] * 30))
    assert history.epochs == 2
    assert math.isclose(sum(model(x)[0].data ** 2 for x in POINTS) / 30, min(history["val_loss"]))


def test_a_nan_is_never_the_best():
    """The validation's loss is nan until the output there falls below 40."""
    model = Linear(1, 1, seed=0)
    model.weight[0][0].data, model.bias[0].data = 5.0, 0.0
    history = fit(model, lambda o, t: ag.square(o[0] - t) + 0.0 * ag.log(40.0 - o[0]), [[1.0], [2.0], [3.0]],
                  [1.0, 2.0, 3.0], SGD(model.parameters(), lr=0.01), 100, validation=([[10.0]], [10.0]), patience=3,
                  progress=False)
    known = [x for x in history["val_loss"] if not math.isnan(x)]
    assert math.isnan(history["val_loss"][0])
    assert history["val_loss"][history.best_epoch - 1] == min(known)


def test_where_all_are_nan_the_last_parameters_stay():
    model, states = Linear(2, 1, seed=12), []
    history = trained(model, epochs=9, patience=4, validation=(POINTS[:1], [math.pi]),
                      loss=lambda o, t: mse_loss(o, t) * ag.where(ag.equal(t, math.pi), math.nan, 1.0),
                      callbacks=[lambda epoch, history: states.append(state(model))])
    assert history.remarks == ["stopped after epoch 4: val_loss was nan after every one"]
    assert history.best_epoch is None
    assert state(model) == states[3] != states[0]


def test_schedules():
    model = Linear(2, 1, seed=13)
    optimizer = SGD(model.parameters(), lr=0.01)
    plateau = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.1, patience=0)
    rates = []
    trained(model, lambda o, t: ag.square(o[0]) * 0 + 1, epochs=4, optimizer=optimizer,
            schedulers=[lr_scheduler.StepLR(optimizer, 2, 0.5), plateau],
            callbacks=[lambda *_: rates.append(optimizer.param_groups[0]["lr"])])
    assert rates == pytest.approx([0.01, 0.0005, 0.00005, 0.0000025])


def test_callbacks_stop_and_all_are_called():
    calls = []
    history = trained(Linear(2, 1, seed=14), epochs=9, callbacks=[
        lambda epoch, history: epoch == 2, lambda epoch, history: calls.append((epoch, history.epochs))])
    assert calls == [(1, 1), (2, 2)]
    assert history.remarks == ["stopped after epoch 2 by a callback"]


@pytest.mark.parametrize("tqdm", [True, False])
def test_progress(tqdm, monkeypatch, capsys):
    if not tqdm:
        monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    trained(Linear(2, 1, seed=14), progress=True)
    shown = capsys.readouterr().err
    assert "3/3" in shown if tqdm else "epoch 3 of 3: loss=" in shown


# ---- what goes wrong ----------------------------------------------------------------------------


def blow_up(output, target):
    return ag.log(output[0] - output[0] + target)


@pytest.mark.parametrize("jit", [True, False])
def test_a_nan_stops_with_a_report(jit):
    model = Linear(2, 1, seed=15)
    seen = []
    y = [1.0] * 20 + [-1.0] + [1.0] * 9
    with pytest.raises(TrainingError, match=r"epoch 1: the loss of row 20 \(counted from 0\) is nan") as caught:
        trained(model, blow_up, y, batch_size=3, jit=jit, callbacks=[lambda *_: seen.append(1)])
    error = caught.value
    assert "log(-1.0) is nan" in str(error)
    assert "in blow_up" in str(error)
    assert (error.row, error.history, error.anomaly.direction, seen) == (20, {}, "forward", [])
    assert all(map(math.isfinite, state(model)))


def test_an_infinite_gradient_stops_with_a_report():
    model = Linear(2, 1, seed=15)
    with pytest.raises(TrainingError, match=r"is finite, its gradient is not; (.|\n)*backward through sqrt") as caught:
        trained(model, lambda o, t: ag.sqrt(o[0] * 0 + t), [1.0] * 29 + [0.0])
    assert caught.value.anomaly.direction == "backward"
    assert state(model) == state(Linear(2, 1, seed=15))


def test_divergence_keeps_the_last_finite_parameters():
    model = Linear(2, 1, seed=16)
    states = [state(model)]
    with pytest.raises(TrainingError, match="epoch") as caught:
        trained(model, epochs=2000, optimizer=SGD(model.parameters(), lr=10.0),
                callbacks=[lambda *_: states.append(state(model))])
    assert state(model) == states[-1]
    assert all(map(math.isfinite, states[-1]))
    assert caught.value.history.epochs == len(states) - 1


def test_a_step_to_infinity_is_taken_back():
    model = Linear(2, 1, seed=16)
    optimizer = SGD(model.parameters(), lr=1e308, momentum=0.9)
    with pytest.raises(TrainingError, match="epoch 1: a step made a parameter nan or infinite, and was taken back"):
        trained(model, y=[1e5 * y for y in SUMS], optimizer=optimizer)
    assert state(model) == state(Linear(2, 1, seed=16))
    assert optimizer.state == [{"momentum_buffer": None}]


def test_only_the_sum_overflows():
    model = Linear(2, 1, seed=17)
    with pytest.raises(TrainingError, match="each row's loss and gradient is finite, but their sum is not"):
        trained(model, lambda o, t: o[0] * 0 + t, [1e308] * 30)


def test_an_interrupt_leaves_whole_steps():
    model, other = Linear(2, 1, seed=18), Linear(2, 1, seed=18)
    calls = []

    def interrupted(output, target):
        calls.append(1)
        if len(calls) == 30 + 1 + 30 + 10 + 5:      # the check, the first epoch, one batch and a half
            raise KeyboardInterrupt
        return mse_loss(output, target)

    with pytest.raises(KeyboardInterrupt) as caught:
        trained(model, interrupted, batch_size=10, jit=False)
    assert caught.value.history.epochs == 1
    trained(other, epochs=1, batch_size=10, jit=False)
    first = nn.training.data.row_order(30, 0, 2)[:10]
    one_more = [POINTS[i] for i in first], [SUMS[i] for i in first]
    trained(other, X=one_more[0], y=one_more[1], epochs=1, jit=False)
    assert state(model) == state(other)


@pytest.mark.parametrize("jit", ["auto", False])
def test_a_target_that_the_loss_refuses_is_named(jit):
    with pytest.raises(ValueError, match=r"y, row 2 \(counted from 0\): hinge_loss: targets are -1 and 1, not 0"):
        trained(MLP(2, [1], seed=0), nn.hinge_loss, [1, -1, 0] * 10, jit=jit)
    with pytest.raises(ValueError, match=r"validation y, row 1 .* no class 2 among 2"):
        trained(make_pair(), nn.cross_entropy, SIDES, validation=(POINTS[:2], [0, 2]), jit=jit)


MODEL = Linear(2, 1, seed=19)
BAD = {
    "epochs": ({"epochs": 0}, ValueError, "fit: epochs is a whole number, at least 1, not 0"),
    "batch": ({"batch_size": 2.5}, ValueError, "fit: batch_size"),
    "seed": ({"seed": None}, ValueError, "fit: seed"),
    "jit": ({"jit": "yes"}, ValueError, 'jit is "auto", True or False'),
    "progress": ({"progress": "bar"}, ValueError, "fit: progress is True or False"),
    "patience": ({"patience": 3}, ValueError, "patience goes by the loss of a validation"),
    "clip": ({"clip_norm": -1}, ValueError, "fit: clip_norm"),
    "metrics": ({"metrics": [accuracy]}, TypeError, "metrics is a dict"),
    "metric": ({"metrics": {"accuracy": 0.5}}, TypeError, "accuracy has to be a function"),
    "taken": ({"metrics": {"loss": accuracy}}, TypeError, '"loss" is taken'),
    "callback": ({"callbacks": [3]}, TypeError, r"callbacks\[0\] has to be a function"),
    "callbacks": ({"callbacks": print}, TypeError, r"callbacks is a list, as in callbacks=\[...\], not builtin"),
    "schedulers": ({"schedulers": lr_scheduler.StepLR(SGD([Value(1.0)]), 1)}, TypeError,
                   "schedulers is a list, .* not StepLR"),
    "schedule": ({"schedulers": [lr_scheduler.StepLR(SGD([Value(1.0)]), 1)]}, ValueError,
                 "the StepLR is another optimiser's"),
    "plateau": ({"schedulers": [lr_scheduler.ReduceLROnPlateau(SGD([Value(1.0)]))]}, ValueError, "another optimiser's"),
    "optimizer": ({"optimizer": [1]}, TypeError, "optimizer has to be an optimiser"),
    "of another": ({"optimizer": SGD([Value(1.0)])}, ValueError, "none of this model's parameters"),
    "loss": ({"loss": "mse"}, TypeError, "loss has to be a function or a Module, not str"),
    "several": ({"loss": lambda o, t: o}, TypeError, "the loss of one example is one number, not a list"),
    "row": ({"y": [1.0, float("nan")] * 15}, ValueError, "y, row 1"),
    "width": ({"X": [[1.0]] * 30}, ValueError, "Linear of 2 inputs was given 1"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_arguments(what):
    options, kind, message = BAD[what]
    before = state(MODEL)
    with pytest.raises(kind, match=message):
        trained(MODEL, **options)
    assert state(MODEL) == before


def test_a_class_is_no_model():
    with pytest.raises(TypeError, match="model has to be a function or a Module, not the class Linear"):
        fit(Linear, mse_loss, POINTS, SUMS, SGD(MODEL.parameters()), 1)


@pytest.mark.parametrize(("outputs", "targets", "expected"), [
    ([[0.5], [-0.5]], [[1.0], [1.0]], 0.5), ([0.2, -3.0, 4.0, 0.0], [1, 0, -1, 0], 0.75),
    ([[1.0, 2.0], [1.0, 2.0]], [[0, 1], [1, 0]], 0.5), ([[1.0, 2.0, 0.0]], [1.0], 1.0)])
def test_accuracy(outputs, targets, expected):
    assert accuracy(outputs, targets) == expected


def test_accuracy_of_probabilities():
    assert accuracy([0.4, 0.6], [0, 1], threshold=0.5) == 1.0
    with pytest.raises(ValueError, match="2 outputs and 1 targets"):
        accuracy([1.0, 2.0], [1])


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


def test_two_columns_of_one_name_are_refused():
    for metrics in ({"acc": accuracy, "val_acc": accuracy}, {"val_loss": accuracy}):
        with pytest.raises(ValueError, match="two columns of one name"):
            trained(Linear(2, 1), metrics=metrics, validation=0.2)
