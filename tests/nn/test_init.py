"""How parameters begin: the distributions, measured, and what is refused."""

import math
import random
import statistics

import pytest

from autograd import Value
from nn import MLP, Linear, init


def rows(n_in, n_out):
    return [[Value(9.0) for _ in range(n_in)] for _ in range(n_out)]


def numbers(tensor):
    return [value.data for row in tensor for value in row]


# of 120 inputs and 80 outputs; the variance as the papers have it
DRAWS = {
    "uniform": (lambda w: init.uniform_(w, -3.0, 3.0, seed=1), 3.0, True),
    "normal": (lambda w: init.normal_(w, std=0.01, seed=1), 0.0001, False),
    "xavier uniform": (lambda w: init.xavier_uniform_(w, seed=1), 2 / 200, True),
    "xavier normal": (lambda w: init.xavier_normal_(w, gain=3.0, seed=1), 9 * 2 / 200, False),
    "He uniform": (lambda w: init.kaiming_uniform_(w, nonlinearity="relu", seed=1), 2 / 120, True),
    "He normal": (lambda w: init.kaiming_normal_(w, mode="fan_out", nonlinearity="relu", seed=1), 2 / 80, False),
    "leaky": (lambda w: init.kaiming_uniform_(w, a=math.sqrt(5), seed=1), 1 / 3 / 120, True),
}


@pytest.mark.parametrize("name", DRAWS)
def test_distributions(name):
    draw, variance, bounded = DRAWS[name]
    weight = rows(120, 80)
    assert draw(weight) is weight
    drawn = numbers(weight)
    assert len(set(drawn)) > 9590
    # 9600 draws: five standard errors; the fourth moment is 1.8 (uniform) or 3 (normal) times the squared variance
    assert abs(statistics.fmean(drawn)) < 5 * math.sqrt(variance / 9600)
    assert statistics.fmean(x * x for x in drawn) == pytest.approx(variance, rel=5 * math.sqrt(2 / 9600))
    assert (max(map(abs, drawn)) <= math.sqrt(3 * variance)) == bounded
    again, other = rows(120, 80), rows(120, 80)
    draw(again)
    assert numbers(again) == drawn
    state = random.getstate()
    init.normal_(other)
    assert numbers(other) != drawn
    assert random.getstate() == state       # Python's own generator is left alone


# from the same seed: Python's own draws, scaled by hand
SCALES = {
    "uniform": (lambda w, rng: init.uniform_(w, -3.0, 3.0, seed=rng), 3.0, True),
    "normal": (lambda w, rng: init.normal_(w, std=0.01, seed=rng), 0.01, False),
    "xavier uniform": (lambda w, rng: init.xavier_uniform_(w, seed=rng), math.sqrt(6 / 20), True),
    "xavier uniform, gain": (lambda w, rng: init.xavier_uniform_(w, 3.0, seed=rng), 3 * math.sqrt(6 / 20), True),
    "xavier normal": (lambda w, rng: init.xavier_normal_(w, seed=rng), math.sqrt(2 / 20), False),
    "xavier normal, gain": (lambda w, rng: init.xavier_normal_(w, 3.0, seed=rng), 3 * math.sqrt(2 / 20), False),
    "He uniform": (lambda w, rng: init.kaiming_uniform_(w, nonlinearity="relu", seed=rng), math.sqrt(6 / 12), True),
    "He uniform, out": (lambda w, rng: init.kaiming_uniform_(w, mode="fan_out", seed=rng), math.sqrt(6 / 8), True),
    "He normal": (lambda w, rng: init.kaiming_normal_(w, seed=rng), math.sqrt(2 / 12), False),
    "He normal, out": (lambda w, rng: init.kaiming_normal_(w, mode="fan_out", nonlinearity="relu", seed=rng),
                       math.sqrt(2 / 8), False),
    "He normal, linear": (lambda w, rng: init.kaiming_normal_(w, nonlinearity="linear", seed=rng),
                          math.sqrt(1 / 12), False),
    "leaky": (lambda w, rng: init.kaiming_uniform_(w, a=math.sqrt(5), seed=rng), math.sqrt(1 / 12), True),
    "leaky normal": (lambda w, rng: init.kaiming_normal_(w, a=2.0, seed=rng), math.sqrt(2 / 5 / 12), False),
}


