"""BoltzmannMachine: energy and distribution by enumeration, Gibbs sampling, annealing, learning, bad input."""

from itertools import combinations
from math import log
from random import Random

import numpy as np
import pytest

from autograd import exp, gradcheck
from autograd import log as ag_log
from autograd import sum as total
from nn import BoltzmannMachine
from tests.support.boolean_machines import deviations, divergence, normalised, states


def machine(visible, hidden=0, seed=0, scale=1.0):
    """A machine of random weights and biases."""
    made, rng = BoltzmannMachine(visible, hidden, seed=seed), Random(seed)
    for p in made.parameters():
        p.data = rng.gauss(0.0, scale)
    return made


def energy(made, s):
    """By the sum over pairs."""
    weights = dict(zip(combinations(range(made.units), 2), made.weight, strict=True))
    return (-sum(w.data for (i, j), w in weights.items() if s[i] and s[j])
            - sum(b.data for b, x in zip(made.bias, s, strict=True) if x))


def test_energy_is_a_sum_over_pairs_and_its_gradient_the_closed_form():
    made, s = machine(5), (1, 0, 1, 1, 0)
    out = made.energy(s)
    assert out.data == pytest.approx(energy(made, s), rel=1e-14)
    out.backward()
    assert [w.grad for w in made.weight] == [-s[i] * s[j] for i, j in combinations(range(5), 2)]
    assert [b.grad for b in made.bias] == [-x for x in s]
    assert made.energy(np.array(s)).data == out.data
    assert gradcheck(made.energy, [0.3, 0.5, 0.2, 0.9, 0.1])


@pytest.mark.parametrize("hidden", [0, 2])
def test_distribution_is_exp_of_minus_energy_by_enumeration(hidden):
    made = machine(4, hidden, seed=3)
    p = normalised({s: energy(made, s) for s in states(4 + hidden)})
    assert made.distribution(hidden=True) == pytest.approx(p, rel=1e-12)
    visible = {v: sum(x for s, x in p.items() if s[:4] == v) for v in states(4)}
    assert made.distribution() == pytest.approx(visible, rel=1e-12)


@pytest.mark.parametrize("temperature", [1.0, 2.5])
def test_gibbs_frequencies_are_the_distribution(temperature):
    """Each chain is a batch, whose means do not depend on each other; 4 standard errors."""
    made = machine(4, seed=1)
    visits = list(made.chain([temperature] * 420, rows=60))[20:]
    p = normalised({s: energy(made, s) / temperature for s in states(4)})
    assert max(deviations(list(zip(*visits, strict=True)), p)) < 4


def test_last_states_of_many_chains_are_the_distribution():
    made = machine(3, 1, seed=2)
    rows = made.sample(4000, sweeps=30)
    assert max(deviations([rows[i:i + 100] for i in range(0, 4000, 100)], made.distribution(hidden=True))) < 4
    assert made.sample(1, 1, start=[[0, 1, 0, 1]])[0] in list(map(list, states(4)))


def test_annealing_finds_the_deepest_minimum_more_often_than_a_cold_chain():
    found = {"annealed": 0, "cold": 0}
    for seed in range(8):
        made = machine(12, seed=seed, scale=2.0)
        p = made.distribution(hidden=True)
        deepest = energy(made, max(p, key=p.get))
        for name, temperatures in (("annealed", [4.0 * 0.9 ** i for i in range(50)]), ("cold", [0.02] * 50)):
            state, least = made.anneal(temperatures)
            assert least == pytest.approx(energy(made, state), rel=1e-12)
            found[name] += least < deepest + 1e-9
    assert found["annealed"] >= 7 > found["cold"]


@pytest.mark.parametrize("exact", [True, False])
def test_learns_the_distribution_of_a_random_machine(exact):
    source = machine(8, seed=5)
    options = {} if exact else {"exact": False, "lr": 0.1, "chains": 500}
    learner = BoltzmannMachine(8, seed=6)
    history = learner.fit(source.sample(3000, sweeps=100), epochs=300, **options)
    assert divergence(source.distribution(), learner.distribution()) < 0.05
    assert history["difference"][-1] < history["difference"][0]


