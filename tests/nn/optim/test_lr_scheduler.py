"""Schedules: their learning rates, bad input, and states that do not fit."""

import json
import math
import re

import pytest

from autograd import Value
from nn.optim import LBFGS, SGD, Adagrad, Adam
from nn.optim.lr_scheduler import (
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    MultiStepLR,
    OneCycleLR,
    PolynomialLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)


def sgd(*rates):
    return SGD([{"params": [Value(1.0)], "lr": lr} for lr in rates or (1.0,)])


def rates(scheduler, steps):
    out = []
    for _ in range(steps):
        out.append(scheduler.get_last_lr()[0])
        scheduler.step()
    return out


@pytest.mark.parametrize(("make", "expected"), [
    (lambda o: StepLR(o, 3, 0.5), [1, 1, 1, 0.5, 0.5, 0.5, 0.25]),
    (lambda o: MultiStepLR(o, [4, 2, 4], 0.5), [1, 1, 0.5, 0.5, 0.125, 0.125]),
    (lambda o: ExponentialLR(o, 0.5), [1, 0.5, 0.25, 0.125]),
    (lambda o: ExponentialLR(o, 0.0), [1, 0, 0]),
    (lambda o: CosineAnnealingLR(o, 2), [1, 0.5, 0, 0.5, 1, 0.5, 0]),
    (lambda o: CosineAnnealingLR(o, 3, 0.2), [1, 0.8, 0.4, 0.2, 0.4, 0.8, 1, 0.8]),
    (lambda o: LambdaLR(o, lambda epoch: 0.9 if epoch % 2 else 2), [2, 0.9, 2, 0.9]),
    (lambda o: LinearLR(o, 0.25, 1.0, 3), [0.25, 0.5, 0.75, 1, 1, 1]),
    (lambda o: LinearLR(o, 1.0, 0.0, 2), [1, 0.5, 0, 0, 0]),
    (lambda o: ConstantLR(o, 0.5, 1), [0.5, 1, 1]),
    (lambda o: PolynomialLR(o, 4), [1, 0.75, 0.5, 0.25, 0, 0]),
    (lambda o: CosineAnnealingWarmRestarts(o, 1, 2), [1, 1, 0.5, 1, (1 + math.sqrt(0.5)) / 2, 0.5]),
    (lambda o: OneCycleLR(o, 1.0, 5, pct_start=0.4, div_factor=10, final_div_factor=10, anneal_strategy="linear",
                          cycle_momentum=False), [0.1, 1, 0.67, 0.34, 0.01]),
    (lambda o: SequentialLR(o, [StepLR(o, 1, 0.5), ConstantLR(o, 0.5, 2)], [2]), [1, 0.5, 0.5, 0.5, 1, 1]),
])
def test_figures(make, expected):
    assert rates(make(sgd()), len(expected)) == pytest.approx(expected, abs=1e-15)


def test_every_group_has_its_own_rate():
    optimizer = sgd(1.0, 0.1)
    LambdaLR(optimizer, [lambda epoch: 0.5, lambda epoch: 2.0])
    assert [group["lr"] for group in optimizer.param_groups] == [0.5, 0.2]
    assert [group["initial_lr"] for group in optimizer.param_groups] == [1.0, 0.1]


def test_a_second_schedule_knows_the_first_rate():
    optimizer = sgd(1.0)
    LinearLR(optimizer, 0.5)
    assert CosineAnnealingLR(optimizer, 10).base_lrs == [1.0]


def test_a_function_that_fails_changes_no_rate():
    optimizer = sgd(1.0, 0.1)
    with pytest.raises(ZeroDivisionError):
        LambdaLR(optimizer, [lambda epoch: 0.5, lambda epoch: 1 / epoch])
    assert "initial_lr" not in optimizer.param_groups[0]
    scheduler = LambdaLR(optimizer, [lambda epoch: 0.5, lambda epoch: 1 / (epoch - 1)])
    before = scheduler.get_last_lr()
    with pytest.raises(ZeroDivisionError):
        scheduler.step()
    assert scheduler.get_last_lr() == before
    assert scheduler.last_epoch == 0


