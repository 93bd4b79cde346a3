"""Points in branches of the table's formulas that no sampled point reaches, or reaches without consequence."""

import math

import oracle
import pytest

import autograd
from autograd import grad, hessian
from autograd.op import TABLE


@pytest.mark.parametrize("name", ["leaky_relu", "elu"])
def test_at_a_kink_the_second_derivatives_are_those_of_the_left_arm(name: str) -> None:
    # a * x there: as if both slopes were derivatives of one function
    assert hessian(getattr(autograd, name))(0.0, 0.25) == ((0.0, 1.0), (1.0, 0.0))


def test_slopes_of_whole_powers_are_exact() -> None:
    for x in range(-12, 13):
        for n in range(10):
            assert TABLE["pow"].slopes[0](float(x), float(n), float(x**n)) == (n * x**(n - 1) if n else 0), (x, n)


@pytest.mark.parametrize("args", [(1000.0, -102.0), (21.593890248828558, -230.0)])
def test_slope_of_pow_where_only_the_quotient_is_subnormal(args: tuple[float, float]) -> None:
    slope = TABLE["pow"].slopes[0](*args, TABLE["pow"].value(*args))
    assert oracle.error("pow", 1, args, slope) < 1.0


@pytest.mark.parametrize("x", [0.5, 2.0, 8.0])
def test_pow_around_an_exponent_of_zero(x: float) -> None:
    def by_x(y: float) -> float:
        return grad(autograd.pow, 0)(x, y)

    assert by_x(0.0) == 0.0
    assert grad(by_x)(0.0) == 1 / x
    assert grad(grad(by_x))(0.0) == pytest.approx(2 * math.log(x) / x, rel=1e-15)
