"""Random numbers and times read during tracing: a warning that names the user's line."""

import cProfile
import datetime
import gc
import os
import random
import secrets
import sys
import threading
import time
import uuid
import warnings
from random import gauss

import numpy as np
import pytest

from autograd import grad, jit, value_and_grad

RNG, GENERATOR, OLD = random.Random(3), np.random.default_rng(1), np.random.RandomState(2)
DRAW = RNG.random


class Holding:
    def __init__(self):
        self.rng, self.generators = GENERATOR, [RNG]

    def by_attribute(self, x):
        return x * self.rng.normal()                # here

    def in_a_list(self, x):
        return x * self.generators[0].random()      # here


def of_random(x):
    y = x + 1.0
    return y * random.random()      # here


def by_name(x):
    return x * gauss(0.0, 1.0)      # here


def of_ones_own(x):
    return x * RNG.uniform(1, 2)    # here


def bound_early(x):
    return x * DRAW()               # here


def of_numpy(x):
    return x * np.random.rand()     # here


def of_numpys_generator(x):
    return x * GENERATOR.normal()   # here


def of_an_old_generator(x):
    return x * OLD.normal()         # here


def of_a_new_generator(x):
    return x * np.random.default_rng().normal()     # here


def of_the_clock(x):
    return x * time.perf_counter()                  # here


def imported_inside(x):
    from time import time as now
    return x * now()                                # here


def of_the_system(x):
    return x * os.urandom(1)[0]                     # here


def of_secrets(x):
    return x * secrets.randbelow(7)                 # here


def of_today(x):
    return x * datetime.datetime.now().microsecond  # here


def of_uuid(x):
    return x * (uuid.uuid4().int % 7)               # here


def by_default(x, clock=time.time):
    return x * clock()                              # here


def outer(x):
    return of_random(x) + 1.0


def inner():
    rng = random.Random(1)
    return lambda x: x * rng.random()               # here


def shuffled(x):
    order = [1.0, 2.0, 3.0]
    random.shuffle(order)                           # here
    return x * order[0]


DRAWING = [of_random, by_name, of_ones_own, bound_early, of_numpy, of_numpys_generator, of_an_old_generator,
           of_a_new_generator, of_the_clock, imported_inside, of_the_system, of_secrets, of_today, of_uuid, by_default,
           outer, inner(), Holding().by_attribute, Holding().in_a_list, shuffled, jit(of_random), grad(of_random)]


def caught(f, *args):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        f(*args)
    return [x for x in found if "was called while it was traced" in str(x.message)]


def is_marked(warning):
    with open(warning.filename) as file:
        return "# here" in file.readlines()[warning.lineno - 1]


@pytest.mark.parametrize("f", DRAWING, ids=lambda f: getattr(f, "__name__", "derivative"))
@pytest.mark.parametrize("backend", ["llvm", "python"])
def test_a_draw_is_told_with_its_line(f, backend):
    compiled = jit(f, backend=backend)
    found = caught(compiled, 2.0)
    assert len(found) == 1
    assert found[0].category is RuntimeWarning
    assert is_marked(found[0])
    assert found[0].filename in str(found[0].message)
    assert sys.getprofile() is None
    assert not caught(compiled, 3.0)


def test_a_generator_is_called_as_in_the_method():
    class Noisy:
        def __init__(self):
            self.r = np.random.RandomState(1)

        @jit
        def noisy(self, x):
            return x * self.r.rand()

        def plain(self, x):
            return x * self.r.rand()

    for f in (Noisy().noisy, jit(Noisy().plain)):
        with pytest.warns(RuntimeWarning, match=r": self\.r was called while it was traced"):
            f(2.0)


def test_a_line_is_told_once_for_each_function():
    def f(x):
        return (x if x > 0 else -x) * random.random()

    first, second = jit(f), jit(f)
    assert len(caught(first, 1.0)) == 1
    assert not caught(first, -1.0)      # traced again
    assert len(caught(second, 1.0)) == 1


def not_called(x):
    return x * time.time() * random.random() if x is None else x * 2.0


def only_named(x):
    return x * len(time.tzname) + time.mktime(time.strptime("2000", "%Y")) * 0.0 + len(os.path.join("a", "b"))


def no_chance(x):
    return x * sum(RNG.getstate()[1][:0], 1.0)


def looks_at_a_state(x):
    return x * GENERATOR.bit_generator.state["has_uint32"]


@pytest.mark.parametrize("f", [not_called, only_named, no_chance, looks_at_a_state])
def test_what_does_not_draw_is_silent(f):
    assert not caught(jit(f), 2.0)


def test_beside_a_profiler():
    calls = []
    sys.setprofile(lambda frame, event, function: calls.append(event))
    try:
        mine = sys.getprofile()
        found = caught(jit(of_the_clock), 2.0)
        assert sys.getprofile() is mine
    finally:
        sys.setprofile(None)
    assert calls
    assert len(found) == 1
    assert is_marked(found[0])


def test_beside_a_profiler_in_c():
    with cProfile.Profile() as profile:
        found = caught(jit(of_the_clock), 2.0)
    assert len(found) == 1
    assert is_marked(found[0])
    assert any("of_the_clock" in str(entry.code) for entry in profile.getstats())


def test_an_error_while_tracing_takes_the_profile_function_away():
    def f(x):
        time.time()
        raise KeyError("mine")

    with pytest.raises(KeyError):
        jit(f)(1.0)
    assert sys.getprofile() is None


def test_a_visitor_of_the_garbage_collector_is_not_the_function():
    def visitor(phase, info):
        time.perf_counter()

    def f(x):
        gc.collect()
        return x * 2.0 if x is not None else time.time()

    gc.callbacks.append(visitor)
    try:
        assert not caught(jit(f), 2.0)
    finally:
        gc.callbacks.remove(visitor)


def test_in_threads():
    found = []

    def run():
        for _ in range(20):
            jit(of_random)(1.0)
            found.append(sys.getprofile())

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [None] * 80


def test_the_numbers_stay_as_they_were_traced():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = jit(value_and_grad(of_random))
        assert compiled(2.0) == compiled(2.0)
