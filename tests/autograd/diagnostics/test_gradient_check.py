"""gradcheck finds wrong derivatives and says where."""

import numpy as np
import pytest

import autograd as ag
from autograd import GradientError, gradcheck
from autograd.diagnostics.numeric import complex_step


def test_right_derivatives_pass():
    assert gradcheck(lambda x, y: x * y**2 + ag.sin(x) / y, 1.2, 3.4)
    assert gradcheck(lambda p: ag.logsumexp(p) + ag.gelu(p[0]), [1.0, 2.0, 3.0])
    assert gradcheck(lambda a: (a * a).sum(), np.array([1.0, -2.0]))
    assert gradcheck(lambda x: ag.exp(x), 40.0)
    assert gradcheck(lambda x: x * 1e-9, 1.0)
    assert gradcheck(lambda x: 3.0, 1.0)


@pytest.mark.parametrize(("f", "x"), [
    (lambda x: 1 / x, 0.001), (lambda x: 1 / x, 1e-8), (ag.tan, 1.57), (lambda x: 1 / (x - 1), 1.0001), (ag.log, 1e-10),
    (ag.log, 1e-300), (ag.sqrt, 1e-12), (ag.erf, 1e-9), (lambda x: ag.cos(x) + 1, 1e-10), (ag.exp, 700.0),
    (lambda x: x * x, 0.0), (lambda x: ag.atan2(x, 1e-5), 1e-5), (ag.sin, 1e6), (ag.sin, 300.0),
    (lambda x: ag.sin(30 * x), 10.7), (ag.log, 0.002), (lambda x: x**0.5, 0.001), (lambda x: x**101, -1.01),
    (ag.exp, 1e-10), (ag.sigmoid, 1e-12), (lambda x: 1e6 + ag.sin(x), 0.5), (lambda f: 6.626e-34 * f * 1e34, 0.0)])
def test_right_derivatives_pass_beside_poles_and_at_all_sizes(f, x):
    assert gradcheck(f, x)


def test_what_cannot_be_measured_is_said():
    with pytest.raises(GradientError, match="give inf, which nothing can measure"):
        gradcheck(ag.exp, 1000.0)


def test_numpy_functions_and_decisions_on_data_pass():
    assert gradcheck(lambda a: np.sum(np.sin(np.cos(a))), np.array([1.0, 2.0]))
    assert gradcheck(lambda a: a * a if a.data > 0 else -a, 2.0)


def wrong(name, partial):
    return ag.primitive(name, lambda x, y: x * y, lambda x, y, out: y, partial)


@pytest.mark.parametrize("partial", [lambda x, y, out: -x, lambda x, y, out: x * (1 + 1e-4), lambda x, y, out: y,
                                     lambda x, y, out: 0.0])
def test_a_wrong_partial_is_found(partial):
    f = wrong("wrong", partial)
    try:
        with pytest.raises(GradientError, match=r"argument 1: reverse mode gives .* they differ by"):
            gradcheck(f, 2.0, 3.0)
        with pytest.raises(GradientError, match="argument 0, element 2"):
            gradcheck(lambda p: p[0] + p[1] + f(1.5, p[2]), [1.0, 2.0, 3.0])
    finally:
        del ag.TABLE["wrong"]


def test_a_kink_is_called_one():
    with pytest.raises(GradientError, match="the slopes on the two sides are 0 and 1: a kink or a jump"):
        gradcheck(ag.relu, 0.0)


def test_a_jump_is_not_excused():
    with pytest.raises(GradientError, match=r"argument 0: central differences do not settle .* jumps here"):
        gradcheck(lambda x, a: x * ag.round(a + x), 1.0, 0.5)


def test_complex_step_is_exact_where_it_applies():
    assert complex_step(lambda x: ag.exp(x) / ag.sin(x), 1.5) == pytest.approx(
        ag.grad(lambda x: ag.exp(x) / ag.sin(x))(1.5), rel=1e-15)
    assert complex_step(lambda x: ag.sigmoid(x) * ag.square(x), 0.3) == pytest.approx(
        ag.grad(lambda x: ag.sigmoid(x) * ag.square(x))(0.3), rel=1e-14)
    assert complex_step(ag.erf, 0.3) is None
    assert complex_step(abs, 0.3) is None
