"""trace: derivatives inside, errors for numbers that it would freeze, and no state left behind."""

import copy
import math
import pickle
import threading

import numpy as np
import pytest

import autograd as ag
from autograd import TraceError, Value, derivative, grad, hessian, jit, jvp, no_grad, trace
from autograd.graph.context import modes
from autograd.program.program import verify
from tests.support.bit_identity import bits
from tests.support.traces import listed, unchanged_state


@pytest.fixture(autouse=True)
def _nothing_stays_behind():
    with unchanged_state():
        yield


# ---- what runs inside a traced function ---------------------------------------------------------


@pytest.mark.parametrize("made", [grad, hessian, derivative, lambda f: grad(grad(f)), lambda f: derivative(grad(f)),
                                  lambda f: lambda x: jvp(f, (x,), (1.0,)), lambda f: lambda x: grad(f)(x) * x,
                                  lambda f: lambda x: ag.vjp(f, x)[1](2.0), lambda f: lambda x: ag.hvp(f, x, 3.0),
                                  lambda f: ag.value_and_grad(f)])
def test_derivatives_inside_a_traced_function(made):
    def f(x):
        return ag.sin(x) * x * x if x > 0.0 else x

    p = verify(trace(made(f), 1.0))
    for x in (1.0, 0.5, 3.0):
        out = made(f)(x)
        assert [bits(y) for y in p(x)] == [bits(y) for y in (out if isinstance(out, tuple) else (out,))]


def test_constants_to_derivatives_only_still_follow_the_input():
    def no_grad_blocks(x):
        with no_grad():
            y = x * 2.0
        return y * x

    def detached(x):
        return (x * 2.0).detach() * x

    def stopped(x):
        return ag.stop_gradient(x * 2.0) * x

    for f in (no_grad_blocks, detached, stopped):
        p = verify(trace(f, 1.0))
        assert p(3.0) == (18.0,)
        assert trace(grad(f), 1.0)(3.0) == (6.0,)
        assert jit(grad(f))(3.0) == grad(f)(3.0) == 6.0


def test_a_traced_value_can_be_printed_and_formatted(capsys):
    def f(x):
        y = x * 2.0
        print(x, repr(y), f"{y}")
        return y

    assert trace(f, 1.5)(2.0) == (4.0,)
    out = capsys.readouterr().out
    assert "data=1.5" in out
    assert "3.0" in out
    with pytest.raises(TraceError, match=r"text of the number.*frozen"):     # it could become a number again
        trace(lambda x: float(f"{x:.1f}") * x, 1.5)
    assert trace(lambda x: x * len(f"{Value(2.5):.1f}"), 1.5)(2.0) == (6.0,)


def test_a_jitted_function_inside_is_a_part_of_it():
    @jit
    def inner(x):
        return x * x if x > 0.0 else x

    assert listed(lambda y: inner(y) + 1.0, 2.0) == [
        "def f(y):", "    guard y > 0.0 is True", "    v1 = y * y", "    v2 = v1 + 1.0", "    return v2"]
    assert not inner.programs


