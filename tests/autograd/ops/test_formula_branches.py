"""Branches of the table's formulas that no sampled point reaches, or reaches without effect."""

import math
import random
from fractions import Fraction

import pytest

import autograd
from autograd import grad, hessian
from autograd.ops.exact import difference, product
from autograd.ops.primitives import TABLE
from tests.support import exact_slopes as oracle


@pytest.mark.parametrize("name", ["leaky_relu", "elu"])
def test_at_a_kink_the_mixed_second_derivatives_agree(name: str) -> None:
    (_, x_then_slope), (slope_then_x, _) = hessian(getattr(autograd, name))(0.0, 0.25)
    assert x_then_slope == slope_then_x == 1.0      # as of slope * x, which it is up to there


def test_slopes_of_whole_powers_are_exact() -> None:
    for x in range(-12, 13):
        for n in range(10):
            slope = TABLE["pow"].float_partials[0](float(x), float(n), float(x**n))
            assert slope == (n * x**(n - 1) if n else 0), (x, n)


@pytest.mark.parametrize("args", [(1000.0, -102.0), (21.593890248828558, -230.0)])
def test_slope_of_pow_where_only_the_quotient_is_subnormal(args: tuple[float, float]) -> None:
    slope = TABLE["pow"].float_partials[0](*args, TABLE["pow"].value(*args))
    want = oracle.exact(oracle.EXACT["pow"][1], args)
    assert abs(slope - want) < math.ulp(slope)


@pytest.mark.parametrize("x", [0.5, 2.0, 8.0])
def test_pow_around_an_exponent_of_zero(x: float) -> None:
    def by_x(y: float) -> float:
        return grad(autograd.pow, 0)(x, y)

    assert by_x(0.0) == 0.0
    assert grad(by_x)(0.0) == 1 / x
    assert grad(grad(by_x))(0.0) == pytest.approx(2 * math.log(x) / x, rel=1e-15)


@pytest.mark.parametrize(("x", "y", "slopes"), [(math.inf, 1.0, (1, 0)), (1.0, math.inf, (0, 1)),
                                                (1.0, -math.inf, (0, -1))])
def test_hypot_far_along_one_axis(x: float, y: float, slopes: tuple[float, float]) -> None:
    assert grad(autograd.hypot)(x, y) == slopes


def test_logsumexp_of_one_is_that_one() -> None:     # the largest argument, by which it shifts, is taken as it is
    for i in range(-40, 40):
        assert autograd.logsumexp([i / 7]) == i / 7


def test_a_product_in_two_parts_is_exact() -> None:
    rng = random.Random(0)
    for _ in range(50):
        x, y = rng.uniform(-40.0, 40.0), rng.uniform(-40.0, 40.0)
        high, low = product(x, y)
        assert high == x * y
        assert Fraction(high) + Fraction(low) == Fraction(x) * Fraction(y)


def test_a_difference_in_two_parts_is_exact() -> None:
    rng = random.Random(0)
    for _ in range(50):
        x, y = rng.uniform(-40.0, 40.0), rng.uniform(-1e-9, 1e-9)
        high, low = difference(x, y)
        assert high == x - y
        assert Fraction(high) + Fraction(low) == Fraction(x) - Fraction(y)


def test_powers_of_0_with_a_negative_exponent() -> None:
    assert hessian(autograd.pow)(0.0, -1.0)[1][1] == math.inf       # of x^y ln(x)^2


@pytest.mark.parametrize(("y", "x", "slope"), [
    (1.752278640403854e-09, -1.5e-323, -4.82724762319495e-306), (-1e-10, 5e-322, 4.99006302299659e-302)])
def test_atan2_beside_a_subnormal_number(y: float, x: float, slope: float) -> None:
    assert grad(autograd.atan2)(y, x)[0] == pytest.approx(slope, rel=1e-15, abs=0.0)     # x / (x^2 + y^2)
