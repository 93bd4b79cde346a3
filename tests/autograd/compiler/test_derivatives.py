"""jit of transforms and transforms of jit."""

import math
from random import Random

import numpy as np
import pytest

import autograd as ag
from autograd import derivative, grad, hessian, hvp, jacobian, jvp, no_grad, value_and_grad, vjp
from tests.support.bit_identity import bits, check_jit, same
from tests.support.compiled_examples import rosenbrock
from tests.support.compiled_examples import sine_or_cube as f
from tests.support.straight_programs import OPS, calls, grid

# ---- the table ----------------------------------------------------------------------------------


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_the_whole_table_on_the_edges(op, jit):
    f = calls(op)
    points = grid(op, Random(op.name), 100)
    assert check_jit(value_and_grad(f), *points, jit=jit) == 1
    assert check_jit(value_and_grad(lambda *xs: ag.relu(f(*xs)) * 3.0 - xs[0]), *points, jit=jit) == 1
    compiled = jit(f)
    assert all(bits(compiled(*point)) == bits(float(f(*point))) for point in points)


@pytest.mark.parametrize("op", [op for op in OPS if op.arity], ids=lambda op: op.name)
def test_hessians_of_the_whole_table_on_the_edges(op, jit):
    check_jit(hessian(calls(op)), *grid(op, Random(op.name), 100), jit=jit)


# ---- with the transforms ------------------------------------------------------------------------


def g(p):
    return p[0] * p[0] * ag.exp(p[1]) if p[0] > p[1] else p[0] / p[1]


POINTS = [(2.0,), (-1.5,), (0.0,), (0.3,)]
PAIRS = [([2.0, 1.0],), ([1.0, 2.0],), ([-0.5, 3.0],)]


def test_compiled_transforms(jit):
    for made in (grad, value_and_grad, hessian, derivative, lambda f: grad(grad(f)), lambda f: derivative(grad(f))):
        check_jit(made(f), *POINTS, jit=jit)
    for made in (grad, value_and_grad, hessian):
        check_jit(made(g), *PAIRS, jit=jit)
        check_jit(made(g), *((np.array(p),) for [p] in PAIRS), jit=jit)
        check_jit(made(rosenbrock), (1.0, 2.0), (0.5, -3.0), jit=jit)
        check_jit(made(rosenbrock, argnums=1), (1.0, 2.0), jit=jit)
        check_jit(made(rosenbrock, argnums=(1, 0)), (1.0, 2.0), jit=jit)
        check_jit(made(rosenbrock, argnums=-2), (1.0, 2.0), jit=jit)
    for out in (lambda p: [p[0] * p[1], g(p)], lambda p: [p[0], 1.0], lambda p: [[p[1]], p[0]]):
        check_jit(jacobian(out), *PAIRS, jit=jit)
    check_jit(jacobian(lambda x: x * x), (np.array([1.0, 2.0]),), jit=jit)
    check_jit(jacobian(lambda x, y: [x * y, x]), (2.0, 3.0), jit=jit)


def test_second_derivatives_by_one_of_several_arguments(jit):
    """What `grad` answers is one number again if it was asked for one, whatever else the function takes."""
    for first, second in ((0, 0), (0, 1), (1, 0), (-1, None)):
        check_jit(grad(grad(rosenbrock, argnums=first), argnums=second), (1.0, 2.0), (0.5, -3.0), jit=jit)
    for made, args in ((grad(grad(g)), ([2.0, 1.0],)), (grad(grad(lambda p: p[0] * p[0])), ([2.0],)),
                       (grad(grad(rosenbrock)), (1.0, 2.0)), (grad(grad(rosenbrock, argnums=[0])), (1.0, 2.0))):
        with pytest.raises(TypeError, match="use jacobian"):
            jit(made)(*args)


def test_transforms_of_the_compiled(jit):
    """To the bit where the adjoint of the compiled result is 1; else within roundings."""
    for [x] in POINTS[1:2]:
        compiled = jit(f)
        assert same(grad(compiled)(x), grad(f)(x))
        assert same(value_and_grad(compiled)(x), value_and_grad(f)(x))
        assert same(grad(jit(grad(f)))(x), pytest_close(grad(grad(f))(x), grad(jit(grad(f)))(x)))
        for made in (derivative, hessian, lambda f: grad(grad(f)), lambda f: derivative(grad(f)),
                     lambda f: grad(derivative(f)), lambda f: derivative(derivative(f)), lambda f: grad(grad(grad(f)))):
            assert made(compiled)(x) == pytest.approx(made(f)(x), rel=1e-13)
            assert made(jit(f))(x) == pytest.approx(made(f)(x), rel=1e-13)        # for the first time inside
            assert jit(made(compiled))(x) == pytest.approx(made(f)(x), rel=1e-13)
        assert jvp(jit(f), (x,), (2.0,)) == pytest.approx(jvp(f, (x,), (2.0,)), rel=1e-13)
        value, pullback = vjp(jit(f), x)
        assert (value, pullback(3.0)) == pytest.approx((f(x), 3.0 * grad(f)(x)), rel=1e-13)
    for [p] in PAIRS:
        assert same(grad(jit(g))(p), grad(g)(p))
        assert hvp(jit(g), p, [1.0, 2.0]) == pytest.approx(hvp(g, p, [1.0, 2.0]), rel=1e-13)
        assert jacobian(jit(grad(g)))(p) == [pytest.approx(row, rel=1e-13) for row in hessian(g)(p)]
        assert hessian(jit(g))(p) == [pytest.approx(row, rel=1e-13) for row in hessian(g)(p)]
        assert jvp(jit(g), (p,), ([1.0, 0.0],)) == pytest.approx(jvp(g, (p,), ([1.0, 0.0],)), rel=1e-13)