REFUSED = {
    "float(": lambda x: float(x), "math.sin": lambda x: math.sin(x), "int(": lambda x: int(x),
    "range(": lambda x: list(range(x)), "[x]": lambda x: [1.0, 2.0][x], "complex(": lambda x: complex(x),
    "x.data *": lambda x: x.data * 2.0, "(x * x).data": lambda x: (x * x).data, "%": lambda x: "%.3f" % x,  # noqa: UP031
    "copy.copy(": lambda x: copy.copy(x) * 2.0, "copy.deepcopy(": lambda x: copy.deepcopy(x * x),
    "pickle.dumps(": lambda x: pickle.dumps(x), "x.grad": lambda x: x.grad * x,
    ".backward(": lambda x: (x * x).backward(),
    "partials": lambda x: (x * x).partials[0] * x, "ag.paths(": lambda x: next(ag.paths(x * x, x)).product * x,
    "setattr": lambda x: setattr(x, "data", 3.0), "'grad'": lambda x: setattr(x, "grad", 0.0),
    "has_grad": lambda x: 1.0 if x.has_grad else x, "np.array(": lambda x: np.array([x], dtype=float),
    "math.floor(x.": lambda x: math.floor(x.data),
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_would_be_frozen_is_an_error_that_shows_the_line(line):
    f = REFUSED[line]
    with pytest.raises(TraceError) as caught:
        trace(f, 1.0)
    assert "test_tracing.py" in str(caught.value)
    assert line in str(caught.value).splitlines()[-1]
    assert "in <lambda>" in str(caught.value)


def test_what_is_captured_may_be_read_but_not_changed():
    w = Value(2.0, "w")
    assert trace(lambda x: x * w.data, 1.0)(3.0) == (6.0,)      # a constant
    for change in (lambda x: setattr(w, "data", 3.0), lambda x: setattr(w, "grad", 3.0), lambda x: (w * x).backward(),
                   lambda x: w.grad):
        with pytest.raises(TraceError, match="test_tracing"):
            trace(change, 1.0)
    assert (w.data, w.grad) == (2.0, 0.0)


def test_zero_grad_inside_is_refused():
    w = Value(2.0)
    with pytest.raises(TraceError):
        trace(lambda x: (ag.zero_grad([w]), w * x)[1], 1.0)


def test_a_captured_dual_is_a_clear_error():
    with pytest.raises(TraceError, match="give it as an argument"):
        derivative(lambda t: trace(lambda x: x * t, 2.0)(3.0)[0])(1.0)


# ---- afterwards ---------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, RecursionError, GeneratorExit])
def test_nothing_is_left_after_an_error_inside(error):
    def f(x):
        if x > 0.0:
            grad(lambda y: fail(y * x))(x)
        return x

    def fail(y):
        with no_grad():
            raise error("mine")

    for call in (lambda: trace(f, 1.0), lambda: jit(f)(1.0), lambda: jit(grad(f))(1.0), lambda: trace(grad(f), 1.0)):
        with pytest.raises(error, match="mine"):
            call()
        assert modes.recorder is None
        assert Value.__mul__.__code__.co_qualname == "Arithmetic.__mul__"
    v = Value(3.0)
    y = v * v
    y.backward()
    assert (float(v.data), v.grad, copy.copy(v).data) == (3.0, 6.0, 3.0)


def test_values_that_escape_a_trace_are_ordinary_again():
    kept = []

    def f(x):
        kept.append(x * x)
        return kept[-1]

    trace(f, 3.0)
    assert kept[0].data == 9.0
    kept[0].backward()


def test_other_threads_are_not_disturbed_while_one_traces():
    inside, done = threading.Event(), threading.Event()
    found = []

    def f(x):
        inside.set()
        assert done.wait(10.0)
        return x * x if x > 0.0 else x

    def beside():
        assert inside.wait(10.0)
        try:
            v = Value(3.0)
            y = v * v + v.detach()
            y.backward()
            found.append((v.grad, y.data, copy.deepcopy(y).data, v > 2.0, bool(v), pickle.loads(pickle.dumps(v)).data,
                          f"{v!r}", grad(lambda x: x * x if x > 0 else x)(3.0), str(trace(ag.sin, 1.0))))
            v.data = 4.0
            with no_grad():
                found.append((v * v).op)
        finally:
            done.set()

    other = threading.Thread(target=beside)
    other.start()
    p = trace(f, 2.0)
    other.join()
    shown = str(trace(ag.sin, 1.0))
    assert found == [(6.0, 12.0, 12.0, True, True, 3.0, "Value(data=3.0, grad=6.0)", 6.0, shown), None]
    assert len(p.guards) == 1
    assert len(p.instructions) == 1


def test_tracing_frees_what_it_made():
    import gc
    import weakref

    class Watched(Value):
        pass

    def f(x):
        made = Watched(1.0)
        watched.append(weakref.ref(made))
        return made * x

    watched = []
    gc.disable()
    try:
        trace(f, 1.0)
        assert watched[0]() is None
    finally:
        gc.enable()
