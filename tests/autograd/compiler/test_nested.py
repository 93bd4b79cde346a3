"""Nested derivatives in compiled functions: the order of additions, nan and structural zeros as in eager mode."""

import copy
import math
import pickle

import pytest

import autograd as ag
from autograd import (
    Value,
    derivative,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    nothing,
    primitive,
    trace,
    value_and_grad,
    vjp,
)
from autograd.compiler.derivatives import trace_and_differentiate
from autograd.compiler.interpreter import Interpreted
from autograd.errors import TraceError
from tests.support.bit_identity import check_jit, same

# ---- the order in which contributions are added up ----------------------------------------------


def spread(t, y):
    """Three contributions to y, if t is y itself: 0.3 + 0.2 + 0.1 is 0.6, and 0.3 + (0.2 + 0.1) is not."""
    return t * .1 + t * .2 + y * .3


SAME = {     # functions of y that take a derivative which is y itself, so that eager makes no node for it
    "a product": lambda y: grad(lambda z: z * y)(1.0),
    "what relu passes on": lambda y: grad(lambda z: ag.relu(z * y))(1.0),
    "the larger of two": lambda y: grad(lambda z: ag.maximum(z * y, 0.0))(1.0),
    "of a sum": lambda y: grad(lambda z: ag.sum([z * y, 2.0]))(1.0),
    "|z|": lambda y: grad(lambda z: abs(z) * y)(1.0),
    "of where": lambda y: grad(lambda z: ag.where(z.greater(0.0), z * y, 0.0))(1.0),
    "value_and_grad": lambda y: value_and_grad(lambda z: z * y)(1.0)[1],
    "jacobian": lambda y: jacobian(lambda z: [z * y, z])(1.0)[0],
    "vjp": lambda y: vjp(lambda z: z * 3.0, 1.0)[1](y) * (1.0 / 3.0) + 0.0 * y,
    "one of two uses": lambda y: grad(lambda z: ag.relu(z * y) + ag.relu(-z))(1.0),
    "clip": lambda y: grad(lambda z: ag.clip(z * y, -5.0, 5.0))(1.0),
}


@pytest.mark.parametrize("name", SAME)
def test_a_derivative_that_is_a_node_already(name, jit):
    def f(y):
        return spread(SAME[name](y), y)

    for made in (grad(f), value_and_grad(f), hessian(f), lambda y: grad(f)(y) * 3.0):
        assert check_jit(made, (1.0,), (0.7,), (-0.3,), (0.0,), jit=jit) == 1


def test_the_sum_of_three_tenths_in_eager_s_order(jit):
    def f(y):
        return spread(grad(lambda z: z * y)(1.0), y)

    assert grad(f)(1.0) == jit(grad(f))(1.0) == .3 + .2 + .1 != .3 + (.2 + .1)


def along(f):
    """The derivatives of a function of two numbers along a line, and those of their sum: third ones in all."""
    def hessian_times(x, y):
        return hvp(lambda p: f(*p), [x, y], [.1, .7])

    return hessian_times, grad(lambda x, y: ag.sum(hessian_times(x, y)))


@pytest.mark.parametrize(("name", "third"), [
    ("hypot", True), ("atan2", True), ("pow", False), pytest.param("pow", True, marks=pytest.mark.campaign),
    ("logaddexp", True), ("copysign", True), ("maximum", True)])
def test_a_choice_inside_a_formula_is_no_node(name, third, jit):
    """hypot looks at |x| and |y|, each of which is x or -x: another name for x, which is used elsewhere, too."""
    def f(x, y):
        v = x * y + y
        return ag.TABLE[name].function(abs(v), x) * v + ag.TABLE[name].function(v, v)

    points = [(-1.53, -1.44), (0.01, -0.06), (-2.26, 0.54), (0.3, -0.14), (0.32, 1.09), (-2.0, -0.04)]
    for made in (hessian(f), *along(f)[:1 + third]):
        check_jit(made, *points, jit=jit)