def test_plateau_counts_as_it_says():
    def run(metrics, **options):
        optimizer = sgd(1.0)
        scheduler, out = ReduceLROnPlateau(optimizer, factor=0.5, **options), []
        for metric in metrics:
            scheduler.step(metric)
            out += scheduler.get_last_lr()
        return out

    assert run([3, 3, 3, 3, 3], patience=1) == [1, 1, 0.5, 0.5, 0.25]
    assert run([3, 3, 3, 3, 3], patience=0, cooldown=1) == [1, 0.5, 0.5, 0.25, 0.25]
    assert run([1, 2, 3, 3, 3], patience=0, mode="max") == [1, 1, 1, 0.5, 0.25]
    assert run([2.0, 1.9, 1.7], patience=0, threshold=0.1) == [1, 0.5, 0.5]
    assert run([2.0, 1.9, 1.7], patience=0, threshold=0.2, threshold_mode="abs") == [1, 0.5, 0.5]
    assert run([3, 3, 3, 3], patience=0, min_lr=0.3) == [1, 0.5, 0.3, 0.3]
    assert run([3, 3, 3], patience=0, eps=0.3) == [1, 0.5, 0.5]
    # neither nan nor the worst there is improves on anything
    assert run([math.nan, math.inf, Value(1e300), 1e299], patience=1) == [1, 0.5, 0.5, 0.5]


class InverseTime(LRScheduler):
    pass


@pytest.mark.parametrize(("make", "error", "message"), [
    (lambda o: StepLR(o, 0), ValueError, "StepLR: step_size is a whole number, at least 1, not 0"),
    (lambda o: StepLR(o, 1, -1), ValueError, "StepLR: gamma is a finite number, at least 0, not -1"),
    (lambda o: MultiStepLR(o, 3), ValueError, "MultiStepLR: milestones is a list of whole numbers"),
    (lambda o: MultiStepLR(o, [3, 2.5]), ValueError, r"milestones\[1\] is a whole number, at least 1, not 2.5"),
    (lambda o: CosineAnnealingLR(o, 0.5), ValueError, "T_max is a whole number, at least 1, not 0.5"),
    (lambda o: LinearLR(o, 0.0), ValueError, "start_factor is a number above 0, up to 1, not 0.0"),
    (lambda o: LinearLR(o, 0.5, 2.0), ValueError, "end_factor is a number from 0 to 1, not 2.0"),
    (lambda o: LambdaLR(o, [abs, abs]), ValueError, "lr_lambda is a function of the epoch, or a list of 1"),
    (lambda o: LambdaLR(o, [3]), ValueError, "lr_lambda is a function of the epoch, or a list of 1"),
    (lambda o: ReduceLROnPlateau(o, "least"), ValueError, "mode is 'min' or 'max', not 'least'"),
    (lambda o: ReduceLROnPlateau(o, factor=1.0), ValueError, "factor is a number from 0 up to, but not including, 1"),
    (lambda o: ReduceLROnPlateau(o, patience=-1), ValueError, "patience is a whole number, at least 0, not -1"),
    (lambda o: ReduceLROnPlateau(o, min_lr=[0.1, 0.1]), ValueError, "min_lr is a list of 1 numbers"),
    (lambda o: ReduceLROnPlateau(o).step(None), ValueError, "metrics is the number that was measured, not None"),
    (lambda o: ReduceLROnPlateau(o).step("low"), ValueError, "metrics is the number that was measured, not 'low'"),
    (lambda o: StepLR([Value(1.0)], 3), TypeError, "StepLR takes the optimiser first, not list"),
    (lambda o: StepLR(LBFGS([Value(1.0)]), 3), ValueError, "StepLR: LBFGS has no learning rate"),
    (lambda o: ReduceLROnPlateau(LBFGS([Value(1.0)])), ValueError, "ReduceLROnPlateau: LBFGS has no learning rate"),
    (InverseTime, NotImplementedError, "InverseTime.rate: a schedule says here what the next rate is"),
])
def test_bad_input(make, error, message):
    optimizer = sgd(1.0)
    before = optimizer.state_dict()
    with pytest.raises(error, match=message):
        make(optimizer)
    assert optimizer.state_dict() == before


