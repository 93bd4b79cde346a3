"""vmap of functions with loops: values, gradients and sums of rows that run in lanes, to eager's bits."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import autograd as ag
from autograd import Value, fori_loop, hessian, jit, scan, value_and_grad, vmap, while_loop
from tests.support.batches import added, loop, same_bits, table

STEPS = 12


def swing(p, angle, push):
    """The last angle; p is for all rows, and the pushes are each row's."""
    def step(c, x):
        angle, speed = c
        speed = speed - 0.1 * (p[0] * ag.sin(angle) + p[1] * speed) + x
        return (angle + 0.1 * speed, speed), angle * angle

    (angle, _), squares = scan(step, (angle, 0.0), push)
    return angle + 0.01 * sum(squares)


def rows_of(count):
    rng = np.random.default_rng(count)
    return rng.uniform(-1, 1, count), rng.uniform(-0.1, 0.1, (count, STEPS))


P = [2.0, 0.3]


@pytest.mark.parametrize("count", [1, 13])
@pytest.mark.parametrize("how", [lambda f, **_: f, value_and_grad])
def test_rows_have_the_bits_of_eager_calls(how, count):
    angles, pushes = rows_of(count)
    f = how(swing, argnums=(0, 1, 2))
    batched = vmap(f, in_axes=(None, 0, 0))
    wanted = loop(f, [(P, float(a), push.tolist()) for a, push in zip(angles, pushes, strict=True)])
    for _ in range(3):      # the third call is one call of machine code
        assert same_bits(table(batched(P, angles, pushes), count), wanted)
    assert "; loops in lanes of" in str(batched.programs)


@pytest.mark.parametrize("reduce", ["sum", "mean"])
def test_sums_over_rows_and_gradients_of_what_they_share(reduce):
    angles, pushes = rows_of(21)
    p = [Value(x) for x in P]
    one = value_and_grad(lambda angle, push: swing(p, angle, push), wrt=p)
    given = value_and_grad(swing, argnums=0)
    rows = [(float(a), push.tolist()) for a, push in zip(angles, pushes, strict=True)]
    sums = added(loop(one, rows))
    over = 21 if reduce == "mean" else 1
    captured = vmap(one, reduce=reduce)
    shared = vmap(given, in_axes=(None, 0, 0), reduce=reduce)
    for _ in range(3):
        for value, gradient in (captured(angles, pushes), shared(P, angles, pushes)):
            assert [float(value), *map(float, gradient)] == [x / over for x in sums]
    p[0].data = 0.5
    value, gradient = captured(angles, pushes)
    assert [float(value), *map(float, gradient)] == [x / over for x in added(loop(one, rows))]


def test_all_threads_give_the_same_rows():
    rs = np.linspace(2.5, 4.0, 40_000)
    f = value_and_grad(lambda r: fori_loop(0, 5, lambda i, x: r * x * (1 - x), 0.5))
    one, four = vmap(f)(rs), vmap(f, threads=4)(rs)
    assert all(map(same_bits, one, four))
    with ThreadPoolExecutor(2) as pool:
        total = vmap(f, reduce="sum", executor=pool)(rs)
    assert all(map(same_bits, total, vmap(f, reduce="sum")(rs)))
    assert float(total[0]) == added([[x] for x in one[0]])[0]


def test_second_derivatives_and_rows_of_rows():
    xs = np.linspace(-1, 1, 11).reshape(11, 1) * [1.0, 0.5]
    f = hessian(lambda p: fori_loop(0, 4, lambda i, c: ag.sin(c) * p[1] + p[0] * i, p[0]))
    assert same_bits(table(vmap(f)(xs), 11), loop(jit(f), [(x.tolist(),) for x in xs]))
    g = value_and_grad(lambda x, y: fori_loop(0, 3, lambda i, c: c * y + x, 0.1), argnums=0)
    grid = vmap(vmap(g, in_axes=(None, 0)), in_axes=(0, None))(xs[:, 0], xs[:, 1])
    wanted = [[g(float(x), float(y)) for y in xs[:, 1]] for x in xs[:, 0]]
    for found, part in zip(grid, (0, 1), strict=True):
        assert same_bits(found, [[pair[part] for pair in row] for row in wanted])


