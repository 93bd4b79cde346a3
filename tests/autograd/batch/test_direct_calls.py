"""Direct calls of batched functions: arguments go to machine code as they are, with the results of the usual way."""

import sys
import threading
from collections import namedtuple

import numpy as np
import pytest

import autograd as ag
from autograd import Value, grad, jit, value_and_grad, vmap
from autograd.batch import direct
from autograd.batch.run import Run
from tests.support.batches import same_bits

rng = np.random.default_rng(5)
W, X, Y = rng.normal(size=3), rng.normal(size=(37, 3)), rng.normal(size=37)
Pair = namedtuple("Pair", "value slopes")


def loss(w, x, y):
    return ag.tanh(sum(a * b for a, b in zip(w, x, strict=True)) - y)**2


SLOPES = value_and_grad(loss, argnums=0)


def described(x):
    """Classes and bits of a result."""
    if isinstance(x, np.ndarray):
        return x.dtype, x.shape, x.tobytes()
    if isinstance(x, dict):
        return [*x], [*map(described, x.values())]
    return (type(x), [*map(described, x)]) if isinstance(x, (list, tuple)) else (type(x), repr(x))


def usual(monkeypatch, f, *args):
    """The result without direct calls."""
    with monkeypatch.context() as patch:
        patch.setattr(direct, "MOST", 0)
        return f()(*args)


def warm(f, *args):
    """The result of a direct call, which comes after two others."""
    f(*args)
    f(*args)
    assert f.versions.direct.calls
    found = [call(args) for call in f.versions.direct.calls]
    assert any(x is not None for x in found)
    return next(x for x in found if x is not None)


CALLS = {
    "arrays": (lambda: vmap(SLOPES, (None, 0, 0), reduce="mean"), (W, X, Y)),
    "lists": (lambda: vmap(SLOPES, (None, 0, 0), reduce="mean"), (W.tolist(), X.tolist(), Y.tolist())),
    "tuples of lists": (lambda: vmap(SLOPES, (None, 0, 0), reduce="sum"), (
        tuple(W.tolist()), [*map(tuple, X.tolist())], tuple(Y.tolist()))),
    "ints": (lambda: vmap(SLOPES, (None, 0, 0), reduce="sum"), (
        [1, 2, 0.5], np.arange(12).reshape(4, 3), np.float32([1, 2, 3, 4]))),
    "lists of arrays": (lambda: vmap(SLOPES, (None, 0, 0), reduce="sum"), (W, [*X], Y)),
    "a column with gaps": (lambda: vmap(SLOPES, (None, 0, 0), reduce="sum"), (W, X, np.repeat(Y, 2)[::-2])),
    "fast": (lambda: vmap(SLOPES, (None, 0, 0), reduce="mean", fast=True), (W, X, Y)),
    "derivatives by rows": (lambda: vmap(value_and_grad(loss), (None, 0, 0), reduce="mean"), (W, X, Y)),
    "only derivatives by rows": (lambda: vmap(grad(loss, argnums=1), (None, 0, 0), reduce="mean"), (W, X, Y)),
    "each row": (lambda: vmap(SLOPES, (None, 0, 0)), (W, X, Y)),
    "a shared number": (lambda: vmap(grad(lambda a, x: ag.exp(a * x)), (None, 0), reduce="sum"), (0.3, Y)),
    "a column": (lambda: vmap(lambda x: x * x), (Y,)),
    "jit": (lambda: vmap(jit(SLOPES), (None, 0, 0), reduce="mean"), (W, X, Y)),
    "a dict": (lambda: vmap(lambda x: {"a": [x[0], x[1]], "b": (x[2] * 2.0, None, "text")}), (X,)),
    "columns in a tuple": (lambda: vmap(lambda pair: pair[0] * pair[1]), ((Y, Y + 1.0),)),
    "nested rows": (lambda: vmap(lambda t: ag.sum([x * y for x, y in t])), (rng.normal(size=(5, 3, 2)),)),
}


@pytest.mark.parametrize("name", CALLS)
def test_results_are_those_of_the_usual_way(name, monkeypatch):
    make, args = CALLS[name]
    right = usual(monkeypatch, make, *args)
    f = make()
    assert described(warm(f, *args)) == described(right)
    assert described(f(*args)) == described(right)


def test_each_call_reads_its_arguments_and_makes_new_results():
    f = vmap(SLOPES, (None, 0, 0), reduce="mean")
    w, x, y = W.copy(), X.copy(), Y.copy()
    first = warm(f, w, x, y)
    kept = first[1].copy()
    w += 1.0
    second = f(w, x, y)
    assert same_bits(first[1], kept)
    assert described(second) == described(vmap(SLOPES, (None, 0, 0), reduce="mean")(W + 1.0, X, Y))
    other = f(W, X[:12], Y[:12])
    assert described(other) == described(vmap(SLOPES, (None, 0, 0), reduce="mean")(W, X[:12], Y[:12]))


