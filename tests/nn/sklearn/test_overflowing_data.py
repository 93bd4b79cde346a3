"""Finite data whose range, variance or sum is no float: one error names the overflow, and NumPy warns of nothing."""

import numpy as np
import pytest

from nn.sklearn import (
    ARTClusterer,
    ARTMAPClassifier,
    NetworkClassifier,
    NetworkRegressor,
    RBMTransformer,
    SOMClusterer,
)

pytestmark = pytest.mark.filterwarnings("error")
SHORT = {"max_iter": 2, "n_iter_no_change": None, "random_state": 0}
MODELS = [SOMClusterer((1, 2), random_state=0), ARTClusterer(), ARTMAPClassifier(), RBMTransformer(2),
          NetworkClassifier((2,), **SHORT), NetworkRegressor((2,), **SHORT)]
X, Y = np.linspace(0.0, 1.0, 8)[:, None], np.arange(8) % 2
HUGE = [[0.0], [-1e308], [1e308]]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_the_range_of_a_column(model):
    with pytest.raises(ValueError, match=r"^X, row 1, column 0 \(counted from 0\), is -1e\+308.* overflows"):
        model.fit(HUGE, [0, 1, 0])
    model.fit(X, Y)
    apply = getattr(model, "predict", None) or model.transform
    np.testing.assert_array_equal(apply(HUGE), apply([[0.0], [0.0], [1.0]]))      # later rows are clipped


def test_rows_that_come_later_to_an_artmap():
    model = ARTMAPClassifier().partial_fit(X, Y)
    with pytest.raises(ValueError, match="the range of a column overflows"):
        model.partial_fit(HUGE, [0, 1, 0])


@pytest.mark.parametrize("factor", [1e200, 1e308, 1e-200])
@pytest.mark.parametrize("columns", [1, 2])
def test_the_variance_of_targets(factor, columns):
    y = X[:, 0] ** 2
    with pytest.raises(ValueError, match=r"^y: the variance of numbers up to 1e.* overflows or underflows; divide"):
        NetworkRegressor((2,), **SHORT).fit(X, y * factor if columns == 1 else np.column_stack([y, y * factor]))
    small = NetworkRegressor((2,), **SHORT).fit(X, y * 2.0**400).predict(X)
    np.testing.assert_allclose(small, NetworkRegressor((2,), **SHORT).fit(X, y).predict(X) * 2.0**400)


@pytest.mark.parametrize("weight", [1e308, 1e-320])
def test_the_mean_of_weights(weight):
    for model in MODELS[-2:]:
        with pytest.raises(ValueError, match=r"^sample_weight overflows: .*; divide them by"):
            model.fit(X, Y, sample_weight=[weight] * 8)
    with pytest.raises(ValueError, match=r"^class_weight overflows"):
        NetworkClassifier((2,), **SHORT, class_weight={0: weight, 1: weight}).fit(X, Y)