def test_a_step_follows_the_gradient_of_the_likelihood():
    """The likelihood is a sum over all states, by Values; `fit` compares means."""
    made, data, lr = machine(3, 2, seed=4), [[1, 0, 1], [0, 0, 1], [1, 0, 1]], 0.25
    weights = {s: exp(-made.energy(s)) for s in states(5)}
    log_z = ag_log(total(weights.values()))
    likelihood = total(ag_log(total(w for s, w in weights.items() if list(s[:3]) == v)) - log_z for v in data) / 3.0
    likelihood.backward()
    expected = [p.data + lr * p.grad for p in made.parameters()]
    made.fit(data, epochs=1, lr=lr)
    assert [p.data for p in made.parameters()] == pytest.approx(expected, rel=1e-12, abs=1e-14)


def test_a_hidden_unit_learns_what_pairs_cannot_say():
    """Of three units an even number is on: every two of them are independent."""
    even, found = [v for v in states(3) if sum(v) % 2 == 0], []
    for hidden in (0, 1):
        made = BoltzmannMachine(3, hidden, seed=1)
        made.fit(even, epochs=600, lr=2.0, momentum=0.9)
        found.append(divergence(dict.fromkeys(even, 0.25), made.distribution()))
    assert found[0] == pytest.approx(log(2), abs=1e-3)
    assert found[1] < 0.05


def test_hidden_units_learn_by_sampling():
    source, learner = machine(5, 2, seed=8, scale=2.0), BoltzmannMachine(5, 2, seed=9)
    rows = [row[:5] for row in source.sample(1000, sweeps=50)]
    before = divergence(source.distribution(), learner.distribution())
    learner.fit(rows, epochs=300, lr=0.1, exact=False)
    assert divergence(source.distribution(), learner.distribution()) < 0.05 < before


def test_a_step_from_a_state_of_no_probability_is_finite():
    """exp(-2000) is 0, but what the hidden unit does then is not 0 / 0."""
    made = BoltzmannMachine(1, 1, seed=0)
    made.load_state_dict({"weight": [1.0], "bias": [-2000.0, 0.0]})
    assert made.fit([[1]], epochs=1)["difference"] == [pytest.approx(1.0)]
    assert made.bias[0].data == pytest.approx(-1999.5)


def test_state_goes_from_machine_to_machine_and_a_seed_repeats_it():
    made, other = machine(4, 1), BoltzmannMachine(4, 1)
    assert list(made.state_dict()) == ["weight", "bias"]
    other.load_state_dict(made.state_dict())
    assert other.distribution() == made.distribution()
    assert BoltzmannMachine(3, seed=2).sample(5, 10) == BoltzmannMachine(3, seed=2).sample(5, 10)
    assert repr(made) == "BoltzmannMachine(4, 1)"
    assert BoltzmannMachine(1).fit([[1], [0], [1]], 200)["difference"][-1] < 1e-3      # no pairs


@pytest.mark.parametrize(("call", "message"), [
    (lambda: BoltzmannMachine(0), "visible is a whole number, at least 1, not 0"),
    (lambda: machine(3).fit([[0, 1, 0.5]]), "X, row 0 .*: number 2 is 0.5, not 0 or 1: set a threshold"),
    (lambda: machine(3).fit([[0, 1, 1], [0, 1]]), "X, row 1 .*, has 2 numbers, and row 0 has 3"),
    (lambda: machine(3).fit([]), "X is empty; give at least one row"),
    (lambda: machine(3).fit([[0, 1, 1]], lr=0), "lr is a finite number above 0"),
    (lambda: machine(12, 5).distribution(), r"17 units has 2\^17 states; at most 16 units are enumerated"),
    (lambda: machine(17).fit([[0] * 17], exact=True), "at most 16 units are enumerated"),
    (lambda: machine(3).energy([0, 1]), "BoltzmannMachine.energy of 3 inputs was given 2"),
    (lambda: machine(2).sample(2, start=[[0, 1]]), "start has 1 rows for 2 chains; give one for each"),
    (lambda: machine(2).anneal([]), "temperatures is empty; give some"),
    (lambda: machine(2).anneal([1.0, 0.0]), r"temperatures\[1\] is a finite number above 0"),
])
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
