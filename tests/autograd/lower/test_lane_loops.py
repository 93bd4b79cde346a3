"""Loops in the lanes of rows: each row has the bits of scalar code, and says whether its loop lacked a way."""

import ctypes
import math
import random

import pytest

import autograd as ag
from autograd import fori_loop, hessian, jacobian, scan, trace, value_and_grad
from autograd.lower.backend import compile_lanes
from autograd.lower.llvm import native_lanes, suited_loops
from autograd.lower.llvm.native_lanes import WIDTHS, NativeLanes
from autograd.lower.llvm.nested_lanes import NestedLanes
from tests.support.lanes import check_each, run, scalar
from tests.support.loop_programs import function


def pendulum(p):
    def step(i, c):
        angle, speed = c
        return angle + 0.05 * speed, speed - 0.05 * p[0] / p[1] * ag.sin(angle) - 0.01 * ag.cos(angle) * i

    angle, speed = fori_loop(2, 9, step, (0.5 * p[1], 0.1))
    return angle * speed + angle


def recurrent(p):
    """Items of each row and shared ones, results as outputs, and an item that is computed."""
    last, ys = scan(lambda h, x: (ag.tanh(p[0] * h + p[1] * x), h * x), 0.1, [p[2], -0.2, p[1] * 2, p[0]])
    return last * p[0] + sum(y * y for y in ys)


def nested(p):
    def outer(i, c):
        inner = fori_loop(0, 3, lambda j, x: x * ag.cos(p[1] + 0.1 * i) + ag.sin(x) * j, c[0])
        return inner * 0.5 + p[2], c[1] + inner * inner

    a, b = fori_loop(0, 4, outer, (p[0], 0.3))
    return a * b


def branches(p):
    """Rows take one way and the other; the second one always takes one alone."""
    a = fori_loop(0, 6, lambda i, c: c * 0.7 - 0.1 * i if c > p[1] else c + ag.exp(-c), p[0])
    return fori_loop(0, 3, lambda i, c: c + 1.5 if c > -100.0 else c * 2.0, a)


def clipped(p):
    """What flows backwards is known at each row alone."""
    return fori_loop(0, 5, lambda i, c: ag.maximum(c, 0.3) * p[1] - ag.relu(p[2] - c), p[0])


def remembered(p):
    return fori_loop(0, 11, lambda i, c: (c[0] * p[1] + ag.sin(c[1]), c[1] + c[0] * c[0]), (p[0], p[2]),
                     checkpoint=3)[1]


def short(p):
    """Loops of no iteration and of one stand beside one of two."""
    return fori_loop(0, 2, lambda i, c: c * p[0], fori_loop(0, 1, lambda i, c: c + 1, fori_loop(3, 3, pow, p[1])))


FUNCTIONS = [pendulum, recurrent, branches, nested, clipped, remembered, short]


def rows_of(rng, count):
    return [[rng.uniform(-1.5, 1.5) for _ in range(3)] for _ in range(count)]


@pytest.mark.parametrize("f", FUNCTIONS)
def test_loops_have_the_bits_of_scalar_code_at_every_length(f):
    """At two widths each."""
    rng = random.Random(f.__name__)
    points = rows_of(rng, 20)
    if f is branches:
        points[0] = [1.4, 0.0, 0.0]     # which takes both ways
    for width, how in ((WIDTHS[FUNCTIONS.index(f) % 3], lambda f: f), (8, value_and_grad)):
        program = trace(how(f), points[0])
        made = compile_lanes(program, "llvm", shared=frozenset(), width=width)
        assert made.loops == f"loops in lanes of {width} rows"
        wanted = scalar(program, points)
        for count in range(21):
            found = run(made, points, count=count, outputs=len(program.outputs), steps=(1, -2) if count % 3 else (1,))
            assert found.outputs == [list(out) for out in wanted[:count]]
    order = [19, 3, 3 + width, 0, 12]
    check_each(program, points, order=order, steps=(2, 1))


@pytest.mark.parametrize("shared", [(1,), (0, 2), (0, 1, 2)])
def test_loops_read_what_rows_share(shared):
    rng = random.Random(3)
    for f in (recurrent, nested, remembered)[:2 if shared == (1,) else 3]:
        table = rows_of(rng, 11)
        for row in table:
            for i in shared:
                row[i] = table[0][i]
        assert isinstance(check_each(trace(value_and_grad(f), table[0]), table, shared=shared), NativeLanes)


