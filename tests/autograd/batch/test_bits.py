"""vmap in default mode gives the bits of eager: every op, every length, any number of threads."""

from random import Random

import numpy as np
import pytest

from autograd import grad, hessian, value_and_grad, vmap
from autograd.batch import run
from tests.support.batches import eager, loop, same_bits, table
from tests.support.straight_programs import OPS, at, calls, grid, random_program
from tests.support.straight_programs import eager as eager_program


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_every_op_and_its_derivatives(op):
    rng = Random(op.name)
    rows = grid(op, rng, 30)
    count = len(rows)
    columns = [np.array(column, float) for column in zip(*rows, strict=True)]
    function = value_and_grad(calls(op))
    found = vmap(function)(*columns)
    assert same_bits(table(found, count), loop(function, [[*map(float, row)] for row in rows]))


def mixed(x, y):
    if x > y:
        return x * y + 1.0 / x
    while y > 1.0:
        y = y * 0.5
    return y - x**3


def test_every_short_length():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=68), rng.normal(size=68) * 3.0
    right = loop(value_and_grad(mixed), list(zip(x.tolist(), y.tolist(), strict=True)))
    f = vmap(value_and_grad(mixed))
    for n in range(68):
        found, backwards = f(x[:n], y[:n]), f(x[n:0:-1], y[n:0:-1])
        assert found[0].shape == (n,)
        assert not n or same_bits(table(found, n), right[:n]), n
        assert not n or n == 68 or same_bits(table(backwards, n), right[n:0:-1]), n


@pytest.mark.parametrize("threads", [1, 2, 3, 7])
def test_any_number_of_threads(threads, monkeypatch):
    monkeypatch.setattr(run, "LEAST_WORK", 16)
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=1003), rng.normal(size=1003) * 3.0
    right = vmap(value_and_grad(mixed))(x, y)
    found = vmap(value_and_grad(mixed), threads=threads)(x, y)
    assert same_bits(table(found, 1003), table(right, 1003))


def test_a_long_batch():
    x = np.random.default_rng(2).normal(size=20_003)
    y = np.linspace(-1.0, 3.0, 20_003)
    found = table(vmap(mixed, threads=2)(x, y), len(x))
    some = [*range(0, len(x), 97), len(x) - 1]
    assert same_bits(found[some], loop(mixed, [(float(x[i]), float(y[i])) for i in some]))


@pytest.mark.campaign
def test_a_million_rows(figure):
    x = np.random.default_rng(2).normal(size=1_000_003)
    y = np.linspace(-1.0, 3.0, 1_000_003)
    found = [table(vmap(value_and_grad(mixed), threads=threads)(x, y), len(x)) for threads in (1, 2, 5)]
    assert same_bits(found[0], found[1])
    assert same_bits(found[0], found[2])
    right = np.array([eager(value_and_grad(mixed), row) for row in zip(x.tolist(), y.tolist(), strict=True)])
    assert same_bits(found[0], right)
    figure("vmap: 1,000,003 rows with branches, value and gradient, 1, 2 and 5 threads", "equal to eager to the bit")


def test_random_straight_programs():
    for seed in range(20):
        rng = Random(f"vmap {seed}")
        program = random_program(rng, 14)
        rows = [at(rng, program) for _ in range(19)]
        columns = [np.array(column, float) for column in zip(*rows, strict=True)]
        f = eager_program(program)
        found = vmap(value_and_grad(f))(*columns)
        assert same_bits(table(found, 19), loop(value_and_grad(f), rows)), (seed, str(program))


def test_hessians():
    def g(p):
        return p[0]**3 * p[1] if p[0] > 0.0 else p[0] * p[1] / p[2]
    rows = np.random.default_rng(3).normal(size=(33, 3))
    for function in (hessian(g), grad(g), value_and_grad(g)):
        assert same_bits(table(vmap(function)(rows), 33), loop(function, [(row,) for row in rows.tolist()]))
