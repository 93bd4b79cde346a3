"""A compiled function as an object: its name, its methods, anomaly around it, threads that call it."""

import copy
import gc
import math
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random

import pytest

import autograd as ag
from autograd import (
    AnomalyError,
    TraceError,
    Value,
    anomaly,
    grad,
    value_and_grad,
)
from autograd.graph.context import modes
from tests.support.bit_identity import check_jit, same
from tests.support.compiled_examples import several_ways
from tests.support.compiled_examples import sine_or_cube as f

# ---- types and errors ---------------------------------------------------------------------------


def test_decorated_functions_keep_name_and_docstring(jit):
    compiled = jit(several_ways)
    assert compiled.__name__ == "several_ways"
    assert compiled.__wrapped__ is several_ways


def test_a_function_may_have_any_name(jit):
    for name in ("careful", "nan", "inf", "math", "class", "None", "op_sin", "op_gelu", "inputs", "v0", "ValueError",
                 "ZeroDivisionError", "<lambda>", "größe", "k0", "malloc", "sin"):
        def named(x):
            return ag.where(x > 5.0, math.nan, 1.0 / x) * ag.floor(ag.sin(x) + 2.0) * math.inf

        named.__name__ = name
        check_jit(value_and_grad(named), (0.0,), (-1.0,), (7.0,), jit=jit)


def test_a_method(jit):
    class Line:
        @jit
        def at(self, x):
            return x * 2.0

    assert Line().at(3.0) == 6.0
    line = Line()
    line.at(3.0)
    assert len(line.at.programs) == 1
    gone = weakref.ref(line)
    del line
    gc.collect()
    assert gone() is None


def test_a_method_of_objects_that_are_equal_or_have_no_hash_or_no_attributes(jit):
    @dataclass
    class Scaled:
        k: float

        @jit
        def at(self, x):
            return x * self.k

    @dataclass(frozen=True)
    class Same:
        k: float

        def __hash__(self):
            return 1

        def __eq__(self, other):
            return True

        @jit
        def at(self, x):
            return x * self.k

    class Bare:
        __slots__ = ()

        @jit
        def at(self, x):
            return x * 2.0

    for kind in (Scaled, Same):
        objects = [kind(2.0), kind(5.0)]
        assert [x.at(3.0) for x in objects] == [6.0, 15.0]
    assert Bare().at(3.0) == 6.0
    first = Scaled(2.0)
    assert first.at(3.0) == 6.0
    twin = copy.copy(first)
    twin.k = 7.0
    assert (twin.at(3.0), first.at(3.0)) == (21.0, 6.0)


def test_an_unknown_backend_is_an_error():
    with pytest.raises(ValueError, match="backend"):
        ag.jit(f, backend="fortran")(1.0)


def test_inside_anomaly_it_says_what_eager_says(jit):
    compiled = jit(grad(lambda x: ag.sqrt(x) * 1.0))
    for call in (compiled, compiled):
        with anomaly(), pytest.raises(AnomalyError, match="sqrt"):
            call(0.0)


def test_inside_anomaly_a_compiled_result_is_looked_at(jit):
    compiled = jit(lambda x: ag.log(x) * 1.0)
    compiled(1.0)
    with anomaly():
        assert compiled(2.0) == math.log(2.0)
        with pytest.raises(AnomalyError):
            compiled(Value(-1.0))


# ---- threads and size ---------------------------------------------------------------------------


def test_threads_call_one_function_while_it_retraces(jit):
    def ways(x):
        total = 0.0
        for i in range(5):
            total = total + (x * float(i) if x > 2.0 * i else ag.sin(x))
        return total

    w = Value(0.5)
    by_x, by_w = value_and_grad(ways), value_and_grad(lambda x: w * ways(x), wrt=[w])
    compiled, slopes, captured = jit(ways), jit(by_x), jit(by_w)
    points = [0.5 * i for i in range(-4, 24)]
    right = {x: (ways(x), by_x(x), by_w(Value(x))) for x in points}
    start = threading.Barrier(8)

    def work(seed):
        start.wait()
        rng = Random(seed)
        for _ in range(60):
            x = rng.choice(points)
            assert same((compiled(x), slopes(x), captured(x)), right[x])
            v = Value(x)
            compiled(v).backward()
            assert v.grad == right[x][1][1]
            assert len(compiled.programs) <= 6
            assert str(compiled.programs).count("\n") < 6

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(work, seed) for seed in range(8)]:
            future.result()
    assert len(compiled.programs) == len(slopes.programs) == len(captured.programs) == 6
    assert modes.recorder is None


def test_a_function_that_computes_in_another_thread_is_right_or_an_error(jit):
    def elsewhere(x):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: x * 2.0 if x > 0.0 else -x).result()

    compiled = jit(elsewhere)
    try:
        assert compiled(1.0) == 2.0
        assert compiled(-1.0) == 1.0
    except TraceError:
        pass
