"""LBFGS: convergence, stopping rules, and no lost state."""

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograd import Value, jit, log, value_and_grad
from nn import LBFGS


def numbers(*data):
    return [Value(x) for x in data]


def regression():
    rows, targets = np.random.default_rng(0).normal(size=(30, 4)), np.random.default_rng(1).normal(size=30)
    weights = numbers(0.0, 0.0, 0.0, 0.0)

    def loss():
        residuals = [sum(a * w for a, w in zip(row, weights, strict=True)) - t
                     for row, t in zip(rows.tolist(), targets.tolist(), strict=True)]
        return sum(r * r for r in residuals)

    return weights, loss, np.linalg.lstsq(rows, targets)[0]


def test_lbfgs_solves_the_normal_equations():
    weights, loss, exact = regression()
    optimizer = LBFGS(weights, max_iter=100, tolerance_grad=1e-12, tolerance_change=0.0)

    def closure():
        optimizer.zero_grad()
        out = loss()
        out.backward()
        return out

    start = loss().data
    assert optimizer.step(closure).data == start
    assert np.abs([w.data for w in weights] - exact).max() < 1e-9


@pytest.mark.parametrize("decorate", [jit, lambda f: f], ids=["jit", "eager"])
def test_lbfgs_takes_a_value_and_its_gradients(decorate):
    weights, loss, exact = regression()
    optimizer = LBFGS(weights, max_iter=100, tolerance_grad=1e-12, tolerance_change=0.0)
    start = loss().data
    assert optimizer.step(decorate(value_and_grad(loss, wrt=weights))) == pytest.approx(start)
    assert np.abs([w.data for w in weights] - exact).max() < 1e-9


def test_lbfgs_stops_after_its_iterations_and_evaluations():
    def calls(**options):
        x, y = params = numbers(-1.2, 1.0)
        count = 0

        def loss():
            nonlocal count
            count += 1
            return (1 - x) ** 2 + 100 * (y - x * x) ** 2

        LBFGS(params, **options).step(value_and_grad(loss, wrt=params))
        return count, loss().data

    few, many = calls(max_iter=3), calls(max_iter=100)
    assert few[0] <= 5 < many[0] < 126
    assert 1e-8 > many[1] < few[1] < 24.2
    assert calls(max_iter=100, max_eval=10)[0] <= 20


def test_lbfgs_does_not_lose_what_it_had():
    x, = params = numbers(5.0)
    optimizer = LBFGS(params, max_iter=50)
    calls = 0

    def broken():
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return (x - 1.0) ** 4, [4 * (x.data - 1.0) ** 3]

    with pytest.raises(KeyboardInterrupt):
        optimizer.step(broken)
    assert x.data == 5.0
    for height in (math.nan, math.inf):
        optimizer.step(lambda height=height: (height, [1.0]))
        assert x.data == 5.0
    # the first step leads to where the logarithm is nan
    x.data = 0.01
    optimizer.step(value_and_grad(lambda: (100 * x - log(x)) if x > 0 else x * math.nan, wrt=params))
    assert x.data == pytest.approx(0.01)
    x.data = 0.3
    optimizer.step(value_and_grad(lambda: (x - log(x)) if x < 0.9 else x * math.nan, wrt=params))
    assert 0.3 <= x.data < 0.9


@pytest.mark.parametrize(("closure", "error", "message"), [
    (None, TypeError, "LBFGS.step needs a closure"),
    (lambda: None, TypeError, "closure has to return the loss, or the loss and a list of gradients, not NoneType"),
    (lambda: (1.0, [1.0, 2.0]), ValueError, "closure returned 2 gradients for 1 parameters"),
])
def test_lbfgs_without_a_proper_closure(closure, error, message):
    x, = params = numbers(5.0)
    with pytest.raises(error, match=message):
        LBFGS(params).step(closure)
    assert x.data == 5.0


def test_lbfgs_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(ImportError, match="LBFGS needs SciPy: pip install"):
        LBFGS(numbers(1.0))


def test_importing_nn_does_not_load_scipy():
    code = "import sys, nn; sys.exit(any(name.partition('.')[0] in ('scipy', 'numpy') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3]).returncode == 0