def test_many_items_of_each_row_and_shared_ones():
    """They are put into cells by one call, whose table has both kinds."""
    def f(xs, ys, w):
        return scan(lambda c, x: (c * w + x[0] * x[1], None), 0.0, (xs, ys))[0]

    rng = random.Random(4)
    program = trace(value_and_grad(f, argnums=(0, 1, 2)), [0.1] * 12, [0.2] * 12, 0.5)
    table = [[rng.gauss(0, 1) for _ in range(25)] for _ in range(13)]
    for row in table:
        row[12:] = table[0][12:]
    for width in (2, 8):
        assert isinstance(check_each(program, table, shared=range(12, 25), width=width), NativeLanes)
    check_each(program, table, order=[5, 0, 12], steps=(3, -1))


def test_sums_of_loops_are_those_of_the_rows_in_their_order():
    rng = random.Random(5)
    table = rows_of(rng, 19)
    program = trace(value_and_grad(pendulum), table[0])
    lanes = compile_lanes(program, "llvm", shared=frozenset(), summed=frozenset({0, 2}))
    found = run(lanes, table, summed=(0, 2), outputs=4, sums=[0.5, 0.0])
    wanted, sums = scalar(program, table), [0.5, 0.0]
    for out in wanted:
        sums = [sums[0] + out[0], sums[1] + out[2]]
    assert found.sums == sums
    assert [out[1] for out in found.outputs] == [out[1] for out in wanted]


def test_rows_whose_loop_lacks_a_way_fail_and_the_others_do_not():
    program = trace(value_and_grad(lambda p: fori_loop(
        0, 4, lambda i, c: c + p[1] if fori_loop(0, 2, lambda j, x: x * p[2] if x > 0.0 else -x, c) > -1.0 else c * 2,
        p[0]) if p[2] < 9.0 else p[0]), [1.0, 0.5, 1.0])
    table = [[rng, other, third] for rng in (1.0, -1.0) for other in (0.5, -0.7) for third in (1.0, -2.0, 10.0)] * 2
    for width in (2, 8):
        made = check_each(program, table, width=width)
        assert isinstance(made, NativeLanes)
    failed = run(made, table, outputs=len(program.outputs)).failed
    assert {*failed} == {-1, 0, len(program.guards)}


@pytest.mark.parametrize("seed", range(3))
def test_random_loops_in_lanes(seed, monkeypatch):
    """Also of more ways than are worth it."""
    monkeypatch.setattr(suited_loops, "SHARE", 100)
    check_random(seed + 300)


def check_random(seed):
    """Whether the loops of a random function run in lanes; at some width, with some inputs shared."""
    rng, f = random.Random(seed), function(random.Random(seed), ag, seed % 2)
    how = (value_and_grad, lambda f: f, lambda f: jacobian(lambda p: [f(p), f(p) * p[0], p[1] * f(p), f(p) - p[2]]))
    program = trace(how[seed % 3](f), [rng.uniform(-2, 2) for _ in range(3)])
    table, shared = rows_of(rng, rng.randrange(21)), rng.choice([(), (1,), (0, 2)])
    for row in table:
        for i in shared:
            row[i] = table[0][i]
    return isinstance(check_each(program, table, width=rng.choice(WIDTHS), shared=shared), NativeLanes)


@pytest.mark.campaign
def test_many_random_loops_in_lanes(figure, monkeypatch):
    monkeypatch.setattr(suited_loops, "SHARE", 100)
    laned = sum(map(check_random, range(20_000, 20_400)))
    figure("400 random functions with loops over rows: values, gradients, forward mode",
           f"each row has the bits of scalar code; {laned} of them in lanes")


def newton(p):
    """Rows end after 1 to 9 rounds."""
    return ag.while_loop(lambda x: abs(x * x - p[0]) > 1e-9, lambda x: 0.5 * (x + p[0] / x), p[1])


def counted(p):
    """The count is a number of each row, from -2 to 7."""
    return fori_loop(0, ag.floor(3.0 * p[0]) + 2.0, lambda i, c: c * 0.9 + ag.sin(c) * p[1] + 0.1 * i, p[2])


def inside(p):
    """Loops whose counts differ from row to row, and from one iteration to the next."""
    def body(c):
        x = fori_loop(0, ag.floor(c[0]) + 1.0, lambda i, y: y * 0.8 + p[0], c[1])
        return c[0] + 1.0, ag.while_loop(lambda z: z > 1.0, lambda z: z * 0.5 if z > 2.0 else z - 0.3 * p[2], x)

    return ag.while_loop(lambda c: c[0] < 4.0 * p[1], body, (0.0, p[0]))[1]


def kept_away(p):
    """Rows that leave the way before a loop do not enter it: theirs would never end, or not fit into memory."""
    if p[0] > 1.5:
        return p[0] * p[1]
    return ag.while_loop(lambda c: c < 10.0, lambda c: c + 2.0 - p[0], p[1]) + fori_loop(
        0, ag.floor(p[0]) + 2.0, lambda i, c: c * p[2], 0.5)


