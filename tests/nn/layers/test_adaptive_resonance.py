"""ART1 and FuzzyART against the published algorithm and artlib; vigilance, searches, states and errors."""

import json
import math
import pickle
from functools import cache
from random import Random

import numpy as np
import pytest

import nn
from tests.support import art1_by_hand, artlib_categories

REFERENCE = json.loads(artlib_categories.FILE.read_text())


@cache
def data_sets():
    return dict(artlib_categories.data_sets())


@cache
def binary_sets():
    """Twenty: rows of 0 and 1, each with a 1; sparse, dense, short and long."""
    found = {"digits": [[int(x > 0.5) for x in row] for row in data_sets()["digits"][0]]}
    for seed in range(19):
        rng = Random(seed)
        share, size = rng.uniform(0.2, 0.7), 4 + seed
        rows = [[int(rng.random() < share) for _ in range(size)] for _ in range(60)]
        found[f"random {seed}"] = [row for row in rows if any(row)]
    return found


# ---- the same categories in the same order ----


@pytest.mark.parametrize("name", [*(f"random {seed}" for seed in range(19)), "digits"])
def test_art1_finds_the_categories_of_the_published_algorithm(name):
    rows = binary_sets()[name]
    for vigilance, bias in ((0.0, 2.0), (0.3, 1.5), (0.5, 2.0), (0.7, 4.0), (0.9, 1.1), (1.0, 2.0)):
        art = nn.ART1(vigilance, choice=bias - 1.0)
        found, expectations = art1_by_hand.categories(rows, vigilance, bias)
        assert art.fit_predict(rows) == found
        assert art.weights == expectations


@pytest.mark.parametrize("rate", artlib_categories.RATES)
@pytest.mark.parametrize("name", artlib_categories.NAMES)
def test_fuzzy_art_finds_artlibs_categories(name, rate):
    rows, _ = data_sets()[name]
    for vigilance in artlib_categories.VIGILANCES:
        expected = REFERENCE[f"{name}, {vigilance}, {rate}"]["free"]
        assert nn.FuzzyART(vigilance, learning_rate=rate).fit_predict(rows) == expected


@pytest.mark.parametrize("rate", artlib_categories.RATES)
@pytest.mark.parametrize("name", artlib_categories.NAMES)
def test_fuzzy_artmap_finds_artlibs_categories(name, rate):
    rows, labels = data_sets()[name]
    for vigilance in artlib_categories.VIGILANCES:
        expected = REFERENCE[f"{name}, {vigilance}, {rate}"]
        model = nn.FuzzyARTMAP(vigilance, learning_rate=rate).fit(rows, labels)
        assert model.classes == expected["classes"]
        assert [math.fsum(w) for w in model.weights] == pytest.approx(expected["sizes"], abs=1e-9)


# ---- vigilance and search ----


def test_more_vigilance_makes_more_categories_and_smaller_boxes():
    rows, _ = data_sets()["iris"]
    counts = []
    for vigilance in (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0):
        art = nn.FuzzyART(vigilance).fit(rows)
        counts.append(len(art.weights))
        sides = [sum(high) - sum(low) for low, high in art.boxes()]
        assert max(sides) <= 4 * (1.0 - vigilance) + 1e-9       # of four features
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (1, len({tuple(row) for row in rows}))


def test_a_search_lists_what_was_reset_and_learning_follows_it():
    rows, _ = data_sets()["iris"]
    art, longest = nn.FuzzyART(0.9), 0
    for row in rows:
        trials, before = art.search(row), art.state_dict()["weights"]
        assert [trial.reset for trial in trials[:-1]] == [True] * len(trials[:-1])
        assert all(trial.reset == (trial.match < 0.9) for trial in trials)
        assert [trial.choice for trial in trials] == sorted((trial.choice for trial in trials), reverse=True)
        assert art.weights == before        # a search does not learn
        [found] = art.fit_predict([row])
        new = not trials or trials[-1].reset
        assert found == (len(before) if new else trials[-1].category)
        assert [w for i, w in enumerate(art.weights) if i != found] == [w for i, w in enumerate(before) if i != found]
        longest = max(longest, len(trials))
    assert longest > 3


def test_after_learning_every_row_has_direct_access():
    """Carpenter and Grossberg's theorem: once ART1 has settled, no row causes a reset."""
    for name, rows in list(binary_sets().items())[1:4]:
        art = nn.ART1(0.6).fit(rows, epochs=15)
        before = art.state_dict()
        assert art.fit(rows).state_dict() == before, name
        assert all([trial.reset for trial in art.search(row)] == [False] for row in rows)
        assert art.predict(rows) == art.fit_predict(rows)


def test_a_row_that_shares_nothing_has_no_category():
    art = nn.ART1(0.0).fit([[1, 1, 0]])
    assert (art.search([0, 0, 1]), art.predict([[0, 0, 1], [0, 1, 1]])) == ([], [-1, 0])
    assert art.fit_predict([[0, 0, 1]]) == [1]      # and erases no other, even without vigilance


def test_slow_learning_moves_a_category_by_its_rate():
    fast, slow = (nn.FuzzyART(0.0, learning_rate=rate).fit([[0.2], [0.6]]) for rate in (1.0, 0.25))
    assert fast.boxes()[0] == (pytest.approx([0.2]), pytest.approx([0.6]))
    assert slow.boxes()[0] == (pytest.approx([0.2]), pytest.approx([0.3]))


