"""Arguments as trees of containers and arrays: what the function receives, and derivatives of the same form."""

import itertools
from random import Random

import numpy as np
import pytest

import autograd as ag
from autograd import (
    derivative,
    grad,
    gradcheck,
    hessian,
    hvp,
    jacobian,
    jvp,
    trace,
    value_and_grad,
    vjp,
)
from tests.support.argument_trees import A2, A3, B, State, W, named, numbers, skeleton, weigh
from tests.support.bit_identity import same


class Point(tuple):
    """A tuple with an attribute."""


def point(*items):
    made = Point(items)
    made.factor = 3.0
    return made


TREES = {
    "arrays of different shapes": [W, B], "arrays of one shape": [B, B * 2.0], "a tuple of arrays": (W, B),
    "one array in a list": [W], "mixed": [B, 2.5, [1.5, 2.0]], "a number before arrays": (0.5, [W, (B, 1.5)]),
    "arrays that would broadcast": [np.ones((1, 2)), np.ones((3, 1)), 2.0], "empty arrays": [np.zeros((0, 3)), B],
    "empty lists": [[], (), [[], 1.5]], "only empty": [np.zeros(0)], "no axis": [np.array(2.0), B],
    "NamedTuple": State(B, State(1.0, [2.0])), "a list's heir": named(B, 2.0), "a tuple's heir": point(1.0, B),
    "ints": [np.array([1, 2]), 3, [4, 5]], "range": [range(3), B], "numbers": [1.5, [2.0, 3.0]],
    "float32": [B.astype(np.float32), 1.0], "deep": [[[W]], [[[1.0], B]]],
    "three axes": [np.arange(24.0).reshape(2, 3, 4), B], "an array": W, "a number": 1.5,
}


def in_form(x, items):
    """The next of ``items`` as the derivative by ``x``: lists for sequences, a NamedTuple for a NamedTuple."""
    if isinstance(x, np.ndarray) and x.ndim:
        return np.array([next(items) for _ in range(x.size)], float).reshape(x.shape)
    if isinstance(x, State):
        return State(*[in_form(item, items) for item in x])
    return [in_form(item, items) for item in x] if isinstance(x, (list, tuple, range)) else next(items)


def slopes(tree):
    return in_form(tree, iter([2.0 * (i + 1.0) * x for i, x in enumerate(numbers(tree))]))


def value(tree):
    return float(sum((i + 1.0) * (x * x) for i, x in enumerate(numbers(tree))))


def test_a_list_of_arrays_is_not_stacked(jit):
    def f(ps):
        return np.sum(ps[0]) + np.sum(ps[1])

    ones = [np.ones((2, 3)), B]
    right = 12.0, [np.ones((2, 3)), np.ones(3)]
    assert f(ones) == 12.0
    for made in (value_and_grad(f), jit(value_and_grad(f))):
        assert same(made(ones), right)
        assert same(made(ones), right)
    assert jvp(f, (ones,), ([W, B],)) == (12.0, W.sum() + B.sum())
    out, pullback = vjp(f, ones)
    assert out == 12.0
    assert same(pullback(2.0), [np.full((2, 3), 2.0), np.full(3, 2.0)])
    assert jit(f)(ones) == 12.0
    assert same(jit(value_and_grad(lambda x, ps: x * f(ps), argnums=0))(2.0, ones), (24.0, 12.0))
    assert same(hvp(lambda ps: f(ps) ** 2 / 2.0, ones, [np.ones((2, 3)), np.zeros(3)]),
                [np.full((2, 3), 6.0), np.full(3, 6.0)])
    assert gradcheck(f, ones)
    assert trace(f, ones).inputs[5:7] == ("ps[0][1, 2]", "ps[1][0]")