@pytest.mark.parametrize("f", [newton, counted, inside, kept_away])
def test_rows_may_take_different_numbers_of_iterations(f, monkeypatch):
    monkeypatch.setattr(suited_loops, "SHARE", 100)
    rng = random.Random(f.__name__)
    table = [[rng.uniform(0.2, 1.5), rng.uniform(0.2, 1.5), rng.uniform(0.5, 1.5)] for _ in range(20)]
    table[3][0], table[7] = 1.4, [1.49, 0.3, 0.9]
    if f is kept_away:
        for row, x in ((4, 1e300), (6, 2.0), (9, math.inf), (11, 1e9)):
            table[row][0] = x
    first = [1.2, 1.1, 0.9]
    most = hessian if f is newton else value_and_grad
    for width, how in ((8, most), (2, lambda f: f) if f in (newton, inside) else (1, value_and_grad)):
        program = trace(how(f), first)
        for count in (20, 1, 13):
            made = check_each(program, table, width=width, count=count)
            assert isinstance(made, NativeLanes)
    check_each(program, table, order=[7, 0, 19, 3], steps=(2, -1))


def test_a_loop_of_no_iteration_where_it_was_traced():
    program = trace(value_and_grad(lambda p: ag.while_loop(lambda c: c < 1.0, lambda c: c * 2.0, p[0])), [3.0, 1.0])
    table = [[x, 1.0] for x in (3.0, 0.1, 1.0, math.nan, -0.0)]
    assert isinstance(check_each(program, table), NativeLanes)


def many_results(p, count, reverse=False):
    """Results that are outputs as they are, but one; constants and carries go into cells."""
    last, ys = scan(lambda c, x: (ag.sin(c) * p[0] + x, c * x), p[1], [0.01 * i for i in range(count)], reverse=reverse)
    return [*ys[:9], ys[9] * 2, *ys[10:], last]


@pytest.mark.parametrize("reverse", [False, True])
def test_many_results_of_a_loop_are_written_in_a_loop(reverse, monkeypatch):
    texts, lines = [], []

    class Noted(NestedLanes):
        def text(self):
            texts.append(super().text())
            return texts[-1]

    monkeypatch.setattr(native_lanes, "NestedLanes", Noted)
    table = [[0.3 * i, 1.0 - 0.2 * i] for i in range(5)]
    for count in (19, 39):
        program = trace(lambda p, count=count: many_results(p, count, reverse), table[0])
        texts.clear()
        assert isinstance(check_each(program, table, width=4), NativeLanes)
        lines.append(len(texts[-1]))
    assert lines[0] == lines[1] < 600


def test_rows_of_a_loop_that_get_no_memory_are_a_memory_error(monkeypatch):
    empty = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)(lambda old, size: None)
    none = ctypes.cast(empty, ctypes.c_void_p).value
    found = native_lanes.memory()
    monkeypatch.setattr(native_lanes, "memory", lambda: [none, found[1]])
    program = trace(value_and_grad(lambda p: newton([p[0] * 1.5, p[1]])), [1.2, 1.1])
    lanes = NativeLanes(program, frozenset(), frozenset(), 4, False)
    with pytest.raises(MemoryError, match="checkpoint="):
        run(lanes, [[1.2, 1.1]] * 9, outputs=len(program.outputs))


def test_loops_that_do_not_fit_say_why(monkeypatch):
    def loops(f, *point, width=8):
        return compile_lanes(trace(f, *point), "llvm", shared=frozenset(), width=width).loops

    def saving(x):
        return ag.while_loop(lambda c: c < 50.0, lambda c: c * c, x, checkpoint=3)

    again = loops(value_and_grad(saving), 3.0)
    ways = loops(lambda x: fori_loop(0, 9, lambda i, c: c - 1.0 if c > 2.0 else c * x, x), 5.0, width=2)
    assert again == "loops row after row: a while_loop with snapshots ends after different numbers of iterations"
    assert ways == "loops row after row: a fori_loop branches in 2 ways"
    assert loops(lambda x: x * x, 5.0) == ""
    monkeypatch.setattr(suited_loops, "MEMORY", 5000)
    long = loops(value_and_grad(lambda x: fori_loop(0, 100, lambda i, c: c * x, x)), 5.0)
    assert long == "loops row after row: they would keep more than 5,000 bytes for 8 rows; checkpoint= keeps less"
    assert loops(value_and_grad(lambda x: fori_loop(0, 100, lambda i, c: c * x, x, checkpoint=5)), 5.0) == \
        "loops in lanes of 8 rows"
