"""Schedules inside schedules: rates of PyTorch 2.13 from the first epoch on, and what it refuses begins as alone."""

import json

import pytest

from autograd import Value
from nn.optim import SGD, lr_scheduler

# of an optimiser at rate 0.01: schedules as torch_trajectories.py writes them, and the rates of PyTorch
LINEAR, DECAY = ("LinearLR", {"start_factor": 0.5, "total_iters": 4}), ("ExponentialLR", {"gamma": 0.9})
CYCLE = ("OneCycleLR", {"max_lr": 0.1, "total_steps": 30, "cycle_momentum": False})
RATES = {
    "a cycle behind": (("SequentialLR", [3], DECAY, CYCLE), [0.004, 0.0036, 0.00324, 0.004]),
    "a cycle before": (("SequentialLR", [1], CYCLE, DECAY), [0.004, 0.004, 0.0036]),
    "nested": (("SequentialLR", [4], ("SequentialLR", [2], LINEAR, DECAY), LINEAR),
               [0.005, 0.01, 0.009, 0.0081, 0.005]),
    "nested, decay": (("SequentialLR", [2], ("SequentialLR", [9], DECAY, LINEAR), LINEAR), [0.009, 0.0081, 0.005]),
    "chained": (("SequentialLR", [2], ("ChainedScheduler", {}, LINEAR, DECAY), DECAY), [0.0045, 0.0050625, 0.01]),
    "on from now": (("SequentialLR", [2], LINEAR, ("MultiplicativeLR", {"lr_lambda": lambda epoch: 0.5})),
                    [0.005, 0.00625, 0.003125, 0.0015625]),
    # which PyTorch refuses when their turn comes
    "nested, later": (("SequentialLR", [2], LINEAR, ("SequentialLR", [2], DECAY, LINEAR)),
                      [0.005, 0.00625, 0.01, 0.009, 0.005, 0.00625]),
    "chained, later": (("SequentialLR", [1], DECAY, ("ChainedScheduler", {}, LINEAR, DECAY)), [0.01, 0.005, 0.005625]),
}


def made(optimizer, tree):
    name, options, *inner = tree
    inside = [made(optimizer, each) for each in inner]
    if name == "SequentialLR":
        return lr_scheduler.SequentialLR(optimizer, inside, options)
    return lr_scheduler.ChainedScheduler(inside) if inside else getattr(lr_scheduler, name)(optimizer, **options)


@pytest.mark.parametrize("name", RATES)
def test_rates(name):
    tree, rates = RATES[name]
    optimizer = SGD([Value(1.0)], lr=0.01)
    schedule, found = made(optimizer, tree), []
    for _ in rates:
        found += schedule.get_last_lr()
        schedule.step()
    assert found == pytest.approx(rates, rel=1e-12)


@pytest.mark.parametrize("name", RATES)
def test_a_state_goes_on(name):
    tree, rates = RATES[name]
    whole, optimizer = SGD([Value(1.0)], lr=0.01), SGD([Value(1.0)], lr=0.01)
    schedule = made(whole, tree)
    schedule.step()
    states = json.loads(json.dumps([whole.state_dict(), schedule.state_dict()], allow_nan=False))
    resumed = made(optimizer, tree)
    optimizer.load_state_dict(states[0])
    resumed.load_state_dict(states[1])
    for _ in rates:
        assert resumed.get_last_lr() == schedule.get_last_lr()
        resumed.step()
        schedule.step()


def test_each_cycle_keeps_its_own_rate():
    optimizer = SGD([Value(1.0)], lr=0.01)
    cycles = [lr_scheduler.OneCycleLR(optimizer, top, 10, cycle_momentum=False) for top in (0.1, 0.2)]
    schedule, found = lr_scheduler.SequentialLR(optimizer, cycles, [5]), []
    for _ in range(9):
        found += schedule.get_last_lr()
        schedule.step()
    assert (max(found[:5]), max(found[5:])) == (0.1, 0.2)
