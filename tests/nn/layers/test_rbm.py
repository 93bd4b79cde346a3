"""RBM: free energy and conditionals by enumeration, its closed gradient, learning beside scikit-learn, bad input."""

import sys
from math import exp, log
from random import Random

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neural_network import BernoulliRBM

import nn
from autograd import gradcheck
from nn import RBM, SGD, Linear, Sequential, fit, mse_loss
from nn.layers.parameter_writing import write_numbers
from tests.support.boolean_machines import (
    bars_and_stripes,
    deviations,
    divergence,
    rbm_distribution,
    rbm_energy,
    states,
)

DIGITS = (load_digits().data > 7).astype(float)


def random_rbm(visible, hidden, seed=0):
    rbm, rng = RBM(visible, hidden, seed=seed), Random(seed)
    for p in rbm.parameters():
        p.data = rng.gauss(0.0, 1.0)
    return rbm


def visible_distribution(rbm):
    p = rbm_distribution(rbm)
    return {v: sum(p[v, h] for h in states(rbm.hidden)) for v in states(rbm.visible)}


def floats(values):
    return [x.data for x in values]


def test_free_energy_sums_over_the_hidden_units():
    rbm = random_rbm(4, 3)
    for v in states(4):
        whole = -log(sum(exp(-rbm_energy(rbm, v, h)) for h in states(3)))
        assert rbm.free_energy(v).data == pytest.approx(whole, rel=1e-13)
    assert rbm.free_energy(np.array(v)).data == rbm.free_energy(v).data


def test_gradient_of_the_free_energy_is_the_closed_form():
    rbm, v = random_rbm(20, 12, seed=1), Random(1).choices([0, 1], k=20)
    rbm.free_energy(v).backward()
    state = rbm.state_dict()
    on = [1 / (1 + exp(-b - sum(w * x for w, x in zip(row, v, strict=True))))
          for row, b in zip(state["weight"], state["hidden_bias"], strict=True)]
    weights = [[w.grad for w in row] for row in rbm.weight]
    assert np.array(weights) == pytest.approx(-np.outer(on, v), abs=1e-12)
    assert [b.grad for b in rbm.hidden_bias] == pytest.approx([-p for p in on], abs=1e-12)
    assert [a.grad for a in rbm.visible_bias] == [-x for x in v]
    assert gradcheck(rbm.free_energy, [0.1 * i for i in range(20)])


def test_conditionals_are_those_of_the_energy():
    rbm = random_rbm(3, 2, seed=2)
    p = rbm_distribution(rbm)
    for v in states(3):
        given = {h: p[v, h] / sum(p[v, other] for other in states(2)) for h in states(2)}
        expected = [sum(x for h, x in given.items() if h[j]) for j in range(2)]
        assert floats(rbm.hidden_probabilities(v)) == pytest.approx(expected, rel=1e-12)
        assert rbm.transform([v])[0] == pytest.approx(expected, rel=1e-12)
        assert floats(rbm(v)) == floats(rbm.hidden_probabilities(v))
    for h in states(2):
        given = {v: p[v, h] / sum(p[other, h] for other in states(3)) for v in states(3)}
        expected = [sum(x for v, x in given.items() if v[i]) for i in range(3)]
        assert floats(rbm.visible_probabilities(h)) == pytest.approx(expected, rel=1e-12)
    assert floats(rbm.reconstruct(v)) == floats(rbm.visible_probabilities(rbm(v)))


def test_pseudo_likelihood_by_enumeration():
    rbm = random_rbm(4, 2, seed=3)
    p = visible_distribution(rbm)
    rows = [(0, 1, 1, 0), (1, 1, 1, 1), (0, 1, 1, 0)]
    expected = sum(log(p[v] / (p[v] + p[(*v[:i], 1 - v[i], *v[i + 1:])])) for v in rows for i in range(4)) / 3
    assert rbm.pseudo_likelihood(rows) == pytest.approx(expected, rel=1e-12)


def test_samples_are_the_distribution():
    rbm = random_rbm(4, 3, seed=4)
    p = visible_distribution(rbm)
    rows = rbm.sample(4000, steps=60)
    assert max(deviations([rows[i:i + 100] for i in range(0, 4000, 100)], p)) < 4
    assert rbm.sample(2, steps=0, start=[[1, 0, 0, 1], [0, 0, 1, 1]]) == [[1, 0, 0, 1], [0, 0, 1, 1]]


def test_learns_bars_and_stripes():
    images = bars_and_stripes(3)
    rbm = RBM(9, 12, seed=0)
    before = rbm.pseudo_likelihood(images)
    history = rbm.fit(images, epochs=2000, lr=0.2, batch_size=14, momentum=0.5)
    errors = history["reconstruction_error"]
    assert len(errors) == 2000
    assert errors[-1] < 0.02 < errors[0]
    energies = {v: rbm.free_energy(v).data for v in states(9)}
    weights = {v: exp(min(energies.values()) - energy) for v, energy in energies.items()}
    share = sum(weights[v] for v in images) / sum(weights.values())
    assert share > 0.85         # 14 of 512 states: 0.03 of a machine that has learnt nothing
    assert np.mean([tuple(row) in images for row in rbm.sample(200, 200)]) > 0.8
    assert rbm.pseudo_likelihood(images) > before + 4
    assert divergence(dict.fromkeys(images, 1 / 14), {v: weights[v] / sum(weights.values()) for v in images}) < 1


