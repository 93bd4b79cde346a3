"""What compiled functions read from outside, set anew inside a function that a derivative is taken of, is followed."""

import gc
import random
import weakref
from collections import deque, namedtuple
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

import autograd as ag
from autograd import Value, derivative, grad, value_and_grad


class Model:
    shared = 2.0

    def __init__(self, k=2.0):
        self.k = k

    def __call__(self, x):
        return self.k * x


class Slots:
    __slots__ = ("k",)

    def __init__(self):
        self.k = 2.0


class Hidden:
    def __init__(self):
        self._k = 2.0

    @property
    def k(self):
        return self._k


@dataclass
class Record:
    k: object = 2.0


Pair = namedtuple("Pair", "a k")
G, BOX = 2.0, [2.0]


def of_an_attribute():
    m = Model()
    return lambda x: m.k * x, partial(setattr, m, "k")


def of_a_class():
    m = Model()
    return lambda x: m.shared * x, lambda k: setattr(Model, "shared", k)


def of_a_global():
    def put(k):
        global G
        G = k

    return lambda x: G * x, put


def of_a_nonlocal():
    k = 2.0

    def put(new):
        nonlocal k
        k = new

    return lambda x: k * x, put


def of_a_list():
    box = [2.0]
    return lambda x: box[0] * x, partial(box.__setitem__, 0)


def of_another_list():
    def put(k):
        global BOX
        BOX = [k]

    return lambda x: BOX[0] * x, put


def of_lists_in_a_dict():
    found = {"a": [1.0, [2.0]]}
    return lambda x: found["a"][1][0] * x, lambda k: found["a"][1].__setitem__(0, k)


def of_a_dict():
    found = {"k": 2.0}
    return lambda x: found["k"] * x, partial(found.__setitem__, "k")


def of_a_missing_key():
    found = {}
    return lambda x: found.get("k", 2.0) * x, partial(found.__setitem__, "k")


def of_a_deque():
    found = deque([2.0], maxlen=1)
    return lambda x: found[0] * x, found.append


def of_getattr():
    m = Model()
    return lambda x: getattr(m, "k") * x, partial(setattr, m, "k")     # noqa: B009


def of_a_computed_name():
    m, name = Record(), "".join(["", "k"])
    return lambda x: getattr(m, name) * x, partial(setattr, m, "k")


def of_vars():
    m = SimpleNamespace(k=2.0)
    return lambda x: vars(m)["k"] * x, partial(setattr, m, "k")


def of_a_property():
    m = Hidden()
    return lambda x: m.k * x, partial(setattr, m, "_k")


def of_slots():
    m = Slots()
    return lambda x: m.k * x, partial(setattr, m, "k")


def of_a_context_variable():
    k = ContextVar("k", default=2.0)
    return lambda x: k.get() * x, k.set


def of_defaults():
    def f(x, k=2.0):
        return k * x

    def put(k):
        f.__defaults__ = (k,)

    return (lambda x: f(x)), put


def of_keyword_defaults():
    def f(x, *, k=2.0):
        return k * x

    return (lambda x: f(x)), lambda k: f.__kwdefaults__.update(k=k)


def of_an_object_in_a_list():
    models = [Model(), Model(1.0)]
    return lambda x: models[0].k * x, partial(setattr, models[0], "k")


def of_another_object_in_a_list():
    models = [Model(), Model(1.0)]
    return lambda x: models[0].k * x, lambda k: models.__setitem__(0, Model(k))


def of_a_tuple():
    m = Model()
    m.pair = Pair(0.0, 2.0)
    return lambda x: m.pair.k * x, lambda k: setattr(m, "pair", Pair(0.0, k))


def of_an_array_of_objects():
    m = Model()
    m.table = np.array([2.0, 1.0], dtype=object)
    return lambda x: m.table[0] * x, lambda k: m.table.__setitem__(0, k)


def of_another_array():
    m = Model()
    m.table = np.array([2.0, 1.0])
    return lambda x: m.table[0] * x, lambda k: setattr(m, "table", np.array([k, 1.0]))


def of_an_argument_s_attribute():
    m = Model()
    return lambda x: (lambda q: x * q.k)(m), partial(setattr, m, "k")


def of_none():
    m = Model(None)
    return lambda x: 2.0 * x if m.k is None else m.k * x, partial(setattr, m, "k")


def of_no_attribute():
    m = Model()
    return lambda x: (m.late if hasattr(m, "late") else 2.0) * x, partial(setattr, m, "late")


def of_a_function_s_attribute():
    def f(x):
        return f.k * x

    f.k = 2.0
    return f, partial(setattr, f, "k")


def of_a_bound_method():
    m = Model()
    return m.__call__, partial(setattr, m, "k")


def of_a_callable_object():
    m = Model()
    return m, partial(setattr, m, "k")


def of_a_helper_in_a_list():
    m = Model()
    helpers = [lambda x: m.k * x]
    return lambda x: helpers[0](x), partial(setattr, m, "k")


def of_another_function():
    m = Model()
    m.f = lambda x: 2.0 * x
    return lambda x: m.f(x), lambda k: setattr(m, "f", lambda x: k * x)


def of_a_weak_reference():
    m = Model()
    seen = weakref.ref(m)
    return lambda x: seen().k * x, partial(setattr, m, "k")


MAKERS = [make for name, make in sorted(globals().items()) if name.startswith("of_")]


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
