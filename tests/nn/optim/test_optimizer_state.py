"""state_dict of optimisers: copied, loaded, and refused if it does not fit."""

import json
import math

import pytest

from autograd import Value
from nn import LBFGS, SGD, Adadelta, Adagrad, Adam, Adamax, AdamW, NAdam, RAdam, RMSprop, Rprop

STEPPING = [SGD, Adam, AdamW, RMSprop, Adagrad, Adadelta, Adamax, NAdam, RAdam, Rprop]


def numbers(*data):
    return [Value(x) for x in data]


v, w = numbers(1.0, 2.0)


# ---- states -------------------------------------------------------------------------------------


def stepped(kind, count=2, **options):
    params = numbers(*[1.0] * count)
    for p in params:
        p.grad = 0.5
    optimizer = kind(params, **options)
    optimizer.step()
    return optimizer


def edited(change):
    state = stepped(Adam).state_dict()
    change(state)
    return state


@pytest.mark.parametrize(("state", "message"), [
    (None, "this is not what state_dict"), ({}, "this is not what state_dict"), ([1], "this is not what state_dict"),
    ({"state": [], "param_groups": [{}]}, "this is not what state_dict"),
    ({"state": [{}], "param_groups": [3]}, "this is not what state_dict"),
    (stepped(Adam, 3).state_dict(), r"the state is one of groups of \[3\] parameters, and here are \[2\]"),
    (Adam([{"params": [v]}, {"params": [w]}]).state_dict(), r"of groups of \[1, 1\] parameters, and here are \[2\]"),
    (stepped(SGD).state_dict(), "the options to load are .* was it another kind of optimiser?"),
    (edited(lambda s: s["param_groups"][0].pop("lr")), "the options to load are"),
    (edited(lambda s: s["param_groups"][0].update(lr=-1.0)), ": lr is a finite number, at least 0, not -1.0"),
    (edited(lambda s: s["param_groups"][0].update(initial_lr="a")), "initial_lr is a finite number"),
    (edited(lambda s: s["state"][0].pop("exp_avg")), "the state to load are"),
    (edited(lambda s: s["state"][0].update(exp_avg=[1.0])), "exp_avg has to be a list of 2 numbers"),
    (edited(lambda s: s["state"][0].update(exp_avg=[1.0, "2"])), "exp_avg has to be a list of 2 numbers"),
    (edited(lambda s: s["state"][0].update(exp_avg=3.0)), "exp_avg has to be a list of 2 numbers"),
    (edited(lambda s: s["state"][0].update(step=-1)), "step counts steps, and cannot be -1"),
    (edited(lambda s: s["state"][0].update(step=1.5)), "step counts steps, and cannot be 1.5"),
])
def test_a_state_that_does_not_fit(state, message):
    optimizer = stepped(Adam)
    before = optimizer.state_dict()
    with pytest.raises(ValueError, match=f"^Adam.*{message}"):
        optimizer.load_state_dict(state)
    assert optimizer.state_dict() == before


def test_a_bad_second_group_leaves_the_first_as_it_was():
    def make():
        return SGD([{"params": numbers(1.0)}, {"params": numbers(1.0)}], lr=0.5, momentum=0.5)

    optimizer, state = make(), make().state_dict()
    state["param_groups"][0]["lr"], state["param_groups"][1]["momentum"] = 0.1, "much"
    with pytest.raises(ValueError, match="momentum is a finite number"):
        optimizer.load_state_dict(state)
    assert optimizer.param_groups[0]["lr"] == 0.5


@pytest.mark.parametrize("kind", STEPPING)
def test_a_state_is_a_copy(kind):
    optimizer = stepped(kind)
    before = json.dumps(optimizer.state_dict(), allow_nan=False)

    def spoil(state):
        for entry in state["state"]:
            for item in entry.values():
                if isinstance(item, list):
                    item[0] = 99.0

    spoil(optimizer.state_dict())
    state = optimizer.state_dict()
    optimizer.load_state_dict(state)
    spoil(state)
    assert json.dumps(optimizer.state_dict()) == before


def test_the_state_of_lbfgs_is_its_options():
    state = json.loads(json.dumps(LBFGS(numbers(1.0), max_iter=7).state_dict()))
    other = LBFGS(numbers(1.0))
    other.load_state_dict(state)
    assert other.param_groups[0]["max_iter"] == 7
    assert other.param_groups[0]["max_eval"] is None


def test_a_state_of_nan_and_inf_goes_through_json_too():
    optimizer = stepped(SGD, momentum=0.5)
    optimizer.state[0]["momentum_buffer"] = [math.nan, math.inf]
    other = stepped(SGD)
    other.load_state_dict(json.loads(json.dumps(optimizer.state_dict())))
    assert repr(other.state_dict()) == repr(optimizer.state_dict())