@pytest.mark.parametrize("seed", [1, 20])
@pytest.mark.parametrize("name", SCALES)
def test_every_number_is_a_draw_of_the_generator_times_the_papers_factor(name, seed):
    draw, scale, uniform = SCALES[name]
    rng = random.Random(seed)
    expected = [scale * (2 * rng.random() - 1 if uniform else rng.gauss(0.0, 1.0)) for _ in range(12 * 8)]
    assert numbers(draw(rows(12, 8), seed)) == pytest.approx(expected, rel=1e-12, abs=1e-14)
    assert numbers(draw(rows(12, 8), random.Random(seed))) == pytest.approx(expected, rel=1e-12, abs=1e-14)


def test_the_mean_is_added_and_an_interval_begins_where_it_says():
    rng, other = random.Random(4), random.Random(4)
    assert numbers(init.normal_(rows(5, 5), 5.0, 0.1, seed=4)) == pytest.approx(
        [5.0 + 0.1 * rng.gauss(0.0, 1.0) for _ in range(25)], rel=1e-14)
    assert numbers(init.uniform_(rows(5, 5), seed=4)) == pytest.approx(
        [other.random() for _ in range(25)], rel=1e-14)      # [0, 1] where nothing is said


def test_a_normal_of_another_mean():
    drawn = numbers(init.normal_(rows(100, 10), 5.0, 0.1, seed=2))
    assert statistics.fmean(drawn) == pytest.approx(5.0, abs=0.02)


def test_constants():
    net = MLP(2, [3, 1], seed=0)
    init.constant_([neuron.w for neuron in net.layers[0].neurons], 0.5)
    assert [p.data for p in net.layers[0].parameters()] == [0.5, 0.5, 0.0] * 3
    value = Value(1.0)
    assert init.constant_(value, 2) is value
    assert init.zeros_([value, [value]])[0].data == 0.0


def test_one_generator_goes_on():
    rng = random.Random(3)
    one, other = init.uniform_(rows(2, 2), seed=rng), init.uniform_(rows(2, 2), seed=rng)
    assert numbers(one) != numbers(other)


def test_gains():
    gains = {"linear": 1, "sigmoid": 1, "tanh": 5 / 3, "relu": 2**0.5}
    assert {name: init.calculate_gain(name) for name in gains} == pytest.approx(gains, rel=1e-15)
    assert init.calculate_gain("leaky_relu", 0.2) == pytest.approx((2 / 1.04) ** 0.5, rel=1e-15)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: init.zeros_(Linear(2, 1)), "zeros_ takes a parameter, .* not Linear; give linear.weight"),
    (lambda: init.zeros_([Value(1.0), 2.0]), "zeros_ takes a parameter, .* not float"),
    (lambda: init.zeros_(Value(1.0) * 2), "zeros_ takes a parameter, .* not a computed Value"),
    (lambda: init.uniform_(Value(1.0), 1.0, 0.0), "uniform_: from 1.0 to 0.0 is no interval"),
    (lambda: init.normal_(Value(1.0), 0.0, -1.0), "standard deviation std is at least 0, not -1.0"),
    (lambda: init.normal_(Value(1.0), 0.0, math.nan), "standard deviation std is at least 0, not nan"),
    (lambda: init.xavier_normal_([Value(1.0)]), "xavier_normal_ takes a list of rows"),
    (lambda: init.xavier_uniform_([]), "xavier_uniform_ takes a list of rows"),
    (lambda: init.kaiming_normal_([[Value(1.0)], [Value(1.0), Value(2.0)]]), "kaiming_normal_ takes a list of rows"),
    (lambda: init.kaiming_uniform_(rows(1, 1), mode="fan"), "mode is 'fan_in' or 'fan_out', not 'fan'"),
    (lambda: init.kaiming_uniform_(rows(1, 1), nonlinearity="gelu"), "no gain is known for 'gelu'; use one of linear"),
])
def test_bad_inputs(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_an_error_changes_nothing():
    values = [Value(1.0), Value(2.0), "text"]
    with pytest.raises(TypeError, match="not str"):
        init.zeros_(values)
    assert [value.data for value in values[:2]] == [1.0, 2.0]
