"""Activations as modules: their values, and the inputs they accept."""

import mpmath
import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value, derivative, grad, jit
from nn.layers import activations

XS = [-2.5, -0.3, 0.4, 3.0]
E = mpmath.e
MEANT = {
    "Identity": lambda x: x, "ReLU": lambda x: max(x, 0), "LeakyReLU": lambda x: max(x, x / 100),
    "ELU": lambda x: x if x > 0 else mpmath.expm1(x), "GELU": lambda x: x * mpmath.ncdf(x),
    "SiLU": lambda x: x / (1 + E**-x), "Softplus": lambda x: mpmath.log(1 + E**x),
    "Sigmoid": lambda x: 1 / (1 + E**-x), "Tanh": mpmath.tanh,
}


@pytest.mark.parametrize("name", MEANT)
def test_modules_of_one_number(name):
    module = getattr(nn, name)()
    meant = MEANT[name]
    for x in XS:
        assert module(x) == pytest.approx(float(meant(mpmath.mpf(x))), rel=1e-14)
        slope = float(mpmath.diff(meant, x))
        assert grad(module)(x) == pytest.approx(slope, rel=1e-12)
        assert derivative(module)(x) == pytest.approx(slope, rel=1e-12)
    assert module(XS) == [module(x) for x in XS]
    assert module(np.array(XS)) == module(XS)
    assert [y.data for y in module([Value(x) for x in XS])] == module(XS)
    assert list(jit(module)(XS)) == module(XS)
    assert module.parameters() == []


def test_modules_take_pytorchs_arguments():
    assert nn.LeakyReLU(negative_slope=0.2)([-1.0, 2.0]) == [-0.2, 2.0]
    assert nn.ELU(alpha=2.0)(-1.0) == pytest.approx(2 * np.expm1(-1.0), rel=1e-15)
    assert [repr(module) for module in (nn.LeakyReLU(0.2), nn.ELU(), nn.ReLU())] == ["LeakyReLU(0.2)", "ELU(1.0)",
                                                                                    "ReLU()"]


@pytest.mark.parametrize("xs", [XS, [1000.0, -1000.0, 0.0], [1e-9, 0.0], [5.0]])
def test_softmax_and_its_logarithm(xs):
    with mpmath.workdps(1000):
        total = mpmath.fsum(mpmath.exp(x) for x in xs)
        shares = [mpmath.exp(x) / total for x in xs]
        logs = [float(mpmath.log(share)) for share in shares]
    assert nn.Softmax()(xs) == pytest.approx([float(share) for share in shares], rel=1e-14)
    assert nn.LogSoftmax()(xs) == pytest.approx(logs, rel=1e-14, abs=1e-300)
    assert activations.log_softmax(x for x in xs) == nn.LogSoftmax()(xs)
    first = grad(lambda xs: activations.log_softmax(xs)[0])(xs)
    assert first == pytest.approx([(i == 0) - float(share) for i, share in enumerate(shares)], rel=1e-14, abs=1e-16)


def test_functions_are_those_of_the_table():
    for name in activations.__all__:
        if name in ag.TABLE or name == "softmax":
            assert getattr(nn, name) is getattr(ag, name)


@pytest.mark.parametrize("make", [nn.Softmax(), nn.LogSoftmax()])
def test_a_softmax_of_one_number_or_none(make):
    with pytest.raises(TypeError, match="takes one iterable of numbers"):
        make(1.0)
    with pytest.raises(ValueError, match="of no numbers is undefined"):
        make([])
