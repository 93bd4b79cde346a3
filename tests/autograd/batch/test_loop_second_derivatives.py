"""Second derivatives of compiled loops have the bits of Python's own loops."""

from random import Random

import pytest

import autograd as ag
from autograd import grad, hessian, hvp, jit
from tests.support.loop_programs import PlainLoops, bits


def last_carry(loops):
    """A carry that only the last iteration passes on, and whose number is used twice behind the loop."""
    def body(c, x):
        v = ag.sin(x)
        return v, ag.exp(x) * v

    def f(p):
        last, ys = loops.scan(body, p[0] * 1.0, [p[1] * 1.1, p[0] * 1.2, p[1] * 0.9])
        return ag.sin(last) * last + sum(y * y for y in ys)
    return f


def square(loops):
    def f(p):
        last = loops.fori_loop(0, 3, lambda i, c: ag.sin(c * p[1]) * p[0] + c**2, p[0] * 1.1)
        return last**2
    return f


def two_loops(loops):
    """The second loop reads what the first one gives, and so does what follows."""
    def f(p):
        a = loops.fori_loop(0, 3, lambda i, c: ag.sin(c) * p[1], p[0] * 1.1)
        b = loops.while_loop(lambda c: c[1] < 3, lambda c: [c[0] * a + a, c[1] + 1], [p[1] * 0.3, 0.0])[0]
        return a * a * b + ag.sin(b)
    return f


def added_alone(loops):
    """A captured number that only the loop adds, and by itself."""
    return lambda p: ag.sin(loops.fori_loop(0, 3, lambda i, c: ag.sin(c) * c + p[0], p[1] * 1.1))


def added_and_multiplied(loops):
    return lambda p: ag.sin(loops.fori_loop(0, 3, lambda i, c: c * c * p[1] + p[0] * c + p[0], p[1] * 1.1))


def gradient_of_gradient(f):
    return grad(lambda p: sum(x * w for x, w in zip(grad(f)(p), (0.3, -1.0), strict=True)))


@pytest.mark.parametrize("how", [hessian, gradient_of_gradient, lambda f: lambda p: hvp(f, p, [0.3, -1.0])],
                         ids=["hessian", "grad of grad", "hvp"])
@pytest.mark.parametrize("make", [last_carry, square, two_loops, added_alone, added_and_multiplied])
def test_second_derivatives_add_as_the_unrolled_loop(make, how):
    compiled, expected, random = jit(how(make(ag)), backend="python"), how(make(PlainLoops)), Random(7)
    for _ in range(20):
        p = [random.uniform(-2, 2) for _ in range(2)]
        assert bits(compiled(p)) == bits(expected(p))
