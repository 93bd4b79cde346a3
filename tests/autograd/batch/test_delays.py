"""Scans whose results are the carry as it came, such as delay lines; and bounds beyond every count."""

import pytest

import autograd as ag
from autograd import fori_loop, grad, hessian, jit, scan, vmap
from tests.support.backends import BACKENDS

DELAYS = {
    "one": lambda x: scan(lambda c, u: (u, c), x, [1.0, 2.0])[1][0] ** 2,
    "computed": lambda x: sum(y * y for y in scan(lambda c, u: (u, c), 0.0, [x, 2.0 * x, x * x])[1]),
    "two carries": lambda x: sum(y**2 for y in scan(
        lambda c, u: ((ag.sin(c[1]), x * u), c[0]), (x, x * x), [1.0, 2.0, 3.0, 4.0])[1]),
    "captured": lambda x: sum(y**3 for y in scan(lambda c, u: ((x, c[0] * u), c[1]), (x * x, x), [2.0, 3.0])[1]),
    "reverse": lambda x: sum(y**3 for y in scan(lambda c, u: (u * x, c), x, [2.0, 3.0], reverse=True)[1]),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", DELAYS)
def test_second_derivatives_of_delays(name, backend):
    """The adjoint that the way back hands on as it is was counted as none."""
    f, x = DELAYS[name], 0.7
    second = grad(grad(f))(x)
    assert abs(second - (f(x + 1e-4) - 2.0 * f(x) + f(x - 1e-4)) / 1e-8) < 1e-5
    assert jit(grad(grad(f)), backend=backend)(x) == second
    assert jit(hessian(f), backend=backend)(x) == second
    assert [*vmap(grad(grad(f)))([x] * 3)] == [second] * 3


def counted(x, n):
    return fori_loop(0, n, lambda i, c: c + 1.0, x)


@pytest.mark.parametrize("bound", [float("inf"), float("-inf"), 1e19, -1e19])
def test_a_bound_beyond_every_count_is_refused(bound):
    """Beside other rows, too, an infinite one counted as 0."""
    with pytest.raises(OverflowError, match=r"fori_loop: upper is .*; give a number below 2\*\*63|float infinity"):
        counted(0.0, bound)
    with pytest.raises(OverflowError, match="fori_loop: upper is "):
        jit(counted)(0.0, bound)
    with pytest.raises(OverflowError, match="fori_loop: upper is "):
        vmap(counted)([0.0] * 9, [3.0] * 8 + [bound])
