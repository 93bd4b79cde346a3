"""Loops whose body branches in fast code: each way is learnt once, and no row or call runs eagerly after that."""

import math

import pytest

import autograd.batch.run
import autograd.compiler.jitted
from autograd import exp, fori_loop, grad, jit, scan, value_and_grad, vmap, while_loop

np = pytest.importorskip("numpy")
pytest.importorskip("llvmlite")


def grown(c, x):
    return c * x if c > 1.0 else c + 0.1 * x


def counted(x):
    return fori_loop(0, 20, lambda i, c: grown(c, x), x + 0.1)


def scanned(x):
    return scan(lambda c, a: (grown(c, a * x), None), x + 0.1, [1.0] * 20)[0]


def ended(x):
    return while_loop(lambda s: s[1] < 20, lambda s: (grown(s[0], x), s[1] + 1), (x + 0.1, 0.0))[0]


def snapshots(x):
    return fori_loop(0, 20, lambda i, c: grown(c, x), x + 0.1, checkpoint=3)


def nested(x):
    return fori_loop(0, 4, lambda i, c: 0.5 * fori_loop(0, 5, lambda j, d: grown(d, x), c) if c < 3.0 else c, x + 0.1)


LOOPS = [counted, scanned, ended, snapshots, nested]


@pytest.fixture
def eager_runs(monkeypatch):
    """Rows and calls that run eagerly."""
    found = []
    for module in (autograd.batch.run, autograd.compiler.jitted):
        def noted(f, args, kwargs, usual=module.run_eagerly):
            found.append(args)
            return usual(f, args, kwargs)

        monkeypatch.setattr(module, "run_eagerly", noted)
    return found


def close(found, wanted):
    return np.allclose(found, wanted, rtol=1e-12, atol=0.0)


@pytest.mark.parametrize("first", [2.0, 0.3])
@pytest.mark.parametrize("f", LOOPS, ids=lambda f: f.__name__)
def test_a_batch_learns_the_way_that_its_first_row_does_not_take(f, first, eager_runs):
    rows = [first] + [2.3 - first, 1.5, 0.2] * 5
    one = value_and_grad(f)
    batched = vmap(one, fast=True)
    for _ in range(2):
        values, slopes = batched(rows)
        assert close(values, [f(x) for x in rows])
        assert close(slopes, [grad(f)(x) for x in rows])
    default = vmap(jit(one, backend="python"))
    default(rows)
    assert len(batched.programs) == len(default.programs) > 1
    assert not eager_runs
    assert not batched.uncompiled


@pytest.mark.parametrize("f", LOOPS, ids=lambda f: f.__name__)
def test_calls_and_sums_learn_it_too(f, eager_runs):
    rows = [2.0, 0.3, 1.5, 0.2]
    called, total = jit(f, fast=True), vmap(f, reduce="sum", fast=True)
    for _ in range(2):
        assert close([called(x) for x in rows], [f(x) for x in rows])
        assert close(total(rows), sum(f(x) for x in rows))
    default = jit(f, backend="python")
    assert close([default(x) for x in rows], [f(x) for x in rows])
    assert len(called.programs) == len(total.programs) == len(default.programs) > 1
    assert not eager_runs
    assert not called.uncompiled + total.uncompiled


def test_a_row_that_last_bits_send_to_a_missing_way_runs_eagerly_and_that_is_said(eager_runs):
    xs = [0.37 + 0.001 * i for i in range(3000)]
    x = next((x for x, y in zip(xs, vmap(exp, fast=True)(xs), strict=True) if y > math.exp(x)), None)
    if x is None:
        pytest.skip("C's library has no vectors that round otherwise")
    limit = math.exp(x)
    batched = vmap(lambda x: fori_loop(0, 3, lambda i, c: c + 1.0 if exp(x) > limit else c - 1.0, x), fast=True)
    with pytest.warns(RuntimeWarning, match="last bits") as warned:
        assert close(batched([x - 1.0, x]), [x - 4.0, x - 3.0])
    assert batched.uncompiled == str(warned[0].message)
    assert close(batched([x - 1.0, x]), [x - 4.0, x - 3.0])     # it is said once
    assert len(eager_runs) == 2
    assert len(batched.programs) == 1
    assert close(batched([x + 1.0]), [x + 4.0])
    assert len(batched.programs) == len(eager_runs) == 2
