"""Limits of loops: budgets above the need, counts that are not known beforehand, and what their errors say."""

from array import array
from itertools import pairwise

import pytest

import autograd as ag
from autograd import fori_loop, grad, jit, scan, trace, value_and_grad, vmap, while_loop
from autograd.errors import TraceError
from autograd.program.nested import Loop
from tests.support.loop_programs import bits

ALL = 10**12, 2**61, 2**62, 2**63, 10**30, "100GB", "1e290GB"


def chain(x, n, checkpoint):
    return fori_loop(0, n, lambda i, c: ag.sin(c) * x + i / 100, x, checkpoint=checkpoint)


@pytest.mark.parametrize("checkpoint", ALL)
def test_a_budget_above_the_need_takes_what_the_loop_needs(checkpoint):
    expected = grad(lambda x: chain(x, 100, "all"))(1.1)
    assert jit(grad(lambda x: chain(x, 100, checkpoint)))(1.1) == expected
    assert jit(grad(lambda n, x: chain(x, n, checkpoint), argnums=1))(100.0, 1.1) == expected       # known at run time
    assert jit(grad(lambda x: chain(x, 100, checkpoint)), backend="python")(1.1) == expected
    assert [*vmap(grad(lambda x: chain(x, 100, checkpoint)))([1.1] * 3)] == [expected] * 3
    halved = jit(grad(lambda x: while_loop(lambda c: c > 1, lambda c: c / 2 * x, x * 1e9, checkpoint=checkpoint)))
    assert halved(1.1) == grad(lambda x: while_loop(lambda c: c > 1, lambda c: c / 2 * x, x * 1e9))(1.1)


def test_a_large_budget_lets_a_loop_run_in_lanes():
    batched = vmap(grad(lambda x: chain(x, 20, 10**9)))
    batched([1.0] * 9)
    assert "loops in lanes" in str(batched.programs)
    assert trace(grad(lambda x: chain(x, 20, "1GB")), 1.0).cost().memory < 1000


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 7, 40])
def test_snapshots_around_the_number_of_iterations(n):
    expected = bits(value_and_grad(lambda x: chain(x, n, "all"))(0.7))
    for checkpoint in (1, 2, 3, max(n - 2, 1), max(n - 1, 1), n + 1, 100):
        one = jit(value_and_grad(lambda n, x, kept=checkpoint: chain(x, n, kept), argnums=1))
        assert bits(one(float(n), 0.7)) == expected


def test_more_iterations_than_words_hold_are_an_error():
    f = jit(lambda low, high, x: fori_loop(low, high, lambda i, c: c + 1, x))
    assert f(-2.0, 3.0, 1.0) == 6.0
    for run in (f, lambda *args: fori_loop(*args[:2], lambda i, c: c + 1, args[2])):
        with pytest.raises(OverflowError, match="2\\*\\*63 iterations or more; bring lower and upper"):
            run(-0.9 * 2.0**63, 0.9 * 2.0**63, 1.0)
    for text in ("1e400GB", "infGB", "nanMB"):
        with pytest.raises(ValueError, match="give \"all\", a number of snapshots, or bytes such as"):
            fori_loop(0, 2, lambda i, c: c, 1.0, checkpoint=text)


# ---- cost ----

def until(x, n, checkpoint):
    return while_loop(lambda c: c[1] < n, lambda c: (ag.sin(c[0]) * x, c[1] + 1), (x, 0.0), checkpoint=checkpoint)[0]


@pytest.mark.parametrize("checkpoint", [1, 2, 5, 50, 10**6])
def test_cost_knows_how_often_iterations_run_forwards(checkpoint, monkeypatch):
    program = trace(value_and_grad(lambda x: until(x, 60, checkpoint)), 1.0)
    runs, usual = [], Loop.iterate

    def counting(loop, *args):
        found = usual(loop, *args)
        runs.append((loop.name, found[0]))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Loop, "iterate", counting)
        program(1.0)
    forwards = sum(done for name, done in runs if name == "while_loop")
    assert program.cost(iterations=60).recomputation == forwards / 60
    assert program.cost().iterations == 1
    assert program.cost(60).iterations == 60


def test_cost_of_unknown_counts_follows_the_iterations_asked_for():
    for checkpoint in ("all", 5):
        counted = trace(value_and_grad(lambda x, n, kept=checkpoint: chain(x, n, kept), argnums=0), 1.0, 500.0)
        known = trace(value_and_grad(lambda x, kept=checkpoint: chain(x, 500, kept)), 1.0).cost()
        asked = counted.cost(iterations=500)
        assert (asked.iterations, known.iterations) == (500, 0)
        assert asked.recomputation == known.recomputation
        assert abs(asked.flops - known.flops) < 0.01 * known.flops
        assert counted.cost().flops < 0.01 * known.flops
    assert trace(value_and_grad(lambda x: until(x, 9, "all")), 1.0).cost(10**6).recomputation == 1.0
    few, more = [trace(grad(lambda x, k=kept: until(x, 9, k)), 1.0).cost(10**9) for kept in (2, 50)]
    assert few.recomputation > 1000 > 10 > more.recomputation
    inside = trace(lambda x: fori_loop(0, 3, lambda i, c: until(c, 9, "all"), x), 1.0)
    costs = [inside.cost(n).flops for n in (0, 10, 20)]
    assert {b - a for a, b in pairwise(costs)} == {costs[1] - costs[0]} != {0}
    for wrong in (-1, 1.5, True):
        with pytest.raises(ValueError, match="give a whole number"):
            inside.cost(wrong)


