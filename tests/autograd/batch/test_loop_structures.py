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
    with pytest.raises(TypeError, match=r"gives a result of 1 numbers in one iteration and of 2 in another"):
        f(1.5)
