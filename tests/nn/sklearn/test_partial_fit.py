"""ARTMAPClassifier.partial_fit: further rows and classes, wider ranges, nothing forgotten, nothing half-learned."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_iris

from nn.sklearn import ARTMAPClassifier

IRIS, SPECIES = load_iris(return_X_y=True)


def test_parts_of_one_range_are_learned_as_the_whole():
    order = [*{int(i) for column in IRIS.T for i in (column.argmin(), column.argmax())}]     # the range comes first
    order += [i for i in np.random.default_rng(0).permutation(150).tolist() if i not in order]
    X, y = IRIS[order], SPECIES[order]
    whole, parts = ARTMAPClassifier().fit(X, y), ARTMAPClassifier()
    for rows in (slice(0, 40), slice(40, 41), slice(41, None)):
        assert parts.partial_fit(X[rows], y[rows]) is parts
    assert parts.model_.state_dict() == whole.model_.state_dict()
    assert parts.classes_.tolist() == whole.classes_.tolist()


def test_a_new_class_comes_without_forgetting_the_old_ones():
    y = np.array(["setosa", "virginica", "a new one"])[SPECIES]      # the last is the first in order
    model, old = ARTMAPClassifier(0.8), SPECIES < 2
    model.partial_fit(IRIS[old], y[old])
    assert model.classes_.tolist() == ["setosa", "virginica"]
    before = model.score(IRIS[old], y[old])
    model.partial_fit(IRIS[~old], y[~old])
    assert model.classes_.tolist() == ["a new one", "setosa", "virginica"]
    assert model.score(IRIS[old], y[old]) == before == 1.0
    assert model.score(IRIS, y) >= 0.97


def test_a_wider_range_leaves_the_boxes_in_the_units_of_the_columns():
    model = ARTMAPClassifier().partial_fit([[1.0, 50.0], [2.0, 60.0], [1.2, 51.0]], [0, 1, 0])
    boxes = [model.scaler_.inverse_transform(corners) for corners in zip(*model.model_.boxes(), strict=True)]
    model.partial_fit([[100.0, -900.0]], [2])
    assert [model.scaler_.data_min_.tolist(), model.scaler_.data_max_.tolist()] == [[1.0, -900.0], [100.0, 60.0]]
    moved = [model.scaler_.inverse_transform(corners) for corners in zip(*model.model_.boxes(), strict=True)]
    np.testing.assert_allclose([corners[:2] for corners in moved], boxes, rtol=1e-12)
    assert model.predict([[1.0, 50.0], [2.0, 60.0], [1.2, 51.0], [100.0, -900.0]]).tolist() == [0, 1, 0, 2]


def test_rows_one_by_one_then_pickled_and_begun_anew():
    model = ARTMAPClassifier()
    for x, label in zip(IRIS[::3], SPECIES[::3], strict=True):
        model.partial_fit([x], [label])
    assert model.score(IRIS[::3], SPECIES[::3]) >= 0.95
    again = pickle.loads(pickle.dumps(model)).partial_fit(IRIS[1:2], SPECIES[1:2])
    assert again.model_.state_dict() == model.partial_fit(IRIS[1:2], SPECIES[1:2]).model_.state_dict()
    assert model.fit(IRIS, SPECIES).model_.state_dict() == clone(model).fit(IRIS, SPECIES).model_.state_dict()


def test_classes_may_be_named_before_they_have_a_row():
    model = ARTMAPClassifier().partial_fit([[0.0], [9.0]], ["b", "d"], classes=["a", "b", "d"])
    assert model.classes_.tolist() == ["a", "b", "d"]
    assert model.partial_fit([[5.0]], ["c"]).predict([[0.0], [5.0], [9.0]]).tolist() == ["b", "c", "d"]


@pytest.mark.parametrize(("X", "y", "message"), [
    ([[1.0, 2.0]], [0], "features"), ([[np.nan]], [0], "NaN"), ([[1.0]], ["text"], "Mix of label input types"),
    ([[1.0]], [0.5], "Unknown label type")])
def test_bad_rows_leave_it_as_it_was(X, y, message):
    model = ARTMAPClassifier().fit([[0.0], [9.0]], [0, 1])
    before = model.model_.state_dict()
    with pytest.raises(ValueError, match=message):
        model.partial_fit(X, y)
    assert model.model_.state_dict() == before
    assert model.predict([[9.0]]).tolist() == [1]
    assert (model.classes_.tolist(), model.scaler_.data_max_.tolist()) == ([0, 1], [9.0])
