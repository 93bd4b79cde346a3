"""Loops whose first carry has other uses, too, have the bits of Python's own loops."""

from random import Random

import numpy as np
import pytest

import autograd as ag
from autograd import fori_loop, grad, hessian, jacobian, jit, jvp, value_and_grad, vmap
from tests.support.loop_programs import PlainLoops, bits


def captured(loops):
    return lambda p: loops.fori_loop(0, 3, lambda i, c: c * p[0] + c, p[0])


def ways(loops):
    def f(p):
        def body(i, c):
            if c * c > 1.5:
                return c * p[0] * 0.3 + c
            return ag.sin(c) * p[0] * c + c
        return loops.fori_loop(0, 4, body, p[0]) * p[1]
    return f


def used_before_and_after(loops):
    def f(p):
        a = ag.sin(p[0]) * p[0]
        last = loops.fori_loop(0, 3, lambda i, c: ag.sin(c) * c + c * p[1], p[0])
        return last * a + p[0]**2 + ag.sin(p[0])
    return f


def computed(loops):
    def f(p):
        a = p[0] * p[1] + 0.3
        return loops.fori_loop(0, 3, lambda i, c: c * a * 0.7 + ag.sin(c) * c, a) * a + ag.sin(a) * p[0]
    return f


def twice(loops):
    def body(i, c):
        return [c[0] * c[1] + c[0] * p1(c), ag.sin(c[1]) * c[0]]

    def p1(c):
        return ag.exp(-c[1] * c[1])

    return lambda p: sum(loops.fori_loop(0, 3, body, [p[0], p[0]])) * p[1] + p[0] / p[1]


def a_state(loops):
    def body(i, s):
        return {"x": s["x"] + 0.1 * s["v"], "v": s["v"] - 0.1 * ag.sin(s["x"]) * s["k"], "k": s["k"]}

    def f(p):
        end = loops.fori_loop(0, 5, body, {"x": p[0], "v": p[1], "k": p[0]})
        return end["x"] * p[0] + end["v"]**2 + end["k"] * p[1]
    return f


def passed_on(loops):
    def f(p):
        x, y = loops.fori_loop(0, 4, lambda i, c: [c[0] * c[1] + c[1] * c[0] * c[1], c[1]], [p[0], p[1]])
        return x * y * p[1] + p[1] * p[1]
    return f


def until(loops):
    def f(p):
        last, _ = loops.while_loop(lambda c: c[0] * c[0] < 50 and c[1] < 6,
                                   lambda c: [c[0] * p[0] * 1.3 + c[0] * c[0] + p[1], c[1] + 1], [p[0], 0.0])
        return last * p[0] + ag.exp(p[0]) * p[0]
    return f


def rows(loops):
    def f(p):
        last, ys = loops.scan(lambda c, x: (c * x + c * p[0], ag.sin(c) * p[0]), p[0], [p[1], p[0] * p[1], 0.3])
        return last * p[0] + sum(y * y * p[0] for y in ys) + p[0] * p[0] * p[1]
    return f


def one_after_another(loops):
    def f(p):
        a = loops.fori_loop(0, 3, lambda i, c: c * p[0] * 0.7 + ag.sin(c) * c, p[0])
        b = loops.fori_loop(0, 3, lambda i, c: c * a * 0.7 + ag.sin(c) * c, a)
        return a * b + b * b + ag.sin(a)
    return f


def inside(loops):
    def body(i, c, x):
        return loops.fori_loop(0, 2, lambda j, d: ag.sin(d) * c + d * x, c) * c + x

    return lambda p: loops.fori_loop(0, 3, lambda i, c: body(i, c, p[0]), p[0]) * p[0]


CASES = [captured, ways, used_before_and_after, computed, twice, a_state, passed_on, until, rows, one_after_another]


def four(f):
    return jacobian(lambda p: [f(p), f(p) * p[0], f(p) - p[1], p[1] * f(p)])


