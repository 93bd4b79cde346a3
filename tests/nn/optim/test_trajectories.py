"""Every optimiser, option and schedule follows PyTorch's path for 100 steps, and continues from a saved state."""

import json

import pytest

import nn.optim
from autograd import Value, sin
from nn.optim import lr_scheduler
from tests.support import torch_trajectories as paths
from tests.support.torch_trajectories import CASES, FREEZING, STEPS, apart, landscape

STORED = json.loads(paths.FILE.read_text())


def ours(case, *, freezes=False):
    return paths.run(case, [Value(x) for x in paths.START], Value.backward, sin, nn.optim, lr_scheduler,
                     freezes=freezes)


def test_every_case_is_stored():
    assert {*CASES, *FREEZING, "LBFGS"} == set(STORED)


@pytest.mark.parametrize("name", CASES)
def test_as_pytorch_goes(name):
    assert apart(ours(CASES[name]), STORED[name]) < 1e-10


@pytest.mark.parametrize("name", FREEZING)
def test_a_thawed_parameter_goes_on_as_in_pytorch(name):
    """With step counts and a state of its own, which it had when it was frozen, or has none of."""
    assert apart(ours(FREEZING[name], freezes=True), STORED[name]) < 1e-10


def test_as_the_installed_pytorch_goes():
    pytest.importorskip("torch")
    assert max(apart(ours(case), paths.torchs(case)) for case in CASES.values()) < 1e-10
    assert max(apart(ours(case, freezes=True), paths.torchs(case, freezes=True)) for case in FREEZING.values()) < 1e-10
    assert max(abs(x - y) for x, y in zip(lowest(), paths.torchs_minimum(), strict=True)) < 1e-10


def lowest():
    numbers = [Value(x) for x in paths.START]
    optimizer = nn.optim.LBFGS(numbers, max_iter=STEPS, tolerance_grad=1e-13, tolerance_change=0.0)

    def closure():
        optimizer.zero_grad()
        loss = landscape(numbers, sin)
        loss.backward()
        return loss

    optimizer.step(closure)
    return [x.data for x in numbers]


def test_lbfgs_ends_where_pytorchs_does():
    assert max(abs(x - y) for x, y in zip(lowest(), STORED["LBFGS"], strict=True)) < 1e-10


@pytest.mark.parametrize("name", CASES)
def test_a_saved_state_goes_on_bit_for_bit(name):
    kind, options, second, chain = CASES[name]

    def parts(numbers):
        groups = numbers if second is None else [{"params": numbers[:2]}, {"params": numbers[2:], **second}]
        optimizer = getattr(nn.optim, kind)(groups, **options)
        return [optimizer, *paths.schedules_of(optimizer, chain, lr_scheduler)]

    def go(numbers, parts, steps):
        for _ in range(steps):
            parts[0].zero_grad()
            loss = landscape(numbers, sin)
            loss.backward()
            for part in parts:
                part.step(*[loss] if isinstance(part, lr_scheduler.ReduceLROnPlateau) else [])

    whole = [Value(x) for x in paths.START]
    go(whole, whole_parts := parts(whole), 31)
    states = json.loads(json.dumps([part.state_dict() for part in whole_parts], allow_nan=False))
    resumed = [Value(x.data) for x in whole]
    go(whole, whole_parts, 37)
    again = parts(resumed)
    for part, state in zip(again, states, strict=True):
        part.load_state_dict(state)
    go(resumed, again, 37)
    assert [x.data for x in resumed] == [x.data for x in whole]
    assert [part.state_dict() for part in again] == [part.state_dict() for part in whole_parts]


@pytest.mark.parametrize("name", FREEZING)
def test_an_uneven_state_goes_on_bit_for_bit(name):
    kind, options, *_ = FREEZING[name]

    def go(numbers, optimizer, steps):
        for step in steps:
            for i, x in enumerate(numbers):
                x.requires_grad = i not in paths.frozen(step)
            optimizer.zero_grad()
            landscape(numbers, sin).backward()
            optimizer.step()
        return [x.data for x in numbers], optimizer.state_dict()

    whole, cut = ([Value(x) for x in paths.START] for _ in range(2))
    wanted = go(whole, getattr(nn.optim, kind)(whole, **options), range(1, 81))
    _, state = go(cut, getattr(nn.optim, kind)(cut, **options), range(1, 51))
    again = getattr(nn.optim, kind)(cut, **options)
    again.load_state_dict(json.loads(json.dumps(state, allow_nan=False)))
    assert go(cut, again, range(51, 81)) == wanted
