"""A Value is a real number to NumPy; tests and jumps of the table beside NumPy's; angles and sinc in every mode."""

import math

import numpy as np
import pytest

import autograd as ag
from autograd import Value, derivative, grad, gradcheck, jit

INF, NAN = math.inf, math.nan


def test_a_value_is_its_own_real_part():
    v = Value(2.0)
    assert v.real is v
    assert v.conjugate() is v
    assert np.real(v) is v
    assert (v.imag, np.imag(v)) == (0.0, 0.0)
    assert grad(lambda x: (x.conjugate() * x).real + x.imag)(3.0) == 6.0
    assert derivative(lambda x: x.real * x.real)(3.0) == 6.0
    assert jit(lambda x: x.real * 2 + x.imag)(3.0) == 6.0


@pytest.mark.parametrize("name", ["isnan", "isfinite", "deg2rad", "rad2deg", "radians", "degrees", "sinc"])
@pytest.mark.parametrize("x", [-INF, -2.5, -1.0, -0.0, 0.0, 0.3, 7.25, 1e20, INF, NAN])
def test_numpys_functions_of_the_same_name(name, x):
    with np.errstate(invalid="ignore"):
        wanted = float(getattr(np, name)(x))
    if name == "sinc" and math.isinf(x):
        wanted = 0.0        # the limit; NumPy has nan
    own = getattr(ag, {"radians": "deg2rad", "degrees": "rad2deg"}.get(name, name))
    method = getattr(Value(x), name)().data
    for found in (own(x), own(Value(x)).data, method, jit(lambda x: own(x))(x), jit(own, backend="python")(x)):
        assert found == pytest.approx(wanted, rel=1e-13, abs=1e-16, nan_ok=True)
    if name != "sinc":      # NumPy's is no ufunc
        with np.errstate(invalid="ignore"):
            assert getattr(np, name)(Value(x)).data == pytest.approx(wanted, rel=1e-13, nan_ok=True)


@pytest.mark.parametrize("x", [-INF, -2.0, -0.0, 0.0, 5e-324, 3.0, NAN])
def test_heaviside(x):
    for half in (0.0, 0.5, 1.0):
        wanted = float(np.heaviside(x, half))
        assert ag.heaviside(x, half) == pytest.approx(wanted, nan_ok=True)
        with np.errstate(invalid="ignore"):
            assert np.heaviside(Value(x), half).data == pytest.approx(wanted, nan_ok=True)
        assert jit(ag.heaviside)(x, half) == pytest.approx(wanted, nan_ok=True)
    assert ag.heaviside(0.0) == 0.5
    assert grad(ag.heaviside)(0.0, 0.5) == (0.0, 1.0)
    assert grad(ag.heaviside)(2.0, 0.5) == (0.0, 0.0)


def test_a_test_lets_no_gradient_through():
    assert grad(lambda x: ag.isnan(x) + ag.isfinite(x))(1.0) == 0.0
    assert grad(lambda x: ag.where(ag.isfinite(1.0 / x), 2.0 * x, 3.0 * x))(0.0) == 3.0
    assert grad(lambda x: ag.where(ag.isnan(ag.log(x)), x, ag.log(x)))(-1.0) == 1.0


@pytest.mark.parametrize("x", [0.0, 1e-9, 0.3, 0.49999, 0.5, 0.50001, 1.0, 1.4302966531242027, -2.5, 17.0, 1234.5])
def test_sinc_has_its_slopes(x):
    assert gradcheck(ag.sinc, x)
    assert gradcheck(grad(ag.sinc), x)
    for f in (ag.sinc, grad(ag.sinc), grad(grad(ag.sinc))):
        assert repr(jit(f)(x)) == repr(jit(f, backend="python")(x)) == repr(f(x))