def points(count=8):
    random = Random(5)
    return [[random.uniform(0.1, 2), random.uniform(-0.9, 2)] for _ in range(count)]


@pytest.mark.parametrize("make", [*CASES, inside])
def test_gradients_are_those_of_the_plain_loop(make):
    compiled, expected = jit(value_and_grad(make(ag)), backend="python"), value_and_grad(make(PlainLoops))
    for p in points(20):
        assert bits(value_and_grad(make(ag))(p)) == bits(expected(p))
        assert bits(compiled(p)) == bits(expected(p))


@pytest.mark.parametrize("make", [ways, twice, until])
def test_so_are_those_in_machine_code_and_in_lanes(make):
    expected = [value_and_grad(make(PlainLoops))(p) for p in points(20)]
    compiled = jit(value_and_grad(make(ag)), backend="llvm")
    assert bits([compiled(p) for p in points(20)]) == bits(expected)
    values, slopes = vmap(value_and_grad(make(ag)))(np.array(points(20)))
    assert bits([*zip(values.tolist(), slopes.tolist(), strict=True)]) == bits(expected)


@pytest.mark.parametrize("make", [ways, a_state, passed_on, inside])
def test_so_is_forward_mode(make):
    compiled, expected = jit(four(make(ag)), backend="python"), four(make(PlainLoops))
    for p in points():
        assert bits(compiled(p)) == bits(expected(p))


@pytest.mark.parametrize("make", [ways, used_before_and_after, computed, twice, passed_on, until, rows])
def test_hessians_are_those_of_the_plain_loop(make):
    compiled, expected = jit(hessian(make(ag)), backend="python"), hessian(make(PlainLoops))
    for p in points():
        assert bits(compiled(p)) == bits(expected(p))


def test_slopes_by_a_weight_are_those_of_the_plain_loop():
    """The weight is the first tangent of the carry, and that of what the body captures."""
    def slope(loops):
        def f(x):
            return ag.sin(loops.fori_loop(0, 3, lambda i, c: c * x, x))
        return grad(lambda w, x: jvp(grad(f), (x,), (w,))[1])

    compiled, expected = jit(slope(ag), backend="python"), slope(PlainLoops)
    for x, w in points(20):
        assert bits(compiled(w, x)) == bits(expected(w, x))


@pytest.mark.parametrize("checkpoint", [1, 3])
def test_snapshots_change_no_bit_of_a_shared_first_carry(checkpoint):
    def f(loop, **options):
        return lambda p: loop(0, 9, lambda i, c: ag.sin(c) * c + c * p[0], p[0], **options) * p[0] + p[1] * p[0]

    compiled = jit(grad(f(fori_loop, checkpoint=checkpoint)))
    for p in points():
        assert bits(compiled(p)) == bits(grad(f(PlainLoops.fori_loop))(p))


def test_an_inner_loop_adds_to_what_a_weight_adds_to():
    """Differentiated again, the adjoint that an inner loop goes on with is there from the beginning."""
    def f(x):
        return fori_loop(0, 2, lambda i, c: c + fori_loop(0, 2, lambda j, d: ag.sqrt(d) * x, c), x)

    def slope(x):
        return jvp(grad(f), (x,), (1.0,))[1]

    assert jit(slope, backend="python")(0.7) == pytest.approx(3.39681185167126, rel=1e-12)


def test_a_loop_whose_first_carry_has_no_other_use_has_one_way_back():
    def f(p):
        return fori_loop(0, 5, lambda i, c: ag.sin(c) * c, p * 2.0)

    compiled = jit(grad(f))
    compiled(0.3)
    assert "way 1" not in str(compiled.programs[0])


def test_a_carry_that_begins_with_an_item_that_comes_again():
    def f(loops):
        return lambda p: loops.scan(lambda m, x: (0.7 * m + 0.3 * x, None), p[0], p)[0] * p[0]

    compiled = jit(grad(f(ag)))
    for p in points():
        assert bits(compiled(p)) == bits(grad(f(PlainLoops))(p))
