"""Derivatives taken inside a compiled function."""

import math

import pytest

import autograd as ag
from autograd import TraceError, Value, grad, hessian, hvp, jacobian, value_and_grad, vjp
from tests.support.bit_identity import check_jit, same

# ---- gradients inside ---------------------------------------------------------------------------


def kinked(w):
    """Relus, an absolute value and a maximum: eager accumulation takes another way for each sign."""
    return ag.sum([ag.relu(a * b) + abs(a) * ag.maximum(a, b) - ag.relu(b) * a for a in w for b in w])


def test_a_gradient_inside_needs_no_version_for_each_sign(jit):
    points = [[x, y, z] for x in (1.5, -2.0, 0.0) for y in (0.5, -1.0) for z in (-0.25, 2.0, math.nan)]

    def step(w):
        slopes = grad(kinked)(w)
        return [a - 0.1 * slope for a, slope in zip(w, slopes, strict=True)]

    def pulled(w):
        value, pullback = vjp(kinked, w)
        return [value, *pullback(w[0] + 0.25)]

    for f in (step, pulled, lambda w: hvp(kinked, w, [1.0, 0.0, 0.5]), lambda w: hessian(kinked)(w),
              lambda w: jacobian(lambda v: [kinked(v), v[0]])(w)[0]):
        assert check_jit(f, *[(w,) for w in points], jit=jit) == 1
    assert check_jit(grad(lambda w: ag.sum(step(w)) * w[0]), *[(w,) for w in points], jit=jit) == 1


def test_a_gradient_inside_by_captured_values(jit):
    weights = [Value(0.5), Value(-1.5)]

    def f(x):
        value, slopes = value_and_grad(lambda: kinked([*weights, x]), wrt=weights)()
        return [value, *slopes]

    compiled = jit(f)
    for data in (2.0, -3.0):
        weights[1].data = data
        assert same(compiled(0.75), f(0.75))
    assert len(compiled.programs) == 1
    made = weights[0] * 2.0
    with pytest.raises(TraceError, match="computed outside"):
        jit(lambda x: value_and_grad(lambda: made * x, wrt=weights)()[1][0])(1.0)


# ---- threads and size ---------------------------------------------------------------------------


def test_a_derivative_inside_is_a_number_outside_all_transforms(jit):
    w, v = Value(2.0), Value(3.0)

    def step(x):
        return value_and_grad(lambda: (w * x) ** 2 * v, wrt=[w, v])()

    def mixed(x):       # what is multiplied by a slope does not flow through it
        return w * grad(lambda y: y * y * w)(x), grad(lambda y: y * y * w)(x) + x

    compiled, both = jit(step), jit(mixed)
    assert same(compiled(3.0), step(3.0))
    w.data = 5.0
    assert same(compiled(3.0), step(3.0))
    (got, number), (right, _) = both(1.5), mixed(1.5)
    assert same(number, mixed(1.5)[1])
    got.backward()
    slope = w.grad
    w.grad = 0.0
    right.backward()
    assert (got.data, slope) == (right.data, w.grad)
    assert same(grad(lambda x: jit(mixed)(x)[1])(1.5), grad(lambda x: mixed(x)[1])(1.5))
    assert same(value_and_grad(lambda: jit(mixed)(1.5)[0], wrt=[w])(), value_and_grad(lambda: mixed(1.5)[0], wrt=[w])())
