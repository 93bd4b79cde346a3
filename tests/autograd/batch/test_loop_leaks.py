"""A number of a loop's body that is used outside of it, where a compiled function has no such number."""

import pytest

from autograd import fori_loop, grad, jit, scan, vmap, while_loop
from autograd.errors import TraceError


def history(x):
    kept = []

    def body(i, c):
        kept.append(c)
        return 2.0 * c
    fori_loop(0, 3, body, x)
    return sum(kept)


class Cell:
    """A recurrent layer that keeps its state."""

    state = 0.0

    def __call__(self, x):
        def step(h, a):
            self.state = h * a + x
            return self.state, None
        scan(step, x, [1.0, 2.0, 3.0])
        return self.state


def compared(x):
    kept = []
    while_loop(lambda c: c < 9.0, lambda c: (kept.append(c), 2.0 * c)[1], x)
    return x if kept[-1] > 3.0 else -x


def frozen(x):
    kept = []
    fori_loop(0, 3, lambda i, c: (kept.append(c), 2.0 * c)[1], x)
    return x * float(kept[0])


def inside(x):
    kept = []

    def body(i, c):
        fori_loop(0, 3, lambda j, d: (kept.append(d), 2.0 * d)[1], c)
        return c + kept[-1]
    return fori_loop(0, 4, body, x)


@pytest.mark.parametrize("f", [history, Cell(), compared, frozen, inside])
def test_a_number_that_leaves_the_body_is_an_error_and_no_constant(f):
    f(1.5)
    for compiled in (jit(f), jit(grad(f)), vmap(f), vmap(grad(f))):
        with pytest.raises(TraceError, match=r"inside the body of a loop.*return it|would be frozen"):
            compiled([1.5] if hasattr(compiled, "in_axes") else 1.5)


def test_what_does_not_depend_on_the_iteration_may_leave_it():
    def f(x):
        kept = []
        last = fori_loop(0, 3, lambda i, c: (kept.append(x * x), c + kept[-1])[1], x)
        return last + kept[0]
    assert jit(f)(1.5) == f(1.5)
    assert jit(grad(f))(1.5) == grad(f)(1.5)
