"""Forward mode in compiled functions: comparisons, tangents and weights of 0, captured Duals, nesting."""

import itertools
import math
import operator
import threading
from fractions import Fraction

import numpy as np
import pytest
from mpmath import mp, workdps

import autograd as ag
from autograd import TraceError, Value, derivative, grad, gradcheck, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from autograd.diagnostics.numeric import Complex
from autograd.ops.operand import DUAL, Operand
from autograd.ops.symbolic import Symbol
from autograd.program.emit import Register
from autograd.transforms.dual import Dual
from tests.support.bit_identity import same

COMPARISONS = (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne)
GRID = (0.0, -0.0, 1.0, 2.0, -1.0, 0.5)


def agree(jit, f, points):
    """Compiled once and called at all points, what Python's own floats give."""
    compiled = jit(f)
    for point in points:
        assert same(compiled(*point), f(*point)), point


# ---- what a Dual is compared with ---------------------------------------------------------------


@pytest.mark.parametrize("compare", COMPARISONS, ids=lambda compare: compare.__name__)
def test_a_dual_compared_with_a_traced_value_is_a_guard(compare, jit):
    pairs = list(itertools.product((0.5, 1.0, 2.0), repeat=2))
    for f in (lambda s, k: derivative(lambda z: z - k if compare(z, k) else 0.0 * z)(s),
              lambda s, k: derivative(lambda z: z - k if compare(k, z) else 0.0 * z)(s),
              lambda s, k: derivative(lambda z: z - k if compare(z * z, k * z) else 0.0 * z)(s),
              lambda s, k: derivative(lambda z: z * 3.0 if compare(1.0, z) else 0.0 * z)(s * k),
              lambda s, k: derivative(lambda z: derivative(lambda y: y * z if compare(y, z) else y - z)(k))(s),
              lambda s, k: derivative(lambda z: derivative(lambda y: y * z if compare(y, k) else y * y * z)(z))(s),
              lambda s, k: grad(lambda z: derivative(lambda y: y * y * z if compare(y, z) else y)(k))(s),
              lambda s, k: derivative(grad(lambda z: z * z * z if compare(z, k) else z * z))(s)):
        wanted = {(s, k): f(Value(s), Value(k)) for s, k in pairs}     # eagerly, on Values: no trace, no formula shared
        compiled = jit(f)
        for point in pairs:
            assert compiled(*point) == getattr(wanted[point], "data", wanted[point]) == f(*point), point


def test_a_dual_s_comparison_decides_anew_in_each_call(jit):
    compiled = jit(lambda s, k: derivative(lambda z: z - k if z > k else 0 * z)(s))
    assert (compiled(1.0, 2.0), compiled(1.0, 0.5)) == (0.0, 1.0)


@pytest.mark.parametrize("f", [
    lambda z, k: max(z, k), lambda z, k: min(k, z), lambda z, k: sorted([z, k, 1.0])[1], lambda z, k: z if z - k else k,
    lambda z, k: z * z if z in [k, 0.5] else z, lambda z, k: np.max(np.array([z, k])), lambda z, k: abs(z - k) % 0.75,
    lambda z, k: ag.maximum(z, k), lambda z, k: ag.where(z - k, z * 2.0, 0.0), lambda z, k: z * 2.0 if not z else k * z,
    lambda z, k: z if Fraction(1, 2) < z else k * z, lambda z, k: z if np.float64(0.75) > z else k * z,
    lambda z, k: z * 3.0 if 0.5 < z <= k else z, lambda z, k: z if bool(ag.greater(z, k)) else z * z])
def test_everything_that_decides_in_forward_mode(f, jit):
    agree(jit, lambda s, k: derivative(lambda z: f(z, k))(s), itertools.product((0.5, 1.0, 2.0, 0.0), repeat=2))
    agree(jit, grad(lambda s, k: derivative(lambda z: f(z, k) * z)(s)), itertools.product((0.5, 1.0, 2.0), repeat=2))


@pytest.mark.parametrize("read", [lambda z: z.data, lambda z: float(f"{z:.17g}"), float, int, round, math.floor,
                                  lambda z: "%g" % z, lambda z: (z * z).data, lambda z: math.sin(z)])    # noqa: UP031
def test_the_number_in_a_dual_cannot_be_frozen(read, jit):
    def f(s):
        return derivative(lambda z: z * read(z))(s)

    if read in (round, math.floor):
        agree(jit, f, [(1.25,), (2.75,)])
        return
    with pytest.raises(TraceError):
        jit(f)(1.0)
    with pytest.raises(TraceError):
        jit(lambda s: derivative(lambda y: derivative(lambda z: z * y * read(z))(y))(s))(1.0)