@pytest.mark.parametrize("tree", TREES.values(), ids=TREES)
def test_functions_receive_the_tree_they_were_given(tree, jit):
    given, seen = skeleton(tree), []        # jit looks into what f reads, so f keeps no skeletons

    def f(x, y=1.0):
        seen.append(skeleton(x) == given)
        return weigh(x) * y

    with np.errstate(all="raise"):
        value_and_grad(f)(tree)
        jacobian(lambda x: [f(x)])(tree)
        hessian(f)(tree)
        hvp(f, tree, tree)
        jvp(f, (tree,), (tree,))
        vjp(f, tree)
        gradcheck(f, tree)
        trace(f, tree)
        jit(f)(tree)
        for made in (value_and_grad(f), grad(f), hessian(f), jacobian(f), value_and_grad(f, argnums=1)):
            jit(made)(tree, 2.0)
        jit(lambda x: grad(f)(x))(tree)
        jit(lambda x: jvp(f, (x,), (x,)))(tree)
    assert len(seen) > 12
    assert all(seen)


@pytest.mark.parametrize("tree", TREES.values(), ids=TREES)
def test_derivatives_in_the_form_of_the_tree(tree, jit):
    right = value(tree), slopes(tree)
    assert same(value_and_grad(weigh)(tree), right)
    assert same(grad(weigh)(tree), right[1])
    assert same(vjp(weigh, tree)[1](1.0), right[1])
    assert jvp(weigh, (tree,), (tree,)) == pytest.approx((right[0], 2.0 * right[0]), rel=1e-13)
    assert same(hvp(weigh, tree, tree), right[1])
    assert same(jacobian(weigh)(tree), right[1])
    compiled, left = jit(value_and_grad(weigh)), jit(value_and_grad(lambda s, x: s * weigh(x), argnums=0))
    for _ in range(2):
        assert same(compiled(tree), right)
        assert same(left(1.0, tree), (right[0], right[0]))
        assert jit(weigh)(tree) == right[0]
    rows = hessian(weigh)(tree)
    assert same(jit(hessian(weigh))(tree), rows)
    count = len(numbers(tree))
    assert sorted(numbers(rows)) == sorted([0.0] * (count * count - count) + [2.0 * (i + 1.0) for i in range(count)])


def random_tree(rng, depth=3):
    kind = rng.random()
    if depth and kind < 0.45:
        items = [random_tree(rng, depth - 1) for _ in range(rng.randrange(4))]
        return items if rng.random() < 0.5 else tuple(items)
    if kind < 0.8:
        shape = [rng.randrange(4) for _ in range(rng.randrange(4))]
        made = np.array([rng.gauss(0.0, 2.0) for _ in range(int(np.prod(shape)))]).reshape(shape)
        return made.T if rng.random() < 0.3 else made
    return rng.choice((rng.gauss(0.0, 2.0), 3, np.float32(0.5)))


@pytest.mark.parametrize("seed", range(60))
def test_random_trees(seed):
    rng = Random(f"trees {seed}")
    tree, other = random_tree(rng), random_tree(rng)

    def f(x, y):
        assert (skeleton(x), skeleton(y)) == (skeleton(tree), skeleton(other))
        return weigh(x) * 0.5 + weigh([y, x])

    right = value_and_grad(f)(tree, other)
    assert skeleton(right[1]) == (tuple, {}, [skeleton(in_form(tree, itertools.repeat(0.0))),
                                              skeleton(in_form(other, itertools.repeat(0.0)))])
    assert same(ag.jit(value_and_grad(f), backend="python")(tree, other), right)
    assert same(ag.jit(grad(f, argnums=[1]), backend="python")(tree, other), (right[1][1],))
    step = 1e-6
    flat = [*numbers(tree), *numbers(other)]
    measured = []
    for i in range(len(flat)):
        at = [iter([x + sign * step * (i == j) for j, x in enumerate(flat)]) for sign in (1, -1)]
        up, down = ([in_form(tree, items), in_form(other, items)] for items in at)
        measured.append((0.5 * value(up[0]) + value(up[::-1]) - 0.5 * value(down[0]) - value(down[::-1])) / (2 * step))
    assert numbers(right[1]) == pytest.approx(measured, rel=1e-5, abs=1e-5)
    forward = jvp(f, (tree, other), (tree, other))[1]
    assert forward == pytest.approx(sum(a * b for a, b in zip(numbers(right[1]), flat, strict=True)))
    assert same(hessian(f)(tree, other), ag.jit(hessian(f), backend="python")(tree, other))


# ---- what belongs together has one shape --------------------------------------------------------


