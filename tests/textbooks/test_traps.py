"""docs/traps.md: its examples are right; each remedy has the derivative of difference quotients or a closed form."""

import doctest
from pathlib import Path

import pytest

import autograd as ag
from autograd import GradientError, grad, gradcheck, jit

PAGE = Path(__file__).parents[2] / "docs" / "traps.md"


@pytest.fixture(scope="module")
def names():
    found = {}
    test = doctest.DocTestParser().get_doctest(PAGE.read_text(encoding="utf-8"), {}, "traps", str(PAGE), 0)
    assert doctest.DocTestRunner().run(test, clear_globs=False).failed == 0
    found.update(test.globs)
    return found


def quotient(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


@pytest.mark.parametrize("strike", [0.03, 0.02, 0.05])
@pytest.mark.parametrize("compiled", [False, True])
def test_sabr_at_the_money(names, strike, compiled):
    volatility, series, branch = names["volatility"], names["series"], names["branch"]

    def smile(forward):
        return volatility(forward, strike, series)

    slope = jit(grad(smile)) if compiled else grad(smile)
    for forward in (strike, strike * (1 + 1e-9), strike * 1.0003, strike * 1.2):
        assert slope(forward) == pytest.approx(quotient(smile, forward, forward * 1e-5), rel=1e-5)
    wrong = grad(lambda forward: volatility(forward, strike, branch))
    assert volatility(strike, strike, branch) == pytest.approx(smile(strike), rel=1e-12)
    assert abs(wrong(strike) / slope(strike) - 1) > 1
    assert wrong(strike * 1.2) == pytest.approx(slope(strike * 1.2), rel=1e-12)


@pytest.mark.parametrize("a", [0.5, 8.0, 27.0])
def test_bisection(names, a):
    solve = names["solve"]
    assert grad(lambda a: solve(lambda x: x * x * x - a, 0.0, 4.0))(a) == pytest.approx(a ** (-2 / 3) / 3, rel=1e-12)
    assert solve(lambda x: x * x * x - a, 0.0, 4.0) == pytest.approx(a ** (1 / 3), rel=1e-12)


def test_ties_of_max():
    slopes = [grad(payoff)(100.0) for payoff in (
        lambda s: ag.maximum(s - 100.0, 0.0), lambda s: max(s - 100.0, 0.0), lambda s: max(0.0, s - 100.0),
        lambda s: ag.relu(s - 100.0), lambda s: ag.where(s > 100.0, s - 100.0, 0.0))]
    assert slopes == [0.5, 1.0, 0.0, 0.0, 0.0]
    assert grad(lambda s: ag.where(s > 100.0, 1.0, 0.0))(101.0) == 0.0


def test_isinstance_of_float(names):
    assert names["scaled"](1.0) == grad(names["scaled"])(1.0) == 2.0


def test_gradcheck_finds_the_first_two(names):
    volatility, branch, root = names["volatility"], names["branch"], names["root"]
    with pytest.raises(GradientError):
        gradcheck(lambda forward: volatility(forward, 0.03, branch), 0.03)
    with pytest.raises(GradientError):
        gradcheck(lambda a: root(lambda x: x * x * x - a, 0.0, 4.0) + 0.0 * a, 8.0)
