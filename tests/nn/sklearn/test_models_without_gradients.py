"""Scaling by every estimator; RBMTransformer, SOMClusterer, ARTClusterer, ARTMAPClassifier and the models of nn."""

import numpy as np
import pytest
from sklearn.datasets import load_iris, make_blobs
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import GridSearchCV, cross_val_score

import nn
from nn.sklearn import (
    ARTClusterer,
    ARTMAPClassifier,
    NetworkClassifier,
    NetworkRegressor,
    RBMTransformer,
    SOMClusterer,
)

IRIS, SPECIES = load_iris(return_X_y=True)
STRIPES = np.array([[1, 1, 0, 0], [0, 0, 1, 1]] * 10)
SHORT = {"max_iter": 20, "n_iter_no_change": None, "random_state": 0}
SCALED = [RBMTransformer(4, n_iter=3, random_state=0), SOMClusterer(random_state=0), ARTClusterer(), ARTMAPClassifier(),
          NetworkClassifier((4,), **SHORT), NetworkRegressor((4,), **SHORT)]


def results(estimator, X):
    return estimator.transform(X) if hasattr(estimator, "transform") else estimator.predict(X)


@pytest.mark.parametrize("estimator", SCALED, ids=lambda estimator: type(estimator).__name__)
def test_units_of_the_columns_do_not_matter_and_later_rows_are_clipped(estimator):
    units, zeros = np.array([1.0, 1000.0, 1e-3, 8.0]), np.array([5.0, -1e4, 0.0, 2.0])
    plain = results(estimator.fit(IRIS, SPECIES), IRIS)
    assert estimator.scaler_.data_min_.tolist() == IRIS.min(0).tolist()
    np.testing.assert_allclose(results(estimator.fit(IRIS * units + zeros, SPECIES), IRIS * units + zeros), plain,
                               rtol=1e-9)
    estimator.fit(IRIS, SPECIES)
    corner, beyond = results(estimator, [IRIS.min(0), IRIS.max(0)]), results(estimator, [[-99.0] * 4, [99.0] * 4])
    assert corner.tolist() == beyond.tolist()


@pytest.mark.parametrize("estimator", SCALED, ids=lambda estimator: type(estimator).__name__)
def test_a_constant_column_does_no_harm(estimator):
    X = np.column_stack([IRIS, np.full(len(IRIS), 7.0)])
    assert np.isfinite(results(estimator.fit(X, SPECIES), X)).all()


def test_rbm_is_that_of_nn():
    found = RBMTransformer(3, n_iter=5, k=2, persistent=True, random_state=1).fit(STRIPES)
    twin = nn.RBM(4, 3, seed=int(np.random.RandomState(1).randint(2**31 - 1)))
    errors = twin.fit(STRIPES, 5, k=2, persistent=True)["reconstruction_error"]
    assert found.reconstruction_errors_ == errors
    assert found.transform(STRIPES).tolist() == twin.transform(STRIPES)
    assert found.components_.tolist() == [[w.data for w in row] for row in twin.weight]
    assert found.get_feature_names_out().tolist() == ["rbmtransformer0", "rbmtransformer1", "rbmtransformer2"]


def test_som_separates_blobs_and_numbers_the_units_that_win():
    X, y = make_blobs(90, centers=3, cluster_std=0.5, random_state=4)
    model = SOMClusterer((1, 3), random_state=0)
    assert adjusted_rand_score(y, model.fit_predict(X)) == 1.0
    sparse = SOMClusterer((6, 6), random_state=0).fit(X[:8])
    count = len(sparse.positions_)
    assert count < 36
    assert sorted(set(sparse.labels_)) == list(range(count))
    assert sparse.cluster_centers_.shape == (count, 2)
    assert set(sparse.predict(X)) <= set(range(count))      # also of rows nearest to a unit that won none
    assert sparse.predict(X[:8]).tolist() == sparse.labels_.tolist()
    winners = [tuple(sparse.positions_[label]) for label in sparse.labels_]
    assert winners == sparse.model_.winners(sparse.scaler_.transform(X[:8]))
    assert set(winners) == {divmod(unit, 6) for unit in sparse.model_.predict(sparse.scaler_.transform(X[:8]))}


def test_som_has_centres_in_the_units_of_the_columns_and_a_score():
    X = np.array([[0.0, 5000.0], [0.1, 5010.0], [9.9, 9000.0], [10.0, 9020.0]])
    model = SOMClusterer((1, 2), n_iter=50, random_state=0).fit(X)
    assert (abs(model.cluster_centers_[model.labels_] - X) < [2.5, 1000.0]).all()
    assert model.score(X) == pytest.approx(-model.model_.quantization_error(model.scaler_.transform(X)), rel=1e-12)
    assert model.score([[5.0, 7000.0]]) < model.score(X) < 0.0
    search = GridSearchCV(model, {"map_shape": [(1, 1), (4, 4)]}, cv=3).fit(IRIS)
    assert search.best_params_ == {"map_shape": (4, 4)}


@pytest.mark.parametrize("epochs", [1, 5])
@pytest.mark.parametrize("vigilance", [0.0, 0.5, 0.8, 0.95, 1.0])
def test_art_numbers_its_clusters_from_0_and_each_has_a_row(vigilance, epochs):
    model = ARTClusterer(vigilance, n_iter=epochs).fit(IRIS)
    assert sorted(set(model.labels_)) == list(range(len(model.boxes_)))
    assert model.predict(IRIS).tolist() == model.labels_.tolist()
    free = nn.FuzzyART(vigilance)
    free.fit(model.scaler_.transform(IRIS), epochs=epochs)
    assert adjusted_rand_score(free.predict(model.scaler_.transform(IRIS)), model.labels_) == 1.0


def test_art_boxes_hold_the_rows_in_their_own_units():
    X = np.array([[0.0, 1000.0], [1.0, 1010.0], [9.0, 1100.0], [10.0, 1090.0]])
    model = ARTClusterer(0.8).fit(X)
    assert model.labels_.tolist() == [0, 0, 1, 1]
    np.testing.assert_allclose(model.boxes_, [[[0, 1000], [1, 1010]], [[9, 1090], [10, 1100]]])


def test_artmap_learns_iris_and_knows_its_own_rows():
    assert ARTMAPClassifier().fit(IRIS, SPECIES).score(IRIS, SPECIES) >= 0.98
    assert cross_val_score(ARTMAPClassifier(), IRIS, SPECIES, cv=5).mean() >= 0.9


def test_art_is_searched_by_the_distance_to_its_boxes():
    X = np.array([[0.0, 1000.0], [1.0, 1010.0], [9.0, 1100.0], [10.0, 1090.0]])
    model = ARTClusterer(0.8).fit(X)
    assert model.score(X) == pytest.approx(-np.hypot(0.05, 0.05), rel=1e-12)     # half of each box, of 10 and 100
    assert model.score([[5.0, 1000.0]]) < model.score(X)
    assert cross_val_score(ARTClusterer(0.8), IRIS, cv=3).shape == (3,)
    search = GridSearchCV(ARTClusterer(0.7), {"learning_rate": [0.1, 1.0]}, cv=3).fit(IRIS)
    assert search.best_score_ == max(search.cv_results_["mean_test_score"]) < 0.0
