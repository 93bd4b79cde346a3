"""Identities between derivatives of any function: nested, forward of reverse, and the rules of calculus."""

import itertools
import math
from functools import partial

import pytest

import autograd as ag
from autograd import TraceError, derivative, grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from tests.support.smooth_functions import C, P, U, V, spread

near = partial(pytest.approx, rel=1e-12, abs=1e-14)
# every way to the derivative of a function of one number
FIRST = {
    "grad": grad, "derivative": derivative, "jacobian": jacobian,
    "value_and_grad": lambda f: lambda x: value_and_grad(f)(x)[1],
    "jvp": lambda f: lambda x: jvp(f, (x,), (1.0,))[1],
    "vjp": lambda f: lambda x: vjp(f, x)[1](1.0),
    "vjp of jvp": lambda f: lambda x: vjp(lambda t: jvp(f, (x,), (t,))[1], 0.5)[1](1.0),     # linear in the tangent
    "jvp of vjp": lambda f: lambda x: jvp(vjp(f, x)[1], (0.5,), (1.0,))[1],                 # and in the cotangent
}
# functions of one number
SMOOTH = {
    "sin": ag.sin, "x e^x": lambda x: x * x.exp(), "tanh of a square": lambda x: ag.tanh(x * x),
    "quotient": lambda x: (1 - x) / (2 + x * x), "power": lambda x: (x + 2)**1.7, "loop": lambda x: rise(x, 3),
    "branch": lambda x: x**3 if x > 0 else -x * ag.cos(x), "log": lambda x: ag.log(3 + x), "gelu": ag.gelu,
}
POINTS = (0.7, -1.3)


def rise(x, n):
    """x to the power 2**n, by squaring."""
    return x if n == 0 else rise(x * x, n - 1)


def energy(p):
    """Of three numbers; every second derivative is something else."""
    x, y, z = p
    return ag.exp(0.3 * x * y) + ag.log(1 + z * z) * x + ag.tanh(y - z) * z


UNITS = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]


