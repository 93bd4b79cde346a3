"""NetworkClassifier and NetworkRegressor: what they learn, their weights of rows and classes, and when they stop."""

from functools import partial

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_diabetes, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

import nn
from nn.sklearn import NetworkClassifier, NetworkRegressor

UNENDED = {"n_iter_no_change": None, "random_state": 0}
CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]]


def overlapping(rows=60):
    """Two classes around -0.5 and 0.5, of which the first has four times as many rows."""
    rng = np.random.default_rng(1)
    y = (np.arange(rows) % 5 == 0).astype(int)
    return rng.normal(y - 0.5, 1.0)[:, None], y


def test_iris_held_out():
    X, held_X, y, held_y = train_test_split(*load_iris(return_X_y=True), random_state=0)
    model = NetworkClassifier((16,), learning_rate=0.05, tol=1e-3, random_state=0).fit(X, y)
    assert model.score(held_X, held_y) >= 0.94


def test_probabilities_are_those_of_the_network():
    model = NetworkClassifier((3,), max_iter=5, **UNENDED).fit(CORNERS, list("abca"))
    assert model.classes_.tolist() == ["a", "b", "c"]
    wanted = [nn.softmax([output.data for output in model.model_(row)]) for row in CORNERS]
    assert model.predict_proba(CORNERS).tolist() == wanted
    assert model.predict(CORNERS).tolist() == [model.classes_[np.argmax(row)] for row in wanted]


def test_training_is_that_of_fit():
    X, y = overlapping()
    model = NetworkClassifier((3,), max_iter=7, n_iter_no_change=None, batch_size=8, random_state=3).fit(X, y)
    seed = int(np.random.RandomState(3).randint(2**31 - 1))
    twin = nn.MLP(1, [3, 2], seed=seed)
    X = model.scaler_.transform(X)
    history = nn.fit(twin, nn.cross_entropy, X, y, nn.Adam(twin.parameters(), lr=0.01), 7, 8, progress=False, seed=seed)
    assert model.loss_curve_ == history["loss"]
    assert [p.data for p in model.model_.parameters()] == [p.data for p in twin.parameters()]


def test_without_hidden_layers_the_regressor_finds_least_squares():
    X, y = load_diabetes(return_X_y=True)
    X = StandardScaler().fit_transform(X)
    model = NetworkRegressor((), optimizer=nn.LBFGS, learning_rate=None, tol=0.0, batch_size=1000, random_state=0)
    model.fit(X, y)
    np.testing.assert_allclose(model.predict(X), LinearRegression().fit(X, y).predict(X), rtol=1e-4)


def test_the_scale_of_the_target_does_not_matter():
    X = np.linspace(-1.0, 1.0, 30)[:, None]
    small, large = (NetworkRegressor((4,), "tanh", max_iter=60, **UNENDED).fit(X, y)
                    for y in (X[:, 0]**2, 1e6 * X[:, 0]**2 + 5e6))
    np.testing.assert_allclose(large.predict(X), 1e6 * small.predict(X) + 5e6, rtol=1e-6)


def test_several_targets():
    X = np.linspace(-1.0, 1.0, 20)[:, None]
    y = np.column_stack([X[:, 0], 100.0 - 50.0 * X[:, 0]])
    model = NetworkRegressor((4,), learning_rate=0.05, random_state=0).fit(X, y)
    assert model.predict(X).shape == (20, 2)
    assert model.score(X, y) > 0.99
    assert NetworkRegressor((2,), max_iter=1, **UNENDED).fit(X, y[:, :1]).predict(X).shape == (20, 1)


@pytest.mark.parametrize("kind", [NetworkClassifier, NetworkRegressor])
def test_a_weight_counts_as_so_many_rows(kind):
    X, y = overlapping(20)
    weights = np.arange(20) % 4
    weighted, repeated = (kind((3,), max_iter=30, **UNENDED) for _ in range(2))
    weighted.fit(X, y, sample_weight=weights)
    repeated.fit(X.repeat(weights, axis=0), y.repeat(weights))
    np.testing.assert_allclose(weighted.predict(X).astype(float), repeated.predict(X).astype(float), rtol=1e-9)
    np.testing.assert_allclose(weighted.loss_curve_, repeated.loss_curve_, rtol=1e-9)