# ---- eager and compiled agree, and errors say what to do ----

def test_a_number_is_a_condition_eagerly_and_compiled():
    for f in (lambda x: while_loop(lambda c: ag.less(c, 100.0), lambda c: 2 * c, x),
              lambda x: while_loop(lambda c: c, lambda c: c - 1, x),
              lambda x: while_loop(lambda c: ag.less(c[0], 3.0), lambda c: (c[0] + 1, c[1] * x), (0, x))[1]):
        assert f(3.0) == jit(f)(3.0) == vmap(f)([3.0])[0]
        assert grad(f)(3.0) == jit(grad(f))(3.0)
    for wrong in (None, "yes", [True]):
        for run in (lambda f: f, jit):
            with pytest.raises(TypeError, match="return a comparison, as in lambda x"):
                run(lambda x, more=wrong: while_loop(lambda c: more, lambda c: c, x))(1.0)


def test_scan_takes_buffers_of_numbers():
    doubles = array("d", [1.5, -2.0, 4.0, 0.5])
    table = memoryview(doubles).cast("B").cast("d", (2, 2))

    def product(x, xs, reverse=False):
        return scan(lambda c, a: (c * a + x, c), x, xs, reverse=reverse)[0]

    for xs in (doubles, memoryview(doubles), memoryview(doubles)[::2], array("i", [3, 1, 2])):
        for reverse in (False, True):
            assert product(1.1, xs, reverse) == product(1.1, [*xs], reverse)
            slope = jit(grad(lambda x, xs=xs, back=reverse: product(x, xs, back)))(1.1)
            assert slope == grad(lambda x, xs=xs, back=reverse: product(x, [*xs], back))(1.1)
    assert scan(lambda c, row: (c + row[0] * row[1], c), 0.0, table) == (-1.0, [0.0, -3.0])
    assert scan(lambda c, a: (c + a["k"], a["k"]), 0.0, {"k": doubles}) == (4.0, [1.5, -2.0, 4.0, 0.5])
    assert scan(lambda c, a: (c * a, c), 1.0, array("d")) == (1.0, [])
    for wrong in (memoryview(b"ab").cast("c"), memoryview(b"ab").cast("?")):
        with pytest.raises(TypeError, match="a buffer of no numbers"):
            scan(lambda c, a: (c, None), 1.0, wrong)


@pytest.mark.parametrize(("bound", "error", "message"), [
    (float("nan"), ValueError, "upper is nan, not a whole number"), (2.5, ValueError, "upper is 2.5, not"),
    (float("inf"), OverflowError, "upper is inf; give a number"), (10**400, OverflowError, "give a number below")])
def test_a_bound_that_is_no_count_is_named(bound, error, message):
    with pytest.raises(error, match=message):
        fori_loop(0, bound, lambda i, c: c, 1.0)


def test_what_a_traced_i_cannot_do_has_an_advice():
    np = pytest.importorskip("numpy")
    for body, error, advice in (
            (lambda i, c: c * [1.0, 2.0][i], TypeError, "go over the items with scan"),
            (lambda i, c: c * (i >> 1), TypeError, "write v // 2\\*\\*k for v >> k"),
            (lambda i, c: c * (i & 1), TypeError, "and v % 2 for v & 1"),
            (lambda i, c: c * (1 << i), TypeError, "bits of an int")):
        with pytest.raises(error, match=advice):
            jit(lambda x, body=body: fori_loop(0, 2, body, x))(1.0)
    xs = np.arange(3.0)
    for body in (lambda i, c: c * xs[i], lambda i, c: c * np.stack([xs, xs])[0, i]):
        for compiled in (jit, lambda f: lambda x: vmap(f)([x, x])):
            with pytest.raises(TraceError, match=r"i\] of a traced Value .* go over the items with scan"):
                compiled(lambda x, body=body: fori_loop(0, 2, body, x))(1.0)
    with pytest.raises(TraceError, match="xs\\[x\\] of a traced Value"):
        jit(lambda x: xs[x])(1.0)
    with pytest.raises(IndexError, match="out of bounds"):      # no Value's fault
        jit(lambda x: fori_loop(0, 2, lambda i, c: c * xs[4], x))(1.0)
    with pytest.raises(IndexError, match="out of bounds"):
        jit(lambda x: x * xs[4])(1.0)
    assert jit(lambda x: fori_loop(0, 6, lambda i, c: c + (i // 2) * (i % 2), x))(1.0) == 4.0
