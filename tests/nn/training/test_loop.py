"""fit measures metrics, stops early, follows schedules, calls callbacks and shows progress."""

import math
import sys

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.compiler import executable
from nn import MLP, SGD, Adam, Linear, accuracy, fit, mse_loss
from nn.optim import lr_scheduler
from tests.support.small_training import POINTS, SIDES, state, trained

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
    assert "compiling" in shown
    trained(Linear(2, 1, seed=14), progress=True, jit=False)
    assert "compiling" not in capsys.readouterr().err


def test_equal_networks_share_their_code(monkeypatch):
    made, usual = [], executable.compile_program

    def noted(*args):
        made.append(usual(*args))
        return made[-1]

    monkeypatch.setattr(executable, "compile_program", noted)
    for seed in (23, 24, 25):
        trained(Linear(2, 1, seed=seed), epochs=1)
    assert len(made) == 3
    assert made[0].run is made[1].run is made[2].run, "the same layers were compiled anew"
    again = trained(Linear(2, 1, seed=25))
    assert again["loss"] == trained(Linear(2, 1, seed=25), jit=False)["loss"]


# ---- accuracy -----------------------------------------------------------------------------------


def test_accuracy_of_probabilities_is_counted_at_one_half():
    assert accuracy([0.1, 0.9, 0.8, 0.2], [0, 1, 1, 0]) == 1.0
    assert accuracy([[0.1], [0.9]], [[0], [1]]) == 1.0
    assert accuracy(np.array([0.1, 0.9]), np.array([0, 1])) == 1.0
    assert accuracy([ag.Value(0.1), ag.Value(0.9)], [0.0, 1.0]) == 1.0
    assert accuracy([0.1, 0.9], [-1, 1]) == 0.5                         # scores for -1 and 1
    assert accuracy([0.1, 0.9, -3.0], [1, 1, 0]) == 1.0                 # logits
    assert accuracy([0.1, 0.9], [0, 1], threshold=0.0) == 0.5           # what is asked for is done
    assert accuracy([-0.02, 0.98, 0.01], [0, 1, 0]) == 1.0              # a regression of 0 and 1


def test_a_perfect_xor_has_accuracy_1():
    model = MLP(2, [4, 1], "tanh", output_activation="sigmoid", init="micrograd", seed=3)
    corners, answers = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    history = fit(model, mse_loss, corners, answers, Adam(model.parameters(), lr=0.1), 300, progress=False,
                  metrics={"accuracy": accuracy})
    assert history["loss"][-1] < 0.01
    assert history["accuracy"][-1] == 1.0


# ---- what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(("outputs", "targets", "expected"), [
    ([[0.5], [-0.5]], [[1.0], [1.0]], 0.5), ([0.2, -3.0, 4.0, 0.0], [1, 0, -1, 0], 0.75),
    ([[1.0, 2.0], [1.0, 2.0]], [[0, 1], [1, 0]], 0.5), ([[1.0, 2.0, 0.0]], [1.0], 1.0)])
def test_accuracy(outputs, targets, expected):
    assert accuracy(outputs, targets) == expected


def test_accuracy_of_probabilities():
    assert accuracy([0.4, 0.6], [0, 1], threshold=0.5) == 1.0
    with pytest.raises(ValueError, match="2 outputs and 1 targets"):
        accuracy([1.0, 2.0], [1])