def test_captured_values_are_read_at_each_call():
    weights = [Value(x) for x in W]
    f = vmap(value_and_grad(lambda x, y: loss(weights, x, y), wrt=weights), reduce="mean")
    for shift in (0.0, 0.25, -1.0):
        for p, x in zip(weights, W, strict=True):
            p.data = float(x) + shift
        right = vmap(SLOPES, (None, 0, 0), reduce="mean")((W + shift).tolist(), X, Y)
        assert described(f(X, Y)) == described(f(X, Y)) == described(warm(f, X, Y)) == described(right)


def test_other_arguments_go_the_usual_way():
    f = vmap(SLOPES, (None, 0, 0), reduce="mean")
    warm(f, W.tolist(), X, Y)
    right = f(W.tolist(), X, Y)
    assert described(f(W.tolist(), np.asfortranarray(X), Y)) == described(right)
    assert described(f(W.tolist(), np.repeat(X, 2, axis=0)[::2], Y)) == described(right)
    assert described(f(W.tolist(), X.astype(">f8"), Y)) == described(right)
    assert described(f(W.tolist(), iter([X]), iter([Y]))) == described(right)
    assert isinstance(f([Value(x) for x in W], X, Y)[0], float)
    with pytest.raises(TypeError, match="bools"):
        f(W.tolist(), X > 0.0, Y)
    with pytest.raises(ValueError, match="argument 2 has 36 rows"):
        f(W.tolist(), X, Y[1:])
    with pytest.raises(TypeError, match=r"text|str"):
        f(W.tolist(), X, ["1.0"] * 37)
    g = vmap(lambda x: x[0] * x[1])
    rows = [[1.0, 2.0]] * 3
    warm(g, rows)
    with pytest.raises(ValueError, match="ragged"):
        g([[1.0, 2.0], [1.0], [3.0]])
    with pytest.raises(TypeError, match="bools"):
        g([[1.0, True]] * 3)
    assert g([[2, 3]] * 3).tolist() == [6.0, 6.0, 6.0]
    assert g(x=rows).tolist() == [2.0] * 3


def test_results_that_are_no_lists_or_arrays_go_the_usual_way():
    f = vmap(lambda x: Pair(x, [x, x]))
    for _ in range(3):
        assert type(f(Y)) is Pair
    assert not f.versions.direct.calls


def test_rows_that_branch_and_large_batches_go_the_usual_way():
    f = vmap(lambda x: x if x > 0.0 else -x)
    g = vmap(lambda x: x * x)
    long = np.ones(direct.LARGE + 1)
    for _ in range(3):
        assert same_bits(f(Y), np.abs(Y))
        assert same_bits(g(long), long)
    assert not f.versions.direct.calls
    assert not g.versions.direct.calls


def test_only_some_kinds_of_calls_have_their_function():
    f = vmap(lambda x: x * x, reduce="sum")
    for n in range(1, 60):
        for _ in range(3):
            assert f(np.ones(n)) == n
    assert len(f.versions.direct.calls) == direct.MOST


def test_inside_traces_and_derivatives_it_is_a_loop():
    f = vmap(SLOPES, (None, 0, 0), reduce="sum")
    warm(f, W, X, Y)
    inside = jit(lambda w: f(w, X.tolist(), Y.tolist())[0])
    assert inside(W.tolist()) == f(W, X, Y)[0]
    total = vmap(loss, (None, 0, 0), reduce="sum")
    warm(total, W, X, Y)
    assert grad(lambda w: total(w, X, Y))(W) == pytest.approx(f(W, X, Y)[1])


def test_threads_share_a_function():
    f = vmap(SLOPES, (None, 0, 0), reduce="mean")
    points = [W + i for i in range(4)]
    right = [described(f(w, X, Y)) for w in points]
    warm(f, W, X, Y)
    wrong = []

    def work(i):
        for _ in range(500):
            if described(f(points[i], X, Y)) != right[i]:
                wrong.append(i)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_methods_have_their_own():
    class Model:
        def __init__(self, scale):
            self.scale = Value(scale)

        @vmap
        def f(self, x):
            return self.scale * x

    a, b = Model(2.0), Model(3.0)
    for _ in range(4):
        assert same_bits(a.f(Y), 2.0 * Y)
        assert same_bits(b.f(Y), 3.0 * Y)
    assert a.f.versions.direct is not b.f.versions.direct


def test_nothing_is_left_of_a_call(monkeypatch):
    f = vmap(SLOPES, (None, 0, 0), reduce="mean")
    args = W.tolist(), X, Y
    warm(f, *args)
    monkeypatch.setattr(Run, "__init__", None)      # only direct calls
    before = [sys.getrefcount(x) for x in (*args, None)]
    for _ in range(1000):
        f(*args)
    assert max(abs(sys.getrefcount(x) - n) for x, n in zip((*args, None), before, strict=True)) < 100
    _, slopes = f(*args)
    assert sys.getrefcount(slopes) == 2
