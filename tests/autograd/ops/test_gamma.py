"""gamma, lgamma, digamma, polygamma, erfinv and ndtri: edges, reflection, high orders, and the names others have."""

import math
from functools import partial

import numpy as np
import pytest
from mpmath import mp, mpf

import autograd as ag
from autograd import Value, derivative, grad, gradcheck, jit

INF, NAN = math.inf, math.nan
NAMES = ("gamma", "lgamma", "digamma", "erfinv", "ndtri")


def test_factorials_are_whole_numbers():
    assert [ag.gamma(n + 1.0) for n in range(17)] == [float(math.factorial(n)) for n in range(17)]
    assert ag.gamma(171.0) == pytest.approx(float(math.factorial(170)), rel=2e-15)


@pytest.mark.parametrize(("x", "value", "logarithm"), [
    (0.0, INF, INF), (-0.0, -INF, INF), (-1.0, NAN, INF), (-170.0, NAN, INF), (-INF, NAN, INF), (INF, INF, INF),
    (171.6243769563027, mp.gamma, mp.loggamma), (171.62437695630274, INF, mp.loggamma), (5e-324, INF, mp.loggamma),
    (-170.5, mp.gamma, None), (-190.5, -0.0, None), (-0.5, mp.gamma, None), (1.0, 1.0, 0.0), (2.0, 1.0, 0.0),
    (1e17, INF, mp.loggamma), (2.559e305, INF, mp.loggamma), (2.56e305, INF, INF), (NAN, NAN, NAN)])
def test_gamma_has_the_edges_of_c(x, value, logarithm):
    value = float(value(mpf(x))) if callable(value) else value
    logarithm = float(mp.log(abs(mp.gamma(x)))) if logarithm is None else \
        float(logarithm(mpf(x))) if callable(logarithm) else logarithm
    assert ag.gamma(x) == pytest.approx(value, rel=2e-15, nan_ok=True)
    assert math.copysign(1.0, ag.gamma(x)) == math.copysign(1.0, value) or x != x or value != value
    assert ag.lgamma(x) == pytest.approx(logarithm, rel=2e-15, nan_ok=True)
    for f in (ag.gamma, ag.lgamma):
        assert repr(jit(f)(x)) == repr(jit(f, backend="python")(x)) == repr(f(x)) == repr(f(Value(x)).data)


def test_digits_beside_the_zeros():
    for x in (1.0 - 1e-9, 1.0 + 1e-15, 2.0 - 1e-12, 2.0 + 1e-9):
        assert ag.lgamma(x) == pytest.approx(float(mp.loggamma(x)), rel=1e-15)
    for x in (1.4616321449683622, 1.4616321449683625, 1.46, 1.47):
        assert ag.digamma(x) == pytest.approx(float(mp.psi(0, mpf(x))), rel=1e-15)


@pytest.mark.parametrize("x", [0.1, 0.3, 0.5, 0.73, 1.75, 2.9999, 3.25, 7.4, 33.3])
def test_reflection_and_recurrence(x):
    assert ag.gamma(-x) * ag.gamma(x) == pytest.approx(-math.pi / (x * math.sin(math.pi * x)), rel=1e-11)
    assert ag.gamma(x + 1.0) == pytest.approx(x * ag.gamma(x), rel=3e-15)
    assert ag.lgamma(x + 1.0) == pytest.approx(math.log(x) + ag.lgamma(x), rel=1e-14, abs=1e-15)
    assert ag.digamma(x + 1.0) == pytest.approx(ag.digamma(x) + 1.0 / x, rel=1e-14, abs=1e-14)
    with mp.workdps(60):
        cotangent = float(mp.pi * mp.cot(mp.pi * mpf(x)))
    assert ag.digamma(-x) == pytest.approx(ag.digamma(x) + 1.0 / x + cotangent, rel=1e-14, abs=1e-14)
    for n in range(1, 8):
        step = math.factorial(n) * x**-(n + 1)
        assert ag.polygamma(n, -x) == pytest.approx(ag.polygamma(n, 1.0 - x) + step, rel=1e-11)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5, 12, 40, 170])
def test_polygamma_of_any_order(n):
    for x in (0.02, 0.5, 1.0, 4.4, 30.0, 250.0, 1e5):
        with mp.workdps(60):
            want = float(mp.psi(n, mpf(x)))
        assert ag.polygamma(n, x) == pytest.approx(want, rel=2e-15 * (n + 5), abs=1e-290)
    assert ag.polygamma(n, Value(4.4)).data == ag.polygamma(n, 4.4) == jit(partial(ag.polygamma, n))(4.4)


@pytest.mark.parametrize("n", [-1, 0.5, 171, NAN, INF])
def test_polygamma_of_no_order_is_nan(n):
    assert math.isnan(ag.polygamma(n, 2.0))


