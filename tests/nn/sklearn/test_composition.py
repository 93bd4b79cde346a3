"""Estimators in Pipeline, cross_val_score, GridSearchCV, clone, pickle and tables; the import of the room."""

import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import nn
import nn.sklearn
from nn.sklearn import ARTClusterer, ARTMAPClassifier, NetworkClassifier, NetworkRegressor, RBMTransformer, SOMClusterer

IRIS, SPECIES = load_iris(return_X_y=True)
SHORT = {"max_iter": 20, "n_iter_no_change": None, "learning_rate": 0.1, "random_state": 0}
ALL = [NetworkClassifier((4,), **SHORT), NetworkRegressor((4,), "tanh", optimizer=nn.RMSprop, **SHORT),
       RBMTransformer(3, random_state=0), SOMClusterer(random_state=0), ARTClusterer(), ARTMAPClassifier()]
each = pytest.mark.parametrize("estimator", ALL, ids=lambda estimator: type(estimator).__name__)


def results(estimator, X):
    return estimator.transform(X) if hasattr(estimator, "transform") else estimator.predict(X)


@each
def test_clone_refit_and_pickle_give_the_same_bits(estimator):
    estimator = clone(estimator)
    with pytest.raises(NotFittedError):
        results(estimator, IRIS)
    found = results(estimator.fit(IRIS, SPECIES), IRIS).tolist()
    assert results(pickle.loads(pickle.dumps(estimator)), IRIS).tolist() == found
    assert results(clone(estimator).fit(IRIS, SPECIES), IRIS).tolist() == found
    assert results(estimator.fit(IRIS, SPECIES), IRIS).tolist() == found      # it begins anew


@each
def test_tables_have_the_names_of_their_columns(estimator):
    table = pd.DataFrame(IRIS, columns=["a", "b", "c", "d"])
    estimator = clone(estimator).fit(table, SPECIES)
    assert estimator.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    assert results(estimator, table).tolist() == results(clone(estimator).fit(IRIS, SPECIES), IRIS).tolist()
    with pytest.raises(ValueError, match="feature names should match"):
        results(estimator, table[["b", "a", "c", "d"]])


@each
def test_estimators_follow_the_setting_for_tables(estimator):
    with sklearn.config_context(transform_output="pandas"):
        found = results(clone(estimator).fit(IRIS, SPECIES), IRIS)
    assert np.asarray(found).tolist() == results(clone(estimator).fit(IRIS, SPECIES), IRIS).tolist()
    assert isinstance(found, pd.DataFrame if hasattr(estimator, "transform") else np.ndarray)


@each
def test_parameters_may_be_numbers_of_numpy(estimator):
    numbers = {name: np.array([x])[0] for name, x in estimator.get_params().items() if isinstance(x, (int, float))}
    found = results(clone(estimator).set_params(**numbers).fit(IRIS, SPECIES), IRIS)
    assert found.tolist() == results(clone(estimator).fit(IRIS, SPECIES), IRIS).tolist()


def test_cross_validation_of_a_pipeline():
    model = make_pipeline(StandardScaler(), NetworkClassifier((8,), **SHORT))
    assert cross_val_score(model, IRIS, SPECIES, cv=3).mean() >= 0.93


def test_features_of_an_rbm_before_a_network():
    X, y = load_digits(return_X_y=True)
    features = RBMTransformer(32, n_iter=20, random_state=0)
    model = make_pipeline(features, StandardScaler(), NetworkClassifier((), **SHORT))
    assert model.fit(X[:400], y[:400]).score(X[400:600], y[400:600]) >= 0.7      # chance: 0.1
    assert model[:1].get_feature_names_out()[-1] == "rbmtransformer31"


def test_grid_search_over_sizes_functions_and_optimisers():
    grid = {"hidden_layer_sizes": [(2,), 8], "activation": ["tanh", nn.relu], "optimizer": [nn.AdamW],
            "max_iter": np.array([5, 25])}
    search = GridSearchCV(NetworkClassifier(**SHORT), grid, cv=2, error_score="raise").fit(IRIS, SPECIES)
    assert len(search.cv_results_["params"]) == 8
    assert search.best_params_["max_iter"] == 25
    assert search.score(IRIS, SPECIES) > 0.9


def test_grid_search_of_vigilance():
    search = GridSearchCV(ARTMAPClassifier(), {"vigilance": np.linspace(0.0, 0.9, 4)}, cv=3).fit(IRIS, SPECIES)
    assert search.best_score_ > 0.9


def test_models_without_a_seed_differ():
    first, second = (NetworkClassifier((3,), max_iter=1, n_iter_no_change=None).fit(IRIS, SPECIES).predict_proba(IRIS)
                     for _ in range(2))
    assert (first != second).any()


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def test_nn_alone_does_not_import_scikit_learn():
    assert run("import sys, nn; assert not {name for name in sys.modules if 'sklearn' in name}").returncode == 0


def test_without_scikit_learn_the_error_says_what_to_install():
    error = run("import sys; sys.modules['sklearn'] = None; import nn.sklearn").stderr
    assert error.splitlines()[-1].startswith("ImportError: nn.sklearn needs scikit-learn 1.6 or later: pip install")
