"""vmap inside vmap, jit and derivatives is a plain loop over the rows."""

import numpy as np
import pytest

import autograd as ag
from autograd import Value, anomaly, derivative, grad, hessian, jit, jvp, no_grad, value_and_grad, vmap
from tests.support.batches import added, loop, same_bits

X = np.array([0.5, -1.0, 2.0, 0.0])
P = np.arange(12.0).reshape(4, 3) / 5.0


def f(x, y):
    return ag.sin(x) * y if x > 0.0 else x * y * y


def test_nested():
    table = vmap(vmap(f, in_axes=(None, 0)), in_axes=(0, None))(X, P[:, 0])
    assert table.shape == (4, 4)
    assert same_bits(table, loop(f, [(x, y) for x in X.tolist() for y in P[:, 0].tolist()]).reshape(4, 4))
    slopes = vmap(vmap(value_and_grad(f)))(P, P[::-1])
    right = loop(value_and_grad(f), [*zip(P.ravel().tolist(), P[::-1].ravel().tolist(), strict=True)])
    assert same_bits(slopes[0], right[:, 0].reshape(4, 3))
    assert same_bits(slopes[1][1], right[:, 2].reshape(4, 3))
    thrice = vmap(vmap(vmap(lambda x: x * x)))(np.ones((2, 3, 4)))
    assert thrice.shape == (2, 3, 4)


def test_nested_with_reductions():
    def spread(row):
        return vmap(lambda x: x * x, reduce="mean")(row)
    assert vmap(spread)(P).tolist() == [((0.0 + a * a) + b * b + c * c) / 3 for a, b, c in P.tolist()]
    total = vmap(vmap(f, reduce="sum"), reduce="sum")(P, P)
    rows = [added([[float(f(Value(x), x).data)] for x in row]) for row in P.tolist()]
    assert total == added(rows)[0]


@pytest.mark.parametrize("through", [lambda g: g, jit])
def test_derivatives_go_through(through):
    def total(a):
        return sum(vmap(lambda x: f(a * x, x))(X))

    def plain(a):
        return sum([f(a * x, Value(x)) for x in X.tolist()])
    assert through(grad(total))(1.5) == grad(plain)(1.5)
    assert through(hessian(total))(1.5) == hessian(plain)(1.5)
    assert derivative(through(total))(1.5) == derivative(plain)(1.5)


def test_arguments_that_are_differentiated():
    def total(p):
        return sum(vmap(lambda q: q[0] * q[1] * q[2])(p))
    right = [[b * c, a * c, a * b] for a, b, c in P.tolist()]
    assert grad(total)(P).tolist() == right
    assert grad(total)(P.tolist()) == right
    assert jit(grad(total))(P).tolist() == right
    assert jvp(total, (P,), (np.ones_like(P),))[1] == pytest.approx(sum(map(sum, right)))
    columns = vmap(lambda p: p[0] * p[1], in_axes=1)
    assert grad(lambda t: sum(columns(t)))(P[:2].tolist()) == [P[1].tolist(), P[0].tolist()]
    assert grad(lambda d: sum(vmap(lambda p: p["a"] * p["b"])(d)))({"a": [1.0, 2.0], "b": [3.0, 4.0]}) == \
        {"a": [3.0, 4.0], "b": [1.0, 2.0]}


def test_values_as_arguments_give_values():
    rows = [Value(1.0), Value(2.0)]
    found = vmap(lambda x: x * x)(rows)
    (found[0] + found[1]).backward()
    assert [x.grad for x in rows] == [2.0, 4.0]
    w = Value(3.0)
    found = vmap(lambda w, x: w * x, in_axes=(None, 0))(w, X)
    sum(found).backward()
    assert w.grad == 1.5
    total = vmap(lambda w, x: w * x, in_axes=(None, 0), reduce="mean")(w, X)
    assert total.data == 1.5 * 3.0 / 4
    objects = np.array([Value(1.0), Value(2.0)], object)
    assert [x.data for x in vmap(lambda x: 3.0 * x)(objects)] == [3.0, 6.0]


def test_reduced_derivatives_inside():
    slopes = vmap(value_and_grad(lambda w, x: w * w * x, argnums=0), in_axes=(None, 0), reduce="sum")
    assert grad(lambda w: slopes(w, X)[1])(3.0) == 2.0 * added(X[:, None])[0]
    each = vmap(grad(lambda w, x: w * x * x), in_axes=(None, 0), reduce="mean")

    def first(w):
        by_w, by_x = each(w, X)
        return by_w + by_x[2]
    assert grad(first)(3.0) == jit(grad(first))(3.0) == 2 * 2.0 / 4


def test_no_rows_inside_are_empty_arrays_too():
    assert vmap(vmap(lambda x: x * x))([[], []]).shape == (2, 0)
    assert vmap(vmap(lambda x: (x, [x, 1.0])))(np.empty((2, 0)))[1].shape == (2, 0, 2)
    for how in (grad, lambda f: jit(grad(f))):
        assert how(lambda a: a + sum(vmap(lambda x: a * x)(X[:0])))(1.0) == 1.0
        assert how(lambda a: a + vmap(lambda p: a * p[0] * p[2], reduce="sum")(np.empty((0, 3))))(1.0) == 1.0
    w, slopes = Value(2.0), vmap(grad(lambda x: x * x), reduce="sum")
    assert (w + sum(slopes([w][:0]))).data == 2.0
    with pytest.raises(ValueError, match="the mean of no rows; give at least one"):
        grad(lambda a: vmap(lambda p: a * p[0], reduce="mean")([]))(1.0)
    with pytest.raises(ValueError, match="gets no rows, and for a row of ones"):
        grad(lambda a: vmap(lambda p: a * p[0], reduce="sum")([]))(1.0)


def test_captured_values_are_numbers_outside_derivatives():
    w = Value(2.0)
    assert type(vmap(lambda x: w * x, reduce="sum")(X)) is float
    with no_grad():
        assert vmap(lambda x: w * x)(X).tolist() == [1.0, -2.0, 4.0, 0.0]
    computed = w * 3.0
    assert vmap(lambda x: computed * x)(X).tolist() == [3.0, -6.0, 12.0, 0.0]
    batched = vmap(lambda x: computed * x if x > 0.0 else x)
    with pytest.warns(RuntimeWarning, match="computed outside.*every batch is traced and compiled anew"):
        assert [batched(X).tolist() for _ in range(2)] == [[3.0, -1.0, 12.0, 0.0]] * 2


def test_anomaly_sees_inside():
    with pytest.raises(ag.AnomalyError), anomaly():
        vmap(lambda x: ag.log(x))(np.array([1.0, -1.0]))