@pytest.mark.parametrize("name", NAMES)
def test_derivatives_up_to_the_fourth(name):
    value = {"gamma": mp.gamma, "lgamma": lambda x: mp.log(abs(mp.gamma(x))), "digamma": lambda x: mp.psi(0, x),
             "erfinv": mp.erfinv, "ndtri": lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1)}[name]
    for x in (0.25, 0.6, 0.9) if name in ("erfinv", "ndtri") else (0.4, 1.6, 5.5, -0.7, -3.2):
        by_grad = by_derivative = getattr(ag, name)
        for order in range(1, 5):
            by_grad, by_derivative = grad(by_grad), derivative(by_derivative)
            with mp.workdps(25):        # `diff` works with that for each of its steps
                want = float(mp.diff(value, mpf(x), order))
            assert by_grad(x) == pytest.approx(want, rel=1e-12), (order, x)
            assert by_derivative(x) == pytest.approx(want, rel=1e-12), (order, x)
            for backend in ("python", None):
                assert repr(jit(by_grad, backend=backend)(x)) == repr(by_grad(x))
    assert gradcheck(getattr(ag, name), 0.6)


def test_quantiles_undo_the_distribution_function_in_both_tails():
    for exponent in (-300, -200, -50, -16, -5, -1):
        p = 10.0**exponent
        x = ag.ndtri(p)
        assert ag.normal_cdf(x) == pytest.approx(p, rel=4e-16 * (4.0 + x * x))
        assert grad(ag.ndtri)(p) == pytest.approx(1.0 / grad(ag.normal_cdf)(x), rel=4e-16 * (4.0 + x * x))
        assert ag.ndtri(1.0 - 2.0**-40) == -ag.ndtri(2.0**-40)
        assert ag.erf(ag.erfinv(1.0 - p)) == pytest.approx(1.0 - p, rel=3e-16)
    assert [ag.ndtri(x) for x in (0.0, 0.5, 1.0)] == [-INF, 0.0, INF]
    assert [ag.erfinv(x) for x in (-1.0, 0.0, 1.0)] == [-INF, 0.0, INF]
    assert all(math.isnan(f(x)) for f in (ag.ndtri, ag.erfinv) for x in (-1.5, 1.0000001, INF, NAN))
    assert grad(ag.ndtri)(1.0) == grad(ag.ndtri)(0.0) == grad(ag.erfinv)(-1.0) == INF
    assert grad(grad(ag.erfinv))(-1.0) == -INF


def test_functions_of_others_give_the_op_or_name_it():
    v = Value(2.5)
    with pytest.raises(TypeError, match=r"math\.gamma\(v\).*write autograd\.gamma for math\.gamma"):
        math.gamma(v)
    with pytest.raises(TypeError, match=r"math\.lgamma\(v\).*write autograd\.lgamma for math\.lgamma"):
        math.lgamma(v)
    special = pytest.importorskip("scipy.special")
    for theirs, ours in (("gamma", "gamma"), ("gammaln", "lgamma"), ("digamma", "digamma"), ("psi", "digamma")):
        assert getattr(special, theirs)(v).data == getattr(ag, ours)(2.5)
    for theirs, ours in (("erfinv", "erfinv"), ("ndtri", "ndtri"), ("ndtr", "normal_cdf"), ("expit", "sigmoid")):
        assert getattr(special, theirs)(Value(0.3)).data == getattr(ag, ours)(0.3)
    with pytest.raises(TypeError):      # NumPy's own: SciPy makes an array of objects first
        special.polygamma(1, v)
    with pytest.raises(TypeError, match=r"^zeta of a Value has no op"):      # and not numpy.zeta, which is none
        special.zeta(2.0, v)
    with pytest.raises(TypeError, match=r"^numpy\.nextafter of a Value has no op"):
        np.nextafter(v, 1.0)


def test_the_posterior_of_counts_as_it_is_written():
    counts = np.array([3.0, 1.0, 4.0])

    def log_evidence(alphas):       # Dirichlet and multinomial
        total = sum(alphas)
        return ag.lgamma(total) - ag.lgamma(total + counts.sum()) + sum(
            ag.lgamma(a + n) - ag.lgamma(a) for a, n in zip(alphas, counts, strict=True))

    alphas = [0.7, 1.3, 2.0]
    assert gradcheck(log_evidence, alphas)
    slopes = grad(log_evidence)(alphas)
    for a, n, found in zip(alphas, counts, slopes, strict=True):
        want = mp.psi(0, 4) - mp.psi(0, 12) + mp.psi(0, a + n) - mp.psi(0, a)
        assert found == pytest.approx(float(want), rel=1e-13)
    assert jit(grad(log_evidence))(alphas) == slopes
