"""A fit that is refused or interrupted leaves each estimator as it was."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from nn.sklearn import (
    ARTClusterer,
    ARTMAPClassifier,
    NetworkClassifier,
    NetworkRegressor,
    RBMTransformer,
    SOMClusterer,
)

X = np.random.default_rng(0).normal(size=(20, 2))
Y = (X[:, 0] > 0.0).astype(int)
SHORT = {"max_iter": 3, "n_iter_no_change": None, "random_state": 0}
MODELS = [(NetworkClassifier((2,), **SHORT), {"max_iter": 0}), (NetworkRegressor((2,), **SHORT), {"max_iter": 0}),
          (ARTMAPClassifier(), {"n_iter": 0}), (ARTClusterer(), {"n_iter": 0}), (SOMClusterer((1, 2)), {"n_iter": 0}),
          (RBMTransformer(2), {"n_iter": 0})]


@pytest.mark.parametrize(("model", "refused"), MODELS, ids=[type(model).__name__ for model, _ in MODELS])
def test_a_refused_refit_keeps_the_model_before(model, refused):
    answer = "transform" if isinstance(model, RBMTransformer) else "predict"
    model.fit(X, Y)
    before = getattr(model, answer)(X)
    model.set_params(**refused)
    with pytest.raises(ValueError, match=f"{next(iter(refused))} is a whole number"):
        model.fit(np.hstack([9.0 * X, X]), (Y + 1) % 2 * 10)
    np.testing.assert_array_equal(getattr(model, answer)(X), before)
    assert model.n_features_in_ == 2


def test_a_refused_refit_of_one_class_keeps_the_classes_before():
    model = NetworkClassifier((2,), **SHORT).fit(X, Y)
    with pytest.raises(ValueError, match=r"y has one class: 0$"):
        model.fit(X, np.zeros(20, int))
    assert set(model.predict(X)) <= {0, 1}
    assert model.classes_.tolist() == [0, 1]


def test_an_interrupted_first_fit_leaves_none(monkeypatch):
    def interrupted(*args, **options):
        raise KeyboardInterrupt

    model = NetworkClassifier((2,), **SHORT)
    monkeypatch.setattr("nn.sklearn.networks.fit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y)
    with pytest.raises(NotFittedError):
        model.predict(X)