def inner(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


@pytest.fixture(params=["eager", "python", "llvm"])
def made(request):
    """What a function becomes before it is called: itself, or compiled."""
    if request.param == "llvm":
        pytest.importorskip("llvmlite")
    return (lambda f: f) if request.param == "eager" else ag.jit(backend=request.param)


# ---- perturbation confusion ---------------------------------------------------------------------


@pytest.mark.parametrize("outer", FIRST)
@pytest.mark.parametrize("within", FIRST)
def test_an_inner_derivative_takes_no_outer_perturbation_for_its_own(outer, within, made):
    d, e = FIRST[outer], FIRST[within]
    assert made(d(lambda x: x * e(lambda y: x + y)(1.0)))(1.0) == 1.0
    assert made(d(lambda x: x * e(lambda y: x)(2.0)))(1.0) == 0.0
    assert made(d(lambda x: e(lambda y: x * y * y)(x)))(3.0) == 12.0                    # of 2 x^2
    assert made(d(lambda x: e(lambda y: x * y)(3.0) * e(lambda y: y * y)(x)))(2.0) == 8.0     # of x 2x
    assert made(d(lambda x: e(lambda y: e(lambda z: x * y * z)(y))(x)))(5.0) == 1.0        # of d/dy (x y) = x
    assert made(d(lambda x: x * e(lambda y: x * d(lambda z: x * y * z)(2.0))(3.0)))(2.0) == 12.0     # of x^3


@pytest.mark.parametrize("names", list(itertools.product(("grad", "derivative", "vjp"), repeat=3)), ids="-".join)
def test_any_three_derivatives_in_any_order(names, made):
    f = ag.sin
    for name in names:
        f = FIRST[name](f)
    assert made(f)(0.7) == near(-math.cos(0.7))


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("name", SMOOTH)
def test_every_way_gives_one_derivative(first, name, made):
    for x in POINTS:
        assert made(FIRST[first](SMOOTH[name]))(x) == near(grad(SMOOTH[name])(x))


def test_a_function_valued_function_is_refused():
    """Its derivative would keep the perturbation beyond the call that it belongs to."""
    for d in (grad, derivative, jacobian):
        with pytest.raises(TypeError):
            d(lambda u: lambda x: x * u)(2.0)


def test_a_perturbation_that_escapes_is_an_error():
    kept = []
    derivative(lambda x: kept.append(x) or x * x)(2.0)
    with pytest.raises(TraceError):
        derivative(lambda y: y * kept[0])(3.0)


# ---- forward, reverse, and one of the other -----------------------------------------------------


def test_forward_and_reverse_are_adjoint(made):
    along = made(lambda p, v: jvp(spread, (p,), (v,))[1])(P, V)
    back = made(lambda p, c: vjp(spread, p)[1](c))(P, C)
    assert inner(C, along) == near(inner(back, V))


def test_columns_forward_and_rows_in_reverse_are_the_jacobian(made):
    j = made(jacobian(spread))(P)
    assert [list(row) for row in zip(*[jvp(spread, (P,), (unit,))[1] for unit in UNITS], strict=True)] == [
        near(row) for row in j]
    assert [vjp(spread, P)[1](unit[:2]) for unit in UNITS[:2]] == [near(row) for row in j]


def test_derivatives_are_linear(made):
    both = [2.0 * u - 3.0 * v for u, v in zip(U, V, strict=True)]
    along = made(lambda v: jvp(spread, (P,), (v,))[1])
    assert along(both) == near([2.0 * a - 3.0 * b for a, b in zip(along(U), along(V), strict=True)])
    back = made(lambda c: vjp(spread, P)[1](c))
    assert back([4.5, -1.5]) == near([3.0 * x for x in back(C)])
    turned = made(lambda v: hvp(energy, P, v))
    assert turned(both) == near([2.0 * a - 3.0 * b for a, b in zip(turned(U), turned(V), strict=True)])


HESSIAN_TIMES = {
    "hvp": lambda f, x, v: hvp(f, x, v),
    "forward of reverse": lambda f, x, v: jvp(grad(f), (x,), (v,))[1],
    "reverse of forward": lambda f, x, v: grad(lambda p: jvp(f, (p,), (v,))[1])(x),
    "reverse of reverse": lambda f, x, v: vjp(grad(f), x)[1](v),
    "reverse of an inner product": lambda f, x, v: grad(lambda p: ag.dot(grad(f)(p), v))(x),
    "forward of forward": lambda f, x, v: [jvp(lambda p, e=e: jvp(f, (p,), (e,))[1], (x,), (v,))[1] for e in UNITS],
    "forward of a pullback": lambda f, x, v: jvp(lambda p: vjp(f, p)[1](1.0), (x,), (v,))[1],
    "rows": lambda f, x, v: [inner(row, v) for row in hessian(f)(x)],
    "jacobian of grad": lambda f, x, v: [inner(row, v) for row in jacobian(grad(f))(x)],
}


@pytest.mark.parametrize("way", HESSIAN_TIMES)
def test_every_way_to_the_hessian_times_a_vector(way, made):
    x, y, z = P
    e, t, q = math.exp(0.3 * x * y), math.tanh(y - z), 1 + z * z
    s, w = 1 - t * t, 2 * z / q
    h = [[0.09 * y * y * e, 0.3 * e + 0.09 * x * y * e, w],
         [0.3 * e + 0.09 * x * y * e, 0.09 * x * x * e - 2 * t * s * z, 2 * t * s * z + s],
         [w, 2 * t * s * z + s, x * (2 / q - 4 * z * z / q**2) - 2 * t * s * z - 2 * s]]
    assert made(partial(HESSIAN_TIMES[way], energy))(P, V) == near([inner(row, V) for row in h])


def test_the_second_derivative_along_two_directions_has_no_order(made):
    def twice(u, v):
        return jvp(lambda p: jvp(energy, (p,), (u,))[1], (P,), (v,))[1]

    assert made(twice)(U, V) == near(made(twice)(V, U))
    assert made(twice)(U, V) == near(inner(U, hvp(energy, P, V)))


def test_gauss_newton_s_product(made):
    """J^T H J v by three transforms, and as the Hessian along the linearised function."""
    def outer(c):
        return ag.log(1 + c[0] * c[0]) + c[0] * c[1] * c[1]

    def product(p, v):
        value, along = jvp(spread, (p,), (v,))
        return vjp(spread, p)[1](hvp(outer, value, along))

    def linearised(step):
        return outer([a + b for a, b in zip(spread(P), jvp(spread, (P,), (step,))[1], strict=True)])

    assert made(product)(P, V) == near(hvp(linearised, [0.0, 0.0, 0.0], V))


# ---- the rules of calculus ----------------------------------------------------------------------


@pytest.mark.parametrize(("f", "g"), list(itertools.product(SMOOTH, repeat=2)), ids=lambda name: name.replace(" ", "_"))
def test_sum_product_and_chain_rule(f, g):
    f, g, x = SMOOTH[f], SMOOTH[g], 0.6
    one, two = grad(f), grad(g)
    value, other = (value_and_grad(h)(x)[0] for h in (f, g))
    assert grad(lambda x: f(x) + g(x))(x) == near(one(x) + two(x))
    assert grad(lambda x: f(x) * g(x))(x) == near(one(x) * other + value * two(x))
    assert grad(lambda x: f(g(x)))(x) == near(one(other) * two(x))
    assert jvp(lambda x: f(g(x)), (x,), (0.3,))[1] == near(jvp(f, (other,), (two(x) * 0.3,))[1])


@pytest.mark.parametrize(("f", "inverse"), [(ag.exp, ag.log), (ag.tan, ag.atan), (ag.sin, ag.asin), (ag.sinh, ag.asinh),
                                            (ag.tanh, ag.atanh), (lambda x: x**3, ag.cbrt), (ag.expm1, ag.log1p)])
def test_slopes_of_inverse_functions_are_reciprocal(f, inverse, made):
    for x in (0.3, 0.9):
        assert made(lambda x: derivative(f)(x) * grad(inverse)(f(x)))(x) == near(1.0)
        assert made(grad(grad(lambda x: inverse(f(x)))))(x) == pytest.approx(0.0, abs=1e-13)


@pytest.mark.parametrize(("f", "degree"), [
    (lambda p: p[0] * p[1] - p[2]**2, 2), (lambda p: ag.sqrt(ag.dot(p, p)), 1), (lambda p: ag.atan2(p[0], p[2]), 0),
    (lambda p: max(p), 1), (lambda p: p[0] / (p[1] * p[2]), -1), (ag.prod, 3), (lambda p: sorted(p)[1], 1)])
def test_euler_s_theorem_on_homogeneous_functions(f, degree, made):
    value, slopes = made(value_and_grad(f))(P)
    assert inner(P, slopes) == near(degree * value)
    assert made(lambda p: hvp(f, p, p))(P) == near([(degree - 1) * slope for slope in slopes])


def test_functions_that_are_their_own_derivatives(made):
    f, turned = ag.exp, ag.sin
    for order in range(1, 5):
        f, turned = FIRST[("grad", "derivative")[order % 2]](f), (derivative, grad)[order % 2](turned)
        assert made(f)(0.7) == near(math.exp(0.7))
        assert made(turned)(0.7) == near(math.sin(0.7 + order * math.pi / 2))


def test_the_identity_and_constants(made):
    for first in FIRST.values():
        assert made(first(lambda x: x))(2.0) == 1.0
        assert made(first(lambda x: 3.0))(2.0) == 0.0
        assert made(first(first(lambda x: x)))(2.0) == 0.0
    assert made(grad(lambda x, y: y))(1.0, 2.0) == (0.0, 1.0)
