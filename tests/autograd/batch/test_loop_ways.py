"""The ways through a body when a call takes a new one: former ones are kept, and none runs at numbers of another."""

from math import inf

import pytest

from autograd import floor, fori_loop, jit, jvp, scan, stop_gradient, value_and_grad, while_loop
from autograd.batch import loop_tracing
from autograd.batch.probing import missing_iteration
from autograd.program import nested
from tests.support.loop_programs import bits


def settling(p):
    """Whether the second loop's carry gets a tangent, and so runs its first iteration apart, depends on ``p[1]``."""
    def halved(i, a):
        return a * 0.5 if a > 1 else a + 0.1

    def body(c, t):
        b, n = c
        if a * p[1] > 0:
            b = b * p[1]
        n = fori_loop(0, stop_gradient(floor(p[0] * t)),
                      lambda i, s: s * 1.1 if s > 6 else s * 1.2 if s > 5 else s * 1.3 if s > 4 else s + t, n)
        return (b, n), b * n

    a = fori_loop(0, 3, halved, p[0])
    (b, n), ys = scan(body, (1.0, 0.5), [1.0, 2.0, 3.0])
    return a + b * n + sum(ys)


@pytest.mark.parametrize("backend", ["python", "llvm"])
def test_a_way_of_the_run_before_serves_the_same_loop_only(backend):
    def pushed(x, y):
        return jvp(lambda *p: settling(p), (x, y), (1.0, 0.5))

    compiled = jit(pushed, backend=backend)
    for p in (0.7, 0.6), (1.5, -0.5), (1.7, 0.4), (0.2, -1.0), (3.0, -1.0), (3.0, 1.0):
        assert bits(compiled(*p)) == bits(pushed(*p))


def growing(x):
    """A loop inside a branch, which ends at the numbers of this branch alone."""
    def body(i, c):
        a, s = c
        s = s + while_loop(lambda c: c > 0.1, lambda c: c * a, 1.0) if a < 0.9 else s + a if a < 3 else s + 2 * a
        return [a * x, s]

    return fori_loop(0, 3, body, [x, 0.0])[1]


def counted(x):
    """A branch whose count is refused at the numbers of another."""
    def body(i, c):
        a, s = c
        s = s + fori_loop(0, stop_gradient(floor(a)), lambda i, b: b * a, 1.0) if a < 9 else s + a
        return [a + 1.0, s]

    return fori_loop(0, 3, body, [x, 0.0])[1]


def limited():
    """The iterations of a loop without a count, which should not be so many."""
    yield from range(10_000)
    raise AssertionError("a loop does not end")


def probed(loop, args, width):
    """A loop that is run to see which ways are missing; the one of ``growing`` ends where ``a`` is below 0.9."""
    assert loop.name != "while_loop" or args[-1] < 0.9
    return missing_iteration(loop, args, width)


@pytest.mark.parametrize("backend", ["python", "llvm"])
@pytest.mark.parametrize("f", [growing, counted])
def test_a_branch_runs_at_no_numbers_of_another(f, backend, monkeypatch):
    monkeypatch.setattr(nested, "counting", limited)
    monkeypatch.setattr(loop_tracing, "missing_iteration", probed)
    compiled = jit(value_and_grad(f), backend=backend)
    for x in (0.5, 2.0, 5.0, inf, 0.7, 7.5):
        assert bits(compiled(x)) == bits(value_and_grad(f)(x))