@pytest.mark.parametrize(("change", "message"), [
    (lambda s: s.pop("gamma"), "this is not what state_dict.. of a StepLR gives, which has step_size, gamma"),
    (lambda s: s.update(more=1), "this is not what state_dict"),
    (lambda s: s.update(gamma="a"), "gamma is a finite number"),
    (lambda s: s.update(last_epoch=-2), "last_epoch is a whole number"),
    (lambda s: s.update(base_lrs=[1.0, 2.0]), "base_lrs is a list of 1 numbers"),
    (lambda s: s.update(base_lrs=["1"]), r"base_lrs\[0\] is a finite number"),
])
def test_a_state_that_does_not_fit(change, message):
    scheduler = StepLR(sgd(1.0), 3)
    scheduler.step()
    before = scheduler.state_dict()
    state = json.loads(json.dumps(before))
    change(state)
    with pytest.raises(ValueError, match=message):
        scheduler.load_state_dict(state)
    assert scheduler.state_dict() == before


def test_a_state_of_nothing():
    for scheduler in (StepLR(sgd(1.0), 3), ReduceLROnPlateau(sgd(1.0))):
        with pytest.raises(ValueError, match="this is not what state_dict"):
            scheduler.load_state_dict(None)


def test_one_cycle_moves_the_momentum_the_other_way():
    for optimizer, momentum in ((SGD([Value(1.0)], momentum=0.5), lambda group: group["momentum"]),
                                (Adam([Value(1.0)]), lambda group: group["betas"][0])):
        scheduler = OneCycleLR(optimizer, 1.0, 5, pct_start=0.4, base_momentum=0.8, anneal_strategy="linear")
        seen = []
        for _ in range(4):
            seen.append(momentum(optimizer.param_groups[0]))
            scheduler.step()
        assert seen == pytest.approx([0.95, 0.8, 0.85, 0.9])


@pytest.mark.parametrize(("make", "message"), [
    (lambda o: OneCycleLR(o, 1.0), "give total_steps, or both epochs and steps_per_epoch"),
    (lambda o: OneCycleLR(o, [1.0, 2.0], 5), "max_lr is a number, or a list of 1, one for each group"),
    (lambda o: OneCycleLR(o, 0.0, 5), "max_lr is a finite number above 0, not 0.0"),
    (lambda o: OneCycleLR(o, 1.0, 5, anneal_strategy="exp"), "anneal_strategy is 'cos' or 'linear', not 'exp'"),
    (lambda o: OneCycleLR(Adagrad([Value(1.0)]), 1.0, 5), "Adagrad has no momentum; give cycle_momentum=False"),
    (lambda o: CyclicLR(o, 0.1, [1.0, 2.0]), "max_lr is a list of 1 numbers, one for each group"),
    (lambda o: CyclicLR(o, -0.1, 1.0), "base_lr[0] is a finite number, at least 0, not -0.1"),
    (lambda o: CyclicLR(o, 0.1, 1.0, 0), "step_size_up is a whole number, at least 1, not 0"),
    (lambda o: CyclicLR(o, 0.1, 1.0, mode="saw"), "mode is 'triangular' or 'triangular2' or 'exp_range', not 'saw'"),
    (lambda o: CyclicLR(o, 0.1, 1.0, scale_fn=2.0), "scale_fn is a function of the cycle or the step, not 2.0"),
    (lambda o: CyclicLR(Adagrad([Value(1.0)]), 0.1, 1.0), "Adagrad has no momentum; give cycle_momentum=False"),
    (lambda o: SequentialLR(o, [], []), "schedulers is empty; give at least one"),
    (lambda o: SequentialLR(o, [StepLR(o, 1)], [2]), "1 milestones part 2 schedulers, not 1"),
    (lambda o: SequentialLR(o, [StepLR(o, 1), StepLR(sgd(), 1)], [2]), "StepLR is no schedule of this optimiser"),
    (lambda o: SequentialLR(o, [StepLR(o, 1), ReduceLROnPlateau(o)], [2]), "ReduceLROnPlateau is no schedule of this"),
    (lambda o: PolynomialLR(o, 0), "total_iters is a whole number, at least 1, not 0"),
])
def test_bad_schedules(make, message):
    optimizer = sgd()
    with pytest.raises(ValueError, match=re.escape(message)):
        make(optimizer)
    assert optimizer.param_groups[0]["lr"] in (1.0, 0.1)       # as before, but where an inner schedule was made


