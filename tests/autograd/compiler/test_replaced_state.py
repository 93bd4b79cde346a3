"""A compiled function follows state outside it that is replaced while it is differentiated."""

import gc
import random
import weakref
from functools import partial

import numpy as np
import pytest

import autograd as ag
from autograd import Value, derivative, grad, value_and_grad
from tests.support.outside_state import MAKERS, Model, of_a_global, of_another_function, of_another_list


@pytest.fixture(autouse=True)
def as_it_was():
    yield
    of_a_global()[1](2.0)
    of_another_list()[1](2.0)
    Model.shared = 2.0


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("first", [3.0, [3.0]], ids=["called before", "in a list"])
def test_a_plain_number_that_becomes_what_is_differentiated_by(make, first, jit):
    f, put = make()
    fast = jit(f) if first == 3.0 else jit(lambda p: f(p[0]))
    assert fast(first) == 6.0

    def loss(k):
        put(k)
        return fast(first)

    def squared(k):
        put(k * k)
        return fast(first)

    for k in (5.0, 7.0):
        assert value_and_grad(loss)(k) == (3.0 * k, 3.0)
        assert derivative(loss)(k) == 3.0
        assert grad(squared)(k) == 6.0 * k
        assert grad(grad(squared))(k) == derivative(derivative(squared))(k) == 6.0


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_from_one_value_to_the_next(make, jit):
    f, put = make()
    fast, one, two = jit(f), Value(2.0), Value(5.0)
    put(one)

    def loss(v):
        put(v)
        return fast(3.0)

    for v in (one, two, one):
        assert value_and_grad(partial(loss, v), wrt=[v])() == (3.0 * v.data, [3.0])


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_plain_numbers_stay_as_they_were(make, jit):
    f, put = make()
    fast = jit(f)
    assert fast(3.0) == 6.0
    assert grad(fast)(3.0) == 2.0
    if make not in (of_another_function,):
        put(5.0)
    assert fast(4.0) == 8.0
    assert grad(fast)(4.0) == 2.0
    assert len(fast.programs) == 1


def test_methods_and_a_guard_that_leads_on(jit):
    class Gate:
        def __init__(self):
            self.k, self.low = 2.0, [2.0]

        @jit
        def at(self, x):
            return self.k * x if x > 0.0 else self.low[0] * x

    gate = Gate()
    assert [gate.at(3.0), gate.at(-3.0)] == [6.0, -6.0]

    def loss(k):
        gate.k, gate.low[0] = k, k * k
        return gate.at(3.0) + gate.at(-3.0)

    assert value_and_grad(loss)(5.0) == (-60.0, -27.0)
    assert derivative(loss)(5.0) == -27.0


def test_a_callable_argument(jit):
    m, fast = Model(), jit(lambda x, f: f(x))
    assert fast(3.0, m) == 6.0

    def loss(k):
        m.k = k
        return fast(3.0, m)

    assert value_and_grad(loss)(5.0) == (15.0, 3.0)
    assert derivative(loss)(5.0) == 3.0


def test_the_same_lists_are_compiled_once(jit):
    weights, seen = [Value(2.0), Value(3.0)], {"calls": 0.0}
    fast = jit(lambda x: weights[0] * x + weights[1] + 0.0 * len(seen))
    for calls in range(5):
        seen["calls"] = float(calls)
        assert value_and_grad(lambda: fast(3.0), wrt=weights)() == (9.0, [3.0, 1.0])
    assert len(fast.programs) == 1
    assert not fast.versions.uncompiled


def test_a_function_that_keeps_what_it_computed(jit):
    class Model:
        def __init__(self):
            self.w = Value(2.0)

        @jit
        def at(self, x):
            self.h = self.w * x
            return self.h * self.h

    model = Model()
    for _ in range(3):
        assert value_and_grad(lambda: model.at(3.0), wrt=[model.w])() == (36.0, [36.0])
    assert len(model.at.programs) == 1
    assert not model.at.versions.uncompiled


def test_what_is_read_is_not_kept_alive(jit):
    class Part:
        def __init__(self, owner):
            self.owner, self.k = weakref.ref(owner), 2.0

        def at(self, x):
            return self.k * self.owner().scale[0] * x

    class Owner:
        def __init__(self):
            self.scale = [1.0]
            self.parts = [Part(self)]

        @jit
        def at(self, x):
            return self.parts[0].at(x)

    gc.collect()
    gc.disable()
    try:
        owner = Owner()
        assert owner.at(3.0) == 6.0
        assert grad(owner.at)(3.0) == 2.0
        gone = weakref.ref(owner)
        del owner
        assert gone() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("make", [lambda: random.Random(0).random, lambda: np.random.default_rng(0).random,
                                  lambda: partial(random.Random(0).uniform, 1.0, 2.0)])
def test_a_generator_given_as_an_argument_warns(make, jit):
    draw, fast = make(), jit(lambda x, draw: x * draw())
    with pytest.warns(RuntimeWarning, match=r"was called while it was traced") as found:
        fast(1.0, draw)
    assert len(found) == 1
    with pytest.warns(RuntimeWarning, match=r"was called while it was traced"):
        ag.trace(lambda x, draw: x * draw(), 1.0, draw)
