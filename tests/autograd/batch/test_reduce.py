"""reduce="sum" and "mean": sums from 0.0 in the order of the rows, and which derivatives keep the axis of rows."""

import numpy as np
import pytest

import autograd as ag
from autograd import Value, grad, hessian, jacobian, jit, value_and_grad, vmap
from autograd.batch import reduction, run
from tests.support.batches import added, bits, loop, same_bits

rng = np.random.default_rng(0)
W, X, Y = [0.3, -0.7, 1.1], rng.normal(size=(41, 3)), rng.normal(size=41)


def loss(w, x, y):
    return (sum(a * b for a, b in zip(w, x, strict=True)) - y)**2


def hinge(w, x, y):
    score = sum(a * b for a, b in zip(w, x, strict=True))
    return (1.0 - y * score)**2 if y * score < 1.0 else 0.0 * y


def rows():
    return [(W, x, y) for x, y in zip(X.tolist(), Y.tolist(), strict=True)]


@pytest.mark.parametrize("f", [loss, hinge])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_sums_are_those_of_the_plain_loop(f, threads, monkeypatch):
    monkeypatch.setattr(run, "CHUNK", 8)
    monkeypatch.setattr(run, "LEAST_WORK", 8)
    monkeypatch.setattr(reduction, "MOST_ROWS", 8)
    monkeypatch.setattr(reduction, "MOST_NUMBERS", 8)
    slopes = value_and_grad(f, argnums=0)
    right = added(loop(slopes, rows()))
    for reduce, count in (("sum", 1), ("mean", 41)):
        value, gradient = vmap(slopes, in_axes=(None, 0, 0), reduce=reduce, threads=threads)(W, X, Y)
        assert type(value) is float
        assert type(gradient) is list
        assert [*map(bits, [value, *gradient])] == [bits(x / count) for x in right]


def test_a_sum_begins_at_plus_zero():
    minus = np.array([-0.0, -0.0])
    assert bits(vmap(lambda x: x, reduce="sum")(minus)) == bits(0.0)
    assert bits(vmap(lambda x: x * 1.0 if x <= 0.0 else x, reduce="sum")(minus)) == bits(0.0)


def test_gradients_by_batched_arguments_keep_their_axis():
    value, (by_w, by_x, by_y) = vmap(value_and_grad(loss), in_axes=(None, 0, 0), reduce="mean")(W, X, Y)
    table = loop(value_and_grad(loss), rows())
    assert [value, *by_w] == [x / 41 for x in added(table[:, :4])]
    assert same_bits(by_x, table[:, 4:7] / 41)
    assert same_bits(by_y, table[:, 7] / 41)
    sums = vmap(grad(loss, argnums=(2, 0)), in_axes=(None, 0, 0), reduce="sum")(W, X, Y)
    assert same_bits(sums[0], table[:, 7])
    assert sums[1] == added(table[:, 1:4])


def test_nothing_is_added_to_what_keeps_its_axis():
    found = vmap(grad(lambda x: -0.0 * x), reduce="sum")(np.array([1.0, 2.0]))
    assert same_bits(found, [-0.0, -0.0])


def test_items_of_one_argument_may_be_shared_or_not():
    def f(p):
        return p["w"] * p["x"][0] * p["x"][1]
    pairs = rng.normal(size=(5, 2))
    found = vmap(grad(f), in_axes=({"w": None, "x": 0},), reduce="sum")({"w": 3.0, "x": pairs})
    table = loop(grad(f), [({"w": 3.0, "x": x},) for x in pairs.tolist()])
    assert found["w"] == added(table[:, :1])[0]
    assert same_bits(found["x"], table[:, 1:])


def test_captured_values_are_shared():
    w = [Value(x) for x in W]
    unused = Value(1.0)
    slopes = value_and_grad(lambda x, y: loss(w, x, y), wrt=[*w, unused])
    value, gradient = vmap(slopes, reduce="mean")(X, Y)
    right = added(loop(value_and_grad(loss, argnums=0), rows()))
    assert [value, *gradient] == [*(x / 41 for x in right), 0.0]
    assert vmap(jit(slopes), reduce="mean")(X, Y) == (value, gradient)


def test_plain_functions_sum_all_they_return():
    found = vmap(lambda x, y: {"a": [x, y], "b": (x * y, np.array([x, x]))}, reduce="sum")(Y, X[:, 0])
    (x,), (y,) = added(Y[:, None]), added(X[:, :1])
    assert found["a"] == [x, y]
    assert found["b"][0] == added([[a * b] for a, b in zip(Y.tolist(), X[:, 0].tolist(), strict=True)])[0]
    assert found["b"][1].tolist() == [x, x]


def test_second_derivatives():
    def f(w, x):
        return w * w * ag.sin(x) * x
    shared = vmap(hessian(f, argnums=0), in_axes=(None, 0), reduce="sum")(2.0, Y)
    assert shared == added(loop(hessian(f, argnums=0), [(2.0, y) for y in Y.tolist()]))[0]
    (ww, wx), (xw, xx) = vmap(hessian(f), in_axes=(None, 0), reduce="sum")(2.0, Y)
    table = loop(hessian(f), [(2.0, y) for y in Y.tolist()])
    assert ww == added(table[:, :1])[0]
    assert all(same_bits(found, table[:, i]) for i, found in ((1, wx), (2, xw), (3, xx)))
    twice = vmap(grad(grad(f, argnums=1), argnums=0), in_axes=(None, 0), reduce="sum")(2.0, Y)
    assert same_bits(twice, table[:, 2])
    outputs = vmap(jacobian(lambda w, x: [w * x, w + x]), in_axes=(None, 0), reduce="sum")(2.0, Y)
    assert outputs[0] == [added(Y[:, None])[0], 41.0]
    assert outputs[1].tolist() == [[2.0, 1.0]] * 41


def test_third_derivatives_are_refused():
    third = grad(grad(grad(lambda w, x: w**4 * x**4, argnums=0), argnums=0), argnums=0)
    with pytest.raises(ValueError, match="third derivatives"):
        vmap(third, in_axes=(None, 0), reduce="sum")(2.0, Y)


def test_has_aux():
    def f(w, x):
        return w * x, [x * x]
    (value, aux), slope = vmap(value_and_grad(f, argnums=0, has_aux=True), in_axes=(None, 0), reduce="sum")(2.0, Y)
    assert value == added(2.0 * Y[:, None])[0]
    assert aux == added((Y * Y)[:, None])
    assert slope == added(Y[:, None])[0]


def test_no_rows_have_no_mean():
    assert vmap(loss, in_axes=(None, 0, 0), reduce="sum")(W, X[:0], Y[:0]) == 0.0
    with pytest.raises(ValueError, match="the mean of no rows"):
        vmap(loss, in_axes=(None, 0, 0), reduce="mean")(W, X[:0], Y[:0])


def test_an_unknown_reduction():
    with pytest.raises(ValueError, match=r'reduce=.max.; choose "sum", "mean"'):
        vmap(loss, reduce="max")


def test_fast_adds_in_another_order():
    x, y = rng.normal(size=(1003, 3)), rng.normal(size=1003)
    exact, fast = (vmap(value_and_grad(loss, argnums=0), in_axes=(None, 0, 0), reduce="mean", fast=fast)(W, x, y)
                   for fast in (False, True))
    assert fast[0] == pytest.approx(exact[0], rel=1e-13)
    assert fast[1] == pytest.approx(exact[1], rel=1e-12)
