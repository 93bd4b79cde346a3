"""Refitting: a network of the same structure is not compiled anew, and its fit is several times cheaper."""

from statistics import median
from time import process_time

import numpy as np
import pytest

from autograd.lower import recent_code
from nn.sklearn import NetworkClassifier, NetworkRegressor


@pytest.fixture
def compiled(monkeypatch):
    """The code that is kept, which is none at first."""
    pytest.importorskip("llvmlite")
    monkeypatch.setattr(recent_code, "_kept", [])
    return recent_code._kept


def data(seed, rows=70, features=4):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, features))
    return X, np.where(X[:, 0] > X[:, 1], "left", "right"), rng.uniform(0.5, 2.0, rows)


@pytest.mark.parametrize("weighted", [False, True], ids=["", "sample_weight"])
@pytest.mark.parametrize("kind", [NetworkClassifier, NetworkRegressor])
def test_another_fit_of_the_same_shapes_compiles_nothing(kind, weighted, compiled):
    for seed in range(3):
        X, y, weights = data(seed)
        y = y if kind is NetworkClassifier else X[:, 0] * X[:, 1]
        model = kind((3, 2), max_iter=3, n_iter_no_change=None, learning_rate=0.1 / (seed + 1), random_state=seed)
        model.fit(X, y, weights if weighted else None).predict(X)
        if seed == 0:
            first = [*compiled]
        assert first
        assert len(compiled) == len(first)
        assert all(a is b for a, b in zip(compiled, first, strict=True))


def test_class_weights_are_no_part_of_the_code(compiled):
    X, y, _ = data(0)
    sizes = []
    for weight in ({"left": 1.0, "right": 5.0}, {"left": 3.0, "right": 1.0}, "balanced"):
        NetworkClassifier((3,), max_iter=2, n_iter_no_change=None, class_weight=weight).fit(X, y)
        sizes.append(len(compiled))
    assert sizes == [sizes[0]] * 3


@pytest.mark.campaign
def test_the_second_fit_is_several_times_cheaper(compiled, figure):
    NetworkClassifier((2,), max_iter=1, n_iter_no_change=None).fit(*data(0)[:2])       # the compiler itself is loaded
    found = []
    for sizes in ((32,), (32, 32), (64, 64)):
        seconds = []
        for seed in range(5):
            X, y, _ = data(seed, features=10)
            start = process_time()
            NetworkClassifier(sizes, max_iter=1, n_iter_no_change=None, random_state=seed).fit(X, y)
            seconds.append(process_time() - start)
        found.append((sizes, seconds[0], median(seconds[1:])))
    figure("Estimators: seconds of the first fit of a structure and of the next, one epoch", ", ".join(
        f"{sizes}: {first:.2f} and {later:.2f}" for sizes, first, later in found))
    assert found[-1][2] < found[-1][1] / 2
