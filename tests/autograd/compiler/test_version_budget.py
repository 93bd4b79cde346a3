"""Compilation stops where it costs more than uncompiled calls, and a warning names the comparison."""

import math
import warnings
from functools import partial
from random import Random

import pytest

import autograd as ag
from autograd import grad, value_and_grad
from autograd.compiler import version_budget
from autograd.compiler.version_budget import PRICE
from tests.support.bit_identity import same


@pytest.fixture
def jit():
    """What is compiled, and told, is the same with each backend; Python is the quicker one."""
    return partial(ag.jit, backend="python")


@pytest.fixture(autouse=True)
def _the_usual_budget(monkeypatch):
    monkeypatch.setattr(version_budget, "FREE", 5_000)


def american(steps):
    """An option on a binomial tree, with Python's own max."""
    def price(p):
        spot, strike, rate, volatility = p
        up = ag.exp(volatility * math.sqrt(1 / steps))
        q, discount = (ag.exp(rate / steps) - 1 / up) / (up - 1 / up), ag.exp(-rate / steps)
        powers = [up**(j - steps) for j in range(2 * steps + 1)]
        values = [max(strike - spot * powers[2 * j], 0.0) for j in range(steps + 1)]
        for i in range(steps - 1, -1, -1):
            values = [max(discount * (q * values[j + 1] + (1 - q) * values[j]),
                          strike - spot * powers[2 * j - i + steps]) for j in range(i + 1)]
        return values[0]
    return price


def newton(p):
    total = 0.0
    for s in p:
        x = s
        while abs(x * x * x - s) > 1e-10 * s:
            x = x - (x * x * x - s) / (3 * x * x)
        total = total + x
    return total


def units(count):
    random = Random(2)
    weights = [[random.uniform(-1, 1) for _ in range(3)] for _ in range(count)]

    def network(x):
        total = 0.0
        for a, b, c in weights:
            h = a * x[0] + b * x[1] + c
            total = total + (h * 0.3 if h > 0 else 0.0)
        return total
    return network


def logistic(logits):
    top = max(logits)
    return ag.log(ag.sum([ag.exp(x - top) for x in logits])) + top


def points(n, low, high, count=60, seed=0):
    random = Random(seed)
    return [[random.uniform(low, high) for _ in range(n)] for _ in range(count)]


CASES = {
    "tree": (american(12), [[100 + 3 * a, 100.0, 0.03 + b / 100, 0.2 + b / 10] for a, b in points(2, -3, 3)], "max(",
             "autograd.maximum(a, b)"),
    "newton": (newton, points(30, 0.5, 50.0), "while abs", "rounds"),
    "units": (units(32), points(2, -1.0, 1.0), "if h > 0", "autograd.where(condition, a, b)"),
    "logits": (logistic, points(120, -1.0, 1.0), "top = max(logits)", "autograd.softmax(logits)"),
}


@pytest.mark.parametrize("case", CASES)
def test_versions_end_with_one_warning_that_names_the_comparison_and_what_to_write(case, jit):
    f, calls, source, advice = CASES[case]
    compiled = jit(value_and_grad(f))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = [compiled(p) for p in calls]
    assert all(same(out, value_and_grad(f)(p)) for out, p in zip(found, calls, strict=True))
    [warning] = caught
    text = str(warning.message)
    assert (warning.category, warning.filename) == (RuntimeWarning, __file__)
    assert text.startswith(f"{f.__name__}: its comparisons come out in many ways")
    assert f'File "{__file__}"' in text
    assert source in text.splitlines()[-1]
    assert advice in text
    assert "softmax" in text or "max(" not in source
    assert compiled.uncompiled == text
    assert len(compiled.programs) < 32


def test_the_number_of_versions_is_bounded_by_the_uncompiled_calls(jit):
    f, calls = units(32), points(2, -1.0, 1.0, 200)
    compiled = jit(value_and_grad(f))
    with pytest.warns(RuntimeWarning, match="many ways"):
        [compiled(p) for p in calls]
    made, uncompiled = len(compiled.programs), compiled.versions.uncompiled.total()
    free = 1 + version_budget.FREE // min(len(program.instructions) for program in compiled.programs)
    assert made <= free + uncompiled // PRICE
    again = jit(value_and_grad(f))
    with pytest.warns(RuntimeWarning, match="many ways"):
        [again(p) for p in calls]
    assert [str(p) for p in again.programs] == [str(p) for p in compiled.programs]      # whatever the clock says


def test_a_branch_that_is_often_taken_gets_its_version_all_the_same(jit):
    draws = [*map(Random(1).getrandbits, [1] * 4000)]       # no loop is found in it

    def f(x):
        if x > 2.0:
            y = x * 3.0
        elif x > 1.0:
            y = x * 5.0
        else:
            y = x * 7.0
        for draw in draws:
            y = y * 0.999 + x if draw else y - 0.25 * x
        return y

    compiled = jit(f)
    compiled(3.0), compiled(0.5)
    with pytest.warns(RuntimeWarning, match="elif x > 1.0"):
        compiled(1.5)
    for _ in range(PRICE - 1):
        assert compiled(1.5) == f(1.5)
    assert len(compiled.programs) == 2
    compiled(1.5)
    assert len(compiled.programs) == 3
    assert compiled.versions.uncompiled.total() == PRICE


def test_names_of_many_lengths_count_together(jit):
    """A structure of the arguments is compiled once, and not all structures without end."""
    def f(p):
        total = 0.0
        for x in p:
            total = ag.tanh(total * 0.5 + x)
        return total

    compiled = jit(grad(f))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for n in range(100, 140):
            p = [0.1 * i for i in range(n)]
            assert same(compiled(p), grad(f)(p))
    [warning] = caught
    assert "structures" in str(warning.message)
    assert 1 < len(compiled.programs) < 20


def test_small_functions_have_all_their_versions(jit):
    compiled = jit(units(5))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for p in points(2, -1.0, 1.0, 200):
            compiled(p)
    assert compiled.uncompiled == ""


def test_values_and_no_grad_where_versions_have_ended(jit):
    f, calls = units(32), points(2, -1.0, 1.0, 50)
    w = ag.Value(2.0)
    compiled = jit(lambda x: f(x) * w)
    with pytest.warns(RuntimeWarning, match="many ways"):
        [compiled(p) for p in calls]
    for p in calls:
        out, wanted = compiled(p), f([ag.Value(x) for x in p]).data
        w.grad = None
        out.backward()
        assert (out.data, w.grad) == (wanted * 2.0, wanted)
        with ag.no_grad():
            quiet = compiled(p)
        assert (quiet.data, quiet.op) == (out.data, None)
        assert same(grad(compiled)(p), grad(lambda x: f(x) * 2.0)(p))
