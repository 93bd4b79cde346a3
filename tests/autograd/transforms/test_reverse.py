"""Gradients of functions: forms of arguments, nesting, captured Values."""

import itertools
import math

import numpy as np
import pytest

import autograd as ag
from autograd import Value, derivative, grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp


def test_results_have_the_form_of_the_arguments():
    assert grad(lambda x: x * x)(3) == 6
    assert grad(lambda p: p[0] * p[1])([2, 3]) == [3, 2]
    assert grad(lambda p: p[0] * p[1])((2, 3)) == [3, 2]
    assert grad(lambda p: ag.sum(x * x for x in p[1]) * p[0])([2, [3, 4]]) == [25, [12, 16]]
    assert grad(lambda x, p: x * p[0])(2, [3]) == (3, [2])
    g = grad(lambda a: (a * a).sum())(np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert g.dtype == float
    assert (g == [[2, 4], [6, 8]]).all()
    assert grad(lambda p: sum(p, 0.0) / len(p))([1, 2, 3, 4]) == [0.25] * 4
    assert isinstance(grad(lambda x: x)(True), float)


def test_argnums():
    def f(x, y, z):
        return x * y * z

    assert grad(f, 1)(2, 3, 4) == 8
    assert grad(f, -1)(2, 3, 4) == 6
    assert grad(f, (2, 0))(2, 3, 4) == (6, 12)
    assert value_and_grad(f, 0)(2, 3, 4) == (24, 12)
    assert grad(lambda x, scale=1: x * scale)(2, scale=5) == 5


def test_outermost_results_are_floats_also_when_values_are_captured():
    w = Value(2.0)
    assert grad(lambda x: w * x)(3.0).__class__ is float
    assert value_and_grad(lambda x: w * x)(3.0) == (6.0, 2.0)
    assert derivative(lambda x: w * x)(3.0).__class__ is float
    assert jvp(lambda x: w * x, (3.0,), (1.0,)) == (6.0, 2.0)
    assert w.grad == 0.0


def test_wrt_captured_values():
    w, b, unused = Value(2.0), Value(1.0), Value(0.0)
    assert value_and_grad(lambda x: w * w * x + b, wrt=[w, b, unused])(3.0) == (13.0, [12.0, 1.0, 0.0])
    # nested: the Hessian by captured parameters, through Values
    assert grad(lambda x: value_and_grad(lambda: w * w * x, wrt=[w])()[1][0])(3.0) == 4.0


def test_functions_that_ignore_their_argument():
    assert grad(lambda x: 5.0)(1.0) == 0
    assert grad(lambda x, y: y)(1.0, 2.0) == (0, 1)
    assert hessian(lambda p: p[0])([1.0, 2.0]) == [[0, 0], [0, 0]]
    assert jacobian(lambda x: [1.0, x])(2.0) == [0, 1]


def test_control_flow():
    def power(x, n):
        out = 1.0
        while n:
            out, n = out * x, n - 1
        return out if x > 0 else -out

    assert grad(power, 0)(2.0, 5) == 80
    assert grad(power, 0)(-2.0, 5) == -80


@pytest.mark.parametrize("outer", [grad, derivative])
@pytest.mark.parametrize("inner", [grad, derivative])
def test_perturbations_are_not_confused(outer, inner):
    assert outer(lambda x: x * inner(lambda y: x + y)(1.0))(1.0) == 1
    assert outer(lambda x: inner(lambda y: x * y * y)(2.0))(3.0) == 4
    assert outer(lambda x: inner(lambda y: x * y * y)(x))(3.0) == 12
    assert outer(lambda x: x * inner(lambda y: x * inner(lambda z: x * y * z)(2.0))(3.0))(2.0) == 12


def test_any_order():
    f = ag.tanh
    exact = [0.0, 1.0, 0.0, -2.0, 0.0, 16.0]     # of tanh at 0
    for order in range(6):
        assert f(0.0) == pytest.approx(exact[order], abs=1e-12)
        f = (grad, derivative)[order % 2](f)


def test_jacobians():
    def f(x, y):
        return [x * y, x + y, y]

    assert jacobian(f)(2, 3) == ([3, 1, 0], [2, 1, 1])
    assert jacobian(f, 1)(2, 3) == [2, 1, 1]
    assert jacobian(lambda x: x * x)(3) == 6
    j = jacobian(lambda a: np.array([[1.0, 2.0], [3.0, 4.0]]) .astype(object) @ a)(np.array([5.0, 6.0]))
    assert j.dtype == float
    assert (j == [[1, 2], [3, 4]]).all()
    assert jacobian(lambda a: [a[0] * a[1], a[1]])(np.array([5.0, 6.0])).tolist() == [[6, 5], [0, 1]]
    assert jacobian(lambda a: a * 2)(np.ones((2, 3))).shape == (2, 3, 2, 3)


def test_hessians():
    def rosenbrock(p):
        return ag.sum(100 * (y - x**2) ** 2 + (1 - x) ** 2 for x, y in itertools.pairwise(p))

    h = hessian(rosenbrock)([1.0, 1.0, 1.0])
    assert h == [[802, -400, 0], [-400, 1002, -400], [0, -400, 200]]
    assert hessian(lambda x: x**3)(2.0) == 12
    assert hessian(lambda a, b: a * a * b)(2, 3) == ((6, 4), (4, 0))
    assert hessian(lambda p, b: p[0] * p[1] * b)([2, 3], 5) == (([[0, 5], [5, 0]], [3, 2]), ([3, 2], 0))
    array = hessian(lambda p: rosenbrock(list(p)))(np.ones(3))
    assert array.dtype == float
    assert array.tolist() == h
    v = [1.0, -2.0, 0.5]
    assert hvp(rosenbrock, [1.0, 1.0, 1.0], v) == pytest.approx([sum(a * b for a, b in zip(row, v, strict=True))
                                                                for row in h])


def test_vjp_and_jvp_are_adjoint():
    def f(p):
        return [ag.sin(p[0]) * p[1], p[0] / p[1], p[1] ** 3]

    x, v, u = [0.7, 1.3], [0.2, -1.1], [1.0, 2.0, -0.5]
    value, pullback = vjp(f, x)
    again, tangent = jvp(f, (x,), (v,))
    assert value == again
    assert sum(a * b for a, b in zip(pullback(u), v, strict=True)) == pytest.approx(
        sum(a * b for a, b in zip(tangent, u, strict=True)))
    assert pullback([1, 0, 0]) != pullback([0, 1, 0])
    assert vjp(lambda x, y: x * y, 2.0, 3.0)[1](10.0) == (30, 20)


def test_structural_zeros():
    def f(x):
        return ag.where(x > 0, ag.sqrt(x), 0.0)

    assert grad(f)(0.0) == 0
    assert grad(grad(f))(0.0) == 0
    assert derivative(f)(0.0) == 0
    assert grad(lambda x: ag.relu(x) * math.inf)(-1.0) == 0
    assert math.isnan(grad(lambda x: x * 0.0 * math.inf)(1.0))      # a numeric 0 x inf stays nan
    assert jvp(lambda x, y: ag.sqrt(x) * y, (0.0, 2.0), (0.0, 1.0)) == (0.0, 0.0)
    assert vjp(lambda x: [ag.sqrt(x), x], 0.0)[1]([0.0, 1.0]) == 1


def test_poles_do_not_raise_in_any_mode():
    for f, slope in ((lambda x: 1 / x, -math.inf), (lambda x: x / 0.0, math.inf), (ag.log, math.inf),
                     (lambda x: (x - 2) / (2 * x), math.inf), (ag.sqrt, math.inf)):
        assert grad(f)(0.0) == slope
        assert derivative(f)(0.0) == slope
    for f in (lambda x: 1 / x, ag.log, lambda x: (x - 2) / (2 * x), ag.sqrt):
        assert not math.isfinite(grad(grad(f))(0.0))
        assert not math.isfinite(derivative(grad(f))(0.0))
        assert not math.isfinite(derivative(derivative(f))(0.0))


def test_large_graphs_do_not_recurse():
    def f(x):
        for _ in range(20_000):
            x = x * 0.5 + 1.0
        return x

    assert grad(f)(1.0) == 0.0
    assert derivative(f)(1.0) == 0.0
    assert grad(grad(f))(1.0) == 0.0