def test_balanced_classes_find_more_of_the_rare_one():
    X, y = overlapping()
    plain, balanced = (NetworkClassifier((), class_weight=weight, learning_rate=0.1, random_state=0).fit(X, y)
                       for weight in (None, "balanced"))
    rare = X[y == 1]
    assert balanced.predict(rare).mean() > plain.predict(rare).mean() + 0.2
    by_hand = NetworkClassifier((), learning_rate=0.1, random_state=0).fit(X, y, np.where(y == 1, 4.0, 1.0))
    np.testing.assert_allclose(by_hand.loss_curve_, balanced.loss_curve_)


def test_it_stops_where_the_loss_stays():
    X, y = overlapping()
    model = NetworkClassifier((2,), learning_rate=0.1, tol=1e-3, n_iter_no_change=4, random_state=0).fit(X, y)
    assert model.n_iter_ == len(model.loss_curve_) < 200
    assert min(model.loss_curve_[:-4]) - min(model.loss_curve_[-4:]) <= 1e-3 * 4
    assert NetworkClassifier((2,), max_iter=9, **UNENDED).fit(X, y).n_iter_ == 9


@pytest.mark.parametrize("kind", [NetworkClassifier, NetworkRegressor])
@pytest.mark.parametrize("part", [None, 0.3], ids=["", "validation"])
def test_a_warning_where_epochs_end_before_convergence(kind, part):
    X, y = overlapping()
    with pytest.warns(ConvergenceWarning, match=f"{kind.__name__}: after max_iter=6 epochs .*raise max_iter") as caught:
        kind((2,), max_iter=6, validation_fraction=part, random_state=0).fit(X, y)
    assert caught[0].filename == __file__       # warnings are errors below
    ended = kind((2,), max_iter=500, learning_rate=0.1, tol=1e-3, n_iter_no_change=4, validation_fraction=part,
                 random_state=0).fit(X, y)
    assert clone(ended).set_params(max_iter=ended.n_iter_).fit(X, y).n_iter_ == ended.n_iter_    # by its rule
    assert kind((2,), max_iter=6, validation_fraction=part, **UNENDED).fit(X, y).n_iter_ == 6      # without a rule


def test_rows_held_out_stop_it_at_the_best_epoch():
    X, y = overlapping()
    model = NetworkClassifier((8,), learning_rate=0.1, validation_fraction=0.3, n_iter_no_change=5, random_state=0)
    losses = model.fit(X, y).history_["val_loss"]
    assert model.n_iter_ == len(losses) == model.history_.best_epoch + 5 < 200
    assert losses[model.history_.best_epoch - 1] == min(losses)


@pytest.mark.parametrize("optimizer", [nn.AdamW, nn.SGD, partial(nn.SGD, momentum=0.9, nesterov=True)])
def test_other_optimisers(optimizer):
    X, y = overlapping()
    decays = [NetworkClassifier((2,), optimizer=optimizer, weight_decay=decay, max_iter=40, **UNENDED).fit(X, y)
              for decay in (0.0, 1.0)]
    size = [sum(p.data**2 for p in model.model_.parameters()) for model in decays]
    assert size[1] < size[0]


@pytest.mark.parametrize(("y", "weights", "message"), [
    ([1, 1, 1, 1], None, "y has one class"), ([0, 1, 0, 1], [1, 0, 1, 0], "y has one class"),
    ([0, 1, 0, 1], [0, 0, 0, 0], "zero for every row"), ([0, 1, 0, 1], [1, 2, -1, 1], "negative number"),
    ([0, 1, 0, 1], [1, 2], "inconsistent numbers of samples"), ([0.5, 1.5, 0.3, 0.2], None, "Unknown label type")])
def test_wrong_data_are_refused(y, weights, message):
    with pytest.raises(ValueError, match=message):
        NetworkClassifier().fit(CORNERS, y, weights)


@pytest.mark.parametrize(("class_weight", "message"), [
    ({0: -1.0}, "class_weight has a negative number"), ({0: 0.0, 1: 0.0}, "class_weight is zero for every row"),
    ({0: np.nan}, "class_weight contains NaN"), ({1: np.inf}, "class_weight contains infinity")])
def test_wrong_weights_of_classes_are_refused(class_weight, message):
    with pytest.raises(ValueError, match=message):
        NetworkClassifier(class_weight=class_weight).fit(CORNERS, [0, 1, 1, 0])
