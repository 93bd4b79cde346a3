"""A leaf that changes between forward and backward: the gradient of the forward that ran, or an error."""

import copy
import math
import pickle

import numpy as np
import pytest

import autograd as ag
from autograd import StaleValueError, Value, no_grad, topological_order, zero_grad


def data(w):
    w.data = 7.0


def data_in_place(w):
    w.data += 5.0
    w.data *= 2
    w.data -= 1
    w.data /= 3
    w.data **= 2


def attribute(w):
    setattr(w, "data", 7)       # noqa: B010


def numpy_scalar(w):
    w.data = np.float32(7.0)


def an_optimisers_step(w):
    w.grad = 3.0
    for p in [w]:
        p.data -= 0.1 * p.grad
    zero_grad([w])


def within_no_grad(w):
    with no_grad():
        w.data = (w * 3.5).data


def twice(w):
    w.data, w.data = 9.0, 7.0


def back_again(w):
    old = w.data
    w.data = 7.0
    w.data = old


def its_copies(w):
    for twin in (copy.copy(w), copy.deepcopy(w), pickle.loads(pickle.dumps(w)), w.detach()):
        twin.data = 7.0


def rebound(w):
    v = w
    v += 5.0
    v *= v
    v -= w
    v /= 2.0
    v **= 2


def an_array_of_them(w):
    a = np.array([w, w])
    a += 1.0
    a *= a
    a[0].backward(0.0)
    zero_grad([w])


DOORS = [data, data_in_place, attribute, numpy_scalar, an_optimisers_step, within_no_grad, twice, back_again,
         its_copies, rebound, an_array_of_them]


@pytest.mark.parametrize("change", DOORS)
def test_backward_answers_for_the_forward_that_ran(change):
    x, w, b = Value(3.0), Value(2.0), Value(0.5)
    y = (x * w * w + w.exp() / x - ag.dot([w, x], [x, b])) ** 2 + ag.sin(w)
    inner = 3.0 * 4.0 + math.exp(2.0) / 3.0 - (2.0 * 3.0 + 3.0 * 0.5)
    expected = [2.0 * inner * (4.0 - math.exp(2.0) / 9.0 - 2.0 - 0.5),
                2.0 * inner * (12.0 + math.exp(2.0) / 3.0 - 3.0) + math.cos(2.0), 2.0 * inner * -3.0]
    for _ in range(2):
        for leaf in (w, x, b):
            change(leaf)
        zero_grad([x, w, b])
        y.backward()
        assert [leaf.grad for leaf in (x, w, b)] == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("change", DOORS)
def test_a_derivative_of_a_derivative_is_right_or_an_error(change):
    w = Value(2.0)

    def f(x):
        y = x * w * x
        change(w)
        return y

    if change in (its_copies, rebound, an_array_of_them):
        assert ag.grad(ag.grad(f))(1.5) == 4.0
    else:
        with pytest.raises(StaleValueError):
            ag.grad(ag.grad(f))(1.5)
        assert ag.grad(ag.grad(lambda x: x * w * x))(1.5) == 2.0 * w.data       # computed again, it is right
    w = Value(2.0)
    assert ag.grad(f)(1.5) == 6.0       # a first derivative needs the stored partials only
    w = Value(2.0)
    assert ag.derivative(ag.derivative(f))(1.5) == 4.0      # and forward mode nothing at all


def test_a_leaf_used_before_and_after_its_assignment():
    w = Value(2.0)
    old = w * w
    w.data = 7.0
    y = old * w
    assert y.data == 28.0
    y.backward()
    assert w.grad == 2.0 * 2.0 * 7.0 + 4.0 * 1.0


def stale_part(w):
    """A graph whose one part used another number than its other part."""
    old = w * w
    w.data = 7.0
    return old, w * 3.0


def test_a_copy_knows_which_of_its_nodes_are_stale():
    for twin in (copy.deepcopy, lambda y: pickle.loads(pickle.dumps(y))):
        w = Value(2.0)
        old, new = stale_part(w)
        leaf, old, new, _ = topological_order(twin(old + new))
        assert leaf.assigned_since(old)
        assert not leaf.assigned_since(new)


def test_a_shallow_copy_of_a_stale_node_is_stale():
    w = Value(2.0)
    twin = copy.copy(stale_part(w)[0])
    with pytest.raises(StaleValueError):
        ag.grad(lambda t: ag.value_and_grad(lambda: twin * t, wrt=[w])()[1][0])(1.0)
    twin.backward()
    assert w.grad == 4.0


def test_gradient_descent_is_that_of_plain_floats_to_the_last_bit():
    w, b = Value(0.3), Value(-0.2)
    p, q = 0.3, -0.2
    points = [(0.5, 1.0), (-1.0, 0.25), (2.0, -0.75)]
    for _ in range(200):
        loss = ag.sum([(x * w + b - t) * (x * w + b - t) for x, t in points])
        zero_grad([w, b])
        loss.backward()
        errors = [x * p + q - t for x, t in points]
        dp = dq = 0.0
        for (x, _), e in reversed(list(zip(points, errors, strict=True))):
            for _ in range(2):      # the factors of the square are computed apart, the younger first
                dp, dq = dp + e * x, dq + e
        assert (w.grad, b.grad) == (dp, dq)
        for leaf in (w, b):
            leaf.data -= 0.05 * leaf.grad
        p, q = p - 0.05 * dp, q - 0.05 * dq
        assert (w.data, b.data) == (p, q)