def test_detach_of_a_dual_is_a_constant_with_methods(jit):
    f = derivative(lambda z: z.detach().exp() * z)
    assert f(0.5) == math.exp(0.5)
    agree(jit, f, [(0.5,), (2.0,)])
    agree(jit, grad(f), [(0.5,), (2.0,)])


# ---- a tangent of 0 -----------------------------------------------------------------------------


def test_a_tangent_of_zero_changes_no_value():
    value, tangent = jvp(lambda p: p[0] + abs(p[1]**0.5), ([1.0, -1.0],), ([1.0, 0.0],))
    assert math.isnan(value)
    assert tangent == 1.0
    assert jvp(lambda x, y: x * y.exp(), (1.0, 2.0), (1.0, 0.0)) == (math.exp(2.0), math.exp(2.0))
    assert jvp(lambda p: p[0] + 1 / p[1], ([1.0, 0.0],), ([1.0, 0.0],)) == (math.inf, 1.0)
    assert jvp(lambda x, y: x + y // 0, (1.0, 1.0), (1.0, 0)) == (math.inf, 1.0)
    assert jvp(ag.sqrt, (0.0,), (0.0,)) == (0.0, 0.0)
    assert jvp(lambda p: ag.prod(p), ([0.0, math.inf],), ([0.0, 0.0],))[1] == 0.0
    with pytest.raises(TraceError, match="int"):        # as where its tangent is not 0
        jvp(lambda x, n: x * int(n), (1.0, 2.0), (1.0, 0.0))


@pytest.mark.parametrize("f", [
    ag.sqrt, ag.log, ag.cbrt, lambda x: abs(x)**0.5, lambda x: -ag.sqrt(x), lambda x: 1.0 / x, lambda x: -x,
    lambda x: ag.exp(-1.0 / x), lambda x: ag.sqrt(x) * ag.log(x), lambda x: ag.relu(ag.log(x))])
def test_a_traced_tangent_is_selected(f, jit):
    for made in (lambda x, t: jvp(f, (x,), (t,)), lambda x, t: jvp(lambda y: f(y) * 2.0, (x * x,), (t,)),
                 grad(lambda x, t: jvp(f, (x,), (t,))[1], argnums=0), lambda x, t: vjp(f, x)[1](t),
                 grad(lambda x, t: jvp(f, (x,), (t,))[1], argnums=1), grad(lambda x, t: vjp(f, x)[1](t)),
                 hessian(lambda x, t: jvp(f, (x,), (t,))[1]), lambda x, t: hvp(f, x, t),
                 jacobian(lambda x, t: hvp(f, x, t)), lambda x, t: jvp(grad(f), (x,), (t,)),
                 lambda x, t: jvp(lambda y: jvp(f, (y,), (t,))[1], (x,), (t,))):
        compiled = jit(made)
        for point in itertools.product((*GRID, math.inf, math.nan), repeat=2):
            assert same(compiled(*point), made(*point)), point
        sides = [x for program in compiled.programs for guard in program.guards for x in (guard.left, guard.right)]
        assert not any(x.__class__ is int and x == 1 for x in sides)        # no guard asks for the tangent


def test_a_traced_tangent_of_zero_gives_zero_and_of_one_the_slope(jit):
    compiled = jit(lambda x, t: jvp(ag.sqrt, (x,), (t,)))
    assert [compiled(0.0, t) for t in (0.0, -0.0, 1.0)] == [(0.0, 0.0), (0.0, 0.0), (0.0, math.inf)]
    assert len(compiled.programs) == 1
    two = jit(lambda p, v: jvp(lambda p: p[0] * p[0] + ag.sqrt(p[1]), (p,), (v,))[1])
    assert [two([3.0, 0.0], v) for v in ([1.0, 0.0], [1.0, 1.0], [0.0, 0.0])] == [6.0, math.inf, 0.0]
    numeric = jit(lambda x, y, s, t: jvp(lambda x, y: ag.sqrt(x * y), (x, y), (s, t))[1])
    assert math.isnan(numeric(0.0, 0.0, 1.0, 1.0))      # 0 * inf, which is no structural zero


def test_a_derivative_by_a_tangent_or_weight_that_is_zero(jit):
    """d/dt of f'(x) t is f'(x), and d/dx of it f''(x) t, which is nothing at t = 0."""
    with workdps(30):
        first, second, third = (float(mp.diff(mp.tan, 0.5, n)) for n in (1, 2, 3))
    for made in (lambda f: f, jit):
        for along in (lambda x, t: jvp(ag.tan, (x,), (t,))[1], lambda x, t: vjp(ag.tan, x)[1](t)):
            assert made(grad(along))(0.5, 0.0) == pytest.approx((0.0, first), rel=1e-14)
            rows = made(hessian(along))(0.5, 0.0)
            assert [*rows[0], *rows[1]] == pytest.approx([0.0, second, second, 0.0], rel=1e-14)
            assert made(lambda x, t: derivative(lambda t: along(x, t))(t))(0.5, 0.0) == pytest.approx(first, rel=1e-14)     # noqa: B023
        slope = made(jacobian(lambda x, t: hvp(ag.tan, x, t)))(0.5, 0.0)
        assert slope == pytest.approx((0.0, second), rel=1e-14)
        assert made(hessian(lambda x, t: hvp(ag.tan, x, t)))(0.5, 0.0)[0] == pytest.approx((0.0, third), rel=1e-13)
    steep = value_and_grad(lambda x, t: jvp(ag.sqrt, (x,), (t,))[1])
    assert jit(steep)(0.0, 0.0) == steep(0.0, 0.0) == (0.0, (0.0, math.inf))
    inside = jit(lambda x, t: jvp(lambda x: ag.sqrt(x) * x, (x,), (t,))[1])
    assert grad(inside, argnums=0)(0.0, 0.0) == 0.0
    twice = grad(grad(jit(lambda x, t: jvp(ag.tan, (x,), (t,))[1]), argnums=0), argnums=1)
    assert twice(0.5, 0.0) == pytest.approx(second)


def test_gauss_newton_where_a_residual_is_zero(jit):
    """J^T r and its Jacobian J^T J + sum r_i H_i, with r_0 = 0 beside an infinite slope."""
    def residuals(p):
        return [ag.sqrt(p[0]) * 2.0, p[1] * p[0] - 3.0]

    def pulled(p, w):
        return vjp(residuals, p)[1](w)

    assert jit(pulled)([0.0, 2.0], [0.0, 5.0]) == pulled([0.0, 2.0], [0.0, 5.0]) == [10.0, 0.0]
    assert jit(pulled)([0.0, 2.0], [1.0, 5.0]) == pulled([0.0, 2.0], [1.0, 5.0]) == [math.inf, 0.0]


@pytest.mark.parametrize("made", [lambda f: f, grad, derivative, lambda f: grad(grad(f))])
def test_the_weights_of_a_pullback_are_constants_to_it(made, jit):
    def own(x):
        value, pullback = vjp(lambda y: y * y, x)
        return pullback(value)      # 2x x^2

    def written(x):
        return 2.0 * x * x * x

    for call in (made(own), jit(made(own))):
        assert call(2.0) == pytest.approx(made(written)(2.0), rel=1e-15)


# ---- compiled functions that capture a Dual -----------------------------------------------------


def test_a_compiled_closure_over_the_argument(jit):
    assert jvp(lambda x: jit(lambda y: x * y)(2.0), (3.0,), (1.0,)) == (6.0, 2.0)
    assert derivative(derivative(lambda x: jit(lambda y: x * x * x * y)(2.0)))(3.0) == 36.0
    assert grad(derivative(lambda x: jit(lambda y: x * x * x * y)(2.0)))(3.0) == 36.0
    assert derivative(grad(lambda x: jit(lambda y: x * x * x * y)(2.0)))(3.0) == 36.0
    assert derivative(lambda x: jit(lambda y: derivative(lambda z: z * z * x * y)(y))(2.0))(3.0) == 8.0
    assert derivative(lambda x: jit(grad(lambda y: y * y * x))(2.0))(3.0) == 4.0
    assert derivative(lambda x: jit(lambda y: jit(lambda z: z * x)(y) * y)(2.0))(3.0) == 4.0
    assert jvp(lambda x: jit(lambda p: [p[0] * x, p[1]])([1.0, 2.0]), (3.0,), (1.0,)) == ([3.0, 2.0], [1.0, 0.0])
    assert jit(derivative(lambda x: jit(lambda y: x * y)(2.0)))(3.0) == 2.0
    assert gradcheck(lambda x: jit(lambda y: x * y * x)(2.0), 3.0)


@pytest.mark.parametrize(("body", "slope"), [
    (lambda k, y: k * y, 2.0), (lambda k, y: y if k > 1.0 else y * y, 0.0), (lambda k, y: y * k.data, 0.0),
    (lambda k, y: y if k else y * y, 0.0), (lambda k, y: y * float(f"{k:.3f}"), 0.0), (lambda k, y: max(y, k) * k, 2.0),
    (lambda k, y: derivative(lambda z: z * z * k)(y), 4.0), (lambda k, y: y * k.detach(), 0.0),
    (lambda k, y: y if k == 1.5 else y * 2.0, 0.0)])
def test_a_dual_leaves_no_version_behind(body, slope, jit):
    kept = []
    compiled = jit(lambda y: body(kept[-1], y))

    def f(k):
        kept.append(k)
        return compiled(2.0)

    def written(k):
        return body(k, 2.0)

    for k in (1.75, 0.5, 1.5):
        assert jvp(f, (k,), (1.0,)) == jvp(written, (k,), (1.0,))
        assert not compiled.programs
    assert jvp(f, (1.75,), (1.0,))[1] == slope
    kept.append(Value(0.25))
    out = compiled(2.0)
    right = body(kept[-1], Value(2.0))
    assert getattr(out, "data", out) == getattr(right, "data", right)
    assert len(compiled.programs) == 1


def test_it_is_traced_once_in_each_derivative(jit):
    runs = []

    def f(x):
        def inner(y):
            runs.append(y)
            return x * y

        compiled = jit(inner)
        return sum(compiled(float(i)) for i in range(50))

    assert jvp(f, (3.0,), (1.0,)) == (3675.0, 1225.0)
    assert len(runs) == 50 + 1      # each call, and one trace


def test_threads_that_compile_what_captures_a_dual(jit):
    kept = threading.local()
    compiled = jit(lambda y: y * getattr(kept, "k", 1.0))
    found = []

    def work(x):
        def f(k):
            kept.k = k
            return compiled(2.0) * k

        found.extend(derivative(f)(x) == 4.0 * x for _ in range(50))

    threads = [threading.Thread(target=work, args=(float(i),)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 200
    assert compiled(3.0) == 3.0


def test_a_derivative_inside_is_a_number_outside_all_transforms(jit):
    """As it is eagerly, in forward mode, too: what is multiplied by it does not flow through it."""
    for made in (lambda w, x: derivative(lambda y: y * y * w)(x), lambda w, x: hessian(lambda y: y * y * w)(x),
                 lambda w, x: jvp(lambda y: y * y * w, (x,), (1.0,))[0],
                 lambda w, x: hvp(lambda y: y * y * w, x, 1.0), lambda w, x: vjp(lambda y: y * y * w, x)[1](1.0),
                 lambda w, x: vjp(lambda y: y * y * w, x)[0]):
        found = []
        for call in (lambda f: f, jit):
            w = Value(2.0)
            out = call(lambda x: w * made(w, x))(3.0)       # noqa: B023
            out.backward()
            found.append((out.data, w.grad, call(lambda x: made(w, x))(3.0)))       # noqa: B023
        assert same(*found)


# ---- ranks --------------------------------------------------------------------------------------


def test_no_level_reaches_another_kind():
    """Of two kinds the same one applies an op, however many derivatives there have been."""
    low, high = Dual(2.0, 1.0, (DUAL, 1)), Dual(2.0, 1.0, (DUAL, 10**30))
    others = [Value(2.0), Complex(2.0 + 1e-20j), Symbol("x"), Register(None, 0)]
    ranks = [(x._rank, x) for x in (*others, low, high)]
    assert len({rank for rank, _ in ranks}) == len(ranks)
    for other in others:
        assert (low._rank > other._rank) is (high._rank > other._rank)
    kinds = [kind for kind in Operand.__subclasses__() if kind.__module__.startswith("autograd.") and kind is not Dual]
    assert len({kind._rank for kind in kinds}) == len(kinds)


def test_gradcheck_after_a_thousand_derivatives():
    def f(x):
        return derivative(lambda y: y * y * x)(2.0) * x

    assert gradcheck(f, 3.0)
    for _ in range(1100):
        derivative(lambda x: x)(1.0)
    assert gradcheck(f, 3.0)


def test_the_complex_step_takes_no_real_part_of_a_derivative():
    assert gradcheck(lambda x: jvp(ag.sin, (x,), (1.0,))[1] * x, 0.5)
    assert gradcheck(lambda x: jvp(lambda y: y * y, (2.0,), (x,))[1] * x, 0.5)