def test_rows_that_branch_in_a_loop_run_in_lanes_where_all_ways_are_known():
    def f(x):
        return fori_loop(0, 10, lambda i, c: c * 0.5 if c > 1.0 else c + 0.3, x)

    xs = np.random.default_rng(1).uniform(-9, 9, 1500)
    batched = vmap(value_and_grad(f))
    wanted = loop(value_and_grad(f), [(float(x),) for x in xs])
    assert same_bits(table(batched(xs), 1500), wanted)
    assert str(batched.programs).count("loops in lanes of") == 1     # the first row takes both ways


def test_rows_that_end_after_different_numbers_of_rounds():
    def root(a, n):
        x = while_loop(lambda x: abs(x * x - a) > 1e-9 * a, lambda x: 0.5 * (x + a / x), a)
        return fori_loop(0, n, lambda i, c: c * x, x)

    a, n = np.linspace(0.01, 50.0, 37), np.arange(37.0) % 5
    one = value_and_grad(root, argnums=0)
    wanted = loop(one, [*zip(a.tolist(), n.tolist(), strict=True)])
    batched, total = vmap(one), vmap(one, reduce="sum")
    for _ in range(3):
        assert same_bits(table(batched(a, n), 37), wanted)
        value, slopes = total(a, n)
        assert float(value) == added(wanted)[0]
        assert same_bits(slopes, wanted[:, 1])
    assert str(batched.programs).count("loops in lanes of") == 1


def test_fast_loops_are_right_and_say_which_functions_are_called_for_each_row():
    xs = np.linspace(0.1, 3.0, 100)

    def f(x):
        return fori_loop(0, 6, lambda i, c: ag.sin(c * x) + c * c * 0.1 + x % 0.7, x)

    fast = vmap(value_and_grad(f), fast=True)
    exact = vmap(value_and_grad(f))(xs)
    for found, other in zip(fast(xs), exact, strict=True):
        assert np.allclose(found, other, rtol=1e-12, atol=1e-13)
    assert "row by row: fmod" in str(fast.programs)

    def decided(x):     # what a guard asks keeps eager's bits: x * x - x * x is 0 for all
        return fori_loop(0, 3, lambda i, c: c + 1.0 if c * c - c * c == 0.0 else c - 1.0, x)

    assert same_bits(vmap(decided, fast=True)(xs), [decided(float(x)) for x in xs])


def test_laned_loops_are_pickled_and_cached(tmp_path, monkeypatch):
    monkeypatch.setenv("PATHGRAD_CACHE_DIR", str(tmp_path))
    angles, _ = rows_of(9)
    batched = vmap(jit(value_and_grad(_module_function), cache=True))
    wanted = batched(angles)
    assert [*tmp_path.rglob("*.code")]
    again = pickle.loads(pickle.dumps(batched))
    assert all(map(same_bits, again(angles), wanted))


def _module_function(x):
    return fori_loop(0, 7, lambda i, c: ag.tanh(c) * x + i, x)


def test_snapshots_of_rows_that_take_different_numbers_of_rounds():
    def until(a, b):
        return while_loop(lambda c: c[0] < 3.0, lambda c: (c[0] * 1.2 + 0.1 * b, ag.sin(c[1] + a) * c[0]), (a, b),
                          checkpoint=2)[1]

    def rounds(a, b):
        return fori_loop(0, ag.floor(a * 4), lambda i, c: ag.relu(c) * b + 0.1 * i, a, checkpoint=2)

    a, b = np.linspace(0.1, 2.9, 9), np.linspace(1.5, 0.2, 9)
    for f in (until, rounds):
        one = value_and_grad(f, argnums=(0, 1))
        batched = vmap(one)
        assert same_bits(table(batched(a, b), 9), loop(one, [*zip(a.tolist(), b.tolist(), strict=True)]))
        assert "with snapshots ends after different numbers" in str(batched.programs)
