"""fit where the comparisons of a network come out in a different way for almost every row."""

import functools
import warnings
from random import Random

import pytest

from autograd.compiler import version_budget
from nn import Linear, Module, fit, mse_loss, optim


class Units(Module):
    def __init__(self):
        self.inner, self.outer = Linear(2, 32, seed=1), Linear(32, 1, seed=2)

    def __call__(self, x):
        return self.outer([h if h > 0 else 0.0 * h for h in self.inner(x)])


@functools.cache
def trained(jit):
    random, model = Random(0), Units()
    X = [[random.uniform(-1, 1), random.uniform(-1, 1)] for _ in range(200)]        # noqa: N806
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        history = fit(model, mse_loss, X, [[a * b] for a, b in X], optim.SGD(model.parameters(), lr=0.01), epochs=2,
                      batch_size=20, progress=False, jit=jit)
    return history, caught, [x.data for x in model.parameters()]


@pytest.mark.parametrize("jit", ["auto", True])
def test_fit_tells_once_when_versions_pile_up(jit, monkeypatch):
    pytest.importorskip("llvmlite")
    monkeypatch.setattr(version_budget, "FREE", 5_000)
    history, [warning], parameters = trained.__wrapped__(jit)
    text = str(warning.message)
    assert (warning.category, warning.filename) == (RuntimeWarning, __file__)
    assert "if h > 0" in text
    assert "autograd.where(condition, a, b)" in text
    assert history.remarks == ([text] if jit == "auto" else [])
    eager, none, wanted = trained(False)
    assert (history["loss"], parameters, none) == (eager["loss"], wanted, [])
