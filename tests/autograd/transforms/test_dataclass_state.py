"""Dataclasses whose state differs from what their constructor computes: refused, as the function would not see it."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import derivative, grad, gradcheck, hessian, jvp, trace, value_and_grad, vjp, vmap


@dataclass
class Layered:
    w: Any
    scale: Any = field(init=False, default=1.0)
    on: bool = field(init=False, default=True)
    history: Any = field(init=False, default_factory=list)
    memo: Any = field(init=False, default=None)

    def __post_init__(self):
        self.double = 2.0 * self.w


@pytest.mark.parametrize(("name", "value"), [("scale", 7.0), ("on", False), ("history", [1.0]), ("double", 1.0),
                                             ("w", 9.0)])
def test_state_that_the_constructor_would_reset_is_an_error(name, value, jit):
    f = lambda q: q.scale * q.w + q.double      # noqa: E731
    compiled, given = jit(f), Layered(3.0)
    assert compiled(given) == value_and_grad(f)(given)[0] == f(given) == 9.0
    setattr(given, name, value)
    inner = lambda s: grad(lambda x: f(given) * x)(s)       # noqa: E731
    assert inner(1.0) == f(given)       # a captured object is taken as it is
    for act in (compiled, jit(f), grad(f), jit(grad(f)), derivative(f), lambda q: jvp(f, (q,), (q,)),
                lambda q: vjp(f, q), lambda q: hessian(f)(q), lambda q: gradcheck(f, q),
                lambda q: grad(lambda qs: f(qs[0]))([q]),
                lambda q: grad(lambda x: grad(f)(q).w * x)(2.0), lambda q: trace(f, q), lambda q: vmap(f)([q, q])):
        with pytest.raises(TypeError, match=rf"Layered.{'double' if name == 'w' else name} is .* computes"):
            act(given)
    rows = Layered(np.array([1.0, 2.0]))
    assert vmap(f)(rows).tolist() == [3.0, 6.0]
    assert ag.scan(lambda c, q: (c + f(q), None), 0.0, rows)[0] == 9.0
    setattr(rows, name, value)
    for act in (lambda: vmap(f)(rows), lambda: ag.scan(lambda c, q: (c + f(q), None), 0.0, rows)):
        with pytest.raises((TypeError, ValueError)):
            act()


def test_a_cache_of_a_dataclass_counts_as_not_yet_computed(jit):
    q = Layered(3.0)
    q.memo = 5.0
    f = lambda q: q.w**2 if q.memo is None else q.memo      # noqa: E731
    assert value_and_grad(f)(q)[0] == jit(f)(q) == 9.0
