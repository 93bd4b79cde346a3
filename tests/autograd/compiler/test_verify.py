"""jit(f, verify=k) compares each k-th call with eager, bit by bit."""

import copy
import math
import pickle
import warnings
from array import array

import numpy as np
import pytest

from autograd import AutogradError, Value, grad, hessian, jit, no_grad, value_and_grad

RATE = [2.0]


def scaled(x):
    return RATE[0] * x


@pytest.fixture(autouse=True)
def _rate():
    RATE[0] = 2.0


@pytest.fixture(params=["llvm", "python"])
def backend(request):
    return request.param


def test_every_kth_call_is_compared(backend):
    f = jit(scaled, backend=backend, verify=3)
    assert [f(1.0) for _ in range(4)] == [2.0] * 4
    RATE[0] = 3.0
    assert f(1.0) == 2.0
    with pytest.raises(AutogradError, match=r"scaled: verify: its result is 2.0 compiled, and 3.0 eagerly: a number "
                                            r"from outside was 2.0 when it was traced, and is 3.0; compile the "
                                            r"function again"):
        f(1.0)
    assert [f(1.0), f(1.0)] == [2.0, 2.0]
    RATE[0] = 2.0
    assert f(1.0) == 2.0


def test_without_it_nothing_is_compared():
    f = jit(scaled)
    f(1.0)
    RATE[0] = 3.0
    assert [f(1.0) for _ in range(5)] == [2.0] * 5
    assert type(f) is not type(jit(scaled, verify=1))


@pytest.mark.parametrize(("make", "args"), [
    (lambda: grad(lambda x: RATE[0] * x * x), (3.0,)),
    (lambda: value_and_grad(lambda p: RATE[0] * p[0] * p[1]), ([1.0, 2.0],)),
    (lambda: hessian(lambda p: RATE[0] * p[0] * p[1] * p[0]), (np.array([1.0, 2.0]),)),
    (lambda: lambda p, flag: {"a": [p[0], RATE[0]], "b": (p[1],)} if flag else p, ((1.0, 2.0), True)),
    (lambda: lambda p: [x * RATE[0] for x in p], (range(3),)),
    (lambda: lambda x, *, y: x * y * RATE[0], (1.0,))], ids=range(6))
def test_derivatives_and_structures(make, args, backend):
    f = jit(make(), backend=backend, verify=1)
    named = {"y": 2.0} if f.__name__ == "<lambda>" and len(args) == 1 and args[0] == 1.0 else {}
    first = f(*args, **named)
    assert repr(f(*args, **named)) == repr(first)
    RATE[0] = 5.0
    with pytest.raises(AutogradError, match=r"verify: .* compiled, and .* eagerly"):
        f(*args, **named)


def test_bits_count_and_nans_are_equal(backend):
    zero = [0.0]
    f = jit(lambda x: x * zero[0], backend=backend, verify=1)
    assert f(1.0) == 0.0
    zero[0] = -0.0
    with pytest.raises(AutogradError, match=r"is 0.0 compiled, and -0.0 eagerly"):
        f(1.0)
    g = jit(lambda x: x - x, backend=backend, verify=1)
    assert math.isnan(g(math.inf))
    assert math.isnan(g(math.nan))
    h = jit(lambda x: 1 / x, backend=backend, verify=1)
    assert h(0.0) == math.inf       # IEEE's, as of Values


def test_which_number_differs():
    f = jit(lambda p: [p[0], RATE[0] * p[1]], verify=1)
    f([1.0, 1.0])
    RATE[0] = 4.0
    with pytest.raises(AutogradError, match=r"number 1 \(counted from 0\) of its result is 2.0 compiled, and 4.0"):
        f([1.0, 1.0])


def test_another_length_and_an_error_are_told():
    items = [1.0, 2.0]
    f = jit(lambda x: [x * a / items[-1] for a in items], verify=1)
    f(1.0)
    items.append(3.0)
    with pytest.raises(AutogradError, match=r"2 numbers compiled, and 3 eagerly"):
        f(1.0)
    items.clear()
    with pytest.raises(AutogradError, match=r"has 2 numbers compiled, and 0 eagerly"):
        f(1.0)
    missing = {"a": 1.0}
    g = jit(lambda x: x * missing["a"], verify=1)
    g(1.0)
    missing.clear()
    with pytest.raises(AutogradError, match=r"eagerly it raises KeyError: 'a'; compiled it gives 1.0"):
        g(1.0)


def test_captured_values_are_read_and_arguments_are_left_alone():
    weight = Value(2.0)

    def f(p):
        p.append(1.0)
        return weight * p[0]

    compiled, given = jit(f, verify=1), [3.0]
    for weight.data in (2.0, 5.0):
        out = compiled(given)
        assert out.data == 3.0 * weight.data
        out.backward()
    assert given == [3.0]
    assert weight.grad == 6.0
    with no_grad():
        assert compiled(given).data == 15.0


def test_values_go_through():
    f, x = jit(lambda x: x * x, verify=1), Value(3.0)
    f(x).backward()
    assert x.grad == 6.0
    assert grad(f)(4.0) == 8.0
    assert jit(lambda x: f(x) + 1.0, verify=1)(2.0) == 5.0


def test_methods_copies_and_pickles():
    class Line:
        def __init__(self):
            self.slope = 2.0

        @jit(verify=1)
        def __call__(self, x):
            return self.slope * x

        method = __call__

    line = Line()
    assert line.method(1.0) == 2.0
    line.slope = 3.0
    with pytest.raises(AutogradError, match=r"is 2.0 compiled, and 3.0"):
        line.method(1.0)
    for make in (copy.copy, copy.deepcopy, lambda f: pickle.loads(pickle.dumps(f))):
        RATE[0] = 2.0
        other = make(jit(scaled, verify=2))
        assert [other(1.0), other(1.0), other(1.0)] == [2.0] * 3
        RATE[0] = 3.0
        with pytest.raises(AutogradError):
            other(1.0)


def test_bind():
    x, y = array("d", [3.0]), array("d", [0.0])
    run = jit(lambda p: RATE[0] * p[0], verify=1).bind(x, out=y)
    run()
    assert y[0] == 6.0
    RATE[0] = 3.0
    with pytest.raises(AutogradError, match=r"is 6.0 compiled, and 9.0"):
        run()


@pytest.mark.parametrize("verify", [0, -1, 1.0, True, "1", False])
def test_a_whole_number(verify):
    with pytest.raises(ValueError, match=r"jit: verify=.*; give a whole number"):
        jit(scaled, verify=verify)


def test_what_draws_is_found():
    import random
    f = jit(lambda x: x * random.random(), verify=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(AutogradError, match=r"verify: its result is"):
            f(1.0)
