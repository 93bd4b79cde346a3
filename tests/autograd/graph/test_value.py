"""Value: the numbers it holds, its operators, its gradients after backward, and its errors."""

import math
from fractions import Fraction

import numpy as np
import pytest

import autograd as ag
from autograd import StaleValueError, TraceError, Value, topological_order, zero_grad


def test_numbers_of_all_kinds_become_floats():
    for x in (2, 2.0, True, Fraction(1, 2), np.float64(2), np.float32(0.5), np.int64(3), np.array(4.0), np.bool_(1)):
        assert Value(x).data.__class__ is float
        assert (Value(1) + x).data == 1 + float(x)
        assert (x + Value(1)).data == 1 + float(x)
        assert (Value(1) * x).__class__ is Value
        assert (x / Value(2)).data == float(x) / 2


def test_second_backward_gives_exactly_twice_at_leaves():
    x = Value(3.0)
    y = x * x * x
    y.backward()
    inner = y.args[0].grad
    y.backward()
    assert x.grad == 54         # micrograd gives 72
    assert y.grad == 1
    assert y.args[0].grad == inner


def test_seed_and_linearity():
    x = Value(3.0)
    (x * x).backward(2.5)
    assert x.grad == 15


def test_backward_on_a_leaf_and_on_a_graph_without_leaves():
    x = Value(2.0)
    x.backward(3)
    assert x.grad == 3


def test_unset_gradient_reads_zero_and_can_be_told_apart():
    x = Value(1.0)
    y = x * 2
    assert (x.grad, y.grad, x.has_grad, y.has_grad) == (0.0, 0.0, False, False)
    (x * 0).backward()
    assert (x.grad, x.has_grad) == (0.0, True)
    zero_grad([x])
    assert (x.grad, x.has_grad) == (0.0, False)
    x.grad = None
    x.grad = 2
    assert x.grad == 2.0


def test_parallel_edges():
    x = Value(3.0)
    y = x + x
    y.backward()
    assert x.grad == 2
    z = Value(3.0)
    (z * z).backward()
    assert z.grad == 6


def test_operators_reflected_and_in_place():
    for f in (lambda x: x + 2, lambda x: 2 + x, lambda x: x - 2, lambda x: 2 - x, lambda x: x * 2, lambda x: 2 * x,
              lambda x: x / 2, lambda x: 2 / x, lambda x: x**2, lambda x: 2**x, lambda x: x % 2, lambda x: 2 % x,
              lambda x: x // 2, lambda x: 2 // x, lambda x: -x, lambda x: +x, abs, lambda x: divmod(x, 2)[0],
              lambda x: divmod(7, x)[1], lambda x: x**x, lambda x: x / x, math.floor, math.ceil, math.trunc, round):
        assert f(Value(1.7)).data == f(1.7), f
        assert f(Value(-3.2) * -1).data == f(3.2), f
    x = y = Value(3.0)
    x += 1
    x *= 2
    x -= 1
    x /= 7
    x **= 2
    assert (x.data, y.data) == (1.0, 3.0)       # in place makes a new Value: y, and the graph, stay as they are
    x.backward()
    assert math.isclose(y.grad, 4 / 7)


def test_comparisons_look_at_data_and_hash_at_identity():
    a, b = Value(2), Value(2)
    assert a == b
    assert a == 2
    assert a != 3
    assert a < 3
    assert a >= b
    assert (1 < a) is True      # noqa: SIM300
    assert not Value(0)
    assert len({a, b}) == 2
    assert max([Value(1), Value(5), Value(3)]).data == 5
    assert (a == "two") is False
    nan = Value(math.nan)
    assert nan != nan


@pytest.mark.parametrize("leak", [float, int, complex, math.sin, math.exp, lambda v: [1, 2, 3][v], range,
                                  lambda v: np.array([v], dtype=float)])
def test_a_gradient_is_never_lost_silently(leak):
    with pytest.raises(TypeError) as error:
        leak(Value(1.0))
    assert isinstance(error.value, TraceError)
    assert "v.data" in str(error.value)