@pytest.mark.parametrize("op", [ag.minimum, ag.maximum], ids=lambda op: op.__name__)
def test_second_derivatives_where_both_arguments_are_one(op, jit):
    def f(x, y):
        t = ag.exp(x) * y + x
        return op(t, t) * op(t, t)

    points = [(1.36, -0.37), (-1.15, 1.0), (-1.64, 1.0), (0.3, 0.13), (2.17, 1.0), (0.82, -0.91), (0.0, -0.0)]
    for made in (hessian(f), jacobian(grad(f)), *along(f), grad(lambda x, y: ag.sum(grad(f)(x, y)) * x)):
        check_jit(made, *points, jit=jit)


def test_a_plain_number_that_happens_to_be_1_changes_nothing(jit):
    """Eager's graph would have a node less, and add up in another order; compiled code cannot know."""
    def f(x, k):
        t = grad(lambda z: z * k * x)(1.0)
        return t * .1 + t * .2 + x * .3

    points = (1.93, 1.0), (2.17, 1.0), (0.1, 1.0), (0.7, 0.1), (1.0, 1.0)
    for made in (grad(f, argnums=0), hessian(f, argnums=0), grad(lambda x, k: f(x, Value(1.0)) * k)):
        check_jit(made, *points, jit=jit)
    w = Value(1.0)
    check_jit(grad(lambda x: f(x, w)), (1.93,), (0.1,), jit=jit)


DIRECTIONS = {       # functions of a number and of a tangent or weight
    "pullback": lambda y, t: vjp(lambda z: z * y, 1.0)[1](t), "one twice": lambda y, t: vjp(
        lambda u: [u, u], 1.0)[1]([t, y]), "a sum": lambda y, t: vjp(lambda u, v: [u + v, u], 1.0, 2.0)[1]([t, y])[0],
    "larger": lambda y, t: vjp(lambda u: ag.maximum(u * y, u * t), 1.0)[1](t),
    "tangent": lambda y, t: jvp(lambda z: z, (1.0,), (t,))[1],
    "tangents": lambda y, t: jvp(lambda u, v: ag.sum([u, v, u * y]), (1.0, 2.0), (t, y))[1],
    "relu": lambda y, t: jvp(lambda u: ag.relu(u * y) + ag.relu(-u) * t, (1.0,), (t,))[1],
    "hvp": lambda y, t: hvp(lambda p: p[0] * p[0] * p[1] * y, [1.0, y], [t, y])[0],
    "by the weight": lambda y, t: grad(lambda z: vjp(lambda w: w * y, y)[1](z) * t)(t),
    "by the tangent": lambda y, t: grad(lambda z: jvp(lambda w: w * w * y, (y,), (z,))[1])(t),
}


@pytest.mark.parametrize("name", DIRECTIONS)
def test_tangents_and_weights_in_eager_s_order(name, jit):
    """Where they are 0 their products are there all the same, as derivatives by them are; elsewhere they are plain."""
    def f(y, t):
        r = DIRECTIONS[name](y, t)
        return r * .1 + r * .2 + y * .3 + t * .3 + y * r * .7 + t * .1 + y * .2

    points = [(y, t) for y in (1.0, 0.7, -0.3, 0.0) for t in (1.0, 0.0, -0.0, -1.3)]
    for made in (grad(f), grad(f, argnums=0), hessian(f), lambda y, t: jvp(grad(f), (y, t), (t, y)),
                 grad(lambda y, t: ag.sum(grad(f)(y, t)) * y)):
        check_jit(made, *points, jit=jit)


@pytest.mark.parametrize("name", SAME)
def test_a_call_without_code_makes_eager_s_nodes(name):
    """What is a choice in a Program is there the node that it is."""
    def f(y):
        return spread(SAME[name](y), y)

    program = trace_and_differentiate(f, (1.0,), {}).program
    for y in (1.0, 0.7, -0.3, 0.0):
        x = Value(y)
        Interpreted(program).run([x])[0].backward()
        assert same(x.grad, grad(f)(y))


