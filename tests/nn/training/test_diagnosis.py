"""fit reports nan, infinity, interrupts and bad arguments, and keeps the last finite parameters."""

import math

import pytest

import autograd as ag
import nn
from autograd import Value
from nn import MLP, SGD, Linear, TrainingError, accuracy, fit, mse_loss
from nn.optim import lr_scheduler
from tests.support.small_training import POINTS, SIDES, SUMS, make_pair, state, trained


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


def test_two_columns_of_one_name_are_refused():
    for metrics in ({"acc": accuracy, "val_acc": accuracy}, {"val_loss": accuracy}):
        with pytest.raises(ValueError, match="two columns of one name"):
            trained(Linear(2, 1), metrics=metrics, validation=0.2)