def test_leaf_changed_after_forward_gives_the_gradient_of_the_forward_that_ran():
    x, y = Value(3.0), Value(5.0)
    z = x * y
    x.data = 100
    y.data += 1
    z.backward()
    assert (x.grad, y.grad) == (5.0, 3.0)


def test_leaf_changed_inside_a_nested_derivative_is_an_error():
    w = Value(2.0)

    def f(x):
        y = x * w
        w.data = 7.0
        return y

    with pytest.raises(StaleValueError, match="assigned after mul had used it"):
        ag.grad(ag.grad(f))(1.0)


def test_a_computed_value_cannot_be_assigned():
    y = Value(1.0) * 2
    with pytest.raises(StaleValueError, match="only a leaf"):
        y.data = 3.0


def test_topological_order_has_operands_first():
    a = Value(1.0, "a")
    b = a * a
    c = b + a
    d = c * b
    assert topological_order(d) == [a, b, c, d]
    a.data = 5.0        # assignment does not move a leaf
    assert topological_order(d)[0] is a


def test_repr_labels_and_detach():
    a = Value(2)
    a.label = "a"
    e = a * 3
    e.label = "e"
    assert repr(e) == "Value(data=6.0, grad=0.0, label='e', op=mul)"
    assert e.detach().op is None
    assert e.detach().label == "e"
    with pytest.raises(TypeError, match="label: expected a string"):
        a.label = 3


def test_formatting_shows_the_number():
    assert f"{Value(2.0):.3f}" == "2.000"
    assert f"{Value(2.0)}" == repr(Value(2.0))


def test_numpy_object_arrays_and_scalars():
    a = np.array([Value(1.0), Value(2.0)])
    w = np.array([[Value(3.0), Value(4.0)], [Value(5.0), Value(6.0)]])
    assert [v.data for v in w @ a] == [11, 17]
    assert np.sum(a).data == 3
    assert np.dot(a, a).data == 5
    assert np.exp(Value(0.0)).data == 1
    assert np.exp(a)[0].data == math.e
    assert (np.float64(2) * Value(3.0)).op.name == "mul"
    assert np.arctan2(Value(1.0), 1.0).data == math.atan2(1, 1)
    for f in (np.sin, np.arcsin, np.sqrt, np.tanh, np.arctan, np.cbrt, np.log1p, np.expm1, np.square, np.floor,
              np.rint):
        assert f(np.array([Value(0.5)]))[0].data == pytest.approx(float(f(0.5)), rel=1e-15)
        assert f(Value(0.5)).data == pytest.approx(float(f(0.5)), rel=1e-15)
    assert [v.data for v in a * Value(2.0)] == [2, 4]
    assert [v.data for v in Value(2.0) * a] == [2, 4]
    assert [v.data for v in Value(2.0) - a] == [1, 0]
    assert (np.float64(1.0) < Value(2.0)) == True       # noqa: E712
    with pytest.raises(TypeError, match="not ndarray of complex128"):
        Value(1.0) + np.array([1j, 2.0])
    with pytest.raises(TypeError, match="not ndarray of <U1"):
        np.array(["a", "b"]) * Value(1.0)


def test_user_defined_op_in_one_statement_has_every_mode():
    cube = ag.primitive("cube", lambda x: x * x * x, lambda x, out: 3.0 * x * x)
    try:
        x = Value(2.0)
        cube(x).backward()
        assert x.grad == 12
        assert ag.grad(ag.grad(cube))(2.0) == 12
        assert ag.derivative(ag.derivative(cube))(2.0) == 12
        assert ag.gradcheck(cube, 2.0)
    finally:
        del ag.TABLE["cube"]


# ---- calls ----


def test_an_argument_kept_from_another_call_is_an_error():
    kept = []
    ag.derivative(lambda x: kept.append(x) or x)(1.0)
    with pytest.raises(TraceError, match="another call"):
        ag.derivative(lambda x: x * kept[0])(3.0)