def pytest_close(wanted, found):
    """``found`` if it is close to what is wanted."""
    return found if found == pytest.approx(wanted, rel=1e-13) else wanted


def test_a_new_branch_met_inside_a_derivative(jit):
    compiled = jit(f)
    compiled(1.0)
    assert grad(compiled)(-2.0) == grad(f)(-2.0)
    assert len(compiled.programs) == 2


def test_forward_mode_over_it_is_eager_s_to_the_bit(jit):
    def steep(x):
        return ag.exp(x) * ag.exp(-x) * 1e8 - 1e8 * ag.exp(x - x) + ag.sin(x) * x ** 3 / (1.0 + x * x)

    compiled = jit(steep)
    for x in (0.7, 2.0, 700.0):
        for made in (derivative, lambda f: derivative(derivative(f)), lambda f: grad(derivative(f)),
                     lambda f: derivative(grad(f)), lambda f: lambda at: jvp(f, (at,), (0.5,))):
            assert same(made(compiled)(x), made(steep)(x)), x


def test_structural_zeros_pass_through_it(jit):
    hinge = jit(lambda x: ag.relu(x) * 1.0)
    for made in (grad, derivative):
        assert made(lambda x: hinge(ag.sqrt(x) - 5.0))(0.0) == 0.0
        assert made(lambda x: hinge(ag.log(x)))(0.0) == 0.0


def test_jitted_inside_jitted(jit):
    inner = jit(lambda x: x * x if x > 1.0 else x)
    outer = jit(lambda x: inner(x) + inner(x + 1.0))
    for x in (2.0, 0.5, -3.0):
        assert outer(x) == inner(x) + inner(x + 1.0)
    assert len(outer.programs) == 3
    assert same(jit(jit(f))(2.0), f(2.0))


def test_a_captured_value_of_the_outer_derivative(jit):
    assert grad(lambda t: jit(lambda x: x * t * t)(2.0))(3.0) == 12.0
    assert grad(grad(lambda t: jit(lambda x: x * t * t)(2.0)))(3.0) == 4.0


# ---- types and errors ---------------------------------------------------------------------------


def test_the_jacobian_of_a_tuple_is_a_list_of_rows(jit):
    check_jit(jacobian(lambda p: (p[0], 1.0)), *PAIRS, jit=jit)


@pytest.mark.parametrize("number", [np.float64(3.0), np.array(3.0), 3, True, 3.0], ids=repr)
def test_a_gradient_of_any_constant_number(jit, number):
    assert same(jit(grad(lambda x: number))(1.0), 0.0)


# ---- ops of the user's own ----------------------------------------------------------------------


def test_a_detached_nan_has_no_gradient(jit):
    def no_grad_blocks(x):
        with no_grad():
            y = x * 2.0
        return y * 1.0 + x

    for made in (grad(lambda x: x.detach() + x), grad(no_grad_blocks)):
        check_jit(made, (1.0,), (math.nan,), jit=jit)


@pytest.mark.parametrize(("made", "args"), [
    (grad(grad(lambda x, y: x ** 3 * y * y, argnums=0), argnums=0), (2.0, 3.0)),
    (value_and_grad(grad(lambda x, y: x ** 3 * y * y, argnums=0), argnums=1), (2.0, 3.0)),
    (grad(hessian(lambda x: x ** 5)), (2.0,)), (hessian(jacobian(lambda x: x ** 5)), (2.0,)),
    (grad(jacobian(lambda x: x ** 5)), (2.0,)), (jacobian(value_and_grad(lambda x: x ** 5)), (2.0,)),
    (jacobian(value_and_grad(lambda p: p[0] ** 5)), (np.array([2.0]),)),
    (jacobian(lambda p: [p[0] * p[1], p[1]]), (np.array([2.0, 3.0]),)),
    (jacobian(lambda p: (p[0] * p[1], [p[1]])), ([2.0, 3.0],)),
    (jacobian(lambda p, q: [p[0] * q, q], argnums=(1,)), ([2.0, 3.0], 4.0)),
])
def test_transforms_inside_transforms_have_eager_s_forms(made, args, jit):
    check_jit(made, args, jit=jit)
    assert same(jit(made)(*args), jit(lambda *inside: made(*inside))(*args))


@pytest.mark.parametrize(("made", "args"), [
    (hessian(grad(lambda p: p[0] ** 3 * p[1] ** 2)), ([2.0, 3.0],)), (grad(grad(lambda p: p[0] ** 3)), ([2.0],)),
    (value_and_grad(grad(lambda p: p[0] ** 3)), ([2.0],)), (grad(value_and_grad(lambda x: x * x)), (2.0,)),
])
def test_what_eager_refuses_is_refused_in_its_words(made, args, jit):
    with pytest.raises(TypeError) as eager:
        made(*args)
    with pytest.raises(TypeError) as compiled:
        jit(made)(*args)
    assert str(compiled.value) == str(eager.value)
