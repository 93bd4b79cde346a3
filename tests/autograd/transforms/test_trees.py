"""Arguments as trees of containers and arrays: what the function receives, and the forms of what comes back."""

import itertools
from array import array
from collections import OrderedDict
from random import Random
from typing import NamedTuple

import numpy as np
import pytest

import autograd as ag
from autograd import (
    TraceError,
    Value,
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
from tests.support.bit_identity import same

W, B = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([1.0, 2.0, 3.0])


class State(NamedTuple):
    position: object
    speed: object


class Named(list):
    """A sequence with a method and an attribute of its own."""

    def last(self):
        return self[-1]


class Point(tuple):
    """A tuple with an attribute."""


class Heir(np.ndarray):
    """An array that may do anything else, as a matrix or a masked array does."""


def named(*items):
    made = Named(items)
    made.factor = 3.0
    return made


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


def skeleton(x):
    """Containers, their attributes, and the shapes of leaves."""
    if isinstance(x, np.ndarray) and x.ndim:
        return np.ndarray, x.shape
    if isinstance(x, (list, tuple, range)):
        kind = list if isinstance(x, range) else type(x)
        return kind, dict(getattr(x, "__dict__", {})), [skeleton(item) for item in x]
    return "a number"


def numbers(x):
    return [float(item) for item in x.ravel()] if isinstance(x, np.ndarray) else [
        number for item in x for number in numbers(item)] if isinstance(x, (list, tuple, range)) else [float(x)]


def operands(x):
    return list(x.ravel()) if isinstance(x, np.ndarray) else [
        one for item in x for one in operands(item)] if isinstance(x, (list, tuple)) else [x]


def in_form(x, items):
    """The next of ``items`` as the derivative by ``x``: lists for sequences."""
    if isinstance(x, np.ndarray) and x.ndim:
        return np.array([next(items) for _ in range(x.size)], float).reshape(x.shape)
    return [in_form(item, items) for item in x] if isinstance(x, (list, tuple, range)) else next(items)


def weigh(tree):
    """1 a**2 + 2 b**2 + 3 c**2 + ... of its numbers, in order."""
    return ag.sum([0.0, *((i + 1.0) * (x * x) for i, x in enumerate(operands(tree)))])


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
    seen = []

    def f(x, y=1.0):
        seen.append(skeleton(x))
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
    assert all(found == skeleton(tree) for found in seen)


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


# ---- forms of derivatives -----------------------------------------------------------------------


def shapes(x):
    return x.shape if isinstance(x, np.ndarray) else [*map(shapes, x)] if isinstance(x, list) else \
        tuple(map(shapes, x)) if isinstance(x, tuple) else 0


A2, A3 = np.array([1.0, 2.0]), np.array([1.0, 2.0, 3.0])
JACOBIANS = [   # a function of one argument, that, and the shapes in its jacobian (0: a number)
    (lambda x: x, 2.0, 0), (lambda x: [x, x], 2.0, [0, 0]), (lambda x: (x, [x]), 2.0, [0, [0]]),
    (lambda x: np.array([x, x]), 2.0, (2,)), (lambda p: p[0], [1.0, [2.0]], [0, [0]]),
    (lambda p: p, [1.0, 2.0], [[0, 0], [0, 0]]), (lambda a: a[0], A3, (3,)), (lambda a: a, A3, (3, 3)),
    (lambda a: a * 2.0, W, (2, 3, 2, 3)),
    # lists of numbers, and an array: as rows of one array
    (lambda a: [a[0], a[1]], A3, (2, 3)), (lambda a: (a[0], 1.0), A3, (2, 3)), (lambda a: [], A3, (0, 3)),
    (lambda p: np.array([p[0], p[1], 1.0]), [1.0, 2.0], (3, 2)), (lambda a: [[a[0]], [a[1]]], W[0], (2, 1, 3)),
    # whatever has no shape, or holds arrays, is a list
    (lambda a: [[a[0], a[1]], [a[2]]], A3, [(2, 3), (1, 3)]), (lambda a: [a[0], [a[1]]], A3, [(3,), (1, 3)]),
    (lambda a: [a, a], A3, [(3, 3), (3, 3)]), (lambda a: [a, a[:2], a[0]], A3, [(3, 3), (2, 3), (3,)]),
    (lambda p: p[0], [A2, A3], [(2, 2), (2, 3)]), (lambda p: p, [A2, A3], [[(2, 2), (2, 3)], [(3, 2), (3, 3)]]),
    (lambda p: p[0], [A3, A3], [(3, 3), (3, 3)]), (lambda p: [p[0][0], p[1]], [A2, 2.0], [[(2,), 0], [(2,), 0]]),
    (lambda p: p[0], [A2, [1.0, 2.0, 3.0]], [(2, 2), (2, 3)]),
    (lambda p: p[0], [A2, [1.0, [2.0]]], [(2, 2), [(2,), (2, 1)]]),
]


@pytest.mark.parametrize("row", range(len(JACOBIANS)))
def test_forms_of_jacobians(row, jit):
    f, x, form = JACOBIANS[row]
    found = jacobian(f)(x)
    assert shapes(found) == form
    assert same(jit(jacobian(f))(x), found)
    assert same(jit(lambda x: jacobian(f)(x))(x), found)
    several = jacobian(lambda s, x: f(x))(1.0, x)
    assert same(several[1], found)


def test_the_numbers_of_a_jacobian_of_lists_of_arrays(jit):
    """d (a**2, b a0) / d (a, b), each block by hand."""
    for made in (jacobian, lambda f: jit(jacobian(f))):
        found = made(lambda p: [p[0] * p[0], p[1] * p[0][0]])([A2, A3])
        assert same(found, [[np.diag(2.0 * A2), np.zeros((2, 3))],
                            [np.outer(A3, [1.0, 0.0]), np.eye(3) * A2[0]]])
        one = made(lambda p: p[0] * p[1][1])([A2, [5.0, 7.0]])
        assert same(one, [np.eye(2) * 7.0, np.array([[0.0, 1.0], [0.0, 2.0]])])


def test_hessians_of_lists_of_arrays_and_of_several_arguments(jit):
    def f(p):
        return np.dot(p[0], p[0]) * p[1][0] + p[1][2] ** 2

    right = [[2.0 * np.eye(2), np.outer(2.0 * A2, [1.0, 0.0, 0.0])],
             [np.outer([1.0, 0.0, 0.0], 2.0 * A2), np.diag([0.0, 0.0, 2.0])]]
    for made in (hessian, lambda f: jit(hessian(f))):
        assert same(made(f)([A2, A3]), right)
        assert same(made(lambda a, b: f([a, b]))(A2, A3), tuple(map(tuple, right)))
        by_list = made(lambda p, a: p[0] * p[1] * np.sum(a))([2.0, 5.0], A3)
        assert same(by_list, (([[0.0, 6.0], [6.0, 0.0]], np.array([[5.0] * 3, [2.0] * 3])),
                              (np.array([[5.0, 2.0]] * 3), np.zeros((3, 3)))))


def test_values_have_the_form_that_the_function_returns():
    f = lambda p: (p[0] * 2.0, State(p[1], [p[0]]))      # noqa: E731
    right = (A2 * 2.0, State(A3, [A2]))
    assert skeleton(vjp(f, [A2, A3])[0]) == skeleton(jvp(f, ([A2, A3],), ([A2, A3],))[0]) == skeleton(right)
    assert same(vjp(f, [A2, A3])[1]((A2, State(A3, [A2]))), [3.0 * A2, A3])
    assert same(jvp(f, ([A2, A3],), ([A2, A3],))[1], [A2 * 2.0, [A3, [A2]]])


def test_results_of_compiled_functions_keep_their_classes(jit):
    compiled = jit(lambda x: OrderedDict(a=State(x, [x * 2.0]), b=named(np.array([x, x]))))
    for _ in range(2):
        found = compiled(2.0)
        assert type(found) is OrderedDict
        assert type(found["b"]) is Named
        assert (found["a"], found["b"].factor) == (State(2.0, [4.0]), 3.0)
        assert same(found["b"][0], np.array([2.0, 2.0]))


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


# ---- arrays of all kinds ------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["C", "F", "A", "K"])
def test_arrays_keep_their_layout_in_memory(order, jit):
    weights = np.arange(24.0)
    f = lambda p: np.dot(p[0].ravel(order), weights)        # noqa: E731
    first = np.arange(24.0).reshape(2, 3, 4)
    compiled = jit(value_and_grad(f))
    several = [first, np.asfortranarray(first), np.asfortranarray(np.ones((2, 3, 4))), first[::-1, :, ::-1],
               np.arange(24.0).reshape(3, 4, 2).transpose(2, 0, 1), np.repeat(first, 2, axis=2)[:, :, ::2],
               np.asfortranarray(np.arange(48.0).reshape(4, 3, 4))[::2]]
    for x in several * 2:
        assert value_and_grad(f)([x])[0] == compiled([x])[0] == f([x])
        assert same(compiled([x]), value_and_grad(f)([x]))
        slope = value_and_grad(f)([x])[1][0]
        assert np.vdot(slope, x) == f([x])


def test_arrays_of_all_kinds_are_left_alone(jit):
    frozen = B.copy()
    frozen.flags.writeable = False
    for x in (frozen, np.array([1, 2, 3]), np.array([1, 2, 3], np.uint8), np.array([1.0, 9.0] * 3)[::2],
              B.astype(">f8"), B.astype(np.longdouble), np.broadcast_to(2.0, 3), B.astype(object)):
        before = x.copy()

        def f(p):
            p[0][0] = p[0][0] * 2.0      # in its own copy
            return weigh(p)

        for made in (value_and_grad(f), jit(value_and_grad(f))):
            found = made([x, 2.0])
            first, *rest = numbers(before)
            assert same(found, (float(4.0 * first * first + 2.0 * rest[0] ** 2 + 3.0 * rest[1] ** 2 + 16.0),
                                [np.array([8.0 * first, 4.0 * rest[0], 6.0 * rest[1]]), 16.0]))
        assert (x == before).all()


def test_captured_values_in_arrays_of_arguments(jit):
    w = Value(3.0)
    mixed = np.array([w, 2.0], object)
    f = lambda p: np.dot(p[0], p[0]) * p[1][0]      # noqa: E731
    right = 26.0, [np.array([12.0, 8.0]), np.array([13.0])]
    for made in (value_and_grad(f), jit(value_and_grad(f))):
        assert same(made([mixed, np.array([2.0])]), right)
    assert w.grad == 0.0
    for made in (f, jit(f)):
        w.grad = None
        made([mixed, np.array([2.0])]).backward()
        assert w.grad == 12.0
    for outer, inner in itertools.product((grad, derivative), (value_and_grad, lambda f: jit(value_and_grad(f)))):
        slope = lambda x, inner=inner: inner(f)([np.array([x, 2.0], object), np.array([2.0])])[1][0][0]   # noqa: E731
        assert outer(slope)(3.0) == 4.0
    empty = np.empty((), object)
    empty[()] = w
    assert grad(lambda p: p[0] * p[0])([empty]) == jit(grad(lambda p: p[0] * p[0]))([empty]) == [6.0]


@pytest.mark.parametrize("wrong", [
    np.array(["2020-01-01"], "M8[ns]"), np.array([5], "m8[ns]"), np.array(["a"]), np.array([1j]), np.array([None]),
    np.array([(1.0, 2)], "d,i"), np.ma.array([1.0, 2.0], mask=[0, 1]), np.ones((1, 2)).view(Heir), {"a": 1.0}, {1.0},
    array("d", [1.0]), iter([1.0]), "a", None, 1j], ids=lambda x: type(x).__name__)
def test_what_is_no_tree_of_numbers_is_refused(wrong, jit):
    for x in (wrong, [wrong], [B, (wrong, 1.0)]):
        calls = [lambda x=x, f=f: f(x) for f in (grad(lambda p: 1.0), jacobian(lambda p: [1.0]), hessian(lambda p: 1.0),
                                            jit(grad(lambda p: 1.0)))]
        calls += [lambda x=x: vjp(lambda p: 1.0, x), lambda x=x: jvp(lambda p: 1.0, (x,), (x,)),
                  lambda x=x: hvp(lambda p: 1.0, x, x), lambda x=x: gradcheck(lambda p: 1.0, x)]
        if x is not None and not isinstance(x, str):        # which are flags
            calls.append(lambda x=x: jit(lambda p: 1.0)(x))
        for call in calls:
            with pytest.raises(TypeError, match="expected") as caught:
                call()
            assert not isinstance(caught.value, TraceError)


def test_arguments_that_are_left_out_are_as_they_were():
    given = {"a": [W]}
    assert grad(lambda x, options: x * (options is given), argnums=0)(3.0, given) == 1.0


def test_arrays_of_bools_choose_and_are_no_numbers(jit):
    """NumPy adds True and True to True, and picks elements by an array of bools."""
    f = lambda x, mask: np.sum(x[mask]) + np.sum(x * (mask + mask))     # noqa: E731
    compiled = jit(value_and_grad(f, argnums=0))
    masks = [np.array(list(bools)) for bools in itertools.product((True, False), repeat=3)]
    for mask in masks * 2:
        assert same(compiled(B, mask), value_and_grad(f, argnums=0)(B, mask))
        assert compiled(B, mask)[0] == f(B, mask)
        assert same(compiled(B, mask)[1], 2.0 * mask)
    assert len(compiled.programs) == 8
    assert "for 'bools of shape (3,)'" in str(compiled.programs)
    assert jit(lambda x, flag: x * (flag + flag))(3.0, np.True_) == 3.0
    for refused in (lambda: grad(f)(B, masks[0]), lambda: jit(grad(f))(B, masks[0]), lambda: jit(weigh)([B, masks[0]]),
                    lambda: grad(weigh)([B, masks[0]]), lambda: jit(grad(lambda x, m: x))(1.0, np.array(True))):
        with pytest.raises(TypeError, match="array of bools is not an array of numbers"):
            refused()


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


# ---- bind ---------------------------------------------------------------------------------------


def test_bind_gives_the_function_what_a_call_gives_it(jit):
    w = Value(2.0)
    rows = memoryview(array("d", W.ravel())).cast("B").cast("d", (2, 3))
    for f in (lambda m: m[1][0] * m[0][2], lambda m: w * m[1][0] * m[0][2]):
        out = np.zeros(1)
        jit(f).bind(rows, out=out)()
        assert out[0] == (12.0 if f(W.tolist()).__class__ is float else 24.0)
    x, out = np.array(3.0), np.zeros(())
    run = jit(lambda x: x * x).bind(x, out=out)
    x[...] = 5.0
    run()
    assert out == 25.0
    nothing, out = np.zeros((0, 3)), np.zeros(1)
    jit(lambda m: 1.0 * m.shape[1]).bind(nothing, out=out)()
    assert out[0] == 3.0
    with pytest.raises(TypeError, match="not Heir"):
        jit(lambda m: m[0, 0]).bind(np.ones((1, 2)).view(Heir), out=out)
