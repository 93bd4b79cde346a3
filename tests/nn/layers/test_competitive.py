"""CompetitiveLayer: winners, learning by hand, units that never win, and states."""

import math
import pickle
from random import Random

import numpy as np
import pytest

import nn


def blobs():
    rng = Random(0)
    centres = [(0.0, 0.0), (5.0, 5.0), (0.0, 5.0)]
    return [[rng.gauss(x, 0.3) for x in centres[i % 3]] for i in range(90)]


def test_the_winner_answers_one_and_all_others_zero():
    layer = nn.CompetitiveLayer(2, 3)
    layer.load_state_dict({"weights": [[0.0, 0.0], [1.0, 1.0], [1.0, 0.0]]})
    assert layer([0.9, 0.2]) == [0.0, 0.0, 1.0]
    assert layer.predict(np.array([[0.1, 0.0], [0.9, 0.8]])) == [0, 1]
    assert layer([0.5, 0.5]) == [1.0, 0.0, 0.0]     # of equally near ones the first


def test_the_winner_alone_learns():
    layer = nn.CompetitiveLayer(1, 2)
    layer.load_state_dict({"weights": [[0.0], [4.0]]})
    layer.fit([[1.0], [3.0]], epochs=1, learning_rate=0.5, shuffle=False)
    assert layer.weights == [[0.5], [4.0 + 0.25 * (3.0 - 4.0)]]      # the rate has halved


def test_units_find_the_means_of_clusters():
    rows = blobs()
    layer = nn.CompetitiveLayer(2, 3, seed=1).fit(rows, epochs=20)
    means = sorted([math.fsum(row[k] for row in rows[i::3]) / 30 for k in (0, 1)] for i in range(3))
    assert np.abs(np.array(sorted(layer.weights)) - means).max() < 0.15
    assert len({tuple(layer.predict(rows[i::3])) for i in range(3)}) == 3


def test_counting_wins_leaves_no_unit_without_rows():
    rows = blobs()
    fair, plain = (nn.CompetitiveLayer(2, 6, seed=0).fit(rows, frequency_sensitive=some) for some in (True, False))
    assert len(set(plain.predict(rows))) < 6
    assert len(set(fair.predict(rows))) == 6
    far = [[100.0 + x for x in row] for row in rows]        # from all first weights
    layer = nn.CompetitiveLayer(2, 6, seed=0).init_from(far)
    assert all(w in far for w in layer.weights)
    assert len(set(layer.fit(far).predict(far))) == 6


def test_states_go_through_files_and_pickles(tmp_path):
    layer = nn.CompetitiveLayer(2, 3, seed=1).fit(blobs(), epochs=1)
    nn.save(layer, tmp_path / "layer.json")
    other = nn.CompetitiveLayer(2, 3)
    other.load_state_dict(nn.load(tmp_path / "layer.json"))
    assert other.weights == layer.weights == pickle.loads(pickle.dumps(layer)).weights


@pytest.mark.parametrize(("wrong", "message"), [
    (lambda layer: layer([1.0]), "x, row 0 .* has 1 number, and this model takes rows of 2"),
    (lambda layer: layer.fit([[1.0, 2.0], [1.0]]), "give all rows the same length"),
    (lambda layer: layer.fit([]), "X is empty"),
    (lambda layer: layer.fit([[1.0, 2.0]], learning_rate=2.0), "learning_rate is a number above 0, up to 1"),
    (lambda layer: layer.load_state_dict({"weights": [[1.0, 2.0]]}), "weights has 1 rows, and this layer 3 units"),
    (lambda layer: layer.load_state_dict({"weights": layer.weights, "bias": 0}), "bias is unexpected"),
    (lambda layer: layer.load_state_dict([1.0]), "takes a dict"),
    (lambda layer: nn.CompetitiveLayer(0, 2), "in_features is a whole number"),
])
def test_wrong_data_and_options_are_one_clear_error(wrong, message):
    with pytest.raises((ValueError, TypeError), match=message):
        wrong(nn.CompetitiveLayer(2, 3))
