"""A group that the optimiser gets while a schedule runs joins it, as in PyTorch 2.13, whose figures these are."""

import json

import pytest

from autograd import Value
from nn.optim import SGD, lr_scheduler

LAST = {        # the rates of both groups after six epochs: the second came, with rate 0.4, after the first
    "StepLR": ({"step_size": 2, "gamma": 0.5}, [0.125, 0.05]),
    "MultiStepLR": ({"milestones": [2, 4], "gamma": 0.5}, [0.25, 0.1]),
    "ExponentialLR": ({"gamma": 0.5}, [0.015625, 0.0125]),
    "LinearLR": ({"start_factor": 0.5, "total_iters": 4}, [1.0, 0.64]),
    "ConstantLR": ({"factor": 0.5, "total_iters": 3}, [1.0, 0.8]),
    "PolynomialLR": ({"total_iters": 8}, [0.25, 0.1142857142857143]),
    "CosineAnnealingLR": ({"T_max": 8}, [0.14644660940672627, 0.0608963739909706]),
}


def started(make):
    optimizer = SGD([Value(1.0)], lr=1.0)
    schedule = make(optimizer)
    schedule.step()
    optimizer.add_param_group({"params": [Value(1.0)], "lr": 0.4})
    return optimizer, schedule


@pytest.mark.parametrize("name", LAST)
def test_a_group_that_is_added_joins(name):
    options, rates = LAST[name]
    optimizer, schedule = started(lambda optimizer: getattr(lr_scheduler, name)(optimizer, **options))
    assert optimizer.param_groups[1]["lr"] == 0.4
    for _ in range(5):
        schedule.step()
    assert schedule.get_last_lr() == pytest.approx(rates, rel=1e-12)
    state = json.loads(json.dumps(schedule.state_dict()))
    assert state["base_lrs"] == [1.0, 0.4]
    again = SGD([{"params": [Value(1.0)], "lr": 1.0}, {"params": [Value(1.0)], "lr": 0.4}])
    resumed = getattr(lr_scheduler, name)(again, **options)
    resumed.load_state_dict(state)
    again.load_state_dict(optimizer.state_dict())
    resumed.step()
    schedule.step()
    assert resumed.get_last_lr() == schedule.get_last_lr()


def test_it_joins_a_plateau():
    optimizer = SGD([Value(1.0)], lr=1.0)
    schedule = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=0)
    schedule.step(3.0)
    optimizer.add_param_group({"params": [Value(1.0)], "lr": 0.4})
    for rates in ([0.5, 0.2], [0.25, 0.1], [0.125, 0.05]):
        schedule.step(3.0)
        assert schedule.get_last_lr() == rates


def test_it_joins_schedules_of_schedules():
    parts = [lambda o: lr_scheduler.ConstantLR(o, 0.5, 2), lambda o: lr_scheduler.ExponentialLR(o, 0.5)]
    chained = started(lambda o: lr_scheduler.ChainedScheduler([part(o) for part in parts]))[1]
    for rates in ([0.25, 0.4], [0.125, 0.2]):      # at epoch 2 the first doubles what the second halves
        chained.step()
        assert chained.get_last_lr() == rates
    in_turn = started(lambda o: lr_scheduler.SequentialLR(o, [part(o) for part in parts], [3]))[1]
    for rates in ([1.0, 0.8], [1.0, 0.4], [0.5, 0.2]):     # the next begins from the first rates
        in_turn.step()
        assert in_turn.get_last_lr() == rates


@pytest.mark.parametrize("make", [
    lambda o: lr_scheduler.LambdaLR(o, lambda epoch: 0.5),
    lambda o: lr_scheduler.MultiplicativeLR(o, lambda epoch: 0.5),
    lambda o: lr_scheduler.CyclicLR(o, 0.1, 0.2, cycle_momentum=False),
    lambda o: lr_scheduler.OneCycleLR(o, 1.0, 10, cycle_momentum=False)])
def test_options_of_each_group_are_needed(make):
    optimizer, schedule = started(make)
    before = optimizer.state_dict(), schedule.state_dict()
    with pytest.raises(ValueError, match="LR was made for 1 groups, and the optimiser has 2 now; make it anew"):
        schedule.step()
    assert (optimizer.state_dict(), schedule.state_dict()) == before


def test_lowest_rates_of_each_group_are_needed():
    optimizer = SGD([{"params": [Value(1.0)]}, {"params": [Value(1.0)]}], lr=1.0)
    schedule = lr_scheduler.ReduceLROnPlateau(optimizer, patience=0, min_lr=[0.1, 0.2])
    schedule.step(1.0)
    optimizer.add_param_group({"params": [Value(1.0)]})
    before = schedule.state_dict()
    with pytest.raises(ValueError, match="min_lr for each of 2 groups, and the optimiser has 3 now; make it anew"):
        schedule.step(1.0)
    assert schedule.state_dict() == before


@pytest.mark.parametrize(("make", "message"), [
    (lambda o: lr_scheduler.ChainedScheduler([]), "schedulers is empty"),
    (lambda o: lr_scheduler.ChainedScheduler([lr_scheduler.ReduceLROnPlateau(o)]), "ReduceLROnPlateau is no schedule"),
    (lambda o: lr_scheduler.ChainedScheduler([lr_scheduler.StepLR(o, 2)], SGD([Value(1.0)])), "StepLR is no schedule"),
    (lambda o: lr_scheduler.ChainedScheduler([3]), "int is no schedule of this optimiser"),
    (lambda o: lr_scheduler.MultiplicativeLR(o, [abs, abs]), "MultiplicativeLR: lr_lambda is a function of the epoch")])
def test_bad_chains(make, message):
    with pytest.raises(ValueError, match=message):
        make(SGD([Value(1.0)], lr=1.0))


def test_a_chain_begins_a_sequence_and_is_saved_whole():
    optimizer = SGD([Value(1.0)], lr=1.0)
    chained = lr_scheduler.ChainedScheduler([lr_scheduler.ConstantLR(optimizer, 0.5, 1),
                                             lr_scheduler.ExponentialLR(optimizer, 0.5)])
    schedule = lr_scheduler.SequentialLR(optimizer, [lr_scheduler.StepLR(optimizer, 1, 0.5), chained], [2])
    rates = []
    for _ in range(5):
        rates += schedule.get_last_lr()
        schedule.step()
    assert rates == [1.0, 0.5, 0.5, 0.5, 0.25]
    state = chained.state_dict()
    assert repr(chained) == ("ChainedScheduler(schedulers=[ConstantLR(factor=0.5, total_iters=1, last_epoch=3), "
                             "ExponentialLR(gamma=0.5, last_epoch=3)], last_epoch=3)")
    with pytest.raises(ValueError, match="this is not what state_dict"):
        chained.load_state_dict({"last_epoch": 0, "schedulers": [{**state["schedulers"][0], "last_epoch": 9}, {}]})
    assert chained.state_dict() == state
