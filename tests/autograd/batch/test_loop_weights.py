"""Weights and tangents that are 0 are structural zeros in compiled loops, too: no slope is multiplied by them."""

import pytest

import autograd as ag
from autograd import fori_loop, grad, jacobian, jit, jvp, scan, vjp, while_loop
from tests.support.loop_programs import bits


def roots(x):
    return fori_loop(0, 2, lambda i, c: ag.sqrt(c) * 1.5, x)


def sums(x):
    """Results that are read one by one, and items that are added to."""
    last, ys = scan(lambda c, t: (ag.sqrt(c) + t, c * t), x * 0.7, [1.0, 2.0, 3 * x])
    return last + ys[0] * ys[1] + sum(ys)


def nested(x):
    return fori_loop(0, 2, lambda i, c: c + fori_loop(0, 2, lambda j, d: ag.sqrt(d) * x, c), x * 1.0)


def below(x):
    return while_loop(lambda c: c[1] < 3, lambda c: (ag.sqrt(c[0]) if c[1] < 1 else c[0] * x, c[1] + 1), (x, 0.0))[0]


def overwritten(x):
    """A branch that sets a carry."""
    def body(c, t):
        a, b = c
        if b < 0.5:
            a = -1.0
        else:
            b = -1.0
        return (a, b), None

    (a, _), _ = scan(body, (x, 1.0), [0.0, 1.0, x])
    return a * x


WAYS = {
    "jvp of grad": lambda f: lambda x, w: jvp(grad(f), (x,), (w,)),
    "vjp": lambda f: lambda x, w: vjp(f, x)[1](w),
    "grad of jvp": lambda f: grad(lambda x, w: jvp(f, (x,), (w,))[1]),
    "grad by the weight": lambda f: grad(lambda x, w: vjp(f, x)[1](w), argnums=1),
    "jacobian of jvp": lambda f: jacobian(lambda x, w: [jvp(f, (x,), (w,))[1], w, x]),
    "grad of a slope by the weight": lambda f: grad(lambda x, w: jvp(grad(f), (x,), (w,))[1], argnums=1),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("f", [roots, sums, nested, below, overwritten])
def test_weights_of_zero(f, way):
    g = way(f)
    compiled = jit(g, backend="python")
    for p in (0.0, 0.0), (0.0, 1.0), (0.7, 0.0), (0.7, -0.0), (0.7, 1.0):
        assert bits(compiled(*p)) == bits(g(*p))