SAME = [(A3, [1.0, 2.0, 3.0]), ([1.0, 2.0], (3.0, 4.0)), ([1.0, 2.0], A2), (W, W.tolist()), ([A3, A3], np.ones((2, 3))),
        ((A2, A3), [[1.0, 2.0], (1, 2, 3)]), (2.0, np.array(3.0)), (range(3), A3), ([[], 1.0], ((), 2.0)),
        (np.ones((2, 0)), [[], []])]
OTHER = [   # an argument, and what has another shape: these, and the counts, are in the message
    (W, W.T, "(3, 2)", "(2, 3)"), (W, W.ravel(), "(6,)", "(2, 3)"), (W, W.ravel().tolist(), "(6,)", "(2, 3)"),
    ([1.0, 2.0], [[1.0, 2.0]], "(1, 2)", "(2,)"), ([1.0, [2.0, 3.0]], [[1.0, 2.0], 3.0], "[(2,), ()]", "[(), (2,)]"),
    ([A2, A3], [A3, A2], "[(3,), (2,)]", "[(2,), (3,)]"), (1.0, [1.0], "(1,)", "()"), ([1.0], 1.0, "()", "(1,)"),
    (A2, np.array([[1.0], [2.0]]), "(2, 1)", "(2,)"), (np.array([1.0]), 1.0, "()", "(1,)"),
    ([A2], A2, "(2,)", "(1, 2)"), (A3, A2, "(2,)", "(3,)"),
]


@pytest.mark.parametrize("row", range(len(SAME)))
def test_tangents_and_cotangents_of_the_same_shape(row):
    x, v = SAME[row]
    along = sum(2.0 * (i + 1.0) * a * b for i, (a, b) in enumerate(zip(numbers(x), numbers(v), strict=True)))
    assert jvp(weigh, (x,), (v,))[1] == pytest.approx(along)
    assert numbers(hvp(weigh, x, v)) == [2.0 * (i + 1.0) * b for i, b in enumerate(numbers(v))]
    assert numbers(vjp(lambda p: p, x)[1](v)) == numbers(v)


@pytest.mark.parametrize("row", range(len(OTHER)))
def test_tangents_and_cotangents_of_another_shape_are_refused(row):
    x, v, given, expected = OTHER[row]
    count = len(numbers(v))
    for name, what, owner, call in (
            ("jvp", "tangents", "argument 1", lambda: jvp(lambda s, p: weigh(p), (1.0, x), (1.0, v))),
            ("hvp", "components of v", "x", lambda: hvp(weigh, x, v)),
            ("pullback", "cotangents", "the value", lambda: vjp(lambda p: p, x)[1](v))):
        with pytest.raises(ValueError, match=f"{name}: {count} {what} for ") as caught:
            call()
        assert f"of shape {given} where {owner} has {expected}; give one for each" in str(caught.value)
    with pytest.raises(ValueError, match="of shape"):
        ag.jit(lambda x: jvp(weigh, (x,), (v,)))(x)


def test_a_derivative_by_forward_mode_is_by_one_number():
    for x in ([2.0], A2[:1]):
        with pytest.raises(ValueError, match=r"1 tangents for 1 number, of shape .* where argument 0 has"):
            derivative(lambda p: p[0])(x)


# ---- calls that look alike ----------------------------------------------------------------------


def test_structures_that_differ_have_versions_of_their_own(jit):
    def f(p):
        shape = skeleton(p)
        kinds.append(shape)
        return weigh(p)

    alike = [[B, B], (B, B), [[1.0, 2.0, 3.0], B], np.array([B, B]), [B.tolist(), B.tolist()], [B, (1.0, 2.0, 3.0)],
             State(B, B), named(B, B), [B[:2], np.ones(4)], [np.ones((3, 1)), B], [np.array(1.0)] * 6, [1.0] * 6,
             [[B], B], [[B, B]], np.array([B, B]).T]
    kinds, compiled = [], jit(f)
    for _ in range(2):
        for p in alike:
            assert same(compiled(p), value(p))
    assert kinds == [skeleton(p) for p in alike if p is not alike[11]]      # numbers are numbers
