"""has_aux: other results beside what is differentiated, in JAX's places, eager and compiled."""

import pytest

import autograd as ag
from autograd import Value, grad, hessian, jacobian, value_and_grad
from tests.support.bit_identity import same


def f(x, y):
    square = x * x
    return square * y, {"square": square, "parts": [x, (y, None)], "name": "f", "three": 3.0}


AUX = {"square": 4.0, "parts": [2.0, (5.0, None)], "name": "f", "three": 3.0}


def test_other_results_stand_where_jax_has_them(jit):
    """JAX's documentation: (gradient, aux), ((value, aux), gradient), (jacobian, aux), (hessian, aux)."""
    cases = [(grad, ((20.0, 4.0), AUX)), (value_and_grad, ((20.0, AUX), (20.0, 4.0))),
             (jacobian, ((20.0, 4.0), AUX)), (hessian, (((10.0, 4.0), (4.0, 0.0)), AUX))]
    for transform, right in cases:
        for made in (transform(f, has_aux=True), jit(transform(f, has_aux=True))):
            for _ in range(2):
                assert same(made(2.0, 5.0), right)
    for transform in (grad, jacobian, hessian):
        for argnums in (0, 1, (1, 0)):
            eager = transform(f, argnums=argnums, has_aux=True)
            assert same(jit(eager)(2.0, 5.0), eager(2.0, 5.0))
            assert same(eager(2.0, 5.0)[0], transform(lambda x, y: f(x, y)[0], argnums=argnums)(2.0, 5.0))


def test_a_jacobian_of_several_outputs_with_other_results(jit):
    g = lambda p: ([p[0] * p[1], p[0]], p[1] * 2.0)     # noqa: E731
    for made in (jacobian(g, has_aux=True), jit(jacobian(g, has_aux=True))):
        assert same(made([2.0, 3.0]), ([[3.0, 2.0], [1.0, 0.0]], 6.0))


def test_captured_values_and_other_results(jit):
    w = Value(3.0)
    g = lambda x: (w * x, w + x)        # noqa: E731
    for made in (value_and_grad(g, wrt=[w], has_aux=True), jit(value_and_grad(g, wrt=[w], has_aux=True))):
        assert same(made(2.0), ((6.0, 5.0), [2.0]))


def test_inside_other_derivatives_they_are_differentiated(jit):
    outer = lambda y: grad(lambda x: (x * x * y, x * y), has_aux=True)(y)[1]       # noqa: E731
    for made in (grad(outer), jit(grad(outer)), ag.derivative(outer)):
        assert made(3.0) == 6.0
    inner = jit(lambda x: grad(lambda x: (x**3, {"x": x}), has_aux=True)(x))
    assert same(inner(2.0), (12.0, {"x": 2.0}))


def test_objects_pass_eagerly_and_one_result_is_refused(jit):
    log = object()
    assert grad(lambda x: (x * x, log), has_aux=True)(3.0)[1] is log
    for wrong in (lambda x: x, lambda x: [x, x], lambda x: (x, x, x)):
        for made in (grad(wrong, has_aux=True), jit(grad(wrong, has_aux=True))):
            with pytest.raises(TypeError, match="with has_aux=True the function has to return a pair"):
                made(2.0)
