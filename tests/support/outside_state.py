"""Functions that multiply by a number held outside them, each in another kind of place, and setters of that number."""

import weakref
from collections import deque, namedtuple
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace

import numpy as np


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
