"""Loops whose carries, items and results have derivatives in some iterations only: compiled as eager, to the bit."""

import pytest

import autograd as ag
from autograd import fori_loop, grad, hessian, jit, jvp, scan, while_loop
from tests.support.loop_programs import bits


@pytest.mark.parametrize("op", [ag.relu, lambda b: ag.where(ag.greater(b, 0.5), b, 1.0)], ids=["relu", "where"])
def test_a_loop_in_a_loop_to_which_nothing_flows_gives_no_negative_zero(op):
    def once(b):
        return fori_loop(0, 2, lambda i, x: fori_loop(0, 2, lambda j, y: op(b), x), b * 2)

    def columns(b):     # the second number is read in one iteration
        return fori_loop(0, 2, lambda i, x: scan(lambda y, z: (op(z), y), x, [b * 0.1, b * 3])[0], 1.0)

    for f in (once, columns):
        compiled = jit(grad(f), backend="python")
        for b in (-1.0, 0.0, 1.0):
            assert bits(compiled(b)) == bits(grad(f)(b))


def later(a):
    return fori_loop(0, 5, lambda i, c: c * a if i > 1.5 else c + 1.0, 1.0)


def overwritten(a):
    return fori_loop(0, 5, lambda i, c: c * a if i < 1.5 else 1.0 * i, a)


def exchanged(a):
    return fori_loop(0, 5, lambda i, c: (c[1] * 1.1, c[0]), (a, 2.0))[0]


def some_items(a):
    last, ys = scan(lambda c, x: (c * 1.5 + x, c), 1.0, [1.0, 2.0, 5.0, a, a * a])
    return last * sum(y * i for i, y in enumerate(ys))


def some_results(a):
    last, ys = scan(lambda c, x: (c * 1.1 + x, a * c if x > 2 else 1.0), 1.0, [1.0, 2.0, 5.0, 6.0, 1.0])
    return last * sum(y * i for i, y in enumerate(ys))


def first_carry(a):
    last, ys = scan(lambda c, x: (c * a + x, c), 1.0, [1.0, 2.0, 5.0], reverse=True)
    return last * sum(y * i for i, y in enumerate(ys))


def while_below(a):
    return while_loop(lambda c: c[0] < 3.5, lambda c: (c[0] + 1, c[1] * a if c[0] > 1.5 else c[1]), (0.0, 1.0))[1]


def bound(a):
    return fori_loop(0, ag.floor(a * 5), lambda i, c: c * a, 1.0)


@pytest.mark.parametrize("f", [later, overwritten, exchanged, some_items, some_results, first_carry, while_below,
                               bound])
def test_forward_mode_where_only_some_iterations_have_tangents(f):
    def tangent(a):
        return jvp(f, (a,), (1.0,))

    for how in (tangent, lambda a: jvp(tangent, (a,), (1.0,)), grad(lambda a: tangent(a)[1])):
        compiled = jit(how, backend="python")
        for a in (0.7, 1.1):
            assert bits(compiled(a)) == bits(how(a))


def same(p):
    c = fori_loop(0, 3, lambda i, c: (c[0], ag.sin(c[0]) * c[1] + c[2] * ag.cos(c[0]), c[0]), (p[0] * p[1], *p))
    return c[0] * c[1] + c[2] * p[0]


def exchanged_in_turn(p):
    c = fori_loop(0, 4, lambda i, c: [c[1], ag.sqrt(c[0]**2 + p[1] * p[1])], [ag.sin(p[0]), p[1] * 1.1])
    return ag.tanh(c[0]) + 1.7 * ag.tanh(c[1])


def kept(p):
    c = fori_loop(0, 4, lambda i, c: [ag.tanh(c[0] * c[1] + c[1]**2), c[1]], [ag.sin(p[0]), p[1] * 1.1])
    return ag.tanh(c[0]) + 1.7 * ag.tanh(c[1])


@pytest.mark.parametrize("f", [same, exchanged_in_turn, kept])
def test_second_derivatives_by_carries_that_iterations_pass_on(f):
    for how in (hessian(f), grad(lambda p: jvp(f, (p,), ([0.3, 0.7],))[1])):
        compiled = jit(how, backend="python")
        for i in range(20):
            p = [0.3 + 0.07 * i, 1.9 - 0.11 * i]
            assert bits(compiled(p)) == bits(how(p))