def test_match_tracking_raises_the_vigilance_after_a_wrong_class():
    model = nn.FuzzyARTMAP().fit([[0.0, 0.0], [1.0, 1.0]], ["a", "b"])
    first, second = model.search([0.1, 0.1], "b")
    assert (first.category, first.vigilance, first.reset) == (0, 0.0, True)
    assert second.vigilance == first.match + model.epsilon > second.match
    assert second.reset     # so a new category takes it
    assert model.search([0.1, 0.1]) == [first._replace(reset=False)]
    assert model.fit([[0.1, 0.1]], ["b"]).classes == ["a", "b", "b"]
    assert model.predict([[0.0, 0.0], [0.1, 0.1]]) == ["a", "b"]


# ---- states, forms of data, errors ----


def test_states_go_through_files_and_pickles(tmp_path):
    rows, labels = data_sets()["iris"]
    names = [f"class {c}" for c in labels]
    for model, learned, fresh in ((nn.FuzzyART(0.8), (rows,), nn.FuzzyART(0.8)),
                                  (nn.FuzzyARTMAP(), (rows, names), nn.FuzzyARTMAP()),
                                  (nn.ART1(0.5), ([[1, 0], [1, 1]],), nn.ART1(0.5))):
        fresh.load_state_dict(model.state_dict())       # also of one that has learned nothing
        model.fit(*learned)
        nn.save(model, tmp_path / "model.json")
        fresh.load_state_dict(nn.load(tmp_path / "model.json"))
        copy = pickle.loads(pickle.dumps(model))
        assert fresh.state_dict() == copy.state_dict() == model.state_dict()
        assert fresh.predict(learned[0]) == copy.predict(learned[0]) == model.predict(learned[0])


def test_arrays_and_bools_are_rows_too():
    rows, labels = data_sets()["iris"]
    assert nn.FuzzyART(0.8).fit_predict(np.array(rows)) == nn.FuzzyART(0.8).fit_predict(rows)
    model = nn.FuzzyARTMAP().fit(np.array(rows), np.array(labels))
    assert {type(c) for c in model.predict(np.array(rows))} == {int}
    assert nn.ART1(0.5).fit_predict(np.array([[1, 0], [0, 1]]) > 0) == nn.ART1(0.5).fit_predict([[1, 0], [0, 1]])


def test_the_rounding_of_scaled_columns_is_no_error():
    """sklearn's MinMaxScaler, for one, ends at 1.0000000000000002."""
    assert nn.FuzzyART(1.0).fit([[1.0000000000000002, -2e-16]]).boxes() == [([1.0, 0.0], [1.0, 0.0])]


@pytest.mark.parametrize(("wrong", "message"), [
    (lambda: nn.FuzzyART(1.5), "vigilance is a number from 0 to 1, not 1.5"),
    (lambda: nn.FuzzyART(-0.1), "vigilance is a number from 0 to 1"),
    (lambda: nn.ART1(math.nan), "vigilance is a number from 0 to 1"),
    (lambda: nn.FuzzyARTMAP("high"), "vigilance is a number from 0 to 1"),
    (lambda: nn.FuzzyART(0.5, choice=0.0), "choice is a finite number above 0"),
    (lambda: nn.FuzzyART(0.5, learning_rate=0.0), "learning_rate is a number above 0"),
    (lambda: nn.FuzzyART(0.5).fit([[0.5, 1.2]]), "row 0 .* has the number 1.2; FuzzyART takes numbers from 0 to 1"),
    (lambda: nn.FuzzyARTMAP().fit([[-0.1]], [0]), "FuzzyARTMAP takes numbers from 0 to 1"),
    (lambda: nn.ART1(0.5).fit([[1, 0], [0.5, 1]]), "row 1 .* has the number 0.5; ART1 takes 0 and 1"),
    (lambda: nn.ART1(0.5).fit([[0, 0]]), "row 0 .* has no 1"),
    (lambda: nn.FuzzyART(0.5).fit([[0.5], [0.5, 0.1]]), "row 1 .* has 2 numbers, and row 0 has 1"),
    (lambda: nn.FuzzyART(0.5).fit([]), "X is empty"),
    (lambda: nn.FuzzyART(0.5).fit([[0.5]]).predict([[0.5, 0.5]]), "has 2 numbers, and this model takes rows of 1"),
    (lambda: nn.ART1(0.5).fit([[1]]).fit([[1, 0]]), "has 2 numbers, and this model takes rows of 1"),
    (lambda: nn.FuzzyART(0.5).predict([[0.5]]), "FuzzyART has no category yet; call fit first"),
    (lambda: nn.FuzzyARTMAP().fit([[0.5]], [0, 1]), "rows: 1, classes: 2"),
    (lambda: nn.FuzzyARTMAP().fit([[0.5]], [None]), "y has None; a class is a number or a text"),
    (lambda: nn.FuzzyARTMAP().fit([[0.5]], 3), "y is a int"),
    (lambda: nn.FuzzyART(0.5).load_state_dict({"weights": [[2.0]]}), "numbers from 0 to 1"),
    (lambda: nn.FuzzyART(0.5).load_state_dict({"weights": [[1.0]]}), "an even number of weights"),
    (lambda: nn.ART1(0.5).load_state_dict({"weights": [[0.5]]}), "the weights of ART1 are 0 and 1"),
    (lambda: nn.FuzzyARTMAP().load_state_dict({"weights": [[1.0, 0.0]], "classes": []}), "categories: 1, classes: 0"),
])
def test_wrong_data_and_options_are_one_clear_error(wrong, message):
    with pytest.raises((ValueError, TypeError), match=message):
        wrong()


def test_data_that_is_refused_leaves_the_network_as_it_was():
    art = nn.FuzzyART(0.9).fit([[0.1]])
    with pytest.raises(ValueError, match="takes numbers from 0 to 1"):
        art.fit([[0.5], [7.0]])
    assert len(art.weights) == 1