def test_contributions_that_are_there_only_sometimes(jit):
    """The sum of hinges is a node only where two or more are active; where one is, it is that one."""
    def hinges(x, s):
        t = grad(lambda z: ag.relu(z * s) + ag.relu(z * x) + ag.relu(-z * s))(1.0)
        return spread(t, s) + x * .7

    def three(x, s):
        t = grad(lambda z: ag.sum([ag.relu(z - k) * s for k in (0.0, 1.0, 2.0)]) + ag.relu(-z) * s)(x)
        return spread(t, s) * t + t * .7

    points = [(-1.64, 0.03), (-2.26, 0.54), (-1.62, 0.45), (0.5, -0.7), (1.5, 0.1), (2.5, -0.7), (0.0, 0.0)]
    for f in (hinges, three):
        for made in (grad(f), hessian(f), jacobian(grad(f))):
            assert check_jit(made, *points, jit=jit) == 1


def _slope(x, out):
    kept = ag.sigmoid(x)        # first, though it stands last
    return x * 4.0 * ag.where(ag.greater(kept, 0.5), kept * x, x) * kept


bent = primitive("bent_", lambda x: ag.tanh(x) * x, _slope, composite=True)
half = primitive("half_", lambda x: ag.maximum(x, 0.0), lambda x, out: ag.where(ag.greater(x, 0.0), x, nothing),
                 composite=True)
del ag.TABLE["bent_"], ag.TABLE["half_"]        # the suite loops over the table


def test_ops_of_the_user_s_own_are_followed_op_by_op(jit):
    """Their formulas are called as they are: what stands first is first, and `where` is an op among others."""
    def f(x, y):
        t = bent(x * y)
        return t * .1 + bent(t) * t

    def g(x, y):
        return f(x, y) + half(x + y) * half(x * .3) * half(f(x, y))

    points = (2.17, 1.0), (-1.53, -1.44), (0.01, -0.06), (1.36, -0.37), (-0.72, 0.38), (0.3, 0.13)
    for made in (hessian(f), hessian(g), *along(f), grad(lambda x, y: ag.sum(grad(g)(x, y)) * x)):
        check_jit(made, *points, jit=jit)


# ---- nan and structural zeros -------------------------------------------------------------------


def test_the_argument_of_a_derivative_adds_no_nan(jit):
    """Entering a function is not an op: at nan the slope of x + 1 is 1, however often derivatives are taken."""
    for made in (lambda f: jacobian(grad(f)), lambda f: grad(grad(f)), hessian, lambda f: derivative(grad(f)),
                 lambda f: lambda x: grad(lambda z: grad(f)(z) * 1.0)(x)):
        f = made(lambda x: x * x * .5)
        assert f(math.nan) == jit(f)(math.nan) == 1.0
    assert same(grad(grad(lambda x: x * x * x))(math.nan), jit(grad(grad(lambda x: x * x * x)))(math.nan))


def test_a_weight_of_exactly_0_meets_no_infinite_slope(jit):
    """Whatever it was while tracing, and whatever derivatives are taken by."""
    def along(x, v):
        return hvp(lambda p: ag.sqrt(p[0]) + p[1] * p[1], [x, x], [v, 1.0])

    def pulled(x, v):
        return vjp(lambda z: [ag.sqrt(z), z * z], x)[1]([v, 1.0])

    points = [(0.0, 1.0), (0.0, 0.0), (0.0, -0.0), (4.0, 0.5), (4.0, 0.0), (math.nan, 0.0), (4.0, math.nan)]
    for f in (along, pulled):
        assert check_jit(f, *points, jit=jit) == check_jit(f, *points[::-1], jit=jit) == 1
    check_jit(lambda x, v: derivative(lambda z: pulled(z, v))(x), *points, jit=jit)
    assert jit(pulled)(0.0, 0.0) == 0.0
    for by in (0, 1, (0, 1)):
        check_jit(grad(lambda x, v: ag.sum(along(x, v)) + pulled(x, v), argnums=by), *points, jit=jit)
    for f in (lambda x, v: along(x, v)[0], pulled):     # called with Values, one that is a Value is a number, too
        for by in (0, 1):
            assert grad(jit(f), argnums=by)(4.0, 0.0) == grad(f, argnums=by)(4.0, 0.0)
    w = Value(0.0)      # a Value is a weight, also where it is 0
    check_jit(lambda x: pulled(x, w) * 1.0 if w > 5.0 else vjp(ag.sqrt, x)[1](grad(lambda z: z * 0.0)(x)), (0.0,),
              jit=jit)


