"""SOM against MiniSom, by hand, and on data whose topology is known."""

import json
import math
import pickle
from functools import cache

import numpy as np
import pytest

import nn
from nn.layers.map_grid import MapGrid
from tests.support import minisom_maps

REFERENCE = json.loads(minisom_maps.FILE.read_text())
DECAYS = {"asymptotic_decay": "asymptotic", "linear_decay_to_zero": "linear", "linear_decay_to_one": "linear",
          "inverse_decay_to_zero": "inverse", "inverse_decay_to_one": "inverse"}


@cache
def data(name):
    return minisom_maps.DATA[name]()


def trained(name):
    rows, shape, topology, epochs, batch, radius, rate_decay, radius_decay = minisom_maps.CASES[name]
    rows = data(rows)
    som = nn.SOM(len(rows[0]), shape, topology=topology)
    som.load_state_dict({"weights": minisom_maps.first_weights(shape, len(rows[0]))})
    som.fit(rows, epochs=epochs, batch=batch, learning_rate=0.5, radius=radius, rate_decay=DECAYS[rate_decay],
            radius_decay=DECAYS[radius_decay], shuffle=False)
    return som, rows


@pytest.mark.parametrize("name", minisom_maps.CASES)
def test_weights_and_errors_are_minisoms(name):
    som, rows = trained(name)
    theirs = REFERENCE[name]
    assert np.abs(np.array(som.weights) - np.array(theirs["weights"])).max() < 1e-10
    assert som.quantization_error(rows) == pytest.approx(theirs["quantization_error"], abs=1e-10)
    assert som.topographic_error(rows) == pytest.approx(theirs["topographic_error"], abs=1e-12)
    if theirs["u_matrix"]:      # its own is divided by the largest distance
        ours = np.array(som.u_matrix())
        assert np.abs(ours / ours.max() - np.array(theirs["u_matrix"])).max() < 1e-10


@pytest.mark.parametrize("name", minisom_maps.DEFAULTS)
def test_defaults_quantize_as_well_as_minisoms_and_fold_less(name):
    shape, epochs = minisom_maps.DEFAULTS[name]
    rows = data(name)
    maps = [nn.SOM(len(rows[0]), shape, seed).fit(rows, epochs=epochs) for seed in minisom_maps.SEEDS]
    quantization, topographic = REFERENCE["defaults"][name]
    assert sum(som.quantization_error(rows) for som in maps) / len(maps) < 1.05 * quantization
    assert sum(som.topographic_error(rows) for som in maps) / len(maps) < min(0.13, topographic)


def test_one_step_by_hand():
    """The winner is (0, 0); at radius 1 the unit beside it moves exp(-1/2) as far."""
    som = nn.SOM(1, (1, 3))
    som.load_state_dict({"weights": [[[0.0], [2.0], [4.0]]]})
    som.fit([[0.5]], epochs=1, learning_rate=0.5, radius=1.0)
    near, far = math.exp(-0.5), math.exp(-2.0)
    assert som.weights == [[pytest.approx([0.25]), pytest.approx([2.0 - 0.75 * near]),
                            pytest.approx([4.0 - 1.75 * far])]]


def test_at_the_narrowest_radius_the_winner_learns_alone():
    som = nn.SOM(1, (1, 2), 0)
    som.load_state_dict({"weights": [[[0.0], [2.0]]]})
    som.fit([[0.5]], epochs=1, radius=5e-324)
    assert som.weights == [[[0.25], [2.0]]]


def test_a_bubble_moves_units_within_the_radius_alone():
    som = nn.SOM(1, (1, 4), neighbourhood="bubble")
    som.load_state_dict({"weights": [[[0.0], [2.0], [4.0], [6.0]]]})
    som.fit([[0.0]], epochs=1, learning_rate=0.5, radius=2.0)
    assert som.weights == [[[0.0], [1.0], [2.0], [6.0]]]


def test_a_batch_of_full_rate_gives_weighted_means():
    som = nn.SOM(1, (1, 2), neighbourhood="bubble")
    som.load_state_dict({"weights": [[[0.0], [10.0]]]})
    som.fit([[1.0], [2.0], [9.0]], epochs=1, batch=True, radius=0.5)
    assert som.weights == [[[1.5], [9.0]]]


def test_a_square_unfolds_over_a_square():
    """Topology is kept: neighbours in the data are neighbours on the map, and the corners are the corners."""
    rows = [[i / 11, j / 11] for i in range(12) for j in range(12)]
    for topology in ("rectangular", "hexagonal"):
        som = nn.SOM(2, (6, 6), 3, topology=topology).fit(rows, epochs=10)
        assert som.topographic_error(rows) < 0.06
        corners = {som.winner(x) for x in ([0, 0], [0, 1], [1, 0], [1, 1])}
        assert corners == {(0, 0), (0, 5), (5, 0), (5, 5)}


def test_the_u_matrix_is_highest_between_clusters():
    rows = [[x + d] for x in (0.0, 10.0) for d in (0.0, 0.1, 0.2, 0.3)]
    som = nn.SOM(1, (1, 6), 0).fit(rows, epochs=40)
    [distances] = som.u_matrix()
    [hits] = som.hits(rows)
    assert sum(hits) == 8
    assert max(distances[2:4]) == max(distances) > 5 * max(distances[0], distances[5])


def test_hexagons_have_six_neighbours_at_distance_one():
    grid = MapGrid(5, 5, "hexagonal")
    counts = [len(grid.neighbours(i)) for i in range(25)]
    assert max(counts) == 6
    assert [counts[r * 5 + c] for r in range(1, 4) for c in range(1, 4)] == [6] * 9
    assert all(math.dist(grid.places[i], grid.places[j]) == pytest.approx(1.0)
               for i in range(25) for j in grid.neighbours(i))
    assert max(len(MapGrid(3, 3, "rectangular").neighbours(i)) for i in range(9)) == 8


