"""Value: what it holds, what backward leaves behind, and what can go wrong."""

import copy
import math
import pickle
import signal
import threading
from fractions import Fraction

import numpy as np
import pytest

import autograd as ag
from autograd import StaleValueError, TraceError, Value, no_grad, topological_order, zero_grad
from autograd.ops.operand import Operand


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


def test_no_grad_records_nothing_in_this_thread_only():
    x = Value(2.0)
    inside, outside = threading.Event(), threading.Event()
    ops = []

    def other():
        inside.wait(10)
        ops.append([(x * 2).op, x.tanh().op, ag.sin(x).op, ag.dot([x], [x]).op])
        outside.set()

    thread = threading.Thread(target=other)
    thread.start()
    with no_grad():
        inside.set()
        outside.wait(10)
        for y in (x * 2, 2 * x, x + x, -x, x.tanh(), ag.sin(x), ag.dot([x], [x]), x**2, abs(x)):
            assert y.op is None
        with no_grad():
            pass
        assert (x * 2).op is None
    thread.join()
    assert None not in ops[0]
    assert (x * 2).op is not None


def test_no_grad_does_not_silence_a_derivative_that_is_asked_for():
    w = Value(2.0)
    with no_grad():
        assert ag.grad(lambda a: a * a)(3.0) == 6
        assert ag.hessian(lambda a: a * a)(3.0) == 2
        assert ag.derivative(ag.grad(lambda a: a * a * w))(3.0) == 4
        assert ag.value_and_grad(lambda a: a * w, wrt=[w])(3.0) == (6, [3])
        assert ag.vjp(lambda a: a * w, 3.0)[1](1.0) == 2
        assert (w * 2).op is None

    def constant_slope(x):
        with no_grad():
            slope = ag.grad(lambda t: t * t)(x)     # of no interest to the outer derivative
        return slope * x

    assert ag.grad(constant_slope)(3.0) == 6
    assert ag.derivative(constant_slope)(3.0) == 6

    def constant_square(x):
        with no_grad():
            square = x * x
        return square * x

    for first in (ag.grad, ag.derivative):
        assert first(constant_square)(3.0) == 9
        for second in (ag.grad, ag.derivative):
            assert second(first(constant_square))(3.0) == 0
    assert ag.derivative(lambda x: ag.stop_gradient(x) * x)(3.0) == 3


def test_no_grad_recovers_from_interrupts_and_nests_in_handlers():
    def handler(*_):
        with no_grad():
            Value(1.0) * 2
        raise KeyboardInterrupt

    before, caught = signal.signal(signal.SIGALRM, handler), 0
    try:
        for i in range(300):
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.00005 + i * 1e-6)
                for _ in range(1_000_000):
                    Value(1.0) * 2
                    with no_grad():
                        Value(1.0) * 2
            except KeyboardInterrupt:
                caught += 1
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert caught == 300        # none is swallowed
    assert (Value(1.0) * 2).op is not None
    with no_grad():     # whatever happened, the methods come and go as they should
        assert Value.__add__ is Operand.__add__


def test_one_no_grad_object_may_be_entered_twice():
    block = no_grad()
    with block:
        with block:
            assert (Value(2.0) * 3).op is None
        assert (Value(2.0) * 3).op is None
    assert (Value(2.0) * 3).op is not None


def test_inside_no_grad_functions_keep_their_methods_in_every_mode():
    def f(x):
        with no_grad():
            scale = (x * x).tanh()
        return scale * x

    assert ag.grad(f)(2.0) == ag.derivative(f)(2.0) == ag.tanh(4.0)
    assert ag.gradcheck(lambda x, y: x * y.tanh(), 2.0, 3.0)


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
    with pytest.raises(TypeError, match="ndarray"):
        Value(1.0) + np.array([1.0, 2.0])
    with pytest.raises(TypeError, match="ndarray"):
        np.array([1.0, 2.0]) * Value(1.0)


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


# ---- copies ----


def test_copies_and_pickles_are_new_nodes_with_the_same_gradients():
    x = Value(3.0, "x")
    y = x * x + 1
    y.backward()
    for other in (copy.deepcopy(y), pickle.loads(pickle.dumps(y)), pickle.loads(pickle.dumps(y, protocol=0))):
        leaf = topological_order(other)[0]
        assert leaf is not x
        assert (leaf.label, leaf.grad, other.grad, other.op) == ("x", 6.0, 1.0, y.op)
        (other * other).backward()
        assert leaf.grad == 126
    again = copy.copy(y)
    (again + y).backward()      # the copy has a serial of its own, so neither hides the other
    assert x.grad == 18


def test_copies_share_what_the_originals_shared():
    x = Value(3.0)
    y = x * 2
    z = y + x + ag.dot([x, y], [y, 1.0])
    for twin in (copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))):
        x2, y2, z2 = twin([x, y, z])
        assert y2.args[0] is x2
        assert topological_order(z2)[0] is x2
        z2.backward()
        z.backward()
        assert x2.grad == x.grad
        ag.zero_grad([x, x2])


def test_a_stale_leaf_stays_stale_in_a_copy():
    w = Value(2.0)
    y = w * w * w
    w.data = 5.0
    for twin in (lambda o: o, copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))):
        y2, w2 = twin([y, w])
        with pytest.raises(StaleValueError):
            ag.grad(lambda t, y=y2, w=w2: ag.value_and_grad(lambda: y * t, wrt=[w])()[1][0], 0)(1.0)


class Parameter(Value):
    pass


def test_subclasses_keep_their_kind_and_attributes_in_copies():
    p = Parameter(2.0)
    p.note = "kept"
    for other in (copy.copy(p), copy.deepcopy(p), pickle.loads(pickle.dumps(p * 2)).args[0]):
        assert type(other) is Parameter
        assert other.note == "kept"


def test_an_assigned_leaf_stays_assigned_in_a_copy():
    x = Value(1.0)
    y = x * 2
    x.data = 5.0
    twin = copy.deepcopy(y)
    assert twin.args[0].data == 5.0
    assert ag.grad(ag.grad(lambda t: t * t * twin.args[0]))(1.0) == 10.0


# ---- calls ----


def test_an_argument_kept_from_another_call_is_an_error():
    kept = []
    ag.derivative(lambda x: kept.append(x) or x)(1.0)
    with pytest.raises(TraceError, match="another call"):
        ag.derivative(lambda x: x * kept[0])(3.0)
