"""Repeats in the code of lanes, iterations that the way back computes for the way there, and fast code of Repeats."""

import math
from random import Random

import pytest

import autograd as ag
from autograd import jit, value_and_grad
from autograd.compiler.tracing import trace_function
from autograd.lower import backend
from autograd.program import recomputed
from autograd.program.gradients import gradients
from autograd.program.program import verify
from autograd.program.reroll import reroll
from autograd.program.rolled import Repeat
from autograd.program.simplification import expand

pytest.importorskip("llvmlite")
from autograd.lower.llvm import laned_repeats, native
from autograd.lower.llvm.native_lanes import NativeLanes

SHARED = 9          # weights, before rows of two numbers and a side


def network(p, active=ag.relu):
    """A mean loss over rows as a plain loop: the weights come first."""
    w, total = p[:SHARED], 0.0
    for i in range(SHARED, len(p), 3):
        hidden = [active(w[3 * k] * p[i] + w[3 * k + 1] * p[i + 1]) for k in range(3)]
        total = total + ag.relu(1.0 - p[i + 2] * sum(w[3 * k + 2] * y for k, y in enumerate(hidden)))
    return total / (len(p) // 3)


def with_tanh(p):
    """The same with a function of C."""
    return network(p, ag.tanh)


def squared(p):
    """A loss whose gradient depends on the sum: the way back cannot come first."""
    return network(p)**2


def numbers(count, seed=1):
    draw = Random(seed)
    return [draw.uniform(-1.5, 1.5) for _ in range(SHARED + 3 * count)]


def repeats(program):
    return [op.nested for op, _ in program.instructions if isinstance(op.nested, Repeat)]


def same(a, b):
    return [*map(repr, a)] == [*map(repr, b)]


@pytest.mark.parametrize("width", [1, 2, 4, 8])
@pytest.mark.parametrize("f", [network, with_tanh, squared])
def test_widths_and_counts(f, width, monkeypatch):
    monkeypatch.setattr(native, "widest", lambda: width)
    monkeypatch.setattr(laned_repeats, "LONG", 10)
    made = []
    place = laned_repeats.LanedRepeat.place
    monkeypatch.setattr(laned_repeats.LanedRepeat, "place", lambda *args: made.append(args) or place(*args))
    for count in (40, 48, 61):
        p = numbers(count)
        straight = trace_function(f, (p,)).program
        program = gradients(reroll(straight), range(SHARED))
        wanted = gradients(straight, range(SHARED))(*p)
        code = native.Native(expand(program, calls=True), lanes=NativeLanes)
        assert same(code.function("of_list")(p), wanted)
        assert same(code.function("of_list")(p), wanted)
    assert len(made) == 3


def test_iterations_are_computed_once(monkeypatch):
    monkeypatch.setattr(recomputed, "WORTH", 8)
    p = numbers(60)
    program = gradients(reroll(trace_function(network, (p,)).program), range(SHARED))
    before = expand(program, calls=True)
    after = verify(recomputed.without_recomputed(before))
    assert len(repeats(after)) == len(repeats(before))
    assert max(len(x.body.instructions) for x in repeats(after) if x.carries) < 10
    assert min(len(x.body.instructions) for x in repeats(before) if x.carries) > 20
    assert same(after(*p), before(*p))
    assert same(backend.compile_program(program, "llvm").run(p), program(*p))


def test_where_the_way_back_needs_the_sum_the_order_stays():
    p = numbers(60)
    before = expand(gradients(reroll(trace_function(squared, (p,)).program), range(SHARED)), calls=True)
    assert recomputed.without_recomputed(before) is before


def test_repeats_of_one_length_that_share_nothing_are_left_alone():
    def two_sums(p):
        half = len(p) // 2
        return sum(long_term(x) for x in p[:half]) * sum(long_term(x + 1.0) for x in p[half:])

    def long_term(x):
        for _ in range(12):
            x = x * x * 0.25 + ag.sin(x) - x / 3.0
        return x

    before = expand(reroll(trace_function(two_sums, (numbers(100),)).program), calls=True)
    assert len(repeats(before)) == 2
    assert recomputed.without_recomputed(before) is before


def test_weights_of_a_neuron_share_a_flag():
    p = numbers(60)
    program = gradients(reroll(trace_function(network, (p,)).program), range(SHARED))
    way_back = next(x for x in repeats(program) if x.tables)
    assert len({(x, tuple(table)) for x, table in zip(way_back.body.outputs, way_back.tables, strict=True)}) \
        == len(way_back.tables)


def near(found, wanted):
    return found == pytest.approx(wanted, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("count", [7, 8, 33, 100])
@pytest.mark.parametrize("long", [10, 10**6])
@pytest.mark.parametrize("f", [network, with_tanh])
def test_fast_sums_are_near_the_exact_ones(f, count, long, monkeypatch):
    monkeypatch.setattr(laned_repeats, "LONG", long)
    p = numbers(count)
    value, slopes = jit(value_and_grad(f), fast=True)(p)
    right, wanted = value_and_grad(f)(p)
    assert near(value, right)
    assert near(slopes, wanted)
    by_weights = value_and_grad(lambda w, rows: f([*w, *rows]), argnums=0)
    assert near(jit(by_weights, fast=True)(p[:SHARED], p[SHARED:])[1], wanted[:SHARED])


def dotted(p):
    total, other = 1.0, -0.5
    for i in range(0, len(p) - 1, 2):
        total = total + p[i] * p[i + 1] - ag.exp(p[i]) + p[i]**2
        other = ag.sin(p[i]) * 0.1 + other
    return total * other


@pytest.mark.parametrize("count", [40, 60, 61, 99, 640])
def test_fast_sums_of_carries(count):
    draw = Random(count)
    p = [draw.uniform(-1.0, 1.0) for _ in range(count)]
    fast = jit(value_and_grad(dotted), fast=True)
    value, slopes = fast(p)
    right, wanted = value_and_grad(dotted)(p)
    assert near(value, right)
    assert near(slopes, wanted)


def test_a_fast_sum_has_infinities_and_nans():
    for odd in (math.inf, -math.inf, math.nan):
        p = [0.5] * 80
        p[30] = odd
        assert repr(jit(dotted, fast=True)(p)) == repr(jit(dotted)(p))


def test_what_a_guard_asks_keeps_its_bits():
    draw = Random(3)
    p = [draw.uniform(-1.0, 1.0) * 10.0 ** draw.randint(-3, 3) for _ in range(300)]
    limit = jit(chained)(p)
    assert jit(chained, fast=True)(p) != limit

    def asked(p):
        total = chained(p)
        return total + 1.0 if total <= limit else -1.0

    assert jit(asked, fast=True)(p) == limit + 1.0
    below = math.nextafter(limit, -math.inf)
    assert jit(lambda p: 1.0 if chained(p) > below else -1.0, fast=True)(p) == 1.0


def chained(p):
    total = 0.0
    for a in p:
        total = total + a * a * 1.1 - 0.3 * a
    return total