def test_lists_arrays_and_generators_train_alike_and_seeds_repeat():
    rows = data("iris")
    maps = [nn.SOM(4, (3, 3), 5).fit(X, epochs=1) for X in (rows, np.array(rows), (tuple(row) for row in rows))]
    assert maps[0].weights == maps[1].weights == maps[2].weights != nn.SOM(4, (3, 3), 6).fit(rows, epochs=1).weights
    assert all(type(x) is float for row in maps[1].weights for w in row for x in w)


def test_training_goes_on_and_a_decay_may_be_a_function():
    rows, som = data("colours"), nn.SOM(3, (4, 4), 0)
    errors = [som.fit(rows, epochs=1, radius_decay=lambda start, share: start * 0.2 ** share,
                      radius=1.0).quantization_error(rows) for _ in range(3)]
    assert errors[2] < errors[0]
    before = som.state_dict()
    with pytest.raises(ZeroDivisionError):
        som.fit(rows, rate_decay=lambda start, share: 1.0 / (0.0 if share > 0.5 else 1.0))
    assert som.state_dict() == before       # nothing half done
    drawn = som.init_from(rows).weights
    assert all(w in rows for row in drawn for w in row)


def test_states_go_through_files_and_pickles(tmp_path):
    rows = data("iris")
    som = nn.SOM(4, (3, 4), 0, topology="hexagonal").fit(rows, epochs=1)
    for name in ("som.json", "som.safetensors"):
        nn.save(som, tmp_path / name)
        other = nn.SOM(4, (3, 4), topology="hexagonal")
        other.load_state_dict(nn.load(tmp_path / name))
        assert other.weights == som.weights
    copy = pickle.loads(pickle.dumps(som))
    assert copy.fit(rows, epochs=1).weights == som.fit(rows, epochs=1).weights      # the generator goes with it


@pytest.mark.parametrize(("wrong", "message"), [
    (lambda som: som.fit([[1.0, 2.0], [3.0]]), r"row 1 \(counted from 0\), has 1 number, and row 0 has 2"),
    (lambda som: som.fit([]), "X is empty"),
    (lambda som: som.fit([[]]), "X is empty"),
    (lambda som: som.fit([[1.0]]), "has 1 number, and this model takes rows of 2"),
    (lambda som: som.fit([[1.0, math.nan]]), "row 0 .* number 1 is nan"),
    (lambda som: som.fit([[1.0, 10**400]]), "is inf, .*: leave the row out"),
    (lambda som: som.fit([[1e308, -1e308]]), r"is 1e\+308, not a finite number up to 1e\+300"),
    (lambda som: som.fit([["1", "2"]]), "is of type str; give plain numbers"),
    (lambda som: som.fit(3.0), "X is of type float; give rows"),
    (lambda som: som.fit([1.0, 2.0]), "row 0 .* is of type float; give a row"),
    (lambda som: som.fit(np.zeros((2, 2), "datetime64[s]")), "dates or times"),
    (lambda som: som.fit([[0.0, 1.0]], epochs=0), "epochs is a whole number"),
    (lambda som: som.fit([[0.0, 1.0]], learning_rate=1.5), "learning_rate is a number above 0, up to 1"),
    (lambda som: som.fit([[0.0, 1.0]], radius=0.0), "radius is a finite number above 0"),
    (lambda som: som.fit([[0.0, 1.0]], rate_decay="fast"), "rate_decay is 'constant', 'asymptotic'"),
    (lambda som: som.fit([[0.0, 1.0]], radius_decay=lambda start, share: 0.0), r"radius_decay.* above 0, not 0.0"),
    (lambda som: som.fit([[0.0, 1.0]], rate_decay=lambda start, share: -1.0), "rate_decay.* at least 0, not -1.0"),
    (lambda som: som.winner([1.0]), "has 1 number, and this model takes rows of 2"),
    (lambda som: som.load_state_dict({"weights": [[[0.0, 1.0]]]}), "no map of 2 rows and 2 columns"),
    (lambda som: som.load_state_dict({"weights": 3.0}), "no map of 2 rows and 2 columns"),
    (lambda som: som.load_state_dict({}), "weights is missing"),
    (lambda som: nn.SOM(2, (1, 1)).topographic_error([[0.0, 1.0]]), "this map has one"),
    (lambda som: nn.SOM(2, 3), r"shape is the numbers of rows and columns"),
    (lambda som: nn.SOM(2, (2, 0)), r"shape\[1\] is a whole number"),
    (lambda som: nn.SOM(2, (2, 2), topology="round"), "topology is 'rectangular' or 'hexagonal'"),
])
def test_wrong_data_and_options_are_one_clear_error(wrong, message):
    with pytest.raises((ValueError, TypeError), match=message):
        wrong(nn.SOM(2, (2, 2), 0))


@pytest.mark.parametrize("topology", ["rectangular", "hexagonal"])
def test_predict_numbers_the_units_row_by_row(topology):
    rows = data("iris")
    som = nn.SOM(4, (3, 5), seed=0, topology=topology).fit(rows, epochs=3)
    units = som.predict(np.array(rows))
    assert [divmod(unit, 5) for unit in units] == som.winners(rows)
    flat = [w for row in som.weights for w in row]
    assert units == [min(range(15), key=lambda i, x=x: math.dist(x, flat[i])) for x in rows]
    assert som.predict(flat) == list(range(15))
    with pytest.raises(ValueError, match="this model takes rows of 4"):
        som.predict([[1.0, 2.0]])
