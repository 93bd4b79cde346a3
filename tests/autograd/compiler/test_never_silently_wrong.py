"""Programs that could compile to a wrong result: each is right, or raises TraceError."""

import gc
import itertools
import linecache
import math
import os
import subprocess
import sys
import threading
from array import array
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
from autograd import (
    TABLE,
    TraceError,
    derivative,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    primitive,
    value_and_grad,
    vjp,
)
from autograd.lower import recent_code
from tests.support.bit_identity import same


@pytest.mark.parametrize("made", [
    grad(ag.sin), derivative(ag.sin), lambda x: value_and_grad(ag.sin)(x)[0], hessian(ag.sin),
    lambda x: jvp(ag.sin, (x,), (1.0,))[1], lambda x: vjp(ag.sin, x)[1](1.0), lambda x: hvp(ag.sin, x, 1.0)])
def test_a_derivative_inside_no_grad(made, jit):
    def f(x):
        with no_grad():
            return made(x)

    with pytest.raises(TraceError, match=r"inside no_grad(.|\n)*test_never_silently"):
        jit(f)(0.0)
    compiled = jit(made)
    compiled(0.5)
    with no_grad():
        assert [compiled(x) for x in (0.0, 1.0)] == [made(x) for x in (0.0, 1.0)]


def test_no_grad_in_a_thread_inside_a_trace(jit):
    def f(x):
        found = []

        def work():
            try:
                with no_grad():
                    found.append(x * 2.0)
            except TraceError as error:
                found.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        if isinstance(found[0], TraceError):
            raise found[0]
        return found[0]

    with pytest.raises(TraceError, match="another thread traces"):
        jit(f)(1.0)


class Own(str):
    pass


class Near:
    def __eq__(self, other):
        return abs(other - 1.0) < 0.1

    def __gt__(self, other):
        return bool(other < 0.5)

    __hash__ = None


@pytest.mark.parametrize("f", [lambda x: 1.0 if x == 1 + 0j else 2.0, lambda x: 1.0 if x == Near() else 2.0,
                               lambda x: 1.0 if x == pytest.approx(1.0) else 2.0])
def test_a_comparison_with_what_is_no_number(f, jit):
    with pytest.raises(TraceError):
        jit(f)(1.0)


@pytest.mark.parametrize("f", [lambda x: 1.0 if x == "a" or x is None or x == [1.0] else x * 2.0,
                               lambda x: 1.0 if x in ("a", None, {}) else x * 2.0,
                               lambda x: 1.0 if x == object() else x * 2.0, lambda x: 1.0 if x == Own("a") else x * 2.0,
                               lambda x: 1.0 if x == Path() or date(2020, 1, 2) == x else x * 2.0])
def test_a_comparison_that_no_number_changes(f, jit):
    assert [jit(f)(x) for x in (1.0, 2.0)] == [2.0, 4.0]


@pytest.mark.parametrize("f", [
    lambda v: vjp(ag.sin, 0.3)[1](v), lambda v: hvp(lambda p: p * p * p, 2.0, v),
    lambda v: jvp(lambda p: p * p * p, (2.0,), (v,))[1]])
def test_a_derivative_by_a_weight_or_tangent_that_is_zero(f, jit):
    for made in (grad(f), derivative(f)):
        assert jit(made)(0.0) == made(0.0) != 0.0
    assert grad(jit(f))(0.0) == grad(f)(0.0)
    gauss_newton = jacobian(lambda x: vjp(lambda p: [p[0] - 1.0, p[1] * p[0]], x)[1]([x[0] - 1.0, x[1] * x[0]]))
    assert jit(gauss_newton)([1.0, 2.0]) == gauss_newton([1.0, 2.0])


def test_an_exponent_that_is_an_argument(jit):
    f = lambda x, n: x**n       # noqa: E731
    for x in (-2.7256248995409225, 1e-260, 0.0, math.inf):
        for made in (value_and_grad(f, argnums=0), hessian(f, argnums=0), lambda x, n: jvp(f, (x, n), (1.0, 0.0))):
            # an argument takes pow, as a Value does; a plain 2 takes x * x
            assert same(jit(made)(x, 2), made(x, ag.Value(2.0)))


def test_the_forms_of_arguments_stay(jit):
    a, b = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    assert jit(lambda p: float(len(p + p)))([a, b]) == 4.0
    assert jit(lambda p: 1.0 if isinstance(p[0], tuple) else 2.0)([(1.0, 2.0), 3.0]) == 1.0
    assert jit(lambda p: p[0] @ p[1])([a, b]) == 11.0


names = itertools.count()


