"""jit: the same numbers, types and errors as eager, whatever is around it or inside, and a version for every branch."""

import copy
import gc
import math
import pickle
import threading
import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import pairwise
from random import Random

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import (
    TABLE,
    AnomalyError,
    TraceError,
    Value,
    anomaly,
    derivative,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    value_and_grad,
    vjp,
)
from autograd.graph.context import modes
from tests.support.bit_identity import bits, check_jit, same
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


# ---- versions -----------------------------------------------------------------------------------


def test_every_branch_has_its_version(jit):
    assert check_jit(lambda x: x * x * 1.0 if x > 0.0 else -x, (2.0,), (-1.0,), (0.0,), (math.nan,), (3.0,),
                     jit=jit) == 2
    assert check_jit(lambda x: 1.0 if x > 0.0 else 2.0, (2.0,), (-1.0,), (0.0,), jit=jit) == 2
    assert check_jit(lambda a, b: (a + b) * (2.0 if a < b else 1.0) * (3.0 if a < 1.0 else 1.0), (0.0, 5.0), (2.0, 5.0),
                     (2.0, 1.0), (0.0, -1.0), jit=jit) == 4
    orders = [[a, b, c] for a in (1.0, 2.0, 3.0) for b in (1.0, 2.0, 3.0) for c in (1.0, 2.0, 3.0)]
    for f in (sorted, lambda p: [max(p), min(p)], lambda p: [p.index(p[2]) * 1.0]):
        check_jit(f, *([p] for p in orders), jit=jit)


def test_newton_s_loop_and_its_derivative(jit):
    def newton(s):
        x = s
        while abs(x * x - s) > 1e-9 * s:
            x = 0.5 * (x + s / x)
        return x

    points = [(10.0**Random(i).uniform(-3, 3),) for i in range(100)]
    assert 3 < check_jit(newton, *points, jit=jit) < 20
    assert check_jit(value_and_grad(newton), *points, jit=jit) < 20
    compiled = jit(newton)
    assert [grad(compiled)(*point) for point in points] == [grad(newton)(*point) for point in points]


def several_ways(x):
    for i in range(90):
        if x < float(i):
            return x * float(i)
    return x


def test_at_least_64_versions_and_beyond_that_eager_with_one_warning(jit):
    compiled = jit(several_ways)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for i in range(64):
            assert compiled(i - 0.5) == (i - 0.5) * i
    assert len(compiled.programs) >= 64
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for i in range(90):
            x = i - 0.5
            assert compiled(x) == x * i
            assert value_and_grad(compiled)(x) == (x * i, float(i))
            assert derivative(compiled)(x) == float(i)
    assert [warning.category for warning in caught] == [RuntimeWarning]
    assert caught[0].filename == __file__
    assert "several_ways" in str(caught[0].message)
    assert len(compiled.programs) <= 90