def test_results_of_different_sizes_are_one_clear_error():
    f = jit(lambda a: scan(lambda c, x: (c + x, [c] if x > a else [c, x]), 0.0, [1.0, 2.0])[1])
    with pytest.raises(TypeError, match=r"results of different structures, \[number, number\] and \[number\]; return"):
        f(1.5)


DIFFERENT = {       # of two results what a third cannot be put together with, or only eagerly
    "keys": ({"a": 1, "b": 2}, {"a": 1, "c": 2}), "order of keys": ({"a": 1, "b": 2}, {"b": 1, "a": 2}),
    "one more key": ({"a": 1}, {"a": 1, "b": 2}), "None and a number": (None, 1), "None and a list": (None, [1, 2]),
    "texts": ("up", "down"), "texts in a dict": ({"y": 1, "way": "up"}, {"y": 1, "way": "down"}),
    "tuples": ((1, 2), (1, 2, 3)), "a tuple and a list": ((1, 2), [1, 2]), "a dict and a number": ({"a": 1}, 1)}
ONLY_EAGER = {
    "a list and a tuple": ([1, 2], (1, 2)), "lengths": ([1, 2], [1, 2, 3]), "depths": ([1, 2], [[1, 2]]),
    "a number and a list": (1, [1]), "places": ([1, [2, 3]], [[1, 2], 3]), "None in a list": ([1, None], [None, 1]),
    "no number": ([], [1]), "flags in a dict": ({"y": 1, "up": True}, {"y": 1, "up": False})}


def times(y, x):
    """The result ``y`` with x times each of its numbers."""
    if isinstance(y, dict):
        return {name: times(item, x) for name, item in y.items()}
    if isinstance(y, (list, tuple)):
        return type(y)([times(item, x) for item in y])
    return x * y if type(y) is int else y


@pytest.mark.parametrize("case", [*DIFFERENT, *ONLY_EAGER])
def test_results_of_different_structures_are_an_error_or_stand_as_they_are(case):
    up, down = (DIFFERENT | ONLY_EAGER)[case]

    def f(xs):
        return scan(lambda c, x: (c + x, times(up if x > 0 else down, x)), 0.0, xs)[1]

    xs = [1.0, -2.0, 3.0]
    for compiled in (jit(f, backend="python"), jit(f)):
        with pytest.raises(TypeError, match="scan: f returns results of different structures"):
            compiled(xs)
    if case in DIFFERENT:
        with pytest.raises(TypeError, match="scan: f returns results of different structures"):
            f(xs)
    elif case == "flags in a dict":
        assert f(xs) == {"y": xs, "up": [True, False, True]}
    else:
        assert f(xs) == [times(up if x > 0 else down, x) for x in xs]
    same = jit(f, backend="python")([1.0, 2.0])
    assert same == f([1.0, 2.0])


@pytest.mark.parametrize("how", [lambda f: f, lambda f: jit(f, backend="python"), jit])
def test_a_carry_keeps_its_texts_and_flags(how):
    def f(x):
        return fori_loop(0, 3, lambda i, c: {"x": c["x"] * x, "way": "down"}, {"x": 1.0, "way": "up"})

    def flag(x):
        return while_loop(lambda c: c["x"] < 9.0, lambda c: {"x": c["x"] * x, "done": True}, {"x": x, "done": False})

    for wrong in (f, flag):
        with pytest.raises(TypeError, match=r"flags or functions than it got: \{'x': number, .*only its numbers may"):
            how(wrong)(2.0)


def test_a_carry_of_another_structure_is_described():
    with pytest.raises(TypeError, match=r"\{'a': number, 'c': number\}, not \{'a': number, 'b': number\}; return"):
        fori_loop(0, 2, lambda i, c: {"a": c["a"], "c": c["b"]}, {"a": 1.0, "b": 2.0})
    with pytest.raises(TypeError, match=r"\(number, \[number\]\), not \(number, \[number, number\]\)"):
        scan(lambda c, x: ((c[0], [x]), None), (1.0, [1.0, 2.0]), [1.0])