def test_a_cycle_has_an_end():
    scheduler = OneCycleLR(sgd(), 1.0, 3, cycle_momentum=False)
    for _ in range(3):
        scheduler.step()
    with pytest.raises(ValueError, match="step 4 of a cycle of 3 steps"):
        scheduler.step()
    assert scheduler.last_epoch == 3


def test_a_state_that_does_not_fit_changes_no_schedule_of_several():
    optimizer = sgd()
    scheduler = SequentialLR(optimizer, [StepLR(optimizer, 1, 0.5), ExponentialLR(optimizer, 0.5)], [2])
    scheduler.step()
    state = scheduler.state_dict()
    bad = {"last_epoch": 7, "schedulers": [{**state["schedulers"][0], "last_epoch": 5}, {"gamma": 1.0}]}
    for wrong in (bad, {"last_epoch": 7, "schedulers": []}, {"last_epoch": 7}):
        with pytest.raises(ValueError, match=r"SequentialLR|ExponentialLR"):
            scheduler.load_state_dict(wrong)
    assert scheduler.state_dict() == state


def test_texts_have_the_options():
    optimizer = SGD([Value(1.0)], lr=1.0, momentum=0.9)
    step = StepLR(optimizer, 2)
    step.step()
    assert repr(step) == "StepLR(step_size=2, gamma=0.1, last_epoch=1)"
    assert repr(CyclicLR(sgd(), 0.1, 0.5, 3, cycle_momentum=False)).startswith(
        "CyclicLR(base_lr=0.1, max_lr=0.5, step_size_up=3, step_size_down=3, mode='triangular', gamma=1.0, ")
    cycle = repr(OneCycleLR(optimizer, max_lr=2.0, total_steps=8, anneal_strategy="linear"))
    assert cycle.startswith("OneCycleLR(max_lr=2.0, total_steps=8, pct_start=0.3, anneal_strategy='linear', ")
    assert cycle.endswith("three_phase=False, last_epoch=0)")
    assert repr(OneCycleLR(sgd(1.0, 2.0), [2.0, 4.0], 8, cycle_momentum=False)).startswith("OneCycleLR(max_lr=[2.0, 4.")
    assert repr(SequentialLR(optimizer, [step, ExponentialLR(optimizer, 0.5)], [3])) == (
        "SequentialLR(schedulers=[StepLR(step_size=2, gamma=0.1, last_epoch=0), "
        "ExponentialLR(gamma=0.5, last_epoch=0)], milestones=[3], last_epoch=0)")
    assert repr(ReduceLROnPlateau(optimizer, patience=3)).startswith("ReduceLROnPlateau(min_lr=0.0, mode='min', ")


def test_milestones_that_descend_are_refused():
    optimizer = SGD([Value(1.0)], lr=0.1)
    parts = [StepLR(optimizer, 2) for _ in range(3)]
    with pytest.raises(ValueError, match=r"SequentialLR: milestones begin .* in their order; give \[4, 8\]"):
        SequentialLR(optimizer, parts, [8, 4])
