"""vmap of functions that branch: rows that leave the traced way run in the version that fits."""

import warnings
from random import Random

import numpy as np
import pytest

import autograd as ag
from autograd import Value, jit, value_and_grad, vmap
from autograd.compiler import version_budget
from tests.support.batches import added, loop, same_bits, table
from tests.support.branchy_functions import branchy
from tests.support.straight_programs import EDGES


def number(rng):
    kind = rng.random()
    return rng.choice((0.0, -0.0, 1.0, -1.0, 0.5, 2.0)) if kind < 0.3 else rng.gauss(0.0, 2.0) if kind < 0.9 \
        else rng.choice(EDGES)


def check_branchy(seed, count, backend, what=("each", "sum")):
    """Value and gradient, and the sums of those by what is captured, of rows with all ways mixed."""
    rng = Random(seed)
    w = Value(rng.choice((0.5, -1.0, 0.0)), label="w")
    f, text = branchy(rng, w)
    few = [(number(rng), number(rng), [number(rng), number(rng)]) for _ in range(min(count, 80))]
    order = [*range(len(few)), *rng.choices(range(len(few)), k=count - len(few))]
    rows = [few[i] for i in order]
    columns = [np.array(column, float) for column in zip(*rows, strict=True)]
    slopes, by_captured = value_and_grad(f), value_and_grad(f, wrt=[w])
    batched = vmap(jit(slopes, backend=backend))
    total = vmap(jit(by_captured, backend=backend), reduce="sum")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)     # more than 64 versions
        for kind, call, one in (("each", batched, slopes), ("sum", total, lambda *row: by_captured(*row))):
            if kind not in what:
                continue
            try:        # on Values, for which 1/0 is inf
                right = loop(one, few)[order]
            except (ArithmeticError, ValueError, TypeError):
                with pytest.raises((ArithmeticError, ValueError, TypeError)):
                    call(*columns)
                continue
            for _ in range(2):      # with new versions, and with those there are
                found = call(*columns)
                assert same_bits(table(found, count), right) if kind == "each" else \
                    same_bits([found[0], *found[1]], added(right)), text
    return len(batched.programs)


@pytest.mark.parametrize(("backend", "seeds", "rows"), [("python", range(100), 8), (None, range(100, 108), 40)])
def test_random_functions_that_branch(backend, seeds, rows):
    for seed in seeds:
        check_branchy(f"vmap branchy {seed}", rows, backend, ("each",) if seed % 2 else ("sum",))


@pytest.mark.campaign
def test_many_random_functions_that_branch(figure):
    versions = [check_branchy(f"vmap campaign {seed}", 1_000, None) for seed in range(10_000)]
    figure("vmap: 10,000 random functions with branches and loops, 1,000 rows each with all ways mixed",
           f"value, gradient and sums equal to eager to the bit, {sum(versions)} versions, at most {max(versions)}")


def collatz(x):
    steps = 0.0
    while x > 1.5:
        half = ag.floor(x / 2.0)
        x = half if x - 2.0 * half == 0.0 else 3.0 * x + 1.0
        steps = steps + 1.0
    return steps


def test_loops_with_other_counts_of_rounds():
    def halvings(x):
        rounds = 0.0
        while x > 1.0:
            x, rounds = x * 0.5, rounds + 1.0
        return rounds + x
    x = np.random.default_rng(0).permutation(2.0 ** np.arange(-3, 30) * 1.25)
    batched = vmap(halvings)
    assert same_bits(batched(x), loop(halvings, [(v,) for v in x.tolist()])[:, 0])
    assert len(batched.programs) == 31


@pytest.mark.parametrize("backend", ["python", "llvm"])
def test_rows_whose_loop_branches_in_a_new_way_run_in_another_version(backend):
    """The traced row takes one of the ways: its Program has no guard, but its loop lacks a way."""
    def f(x):
        return ag.fori_loop(0, 10, lambda i, c: c * 0.5 if c > 1.0 else c + 0.3, x)

    xs = [-30.0, 5.0, -3.0, 100.0] * 3
    batched, total = vmap(jit(f, backend=backend)), vmap(jit(f, backend=backend), reduce="sum")
    for _ in range(3):
        assert same_bits(batched(np.array(xs)), [f(x) for x in xs])
        assert total(np.array(xs)) == added([[f(x)] for x in xs])[0]
    assert "another way through a loop" in str(batched.programs)


def test_the_end_of_the_budget_runs_rows_eagerly(monkeypatch):
    monkeypatch.setattr(version_budget, "FREE", 0)
    x = np.arange(1.0, 60.0)
    batched = vmap(collatz)
    with pytest.warns(RuntimeWarning, match=r"collatz: its comparisons come out in many ways.*run uncompiled") as told:
        found = batched(x)
    assert same_bits(found, loop(collatz, [(v,) for v in x.tolist()])[:, 0])
    assert len(told) == 1
    assert "collatz" in batched.uncompiled
    assert same_bits(batched(x), found)


def test_many_rows_that_wait_for_one_version_pay_it(monkeypatch):
    """No row runs uncompiled, and no warning says so, where a branch that many rows take comes late."""
    monkeypatch.setattr(version_budget, "FREE", 0)
    x = np.repeat([1.0, 2.0, 3.0, 4.0], version_budget.PRICE)
    batched = vmap(lambda v: v if v < 1.5 else v * v if v < 2.5 else -v if v < 3.5 else v * v * v)
    assert batched(x).tolist() == np.repeat([1.0, 4.0, -3.0, 64.0], version_budget.PRICE).tolist()
    assert len(batched.programs) == 4
    assert not batched.uncompiled


def test_more_ways_than_versions():
    x = np.arange(1.0, 98.0)
    compiled = jit(collatz, backend="python")
    batched = vmap(compiled)
    with pytest.warns(RuntimeWarning, match="more than 64 ways"):
        found = batched(x)
    assert same_bits(found, loop(collatz, [(v,) for v in x.tolist()])[:, 0])
    total = vmap(compiled, reduce="sum")
    with pytest.warns(RuntimeWarning, match="more than 64 ways"):
        assert total(x) == float(sum(found))


rate = 2.0


def test_changed_globals_are_seen_as_jit_sees_them(monkeypatch):
    def f(x):
        return rate * x
    batched, compiled = vmap(f), jit(f)
    assert batched(np.array([1.0]))[0] == compiled(1.0) == 2.0
    monkeypatch.setitem(globals(), "rate", 3.0)
    assert batched(np.array([1.0]))[0] == compiled(1.0) == 2.0


def test_random_numbers_warn_as_in_jit():
    import random
    with pytest.warns(RuntimeWarning, match="random"):
        vmap(lambda x: x + random.random())(np.array([1.0, 2.0]))


@pytest.mark.parametrize("f", [
    lambda x: [x, x] if x > 0 else x, lambda x: [x, x] if x > 0 else [x, x, x],
    lambda x: (x, "up") if x > 0 else (x, "down"), lambda x: (x, 1.0) if x > 0 else {"a": x, "b": 2.0}])
def test_rows_may_not_differ_in_structure(f):
    batched = vmap(f)
    for _ in range(3):      # the version that gives the other one is known from the second call on
        with pytest.raises(ValueError, match=r"another structure.*for row 2"):
            batched(np.array([1.0, 2.0, -1.0]))


def test_versions_read():
    batched = vmap(lambda x: x * x if x > 1.0 else x)
    batched(np.array([2.0, 0.5, 3.0]))
    assert str(batched.programs).splitlines() == [
        "<Program f: 1 inputs, 1 instructions>", "  x > 1.0 is False: <Program f: 1 inputs, 0 instructions>"]
