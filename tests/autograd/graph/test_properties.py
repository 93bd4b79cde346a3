"""Properties that hold for every op of the table, and for random graphs with shared nodes."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd import TABLE, Value, derivative, grad, hessian, jvp, paths

FIXED = [op for op in TABLE.values() if op.arity]
ANY = [op for op in TABLE.values() if op.arity is None]
KINKED = {"abs", "sign", "step", "floor", "ceil", "trunc", "round", "relu", "leaky_relu", "elu", "maximum", "minimum",
          "clip", "greater", "less", "equal", "where", "copysign", "floordiv", "mod", "fmod", "heaviside"}
NOT_ITS_SLOPE = {"stop_gradient"}       # by design without a gradient


@st.composite
def points(draw, op):
    """Arguments inside the op's domain, away from halves and ties, where kinked ops jump."""
    args = [draw(st.floats(low, high)) for low, high in op.domain]
    if op.name in KINKED:
        args = [x if abs(2 * x - round(2 * x)) > 0.1 else math.floor(x) + 0.3 for x in args]
        args[0] += 0.11 if any(abs(args[0] - y) < 0.05 for y in args[1:]) else 0.0
    if op.name in ("mod", "fmod", "floordiv"):
        args[0] = args[1] * (math.floor(args[0] / args[1]) + 0.4)
    return args


def held(op):
    """For each argument whether it only counts, as n in polygamma(n, x): nothing is defined beside it."""
    return [low == high for low, high in op.domain]


def slope(x):
    return 0.0 if x is None else x


def central(f, args, i):
    """A fourth-order central difference."""
    h = 1e-3 * max(abs(args[i]), 0.1)

    def at(t):
        return f(*args[:i], args[i] + t, *args[i + 1:])

    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)


def check_modes(f, args):
    values = [Value(x) for x in args]
    f(*values).backward()
    reverse = [v.grad for v in values]
    everywhere = range(len(args))
    forward = [jvp(f, args, [float(i == j) for j in everywhere])[1] for i in everywhere]
    assert forward == pytest.approx(reverse, rel=1e-13, abs=1e-300)
    # the gradient as Values: taken inside another transform, and then its number
    as_values = jvp(lambda t: grad(f)(*[x + t * 0.0 for x in args]), (0.0,), (1.0,))[0]
    as_values = as_values if len(args) > 1 else (as_values,)
    assert list(as_values) == pytest.approx(reverse, rel=1e-13, abs=1e-300)
    return reverse


@pytest.mark.parametrize("op", FIXED, ids=lambda op: op.name)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_reverse_is_forward_is_gradient_as_values_is_central_difference(op, data):
    args = data.draw(points(op))
    reverse = check_modes(op.function, args)
    if op.name not in NOT_ITS_SLOPE:
        measured = [0.0 if counts else central(op.function, args, i) for i, counts in enumerate(held(op))]
        assert reverse == pytest.approx(measured, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("op", FIXED, ids=lambda op: op.name)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_second_derivatives_agree_in_all_nestings(op, data):
    args = data.draw(points(op))
    if op.name in NOT_ITS_SLOPE:
        return

    def along(t):
        return op.function(*[x if counts else x + t * (1.0 + i)
                             for i, (x, counts) in enumerate(zip(args, held(op), strict=True))])

    ways = [outer(inner(along))(0.0) for outer in (grad, derivative) for inner in (grad, derivative)]
    assert ways == pytest.approx([ways[0]] * 4, rel=1e-9, abs=1e-9)
    measured = central(lambda t: grad(along)(t), [0.0], 0)
    assert ways[0] == pytest.approx(measured, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("op", ANY, ids=lambda op: op.name)
@settings(max_examples=25, deadline=None)
@given(xs=st.lists(st.floats(0.1, 3), min_size=1, max_size=6))
def test_ops_of_any_number_of_arguments(op, xs):
    def f(*xs):
        return op.function(xs) if op.name != "dot" else op.function(xs, [2.0 * x for x in xs])

    assert check_modes(f, xs) == pytest.approx([central(f, xs, i) for i in range(len(xs))], rel=1e-6, abs=1e-7)
    assert f(*map(Value, xs)).args      # one node, and not one for each argument
    h = hessian(lambda xs: f(*xs))(xs)
    assert [h[i][j] for i in range(len(xs)) for j in range(len(xs))] == pytest.approx(
        [h[j][i] for i in range(len(xs)) for j in range(len(xs))], rel=1e-12, abs=1e-12)


# ---- random graphs ----

SMOOTH = ["sin", "tanh", "sigmoid", "atan", "erf", "softplus"]


@st.composite
def programs(draw, leaves=3, most=14):
    """A straight-line program over earlier results, so that nodes are shared."""
    steps = []
    for i in range(draw(st.integers(2, most))):
        operand = st.integers(0, leaves + i - 1)
        steps.append((draw(st.sampled_from(["+", "-", "*", *SMOOTH])), draw(operand), draw(operand)))
    return steps


def run(steps, leaves):
    nodes = list(leaves)
    for name, i, j in steps:
        x, y = nodes[i], nodes[j]
        nodes.append(x + y if name == "+" else x - y if name == "-" else x * y if name == "*"
                     else TABLE[name].function(x))
    return nodes[-1]


numbers = st.lists(st.floats(-1.5, 1.5), min_size=3, max_size=3)


@settings(max_examples=80, deadline=None)
@given(programs(), numbers)
def test_path_sum_is_the_gradient(steps, xs):
    leaves = [Value(x) for x in xs]
    out = run(steps, leaves)
    out.backward()
    for leaf in leaves:
        if ag.count_paths(out, leaf) <= 500:
            routes = list(paths(out, leaf))
            assert len(routes) == ag.count_paths(out, leaf)
            sizes = [abs(route.product) for route in routes]
            assert sizes == sorted(sizes, reverse=True)
            scale = math.fsum(sizes)
            assert math.fsum(route.product for route in routes) == pytest.approx(leaf.grad, abs=1e-12 * (1 + scale))


@settings(max_examples=60, deadline=None)
@given(programs(), numbers, st.floats(-4, 4))
def test_backward_is_linear_in_the_seed(steps, xs, seed):
    once, scaled = [Value(x) for x in xs], [Value(x) for x in xs]
    run(steps, once).backward()
    run(steps, scaled).backward(seed)
    assert [leaf.grad for leaf in scaled] == pytest.approx([seed * leaf.grad for leaf in once], rel=1e-9, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(programs(), numbers)
def test_random_graphs_agree_in_all_modes_and_have_symmetric_hessians(steps, xs):
    def f(*leaves):
        return run(steps, leaves) + 0.0 * leaves[0]

    gradient = check_modes(f, xs)
    scale = 1 + max(map(abs, gradient))
    if scale < 1e6:
        measured = [central(f, xs, i) for i in range(3)]
        assert gradient == pytest.approx(measured, rel=1e-5, abs=1e-5 * scale)
    h = hessian(lambda xs: f(*xs))(xs)
    size = 1 + max(abs(x) for row in h for x in row)
    for i in range(3):
        for j in range(3):
            assert h[i][j] == pytest.approx(h[j][i], rel=1e-9, abs=1e-11 * size)