def test_the_cap_is_one_of_each_structure_of_arguments(jit):
    """And functions of lists of all lengths stay compiled, up to a cap of its own with a warning of its own."""
    compiled = jit(lambda p, *flags: several_ways(p[0]) * 2.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for p in ([0.0], [0.0, 0.0]):
            for i in range(40):
                assert compiled([i - 0.5, *p[1:]]) == (i - 0.5) * i * 2.0
    assert len(compiled.programs) == 80
    first = jit(lambda p: p[0] * 2.0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for n in range(1, 300):
            assert first([3.0] * n) == 6.0
    assert 100 <= len(first.programs) < 300
    [warning] = caught
    assert "structures" in str(warning.message)
    assert "comparisons" not in str(warning.message)
    assert warning.filename == __file__


def test_the_programs_are_shown_as_a_tree(jit):
    def clipped(x, low, mode="a"):
        if x < low:
            return low
        guess = x * 2.0
        guess.label = "guess"
        return guess if guess > 4.0 else guess * x

    compiled = jit(clipped)
    assert (list(compiled.programs), repr(compiled.programs)) == ([], "[]")
    for args in ((3.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (3.0, 0.0, "b")):
        compiled(*args)
    assert str(compiled.programs) == repr(compiled.programs) == """\
<Program clipped: 2 inputs, 1 instructions>
  x < low is True: <Program clipped: 2 inputs, 0 instructions>
  guess > 4.0 is False: <Program clipped: 2 inputs, 2 instructions>
<Program clipped: 2 inputs, 1 instructions> for 'b'"""
    assert len(compiled.programs) == 4
    assert compiled.programs[0] == compiled.programs[3]
    assert compiled.programs[1:][0].outputs == (1,)
    assert str(pickle.loads(pickle.dumps(compiled.programs))) == str(compiled.programs)


def test_the_structure_of_the_arguments_chooses(jit):
    def f(p, mode="a", scale=1.0):
        rows = p.ravel() if hasattr(p, "ravel") else p
        items = [x for row in rows for x in (row if isinstance(row, list) else [row])]
        return ag.sum(items) * (scale if mode == "a" else -scale)

    compiled = jit(f)
    for _ in range(2):
        for args, kwargs in [(([1.0, 2.0],), {}), (([1.0, 2.0, 3.0],), {}), (([[1.0], [2.0, 3.0]],), {}),
                             (([[1.0, 2.0], [3.0]],), {}), ((np.array([1.0, 2.0, 3.0]),), {}),
                             ((np.array([[1.0], [2.0], [3.0]]),), {}), (([1.0], "b"), {}), (([1.0],), {"mode": "b"}),
                             (([1.0],), {"scale": 3.0}), (([1.0],), {"mode": "b", "scale": 3.0}),
                             (([1.0],), {"scale": 3.0, "mode": "b"}), (([1.0], "a", 7.0), {})]:
            assert same(compiled(*args, **kwargs), float(f(*args, **kwargs))), (args, kwargs)
    assert len(compiled.programs) <= 12


def test_what_is_no_float_is_never_taken_for_one(jit):
    """Also when there is a version for floats already."""
    def f(x):
        return 1.0 if x is True else x * 2.0

    class Own(float):
        pass

    compiled, inside = jit(f), jit(lambda p: p[0] * 2.0)
    assert [compiled(x) for x in (3.0, True, False, 3, Own(4.0))] == [6.0, 1.0, 0.0, 6.0, 8.0]
    assert (inside([3.0]), inside([True]), inside([3]), inside([np.float64(3.0)])) == (6.0, 2.0, 6.0, 6.0)
    assert same(compiled(np.array([3.0])), np.array([6.0]))
    assert same(inside([np.array([3.0])]), np.array([6.0]))
    assert same(inside((3.0,)), 6.0)
    for wrong in (Decimal("2"), "3.0", 1j, None):
        with pytest.raises(TypeError):
            compiled(wrong)
        with pytest.raises(TypeError):
            inside([wrong])
    with pytest.raises(OverflowError):
        compiled(10**400)
    assert compiled(-1) == -2.0


ARRAYS = [np.array([1.0, 2.0, 3.0]), np.array([[1.0, 2.0, 3.0]]), np.array([1, 2, 3]), np.array([1.0, 2.0, 3.0, 4.0]),
          np.array([1.0, 2.0, 3.0], np.float32), np.array([1.0, 2.0, 3.0], ">f8"), np.array([1.0, 9.0] * 3)[::2],
          np.array([1.0, 2.0, 3.0], object), np.array([[1.0], [2.0], [3.0]]), np.arange(6.0).reshape(2, 3).T,
          np.array([[1.0, 2.0], [3.0, 4.0]])]


@pytest.mark.parametrize("first", range(len(ARRAYS)))
def test_arrays_of_every_kind_in_any_order(jit, first):
    """The quick way is made for the first; what has another shape, type or layout goes another way, to the same end."""
    def f(x):
        return ag.sum(list(x.ravel() * x.ravel())) + x.ravel()[0]

    compiled = jit(value_and_grad(f))
    for x in ARRAYS[first:] + ARRAYS[:first]:
        before = x.copy()
        for _ in range(2):
            value, slope = compiled(x)
            assert same((value, slope), value_and_grad(f)(x))
            assert slope.flags.owndata or slope.base.flags.owndata
            assert not np.shares_memory(slope, x)
            slope[...] = 7.0        # nobody else's
        assert (x == before).all()


def test_results_of_every_form_the_quick_way(jit):
    """Twice each: the first call traces, the second goes straight to the code."""
    forms = [lambda x, y: x * y, lambda x, y: [x * y, x], lambda x, y: (x * y, [x, y]), lambda x, y: (x, y),
             lambda x, y: [[x * y, y], [x, x]], lambda x, y: ((x,), [], (), [y, [x]]), lambda x, y: [y, [x], y],
             lambda x, y: {"a": x}, lambda x, y: (x * y, None), lambda x, y: [3.0, x]]
    for form in forms:
        compiled = jit(form)
        for args in ((2.0, 3.0), (4.0, 5.0), (4, 5)):
            assert same(compiled(*args), as_floats(form(*map(float, args))))
    for made in (value_and_grad, hessian, jacobian):
        check_jit(made(rosenbrock), (1.0, 2.0), (3.0, 4.0), jit=jit)
        check_jit(made(lambda p, x: p[0] * p[1] * x), ([1.0, 2.0], 3.0), ([3.0, 4.0], 5.0), jit=jit)
        check_jit(made(lambda p, x: p[0] * p[1] * x), ((1.0, 2.0), 3.0), ((3.0, 4.0), 5.0), jit=jit)
        check_jit(made(lambda p, x: p[0] * p[1] * x[0][0]),
                  *[(np.array([a, 2.0]), np.array([[a]])) for a in (3.0, 4.0)], jit=jit)
    many = [0.5 + i for i in range(3000)]       # more than has room on the stack
    check_jit(value_and_grad(lambda p: ag.dot(p, p) if p[0] > 0.0 else p[0]), (many,), ([-1.0, *many],), (many,),
              jit=jit)
    compiled = jit(value_and_grad(lambda p: ag.dot(list(p), list(p))))
    for _ in range(2):
        assert same(compiled(np.array(many)), value_and_grad(lambda p: ag.dot(list(p), list(p)))(np.array(many)))


def test_lists_and_numbers_by_turns(jit):
    compiled = jit(lambda x: x[0] * 2.0 if isinstance(x, list) else -x if x < 0.0 else x * 3.0)
    for _ in range(3):
        assert [compiled(x) for x in (1.0, [1.0], -1.0, [2.0, 3.0], 4.0)] == [3.0, 2.0, 1.0, 4.0, 12.0]


def test_flags_inside_a_sequence(jit):
    assert jit(lambda p: p[1] * 2.0 if p[0] else p[1])([True, 3.0]) == 6.0


# ---- what it captures ---------------------------------------------------------------------------


def test_captured_values_are_read_at_each_call(jit):
    w = Value(2.0, label="w")
    compiled = jit(lambda x: w * x if w > 0.0 else w - x)
    for number in (2.0, -3.0, 5.0, math.nan, 0.0):
        w.data = number
        out = compiled(3.0)
        assert isinstance(out, Value)
        assert bits(out.data) == bits(number * 3.0 if number > 0.0 else number - 3.0)
        w.grad = None
        out.backward()
        assert w.grad == (3.0 if number > 0.0 else 1.0)


def test_gradients_flow_through_captured_values_that_were_computed(jit):
    w = Value(2.0)
    y = w * w
    out = jit(lambda x: y * x)(3.0)
    out.backward()
    assert (out.data, w.grad) == (12.0, 12.0)
    with pytest.raises(TraceError, match="compute it inside"):
        jit(value_and_grad(lambda x: y * x, wrt=[w]))(3.0)


def test_a_loss_of_parameters_that_are_unused_or_asked_for_twice(jit):
    w, v = Value(2.0), Value(3.0)
    for wrt in ([w], [v], [v, w], [w, w], []):
        assert same(jit(value_and_grad(lambda x: w * w * x, wrt=wrt))(3.0),
                    value_and_grad(lambda x: w * w * x, wrt=wrt)(3.0))


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_micrograd_s_training_loop_with_one_decorator(jit, activation):
    rng = Random(3)
    points = [[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(12)]
    targets = [1.0 if x * y > 0 else -1.0 for x, y in points]

    def train(decorate):
        model = nn.MLP(2, [4, 4, 1], activation, seed=5)
        history = []

        def loss():
            losses = [ag.relu(1.0 - target * model(point)) for point, target in zip(points, targets, strict=True)]
            return ag.sum(losses) * (1.0 / len(losses)) + 1e-4 * ag.sum([p * p for p in model.parameters()])

        step = decorate(value_and_grad(loss, wrt=model.parameters()))
        for k in range(20):
            value, slopes = step()
            history.append((value, slopes))
            for p, slope in zip(model.parameters(), slopes, strict=True):
                p.data -= (1.0 - 0.9 * k / 20) * 0.1 * slope
        return history

    assert same(train(jit), train(lambda f: f))


def test_micrograd_s_loop_with_backward(jit):
    def train(decorate):
        model = nn.MLP(2, [3, 1], "relu", seed=5)

        @decorate
        def loss():
            return ag.sum([ag.square(model([0.1 * i, 1.0]) - 0.3 * i) for i in range(5)])

        history = []
        for _ in range(20):
            model.zero_grad()
            total = loss()
            total.backward()
            history.append((total.data, [p.grad for p in model.parameters()]))
            for p in model.parameters():
                p.data -= 0.01 * p.grad
        return history

    assert same(train(jit), train(lambda f: f))


# ---- with the transforms ------------------------------------------------------------------------


def f(x):
    return ag.sin(x) * x if x > 0.0 else x * x * x


def g(p):
    return p[0] * p[0] * ag.exp(p[1]) if p[0] > p[1] else p[0] / p[1]


def rosenbrock(x, y):
    return 100.0 * (y - x * x) ** 2 + (1.0 - x) ** 2


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


def test_results_have_the_types_of_eager_ones(jit):
    for out in (lambda x: x * 2.0, lambda x: [x, x * 2.0], lambda x: [[x], [x, x]], lambda x: [], lambda x: 1.5):
        check_jit(out, (3.0,), (4.0,), jit=jit)
    for out in (lambda x: x * 2.0, lambda x: x.sum() * 1.0, lambda x: x[1] * 1.0, lambda x: [x, x[0]], lambda x: x[1:],
                lambda x: x.reshape(1, 2) * x, lambda x: x > 1.0, lambda x: np.dot(x, x) * 1.0):
        j, array = jit(out), np.array([1.0, 2.0])
        assert same(j(array), as_floats(out(array)))


def as_floats(x):
    """NumPy's scalars and bools as the floats that compiled results are."""
    return x.astype(float) if getattr(x, "shape", ()) else float(x) if hasattr(x, "dtype") else \
        [*map(as_floats, x)] if isinstance(x, list) else x


def test_a_tuple_is_a_tuple_and_a_dict_a_dict(jit):
    assert same(jit(lambda x: (x, [x, (x,)]))(2.0), (2.0, [2.0, (2.0,)]))
    compiled = jit(lambda x: {"a": (x * 2.0, None), "b": "text"} if x > 0.0 else None)
    assert [compiled(1.0), compiled(-1.0)] == [{"a": (2.0, None), "b": "text"}, None]


def test_the_jacobian_of_a_tuple_is_a_list_of_rows(jit):
    check_jit(jacobian(lambda p: (p[0], 1.0)), *PAIRS, jit=jit)


@pytest.mark.parametrize("number", [np.float64(3.0), np.array(3.0), 3, True, 3.0], ids=repr)
def test_a_gradient_of_any_constant_number(jit, number):
    assert same(jit(grad(lambda x: number))(1.0), 0.0)


def test_what_depends_on_no_value_is_a_float(jit):
    w = Value(2.0)
    assert [type(x) for x in jit(lambda x: [x * 2.0, w * x, 1.0])(3.0)] == [float, Value, float]


def test_under_no_grad_the_result_is_a_leaf(jit):
    w = Value(2.0)
    compiled = jit(lambda x: w * x)
    with no_grad():
        out = compiled(3.0)
    assert isinstance(out, Value)
    assert out.op is None


def test_no_grad_around_the_first_call_leaves_later_ones_alone(jit):
    w = Value(2.0)
    compiled = jit(lambda x: w * x)
    with no_grad():
        compiled(3.0)
        assert grad(jit(f))(2.0) == grad(f)(2.0)
    compiled(3.0).backward()
    assert w.grad == 3.0
    assert grad(compiled)(5.0) == 2.0


@pytest.mark.parametrize("wrong", ["text", 1j, None, {}, object(), ["a"], [None], b"x"], ids=str)
def test_wrong_arguments_are_type_errors(jit, wrong):
    compiled = jit(lambda x: x * 2.0)
    for _ in range(2):
        with pytest.raises(TypeError):
            compiled(wrong)
    assert compiled(2.0) == 4.0


def test_wrong_calls_are_the_errors_of_the_function(jit):
    def named(x, y):
        if x < 0.0:
            raise LookupError("negative")
        return x * y

    compiled = jit(named)
    for _ in range(2):
        for args in ((), (1.0,), (1.0, 2.0, 3.0)):
            with pytest.raises(TypeError, match="named"):
                compiled(*args)
        with pytest.raises(LookupError, match="negative"):
            compiled(-1.0, 2.0)
        assert compiled(2.0, 3.0) == 6.0
    with pytest.raises(TypeError, match="not one"):
        jit(grad(lambda x: [x, x]))(1.0)
    with pytest.raises(OverflowError, match="float"):
        compiled(10**400, 1.0)


def test_numbers_of_all_kinds(jit):
    compiled = jit(lambda x: x * 0.5)
    for x in (3, np.float32(3.0), np.int64(3), np.array(3.0), 3.0):
        assert same(compiled(x), 1.5)
    assert same(jit(grad(lambda p: p[0] * p[1]))([2, np.float64(3.0)]), [3.0, 2.0])
    out = compiled(Value(3.0))
    assert isinstance(out, Value)
    assert out.data == 1.5


def test_flags_are_not_differentiated_by(jit):
    def powers(x, flag):
        return x * x if flag else x

    for made in (grad, value_and_grad):
        with pytest.raises(TypeError, match="by the flag True; choose other arguments with argnums"):
            jit(made(powers))(3.0, True)
        check_jit(made(powers, argnums=0), (3.0, True), (3.0, "a"), (3.0, ""), (3.0, None), jit=jit)
        with pytest.raises(TypeError, match="expected a number"):
            jit(made(powers))(3.0, "a")


def test_decorated_functions_keep_name_and_docstring(jit):
    compiled = jit(several_ways)
    assert compiled.__name__ == "several_ways"
    assert compiled.__wrapped__ is several_ways


def test_a_function_may_have_any_name(jit):
    for name in ("careful", "nan", "inf", "math", "class", "None", "op_sin", "op_gelu", "inputs", "v0", "ValueError",
                 "ZeroDivisionError", "<lambda>", "größe", "k0", "malloc", "sin"):
        def named(x):
            return ag.where(x > 5.0, math.nan, 1.0 / x) * ag.floor(ag.sin(x) + 2.0) * math.inf

        named.__name__ = name
        check_jit(value_and_grad(named), (0.0,), (-1.0,), (7.0,), jit=jit)


def test_a_method(jit):
    class Line:
        @jit
        def at(self, x):
            return x * 2.0

    assert Line().at(3.0) == 6.0
    line = Line()
    line.at(3.0)
    assert len(line.at.programs) == 1
    gone = weakref.ref(line)
    del line
    gc.collect()
    assert gone() is None


def test_a_method_of_objects_that_are_equal_or_have_no_hash_or_no_attributes(jit):
    @dataclass
    class Scaled:
        k: float

        @jit
        def at(self, x):
            return x * self.k

    @dataclass(frozen=True)
    class Same:
        k: float

        def __hash__(self):
            return 1

        def __eq__(self, other):
            return True

        @jit
        def at(self, x):
            return x * self.k

    class Bare:
        __slots__ = ()

        @jit
        def at(self, x):
            return x * 2.0

    for kind in (Scaled, Same):
        objects = [kind(2.0), kind(5.0)]
        assert [x.at(3.0) for x in objects] == [6.0, 15.0]
    assert Bare().at(3.0) == 6.0
    first = Scaled(2.0)
    assert first.at(3.0) == 6.0
    twin = copy.copy(first)
    twin.k = 7.0
    assert (twin.at(3.0), first.at(3.0)) == (21.0, 6.0)


def test_an_unknown_backend_is_an_error():
    with pytest.raises(ValueError, match="backend"):
        ag.jit(f, backend="fortran")(1.0)


def test_inside_anomaly_it_says_what_eager_says(jit):
    compiled = jit(grad(lambda x: ag.sqrt(x) * 1.0))
    for call in (compiled, compiled):
        with anomaly(), pytest.raises(AnomalyError, match="sqrt"):
            call(0.0)


def test_inside_anomaly_a_compiled_result_is_looked_at(jit):
    compiled = jit(lambda x: ag.log(x) * 1.0)
    compiled(1.0)
    with anomaly():
        assert compiled(2.0) == math.log(2.0)
        with pytest.raises(AnomalyError):
            compiled(Value(-1.0))


# ---- copies -------------------------------------------------------------------------------------


def test_a_copied_node_still_has_its_gradient(jit):
    w = Value(2.0)
    node = jit(lambda x: w * w * x)(3.0)
    twin = copy.copy(node)
    twin.backward()
    assert w.grad == 12.0


@ag.jit
def decorated(x):
    return x * 2.0 if x > 0.0 else -x


def plain(x):
    return x * x


class Model:
    def __init__(self, k):
        self.k = Value(k)
        self.step = ag.jit(value_and_grad(self.loss, wrt=[self.k]))
        self.fast = ag.jit(self.loss)

    def loss(self, x):
        return self.k * self.k * x

    @ag.jit
    def scaled(self, x):
        return self.k.detach() * x


@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_compiled_function_can_be_copied_and_pickled(jit, twin):
    for f in (plain, value_and_grad(plain), partial(plain)):
        compiled = jit(f)
        wanted = compiled(3.0)
        again = twin(compiled)
        assert not again.programs
        assert (again(3.0), again.backend) == (wanted, compiled.backend)
        assert len(again.programs) == 1
    assert twin(decorated) is decorated         # as a function is
    assert twin(Model.scaled) is Model.scaled
    assert twin([decorated])[0](-1.0) == 1.0


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copied_object_has_compiled_functions_of_its_own(twin):
    model = Model(2.0)
    assert model.step(3.0) == (12.0, [12.0])
    assert (model.fast(3.0).data, model.scaled(3.0).data) == (12.0, 6.0)
    other = twin(model)
    other.k.data = 5.0
    assert other.step(3.0) == (75.0, [30.0])
    assert (other.fast(3.0).data, other.scaled(3.0).data) == (75.0, 15.0)
    assert model.step(3.0) == (12.0, [12.0])
    assert (model.fast(3.0).data, model.scaled(3.0).data) == (12.0, 6.0)
    assert twin(model.scaled)(3.0).data == 6.0
    assert twin(model.step)(3.0) == (12.0, [12.0])


def test_what_cannot_be_pickled_is_pickle_s_error(jit):
    for f in (lambda x: x, value_and_grad(lambda x: x)):
        with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
            pickle.dumps(jit(f))
        assert copy.deepcopy(jit(f))(2.0) == f(2.0)


@pytest.mark.parametrize("name", ["mine", "square"])
def test_a_deep_copy_is_a_copy_or_a_clear_error(jit, name):
    def mine(x):
        return x * x * x

    mine.__name__ = name
    node = jit(mine)(Value(2.0))
    for twin in (copy.deepcopy, lambda node: pickle.loads(pickle.dumps(node))):
        try:
            made = twin(node)
        except (TypeError, pickle.PicklingError) as error:
            assert "jit" in str(error)      # noqa: PT017
        else:
            assert made.op.value(3.0) == 27.0


# ---- ops of the user's own ----------------------------------------------------------------------


@pytest.fixture
def own():
    """primitive, whose ops go again."""
    before = set(TABLE)
    yield ag.primitive
    for name in TABLE.keys() - before:
        del TABLE[name]


def test_an_op_of_the_users_own(jit, own):
    root = own("root_", lambda x: math.sqrt(x) if x > 0.0 else 0.0, lambda x, out: 0.5 / out)
    assert check_jit(value_and_grad(lambda x: root(x) * x), (4.0,), (9.0,), jit=jit) == 1
    sine = own("sine_", math.sin, lambda x, out: math.cos(x))
    with pytest.raises(TraceError, match="sine_"):
        jit(grad(lambda x: sine(x) * x))(1.0)


def test_an_op_whose_formula_mentions_a_variable(jit, own):
    factor = [2.0]
    times = own("times_", lambda x: factor[0] * x, lambda x, out: factor[0])
    with pytest.raises(TraceError, match="its formula reads factor, which may change"):
        jit(value_and_grad(lambda x: times(x) * 1.0))(3.0)


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
    (jacobian(lambda x: {"a": x}), (2.0,)),
])
def test_what_eager_refuses_is_refused_in_its_words(made, args, jit):
    with pytest.raises(TypeError) as eager:
        made(*args)
    with pytest.raises(TypeError) as compiled:
        jit(made)(*args)
    assert str(compiled.value) == str(eager.value)


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


def test_threads_call_one_function_while_it_retraces(jit):
    def ways(x):
        total = 0.0
        for i in range(5):
            total = total + (x * float(i) if x > 2.0 * i else ag.sin(x))
        return total

    w = Value(0.5)
    by_x, by_w = value_and_grad(ways), value_and_grad(lambda x: w * ways(x), wrt=[w])
    compiled, slopes, captured = jit(ways), jit(by_x), jit(by_w)
    points = [0.5 * i for i in range(-4, 24)]
    right = {x: (ways(x), by_x(x), by_w(Value(x))) for x in points}
    start = threading.Barrier(8)

    def work(seed):
        start.wait()
        rng = Random(seed)
        for _ in range(60):
            x = rng.choice(points)
            assert same((compiled(x), slopes(x), captured(x)), right[x])
            v = Value(x)
            compiled(v).backward()
            assert v.grad == right[x][1][1]
            assert len(compiled.programs) <= 6
            assert str(compiled.programs).count("\n") < 6

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(work, seed) for seed in range(8)]:
            future.result()
    assert len(compiled.programs) == len(slopes.programs) == len(captured.programs) == 6
    assert modes.recorder is None


def test_a_function_that_computes_in_another_thread_is_right_or_an_error(jit):
    def elsewhere(x):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: x * 2.0 if x > 0.0 else -x).result()

    compiled = jit(elsewhere)
    try:
        assert compiled(1.0) == 2.0
        assert compiled(-1.0) == 1.0
    except TraceError:
        pass


def chain(n):
    def long(x):
        y = x
        for i in range(n):
            y = ag.sin(y) if i % 100 == 0 else y * 0.999 if i % 2 else y + 0.001
        return y

    return long


def check_long(n, jit):
    compiled = jit(value_and_grad(chain(n)))
    assert same(compiled(0.7), value_and_grad(chain(n))(0.7))
    assert len(compiled.programs[0].instructions) > n


def test_a_long_program_needs_no_recursion(jit):
    check_long(4_000, jit)      # two chunks of machine code


@pytest.mark.campaign
def test_100_000_instructions(jit, figure):
    check_long(100_000, jit)
    figure(f"100,000 instructions traced, differentiated and compiled ({jit.keywords['backend']})", "equal to eager")


def test_many_inputs_and_outputs(jit):
    p = [0.01 * i - 5.0 for i in range(1200)]
    check_jit(value_and_grad(lambda p: ag.sum([ag.tanh(x) * y for x, y in pairwise(p)])), (p,), jit=jit)
    check_jit(lambda p: [x * 2.0 for x in p], (p,), jit=jit)


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
