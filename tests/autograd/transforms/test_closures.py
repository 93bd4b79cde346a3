"""Derivatives of closures: over what is differentiated around them, over loop variables, over captured Values."""

import itertools
from functools import partial

import pytest

import autograd as ag
from autograd import Value, derivative, grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from tests.support.smooth_functions import P, V, spread

near = partial(pytest.approx, rel=1e-12, abs=1e-14)


@pytest.fixture(params=["eager", "python", "llvm"])
def made(request):
    """What a function becomes before it is called: itself, or compiled."""
    if request.param == "llvm":
        pytest.importorskip("llvmlite")
    return (lambda f: f) if request.param == "eager" else ag.jit(backend=request.param)


# ---- closures -----------------------------------------------------------------------------------


def test_closures_over_what_is_differentiated_around_them(made):
    def work(x):
        scale = x * x                                   # an intermediate
        slope = derivative(lambda y: scale * y * y)     # closes over it, and is called twice
        weigh = partial(lambda a, b: a * b * x, scale)
        return slope(1.0) + slope(x) + grad(weigh)(2.0)     # 2x^2 + 2x^3 + x^3

    assert [made(f)(2.0) for f in (work, grad(work), derivative(work), grad(derivative(work)))] == [32, 44, 44, 40]


def test_closures_that_change_while_the_function_runs(made):
    def work(x):
        total, slopes = x, []

        def cube(y):
            return total * y * y * y

        for _ in range(3):
            slopes.append(derivative(cube)(1.0))      # 3 total
            total = total + x * slopes[-1]
        return ag.sum(slopes)

    def straight(x):        # total: x, x + 3x^2, x + 6x^2 + 9x^3
        return 9 * x + 27 * x**2 + 27 * x**3

    assert made(work)(2.0) == 342.0
    assert made(grad(work))(2.0) == made(derivative(work))(2.0) == grad(straight)(2.0) == 441.0
    assert made(grad(derivative(work)))(2.0) == 378.0


def test_closures_over_loop_variables_and_defaults(made):
    def work(x):
        late = [lambda y: y * x * k for k in range(3)]         # noqa: B023 (all see the last k)
        early = [lambda y, k=k: y * x * k for k in range(3)]
        return ag.sum(grad(f)(1.0) for f in late) + ag.sum(derivative(f)(1.0) for f in early)

    assert made(work)(2.0) == 18.0      # 6x + 3x
    assert made(grad(work))(2.0) == 9.0


def test_a_pullback_at_its_own_value(made):
    """J^T f, the slope of half a sum of squares: the cotangent itself depends on the point."""
    def half(p):
        return ag.sum(u * u for u in spread(p)) * 0.5

    def slope(p):
        value, pullback = vjp(spread, p)
        return pullback(value)

    assert made(slope)(P) == near(grad(half)(P))
    assert made(lambda p: jvp(slope, (p,), (V,))[1])(P) == near(hvp(half, P, V))
    assert made(lambda p: vjp(slope, p)[1](V))(P) == near(hvp(half, P, V))
    assert [list(row) for row in made(jacobian(slope))(P)] == [near(row) for row in hessian(half)(P)]


def test_a_pullback_is_a_closure_over_the_point(made):
    def work(x):
        value, pullback = vjp(lambda y: ag.sin(y) * x, x)
        return pullback(value) + pullback(2.0)       # called twice, once with what depends on the point

    def straight(x):
        return x * ag.cos(x) * (x * ag.sin(x)) + 2 * x * ag.cos(x)

    for first in (grad, derivative):
        assert made(work)(0.7) == near(straight(0.7))
        assert made(first(work))(0.7) == near(first(straight)(0.7))
        assert made(first(grad(work)))(0.7) == near(first(grad(straight))(0.7))


def test_closures_over_captured_values(made):
    w = Value(3.0)
    assert made(grad(lambda x: derivative(lambda y: w * y * y * x)(x)))(2.0) == 24.0     # of 2 w x^2
    both = made(value_and_grad(lambda x: derivative(lambda y: w * w * y * x)(5.0), wrt=[w]))
    assert both(2.0) == (18.0, [12.0])
    w.data = 1.0
    assert both(2.0) == (2.0, [4.0])
    assert made(grad(lambda x: value_and_grad(lambda: w * w * x, wrt=[w])()[1][0]))(2.0) == 2.0


@pytest.mark.parametrize("places", list(itertools.product((False, True), repeat=4)))
def test_compiled_at_any_level(places, jit):
    """A function, its derivative, the closure inside and its derivative: compiled or not."""
    def if_chosen(place):
        return jit if places[place] else lambda f: f

    def work(x):
        within = if_chosen(0)(lambda y: x * y * y)
        return if_chosen(1)(derivative(within))(x) + if_chosen(2)(grad(within))(3.0) * x       # 2x^2 + 6x^2

    outer = if_chosen(3)
    assert outer(work)(2.0) == 32.0
    assert outer(grad(work))(2.0) == 32.0
    assert outer(grad(outer(grad(work))))(2.0) == 16.0
    assert outer(derivative(work))(2.0) == 32.0
    assert outer(lambda x: jvp(grad(work), (x,), (0.5,))[1])(2.0) == 8.0
