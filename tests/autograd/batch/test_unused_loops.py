"""Loops that no output uses decide all the same in which version a point runs: their branches are guards."""

import numpy as np
import pytest

import autograd as ag
from autograd import fori_loop, grad, jit, jvp, scan, vmap, while_loop

POINTS = [[-1.9, 0.5], [0.03, 0.5], [0.15, 0.5]]
SEED = [0.3, -1.0]


def smaller(p):
    return fori_loop(0, 3, lambda i, c: ag.minimum(0.3 * p[0]**2, ag.relu(0.1 * i)), p[1])


def nested(p):
    return fori_loop(0, 3, lambda i, c: fori_loop(0, 2, lambda k, d: ag.minimum(0.3 * p[0]**2, 0.1 * k), c), p[1])


def branching(p):
    return fori_loop(0, 3, lambda i, c: 1.0 if p[0]**2 * 0.3 > 0.1 * i else p[0] * 0.25, p[1])


def until(p):
    return while_loop(lambda c: c[0] < 3.0, lambda c: (c[0] + 1.0, 1.0 if p[0] > 0.1 * c[0] else 2.0 * p[0]),
                      (0.0, p[1]))[1]


def results(p):
    return scan(lambda c, t: (c, 1.0 if p[0] > t else p[0] * t), 0.0, [0.1, 0.2, 0.9])[1][2]


LOOPS = [smaller, nested, branching, until, results]
USES = {
    "tangent": lambda f: lambda p: jvp(f, (p,), (SEED,))[1],
    "gradient": grad,
    "gradient of the tangent": lambda f: grad(lambda p: jvp(f, (p,), (SEED,))[1]),
    "tangent of the tangent": lambda f: lambda p: jvp(lambda q: jvp(f, (q,), (SEED,))[1], (p,), ([1.0, 1.0],))[1],
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
@pytest.mark.parametrize("f", LOOPS, ids=lambda f: f.__name__)
def test_points_run_in_the_version_of_their_branches(f, use):
    h = use(f)
    for points in (POINTS, POINTS[::-1]):
        compiled = jit(h, backend="python")
        assert [compiled(p) for p in points] == [h(p) for p in points]


@pytest.mark.parametrize("use", USES.values(), ids=USES)
@pytest.mark.parametrize("f", LOOPS, ids=lambda f: f.__name__)
def test_rows_do_too(f, use):
    """In machine code, where it is installed."""
    h = use(f)
    assert vmap(h)(np.array(POINTS)).tolist() == [h(p) for p in POINTS]


def test_a_loop_without_branches_that_nothing_uses_is_left_out():
    compiled = jit(lambda p: (fori_loop(0, 3, lambda i, c: c * p[0], p[1]), p[0] * 2.0)[1])
    assert compiled([3.0, 1.0]) == 6.0
    assert "fori_loop" not in str(compiled.programs[0])
