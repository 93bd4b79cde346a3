"""Machines of boolean units refuse other data wherever they take any, and take one state or a list of states."""

from math import nan

import numpy as np
import pytest

from autograd import Value, grad, jit, jvp
from nn import DBN, RBM, BoltzmannMachine, predict

MACHINE, SMALL, DEEP = BoltzmannMachine(3, seed=0), RBM(3, 2, seed=0), DBN([3, 2, 2], seed=0)
TAKES = {       # a state, and what its numbers have to be
    "BoltzmannMachine.energy": (MACHINE.energy, "not 0 or 1"),
    "RBM.free_energy": (SMALL.free_energy, "not a number from 0 to 1"),
    "RBM": (SMALL, "not a number from 0 to 1"),
    "RBM.hidden_probabilities": (SMALL.hidden_probabilities, "not a number from 0 to 1"),
    "RBM.visible_probabilities": (RBM(2, 3, seed=0).visible_probabilities, "not a number from 0 to 1"),
    "RBM.reconstruct": (SMALL.reconstruct, "not a number from 0 to 1"),
    "DBN": (DEEP, "not a number from 0 to 1"), "DBN.reconstruct": (DEEP.reconstruct, "not a number from 0 to 1"),
    "RBM.fit": (lambda v: SMALL.fit([v]), "not a number from 0 to 1"),
    "RBM.transform": (lambda v: SMALL.transform([v]), "not a number from 0 to 1"),
    "RBM.pseudo_likelihood": (lambda v: SMALL.pseudo_likelihood([v]), "not 0 or 1"),
    "RBM.sample": (lambda v: SMALL.sample(start=[v]), "not 0 or 1"),
    "BoltzmannMachine.fit": (lambda v: MACHINE.fit([v]), "not 0 or 1"),
    "BoltzmannMachine.sample": (lambda v: MACHINE.sample(start=[v]), "not 0 or 1")}


@pytest.mark.parametrize("wrong", [7, -3.0, nan, float("inf"), np.float32(1.5)])
@pytest.mark.parametrize("name", TAKES)
def test_other_data_are_refused(name, wrong):
    takes, wanted = TAKES[name]
    for state in ([0, wrong, 1], np.array([0, wrong, 1])):
        with pytest.raises(ValueError, match=f"number 1 .*{wanted}|number 1 is .*{wanted}"):
            takes(state)


@pytest.mark.parametrize("name", TAKES)
def test_probabilities_are_states_where_fit_takes_them(name):
    takes, wanted = TAKES[name]
    takes([0, 1, True])
    if "from 0 to 1" in wanted:
        takes([0.25, 0.0, 1.0])
        takes(np.array([0.25, 0.0, 1.0]))
    else:
        with pytest.raises(ValueError, match=r"number 0 .*is 0.25, not 0 or 1"):
            takes([0.25, 0.0, 1.0])


def test_predict_refuses_them_in_any_row():
    rows = [[0.0, 1.0, 0.0]] * 99 + [[7.0, -3.0, 0.5]]
    for run in (False, "auto", True):
        with pytest.raises(ValueError, match="not a number from 0 to 1"):
            predict(SMALL, rows, jit=run)


@pytest.mark.parametrize("energy", [MACHINE.energy, SMALL.free_energy])
def test_derivatives_by_a_state_are_defined_anywhere(energy):
    state = [0.3, 1.5, -2.0]
    values = [Value(x) for x in state]
    energy(values).backward()
    slopes = [x.grad for x in values]
    assert grad(energy)(state) == jit(grad(energy))(state) == slopes
    assert jvp(energy, (state,), ([1.0, 0.0, 0.0],))[1] == pytest.approx(slopes[0], rel=1e-14)


@pytest.mark.parametrize("model", [SMALL, DEEP, SMALL.reconstruct, DEEP.reconstruct,
                                   RBM(2, 3, seed=1).visible_probabilities])
def test_a_list_of_states_gives_a_list(model):
    states = [[1, 0, 0], [0.5, 1.0, 0.0], [0, 1, 1], [1, 1, 1]]
    wanted = [[p.data for p in model(state)] for state in states]
    for given in (states, np.array(states), list(map(tuple, states))):
        assert [[p.data for p in row] for row in model(given)] == wanted
    for run in (False, True):
        assert predict(model, states, batched=True, jit=run) == predict(model, states, jit=run) == wanted
