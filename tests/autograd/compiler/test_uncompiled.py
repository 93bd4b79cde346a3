"""Calls that run without generated code are bit-identical to generated code, with the same types."""

import math
import warnings
from array import array

import numpy as np
import pytest

import autograd as ag
from autograd import AnomalyError, Value, anomaly, derivative, grad, hessian, jacobian, jvp, no_grad, value_and_grad
from autograd.compiler import specializations
from autograd.compiler.jitted import Jitted
from tests.support.bit_identity import same


def several_ways(x):
    for i in range(100):
        if x < float(i):
            return float(i)
    return 100.0


@pytest.fixture(params=["python", "llvm"])
def beyond(request, monkeypatch):
    """Functions as they are compiled, and as they run beyond the cap."""
    if request.param == "llvm":
        pytest.importorskip("llvmlite")

    def both(f):
        compiled, uncompiled = (ag.jit(f, backend=request.param) for _ in range(2))
        uncompiled._full = lambda *_: "there is no room"
        return compiled, uncompiled

    return both


def shapes(p, scale=2):
    return {"a": (p[0] * scale, 3, None), "b": [1 if p[0] > 0.0 else 2, True], "c": "text", "d": p}


FUNCTIONS = [
    (lambda x: (x - 70.0) ** 0.5, [(5.0,), (71.0,), (5,), (np.float32(5.0),), (np.array(5.0),)]),
    (lambda x: abs((x - 70.0) ** 0.5) + 1.0 / x, [(5.0,), (0.0,), (-0.0,), (0,), (math.nan,)]),
    (lambda x: 1 if x > 0.0 else 2, [(5.0,), (-5,)]),
    (lambda x: x, [(5,), (10**17 + 1,), (np.int64(3),)]),
    (lambda x: x + 1e16 - x, [(3,)]),
    (lambda x: 7 // x + 7 % x, [(0.0,), (2,), (-2,), (0,)]),
    (lambda x: [math.inf * (x - x), x**1000.0, -x**-1], [(3.0,), (0.0,), (1e300,)]),
    (lambda x, k: x * (k - 70.0) ** 0.5, [(1.0, 5.0), (1.0, 5), (2.0, 80)]),
    (shapes, [([1.0, 2.0],), ((1, -2.0),), (np.array([1.0, 2.0]),), (np.array([1, 2]),), (range(3),)]),
    (lambda p: p / p[::-1], [(np.array([1.0, 0.0]),), (np.array([[0, 1], [2, 3]]),)]),
    (lambda p: np.dot(p, p), [(np.array([1.0, 2.0]),), (np.array([1, 2]),)]),
    (lambda p: p.append(1.0) or sum(p), [([1.0, 2.0],)]),
    (lambda x: grad(lambda y: y * x)(2.0) + derivative(ag.sin)(x), [(1.0,), (3,)]),
    (lambda p, flag: p[0] if flag else p[1] / 0.0, [([1.0, 2.0], True), ([1, 2], False), ([1, 0], None)]),
    (grad(lambda x, k: x * x * (k - 70.0) ** 0.5, argnums=0), [(1.0, 5.0), (1.0, 80)]),
    (value_and_grad(lambda x: x**2.5), [(-1.0,), (2,), (0.0,)]),
    (jacobian(lambda p: (p[0] * p[1], 1)), [([1.0, 2.0],), ((3, 0),), (np.array([1.0, 2.0]),)]),
    (hessian(lambda p: p[0] ** 2.5 / p[1]), [([1.0, 2.0],), ((-1, 0),), (np.array([1.0, 2.0]),)]),
]


@pytest.mark.parametrize(("f", "calls"), FUNCTIONS)
def test_beyond_the_cap(f, calls, beyond):
    compiled, uncompiled = beyond(f)
    for args in calls:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            found = uncompiled(*args)
        wanted = compiled(*args)
        assert isinstance(found, type(wanted))
        pairs = zip(found.values(), wanted.values(), strict=True) if isinstance(found, dict) else [(found, wanted)]
        assert all(same(*pair) for pair in pairs), args
    assert len(uncompiled.programs) == 0


@pytest.fixture
def few(monkeypatch):
    """The caps, at fewer versions and structures than the 64 and 256 of test_specializations.py."""
    monkeypatch.setattr(specializations, "MOST", 24)
    monkeypatch.setattr(specializations, "MOST_SIGNATURES", 32)


def test_beyond_the_most_versions_and_structures(jit, few):
    ways = jit(lambda x: several_ways(x) * 0.0 + (x - 30.0) ** 0.5 + 1 / (x - 2.5))
    with pytest.warns(RuntimeWarning, match="more than 24 ways") as caught:
        found = [ways(i - 0.5) for i in range(40)]
    assert len(caught) == 1
    wanted = [math.sqrt(i - 30.5) + 1.0 / (i - 3.0) if i > 30 else math.inf if i == 3 else math.nan for i in range(40)]
    assert [str(x) for x in found] == [str(x) for x in wanted[:3]] + ["nan"] + [str(x) for x in wanted[4:]]
    lengths = jit(lambda p: (p[0] - 70.0) ** 0.5)
    with pytest.warns(RuntimeWarning, match="32 structures"):
        assert all(math.isnan(lengths([5] * n)) for n in range(1, 50))


def test_values_through_calls_beyond_the_cap(beyond):
    def f(x, k):
        return [x * (k - 70.0) ** 0.5, 1 / k, x.detach() * x, 3]

    w = Value(3.0)
    compiled, uncompiled = beyond(lambda x, k: [*f(x, k), w * k])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for k in (5.0, 0.0, 80.0, 75):
            results = []
            for made in (compiled, uncompiled):
                x, w.grad = Value(2.0), None
                out = made(x, k)
                for y in out:
                    if isinstance(y, Value):
                        y.backward()
                results.append([*(y.data if isinstance(y, Value) else y for y in out), *map(type, out), x.grad, w.grad])
            assert same(*results)
            for by in (lambda f: f, grad, derivative, lambda f: grad(grad(lambda t: f(t) * t))):
                one, other = (by(lambda t, made=made, k=k: made(t, k)[0])(2.0) for made in (compiled, uncompiled))
                assert same(one, other)


def test_a_float_beside_a_dual(jit):
    compiled = jit(lambda x, k: [x * abs((k - 70.0) ** 0.5), 1.0 / k, k * 2])
    for k in (5.0, 0, 80.0):
        seen = []

        def f(x, k=k, seen=seen):
            seen[:] = compiled(x, k)
            return seen[0]

        root = math.sqrt(k - 70.0) if k > 70.0 else math.nan
        assert str(jvp(f, (2.0,), (1.0,))) == str((2.0 * root, root))
        assert seen[1:] == compiled(2.0, k)[1:]
        assert [*map(type, seen[1:])] == [float, float]
        assert str(derivative(lambda x, k=k: grad(lambda y: compiled(y, k)[0] * y)(x))(3.0)) == str(2.0 * root)


def test_numbers_beside_many_values(jit):
    compiled = jit(lambda p, k: [x * abs((k - 70.0) ** 0.5) for x in p])
    out = compiled([Value(1.0)] * 60, 5.0)
    assert all(math.isnan(x.data) for x in out)


def test_constants_inside_another_function_that_is_traced(jit):
    inner = jit(lambda k: [abs(k**0.5), 1 / k if k < 1.0 else k])
    outer = jit(lambda x, k=-1.0: x * sum(inner(k)))
    assert math.isnan(jit(lambda x: x * inner(-1.0)[0])(2.0))       # and not abs(1j)
    assert math.isnan(jit(lambda x: x * inner(-4)[0])(2.0))
    assert jit(lambda x: x * inner(0.0)[1])(2.0) == math.inf
    assert outer(2.0, 4.0) == 12.0

    def plain(x):
        found = inner(2)
        assert [*map(type, found)] == [float, float]
        return x * found[1]

    fresh = jit(lambda k: [abs(k**0.5), k + 0])
    assert jit(plain)(3.0) == 6.0
    assert jit(lambda x: x * math.sqrt(fresh(4)[1]))(3.0) == 6.0      # it is a number, as it is outside


def test_inside_anomaly(jit):
    for f, args in ((lambda x: (x - 70.0) ** 0.5, (5.0,)), (lambda x: 1 / x, (0.0,)), (lambda x: ag.log(x), (-1,)),
                    (grad(ag.sqrt), (0.0,)), (lambda x, k: x / k, (1.0, 0))):
        compiled = jit(f)
        for _ in range(2):
            with pytest.raises(AnomalyError, match=r"^(backward through sqrt|sub|pow|div|log)"), anomaly():
                compiled(*args)
            compiled(*args)
    compiled = jit(lambda p, k: {"a": [p[0] * k, 3], "b": p * 2})
    wanted = compiled(np.array([1.0, 2.0]), 3)
    with anomaly():
        found = compiled(np.array([1.0, 2.0]), 3)
    assert same(found["a"], wanted["a"])
    assert same(found["b"], wanted["b"])
    with anomaly(inf=False):
        assert compiled(np.array([1.0, 2.0]), k=2)["a"] == [2.0, 3.0]


def test_bind_where_only_a_call_can_answer(jit, few):
    z, out = array("d", [5.0]), array("d", [0.0])
    with anomaly(inf=False):
        run = jit(lambda p: abs(p[0]) / (p[0] - 5.0)).bind(z, out=out)
        run()
    assert out[0] == math.inf
    ways = jit(lambda p: several_ways(p[0]) * 0.0 + abs((p[0] - 30.0) ** 0.5))
    with pytest.warns(RuntimeWarning, match="24 ways"):
        [ways([float(i)]) for i in range(30)]
    z[0] = -5.5
    run = ways.bind(z, out=out)
    z[0] = 28.5
    run()
    assert math.isnan(out[0])
    z[0] = 99.5
    run()
    assert out[0] == math.sqrt(69.5)


def test_no_grad_beyond_the_cap(beyond):
    w = Value(2.0)
    compiled, uncompiled = beyond(lambda x: [w * x, x * 3])
    with warnings.catch_warnings(), no_grad():
        warnings.simplefilter("ignore", RuntimeWarning)
        for made in (compiled, uncompiled):
            one, two = made(Value(3.0))
            assert (one.data, one.op, two.data, two.op) == (6.0, None, 9.0, None)
    assert isinstance(compiled, Jitted)