def test_one_captured_value_computed_from_another(jit):
    """Both are asked for: what comes to the one goes on to the other."""
    w = Value(3.0)

    def f(x):
        h = w * x
        m = h * w
        return value_and_grad(lambda: m * h * w * x, wrt=[w, h, m])()[1]

    check_jit(f, (5.0,), (0.3,), jit=jit)
    h = w * 2.0
    for g in (value_and_grad(lambda x: h * w * x, wrt=[h, w]),
              lambda x: value_and_grad(lambda: h * x, wrt=[w, h])()[0]):
        with pytest.raises(TraceError, match="computed outside"):
            jit(g)(1.0)


W = Value(0.5)
TAKEN = {
    "grad": lambda x: grad(lambda z: z * z * W)(x),
    "value_and_grad": lambda x: value_and_grad(lambda z: z * z * W)(x)[1],
    "its value": lambda x: value_and_grad(lambda z: z * z * W)(x)[0], "wrt": lambda x: value_and_grad(
        lambda: x * W * W, wrt=[W])()[1][0],
    "hessian": lambda x: hessian(lambda z: z * z * W)(x), "jacobian": lambda x: jacobian(lambda z: [z * W])(x)[0],
    "hvp": lambda x: hvp(lambda p: p[0] * p[0] * W * p[1], [x, W], [W, 1.0])[0],
    "jvp": lambda x: jvp(lambda z: z * z * W, (x,), (W,))[1], "its primal": lambda x: jvp(
        lambda z: z * z * W, (x,), (W,))[0],
    "vjp": lambda x: vjp(lambda z: z * z * W, x)[1](W), "its result": lambda x: vjp(lambda z: z * z * W, x)[0],
    "derivative": lambda x: derivative(lambda z: z * z * W)(x),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_derivative_that_leaves_all_transforms_is_a_plain_number(name, jit):
    """Eagerly a float; a derivative by what it was computed from takes it for a constant, in compiled code, too."""
    taken = TAKEN[name]
    assert type(jit(taken)(2.0)) is float
    check_jit(taken, (2.0,), (0.3,), jit=jit)

    def f(x):
        t = taken(x)
        return value_and_grad(lambda: W * t + W * W, wrt=[W])()[1][0]

    check_jit(f, (2.0,), (0.3,), jit=jit)
    assert f(2.0) == taken(2.0) + 1.0
    check_jit(grad(f), (2.0,), jit=jit)         # inside another it is none
    check_jit(lambda x: value_and_grad(lambda: W * taken(x), wrt=[W])()[1][0], (2.0,), (0.3,), jit=jit)


# ---- size ---------------------------------------------------------------------------------------


def test_jvp_of_vjp_of_jvp(jit):
    def f(x, y):
        return jvp(lambda z: vjp(lambda w: jvp(lambda v: ag.sin(v * w) * v, (z,), (1.0,))[1], y)[1](z), (x,), (y,))[1]

    check_jit(f, (0.3, 0.7), (-1.1, 0.4), (2.0, 1.0), jit=jit)
    check_jit(grad(f), (0.3, 0.7), (-1.1, 0.4), (2.0, 1.0), jit=jit)


def test_an_op_of_the_user_s_may_be_called_like_one_of_the_transforms(jit):
    double = primitive("argument", lambda x: 2.0 * x, lambda x, out: 2.0, composite=True)
    try:
        assert jit(lambda x: double(x) * grad(lambda z: grad(double)(z) * z)(x))(3.0) == 12.0
    finally:
        del ag.TABLE["argument"]


def test_graphs_inside_a_derivative_can_be_copied():
    def f(x):
        return pickle.loads(pickle.dumps(x * 2.0)).data + copy.deepcopy(x * 1.0).data * 0.0 + x * x

    assert grad(grad(f))(3.0) == 2.0


def test_what_trace_shows_is_made_of_the_table_s_ops():
    program = trace(lambda y: spread(grad(lambda z: ag.relu(z * y))(1.0), y), 2.0)
    assert {op.name for op, _ in program.instructions} <= set(ag.TABLE)
    assert program(2.0) == (2.0 * .1 + 2.0 * .2 + 2.0 * .3,)