def test_a_constant_of_an_op_of_one_s_own(jit):
    factor = 2.0
    before = set(TABLE)
    op = primitive(f"times_{next(names)}", lambda x: x * factor, lambda x, out: factor)
    whole = primitive(f"times_{next(names)}", lambda x: x * factor, lambda x, out: factor, composite=True)
    assert (grad(op)(1.0), jit(grad(op))(1.0), jit(whole)(3.0)) == (2.0, 2.0, 6.0)
    factor = 5.0
    assert (grad(op)(1.0), jit(grad(op))(1.0), jit(whole)(3.0)) == (5.0, 5.0, 15.0)
    for name in set(TABLE) - before:
        del TABLE[name]


def test_a_value_kept_from_an_earlier_trace(jit):
    kept = []

    def f(x):
        kept.append(x * 2.0)
        return kept[0] + x

    compiled = jit(f)
    assert compiled(1.0) == 3.0
    with pytest.raises(TraceError, match="another function was traced, or the same one earlier"):
        jit(f)(2.0)
    with pytest.raises(TraceError, match="keep no traced Values outside"):
        jit(lambda x: x * kept[0])(1.0)


def test_a_version_with_more_results_than_the_buffer_has_room_for(jit):
    many = jit(lambda p: [p[0]] if p[0] < 0.0 else [p[0]] * 5000)
    many(np.array([1.0]))
    z, out = np.array([-1.0]), np.zeros(1)
    run = many.bind(z, out=out)
    run()
    assert out.tolist() == [-1.0]
    z[0] = 7.0
    with pytest.raises(ValueError, match="5000 numbers do not fill an out of 1"):
        run()
    fewer = jit(lambda p: [p[0]] if p[0] > 0.0 else [p[0], p[1]])
    fewer([1.0, 2.0])
    z, out = array("d", [-1.0, 2.0]), array("d", [0.0, 0.0])
    run = fewer.bind(z, out=out)
    z[0] = 3.0
    with pytest.raises(ValueError, match="1 numbers do not fill"):
        run()


def test_many_results_of_values_go_through_the_function(jit):
    squares = jit(lambda p: [x * x * ag.sin(x) for x in p])
    x = [0.1 * i for i in range(60)]
    assert same(jacobian(squares)(x), jacobian(lambda p: [x * x * ag.sin(x) for x in p])(x))


def test_class_methods_and_decorators_with_options():
    class Line:
        slope = 3.0

        @classmethod
        @ag.jit
        def at(cls, x):
            return cls.slope * x

        @ag.jit(backend="python")
        def beside(self, x):
            return x + 1.0

    class Steep(Line):
        slope = 30.0

    assert [Line.at(2.0), Steep.at(2.0), Line().beside(1.0), Line.at(1.0)] == [6.0, 60.0, 2.0, 3.0]
    assert repr(ag.jit(math.hypot)) == "<jit of hypot: 0 versions>"
    with pytest.raises(TypeError, match="expected a function, not int"):
        ag.jit(3)


def test_the_source_of_a_function_that_is_gone_is_forgotten():
    gc.collect()
    before = {name for name in linecache.cache if name.startswith("<pathgrad")}
    compiled = ag.jit(lambda x: x * 2.0, backend="python")
    compiled(1.0)
    assert {name for name in linecache.cache if name.startswith("<pathgrad")} - before
    del compiled
    recent_code._kept.clear()       # equal Programs would share it
    gc.collect()
    assert not {name for name in linecache.cache if name.startswith("<pathgrad")} - before


def test_anomaly_belongs_around_the_call(jit):
    def f(x):
        with ag.anomaly():
            return ag.log(x)

    with pytest.raises(TraceError, match="put it around the call"):
        jit(f)(1.0)
    with pytest.raises(ag.AnomalyError, match="log"), ag.anomaly():
        jit(ag.log)(ag.Value(-1.0))


@pytest.mark.parametrize("f", [lambda x: 1.0 if x in {1.0, 2.0} else 0.0, lambda x: {1.0: 5.0}.get(x, 0.0),
                               lambda x: float(len({x, x + 0.0})), lambda x: float(hash(x) % 7)])
def test_a_number_among_the_keys_of_a_dict_or_set(f, jit):
    with pytest.raises(TraceError, match=r"dict or a set(.|\n)*lambda"):
        jit(f)(1.0)
    w = ag.Value(3.0)
    assert jit(lambda x: x * {w: 2.0}[w])(1.5) == 3.0       # a captured Value is the same one each time
    assert hash(w) == object.__hash__(w)


FORKS = """
import os, threading, time
from autograd import jit, sin
def work():
    for i in range(100_000):
        jit(lambda x: sin(x) * i)(1.0)
threading.Thread(target=work, daemon=True).start()
time.sleep(0.3)
for _ in range(3):
    child = os.fork()
    if child == 0:
        os._exit(int(jit(lambda x: x * 2.0)(1.0)))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
os._exit(0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_process_forked_while_another_thread_compiles():
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", FORKS], capture_output=True, text=True, check=True,
                          timeout=60, cwd=Path(__file__).parents[3])
    assert done.stdout.split() == ["2", "2", "2"]
