"""Loops whose body returns a number as it came, which is also the first of the carry: compiled as eager, to the bit."""

from itertools import pairwise
from random import Random

import pytest

import autograd as ag
from autograd import grad, jit, scan, while_loop
from autograd.program.first_results import first_results
from tests.support.loop_programs import PlainLoops, bits


def scanned(body, init, length=4):
    """A function of one number with a scan, whose results and last carry are all used."""
    def f(p, loops=ag):
        last, ys = loops.scan(lambda c, _: body(c, p), init(p), [0.0] * length)
        numbers = [y for row in ys for y in (row if isinstance(row, (tuple, list)) else [row])]
        return ag.sum(numbers) + ag.sum([x * k for k, x in enumerate(last if isinstance(last, tuple) else [last], 2)])
    return f


def carried(body, init):
    """The same with a fori_loop."""
    def f(p, loops=ag):
        return ag.sum([x * k for k, x in enumerate(loops.fori_loop(0, 4, lambda i, c: body(c, p), init(p)), 2)])
    return f


def one(p):
    return p


def two(p):
    return p, 0.3 * p


def twice(p):
    return p, p


COPIED = {      # captured numbers that a body returns, and what stands there twice
    "captured": scanned(lambda c, p: (ag.sin(c + p), p), one),
    "captured, and not else": scanned(lambda c, p: (ag.sin(c * 0.3), p), one),
    "captured, and carry": scanned(lambda c, p: (ag.sin(c + p), (p, c)), one),
    "carry, and captured": scanned(lambda c, p: (ag.sin(c + p), (c, p)), one),
    "captured twice": scanned(lambda c, p: (ag.sin(c + p), (p, p)), one),
    "carry twice": scanned(lambda c, p: (ag.sin(c + p), (c, c)), one),
    "captured, once": scanned(lambda c, p: (ag.sin(c + p), p), one, 1),
    "in one way": scanned(lambda c, p: (ag.sin(c + p), p if c > 0.4 else c), one),
    "in one way alone": scanned(lambda c, p: (ag.sin(c + p), p if c > 0.4 else c * 2.0), one),
    "in both places of the carry": scanned(lambda c, p: ((ag.sin(c[0] * c[1]) + p, c[0]), (p, p)), twice),
    "as a carry": scanned(lambda c, p: ((p, ag.sin(c[0] * c[1])), c[1]), two),
    "as a carry, and captured": scanned(lambda c, p: ((p, ag.sin(c[0] * c[1] + c[0])), p), two),
    "as the first of two": scanned(lambda c, p: ((p, ag.sin(c[0] * c[1])), c[1]), twice),
    "as the second of two": scanned(lambda c, p: ((ag.sin(c[0] * c[1]), p), c[1]), twice),
    "passed on twice": carried(lambda c, p: (c[0], c[1], ag.sin(c[0] * c[1] + c[2]) * p), lambda p: (p, p, 0.3)),
    "returned twice": carried(lambda c, p: (p, p, ag.sin(c[0] * c[1] + c[2]) * p), lambda p: (p, p, 0.3)),
}
SAME = {        # these are Python's own loop, too
    "carry": scanned(lambda c, p: (ag.sin(c + p), c), one),
    "carry of two": scanned(lambda c, p: ((ag.sin(c[0] * p), c[0] * c[1]), c[1] * 1.5), two),
    "carry in one way": scanned(lambda c, p: (p * 0.5 if c > 0.8 else ag.sin(c + p), c), one),
    "as a carry of a fori_loop": carried(lambda c, p: (p, ag.sin(c[0] * c[1]) + c[0]), lambda p: (p, 0.3)),
}
POINTS = [Random(0).uniform(-1.5, 1.5) for _ in range(60)]


@pytest.mark.parametrize("name", [*COPIED, *SAME])
def test_gradients_have_eager_bits(name):
    f = (COPIED | SAME)[name]
    compiled = jit(grad(f), backend="python")
    assert [compiled(x) for x in POINTS] == [float(grad(f)(x)) for x in POINTS]


@pytest.mark.parametrize("name", SAME)
def test_gradients_have_the_bits_of_pythons_own_loop(name):
    f = SAME[name]
    assert [float(grad(f)(x)) for x in POINTS] == [float(grad(lambda x: f(x, PlainLoops))(x)) for x in POINTS]


@pytest.mark.parametrize("name", [name for name in [*COPIED, *SAME] if "passed on" not in name])
def test_second_derivatives_have_eager_bits(name):
    f = grad(grad((COPIED | SAME)[name]))
    compiled = jit(f, backend="python")
    assert bits([compiled(x) for x in POINTS]) == bits([float(f(x)) for x in POINTS])


def test_also_in_machine_code_with_snapshots_in_a_while_and_in_rows():
    def f(p, q):
        last, ys = scan(lambda c, _: (ag.sin(c + p * q), (p, c)), p, length=5, checkpoint=2)
        end = while_loop(lambda c: c[2] < 4.0, lambda c: (p, ag.sin(c[0] * c[1]) + c[0], c[2] + 1.0), (p, last, 0.0))
        return end[1] + ag.sum([y * k for k, row in enumerate(ys) for y in row])

    points = [*pairwise(POINTS)]
    eager = [grad(f, argnums=(0, 1))(x, y) for x, y in points]
    compiled, rows = jit(grad(f, argnums=(0, 1))), ag.vmap(grad(f, argnums=(0, 1)))(POINTS[:-1], POINTS[1:])
    assert bits([compiled(x, y) for x, y in points]) == bits(eager)
    assert bits([list(pair) for pair in zip(*rows, strict=True)]) == bits([list(pair) for pair in eager])


def test_a_carry_that_has_no_other_uses_keeps_its_results_in_the_loop():
    """So all rows have an adjoint, and none needs a flag."""
    def f(p, q):
        last, ys = scan(lambda c, _: (c * q, c), p, length=3)
        return ag.sum(ys) + last

    program = ag.trace(f, 1.0, 2.0)
    assert first_results(program, [True] * 20, {2}) == {}
    again = ag.trace(lambda p, q: f(p, q) + p, 1.0, 2.0)
    assert first_results(again, [True] * 20, {2}) == {(2, 2, 0): 0}
