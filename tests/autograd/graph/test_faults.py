"""KeyboardInterrupt and MemoryError at every position: gradients stay old or become new, and modes are restored."""

import copy
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import autograd as ag
from autograd import Value, no_grad, topological_order, zero_grad
from autograd.graph.context import modes
from autograd.graph.pickling import _flat
from autograd.locks import Alone
from autograd.ops.formulas import read
from tests.support.fault_injection import everywhere
from tests.support.gradient_states import grads, recording_is_as_ever, set_grads

FAULTS = [KeyboardInterrupt, MemoryError]
# the long campaign takes every position
STRIDES = [29, pytest.param(1, marks=pytest.mark.campaign)]


def small_graph():
    """All kinds of nodes: operators, a leaf twice, unary, n-ary, constants, where nothing flows."""
    x, w = Value(1.5), Value(-0.5)
    y = x
    for _ in range(6):
        y = (y * w + x * 2.0).tanh() + ag.dot([x, y], [w, w]) + y * y + ag.relu(w)
    return y


def old_and_new(nodes, change):
    """What the gradients are before and after."""
    old = grads(nodes)
    change()
    return old, grads(nodes)


@pytest.mark.parametrize("fault", FAULTS)
def test_backward_interrupted_anywhere_leaves_all_old_or_all_new(fault):
    y = small_graph()
    nodes = topological_order(y)
    y.backward()
    old, new = old_and_new(nodes, lambda: y.backward(2.0))
    set_grads(nodes, old)
    seen = []

    def check():
        seen.append(grads(nodes))
        assert seen[-1] in (old, new)
        set_grads(nodes, old)

    assert everywhere(lambda: y.backward(2.0), fault, check) > 1000
    assert old in seen
    assert new in seen


@pytest.mark.parametrize("fault", FAULTS)
def test_zero_grad_interrupted_anywhere_leaves_all_old_or_all_new(fault):
    nodes = [Value(float(i)) for i in range(20)]
    ag.sum(nodes).backward()
    old, new = old_and_new(nodes, lambda: zero_grad(nodes))
    set_grads(nodes, old)

    def check():
        assert grads(nodes) in (old, new)
        set_grads(nodes, old)

    everywhere(lambda: zero_grad(nodes), fault, check)


def test_operators_interrupted_anywhere_leave_nothing_half_made():
    x, w = Value(1.5), Value(-0.5)

    def build():
        return ((x * w + x).tanh() + ag.dot([x, w], [w, 2.0]) - 1.0 / x) ** 2

    build().backward()
    expected = x.grad, w.grad

    def check():
        zero_grad([x, w])
        build().backward()
        assert (x.grad, w.grad) == expected

    assert everywhere(build, KeyboardInterrupt, check) > 300
    recording_is_as_ever()


def test_an_assignment_interrupted_anywhere_is_stale_or_has_not_been():
    w = Value(2.0)
    node = [w * w]

    def assign():
        w.data = 7.0

    def check():
        assert w.data == 2.0 or w.assigned_since(node[0])
        w.data = 2.0
        node[0] = w * w

    assert everywhere(assign, KeyboardInterrupt, check) > 5


@pytest.mark.parametrize("stride", STRIDES)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("transform", [
    lambda f: ag.grad(f)(0.7), lambda f: ag.grad(ag.grad(f))(0.7), lambda f: ag.derivative(ag.grad(f))(0.7),
    lambda f: ag.hessian(f)(0.7), lambda f: ag.vjp(f, 0.7)[1](1.0)], ids=["grad", "twice", "mixed", "hessian", "vjp"])
def test_transforms_interrupted_anywhere_leave_the_modes_clean(fault, transform, stride):
    w = Value(2.0)

    def f(x):
        return x * x * w

    expected = transform(f)
    assert everywhere(lambda: transform(f), fault, recording_is_as_ever, stride) * stride > 300
    assert transform(f) == expected
    assert not w.has_grad


@pytest.mark.parametrize("stride", STRIDES)
@pytest.mark.parametrize("transform", [
    lambda: ag.grad(ag.grad(lambda x: x * x))(0.7), lambda: ag.derivative(lambda x: x * x)(0.7), no_grad],
    ids=["reverse", "forward", "none"])
def test_inside_no_grad_a_fault_leaves_no_grad_in_force(transform, stride):
    x = Value(2.0)

    def call():
        transform()
        with no_grad():
            x * x

    def check():
        assert (x * 3.0).op is None
        assert ag.dot([x], [3.0]).op is None

    with no_grad():
        assert everywhere(call, KeyboardInterrupt, check, stride) * stride > 50
    recording_is_as_ever()


@pytest.mark.parametrize("stride", STRIDES)
def test_inside_a_transform_a_fault_leaves_it_in_force(stride):
    seen = []

    def f(x):
        def check():
            assert modes.transforms
            assert not modes.no_grad_blocks
            assert isinstance(ag.grad(lambda y: y * y * x)(3.0), Value)
            seen.append(x)

        def call():
            ag.grad(lambda y: y * x)(3.0)
            with no_grad():
                x * x

        everywhere(call, KeyboardInterrupt, check, stride)
        return x * x

    assert ag.grad(f)(3.0) == 6.0
    assert len(seen) * stride > 300
    recording_is_as_ever()


@pytest.mark.parametrize("twin", [copy.deepcopy, pickle.dumps, lambda y: pickle.loads(pickle.dumps(y))],
                         ids=["deepcopy", "dumps", "both"])
def test_copying_interrupted_anywhere_copies_rightly_afterwards(twin):
    x = Value(1.5)
    y = ag.dot([x * x, x], [x, 2.0])
    x.data = 2.5        # stale
    y.backward()
    nodes = topological_order(y)
    state = grads(nodes)

    def check():
        assert not _flat.nodes
        assert grads(nodes) == state

    assert everywhere(lambda: twin(y), KeyboardInterrupt, check, within="pickling.py") > 20
    assert grads(topological_order(copy.deepcopy(y))) == state


@pytest.mark.parametrize("stride", [67, pytest.param(7, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("quick", [True, False])
@pytest.mark.parametrize("fault", [MemoryError, RecursionError])
def test_a_fault_while_a_formula_is_read_does_not_degrade_the_op(fault, quick, stride):
    results = []
    everywhere(lambda: results.append(read(ag.TABLE["hypot"].partial_formulas[0], ("x", "y", "out"), quick)), fault,
               lambda: None, stride)
    assert results
    assert all(function.__name__ == "f" for function in results)     # never the formula itself, which takes both arms


def test_a_lock_is_given_back_wherever_the_interrupt_comes():
    others = threading.RLock()
    alone = Alone(others)

    def work():
        others.acquire()        # as LLVM's does: what comes now finds it taken, and no try
        others.release()

    def free():
        return [lock.acquire(blocking=False) and lock.release() is None for lock in alone.locks]

    def check():
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(free).result() == [True, True]

    assert everywhere(lambda: alone(work), KeyboardInterrupt, check) > 20