def pseudo_likelihoods(rows, hidden, epochs, seed, rules):
    """Ours by each rule, persistent chains (the peer's) or not, and scikit-learn's."""
    found = []
    for persistent in rules:
        rbm = RBM(rows.shape[1], hidden, seed=seed)
        rbm.fit(rows, epochs, persistent=persistent)
        found.append(rbm.pseudo_likelihood(rows))
    peer = BernoulliRBM(hidden, n_iter=epochs, random_state=seed).fit(rows)
    rbm.load_state_dict({"weight": peer.components_, "visible_bias": peer.intercept_visible_,
                         "hidden_bias": peer.intercept_hidden_})
    return [*found, rbm.pseudo_likelihood(rows)]


def test_pseudo_likelihood_of_digits_is_not_below_scikit_learns():
    ours, peers = np.mean([pseudo_likelihoods(DIGITS[:600], 16, 10, seed, [False]) for seed in range(2)], axis=0)
    assert ours >= peers


@pytest.mark.campaign
def test_pseudo_likelihood_of_all_digits_is_not_below_scikit_learns(figure):
    found = np.array([pseudo_likelihoods(DIGITS, 64, 10, seed, [False, True]) for seed in range(5)])
    ours, persistent, peers = found.mean(0)
    assert ours >= peers
    figure("pseudo-likelihood of digits, RBM beside scikit-learn's BernoulliRBM",
           f"64 hidden units, 10 epochs, rate 0.1, mean of 5 seeds: {ours:.2f} (CD-1), {persistent:.2f} (persistent, "
           f"as the peer) and {peers:.2f}")


def test_as_a_layer_it_is_compiled_with_the_bits_of_eager():
    finals = []
    for jit in (True, False):
        model = Sequential(RBM(4, 3, seed=5), Linear(3, 1, seed=5))
        fit(model, mse_loss, states(4), [[sum(v)] for v in states(4)], SGD(model.parameters(), 0.1), 4, batch_size=5,
            jit=jit, progress=False)
        finals.append(model.state_dict())
    assert finals[0] == finals[1]


def test_state_goes_through_files_and_a_seed_repeats_everything(tmp_path):
    rbm, other = random_rbm(4, 3), RBM(4, 3)
    assert list(rbm.state_dict()) == ["weight", "visible_bias", "hidden_bias"]
    nn.save(rbm, tmp_path / "rbm.safetensors")
    other.load_state_dict(nn.load(tmp_path / "rbm.safetensors"))
    assert other.state_dict() == rbm.state_dict()
    runs = []
    for _ in range(2):
        one = RBM(4, 3, seed=7)
        one.fit(states(4), 3)
        runs.append((one.state_dict(), one.sample(3)))
    assert runs[0] == runs[1]


@pytest.mark.parametrize(("call", "message"), [
    (lambda rbm: RBM(3, 0), "hidden is a whole number, at least 1, not 0"),
    (lambda rbm: rbm.fit([[0, 1, 2, 0]]), "X, row 0 .*: number 2 is 2, not a number from 0 to 1: scale the data"),
    (lambda rbm: rbm.fit([[0, 1, 1, 0], [1]]), "X, row 1 .*, has 1 number, and row 0 has 4"),
    (lambda rbm: rbm.fit(np.zeros((0, 4))), "X is empty; give at least one row"),
    (lambda rbm: rbm.fit(states(4), k=0), "k is a whole number, at least 1, not 0"),
    (lambda rbm: rbm.fit(states(4), weight_decay=100.0), "lr times weight_decay is at most 1, not 10.0"),
    (lambda rbm: write_numbers("a step", [(rbm.visible_bias, np.zeros(4)), (rbm.hidden_bias, np.array([0, 1, np.inf]))]
                               ),
     "a step made a parameter nan or infinite, and was taken back; lower lr"),
    (lambda rbm: rbm.pseudo_likelihood([[0, 1, 0.5, 0]]), "number 2 is 0.5, not 0 or 1: set a threshold"),
    (lambda rbm: rbm.free_energy([1, 0]), "RBM.free_energy of 4 inputs was given 2"),
    (lambda rbm: rbm.visible_probabilities([1, 0, 1, 1]), "visible_probabilities of 3 inputs was given 4"),
    (lambda rbm: rbm.sample(2, start=[[0, 0, 0, 1]]), "start has 1 rows for 2 chains; give one for each"),
])
def test_bad_input_is_refused(call, message):
    rbm = random_rbm(4, 3)
    before = rbm.state_dict()
    with pytest.raises(ValueError, match=message):
        call(rbm)
    assert rbm.state_dict() == before


def test_without_numpy_the_error_says_what_to_install(monkeypatch):
    rbm = random_rbm(4, 3)
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert rbm.free_energy([1, 0, 0, 1]).data
    with pytest.raises(ImportError, match=r"compute with NumPy: pip install \"\.\[train\]\" .* or pip install numpy"):
        rbm.fit([[1, 0, 0, 1]])


@pytest.mark.parametrize(("rows", "message"), [
    ([0, 1, 1, 0], "row 0 .* is of type int; give a row of numbers, .* and of a single row make a list of one"),
    ("0110", "X is of type str; give rows of numbers")])
def test_what_is_no_table_is_refused(rows, message):
    with pytest.raises(TypeError, match=message):
        random_rbm(4, 3).fit(rows)
