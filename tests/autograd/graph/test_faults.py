"""Ctrl-C, no memory, ops that raise, anywhere: gradients are all old or all new, and what follows is right."""

import copy
import math
import os
import pickle
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import autograd as ag
from autograd import Value, no_grad, topological_order, zero_grad
from autograd.graph.context import active_inputs, modes
from autograd.graph.pickling import _flat
from autograd.locks import Alone
from autograd.ops.formulas import read
from tests.support.fault_injection import everywhere
from viz import rendering as render

FAULTS = [KeyboardInterrupt, MemoryError]
# the long campaign takes every position
STRIDES = [7, pytest.param(1, marks=pytest.mark.campaign)]


def small_graph():
    """All kinds of nodes: operators, a leaf twice, unary, n-ary, constants, where nothing flows."""
    x, w = Value(1.5), Value(-0.5)
    y = x
    for _ in range(6):
        y = (y * w + x * 2.0).tanh() + ag.dot([x, y], [w, w]) + y * y + ag.relu(w)
    return y


def grads(nodes):
    return [(node.has_grad, node.grad) for node in nodes]


def set_grads(nodes, state):
    for node, (has, grad) in zip(nodes, state, strict=True):
        node.grad = grad if has else None


def old_and_new(nodes, change):
    """What the gradients are before and after."""
    old = grads(nodes)
    change()
    return old, grads(nodes)


def recording_is_as_ever():
    assert (Value(2.0) * 3.0).op is not None
    assert ag.dot([Value(2.0)], [3.0]).op is not None
    assert ag.grad(lambda x: x * x * x)(2.0) == 12.0
    assert ag.grad(ag.grad(lambda x: x * x * x))(2.0).__class__ is float
    assert not modes.transforms
    assert not modes.no_grad_blocks
    assert not active_inputs


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


@pytest.mark.parametrize("quick", [True, False])
@pytest.mark.parametrize("fault", [MemoryError, RecursionError])
def test_a_fault_while_a_formula_is_read_does_not_degrade_the_op(fault, quick):
    results = []
    everywhere(lambda: results.append(read(ag.TABLE["hypot"].partial_formulas[0], ("x", "y", "out"), quick)), fault,
               lambda: None, 31)
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


# ---- signals ----


class Alarm:
    """Raises KeyboardInterrupt at a signal, while armed and no more than once; so never between a test's own lines."""

    armed = False

    def __call__(self, *_):
        if self.armed:
            self.armed = False
            raise KeyboardInterrupt

    def interrupts(self, call):
        """Whether the signal came within ``call()``."""
        try:
            self.armed = True
            call()
            self.armed = False
        except KeyboardInterrupt:
            return True
        return False


def under_signals(number, send, after):
    """``send(alarm)`` again and again until ``number`` calls of backward have been interrupted; how many had not."""
    x = Value(1.0)
    y = x
    for i in range(10_000):
        y = (y * 0.5 + x) if i % 2 else ag.sum([y, x, 1.0])
    nodes = topological_order(y)
    alarm, caught, finished = Alarm(), 0, 0
    before = signal.signal(after, alarm)
    try:
        while caught < number:
            old = grads(nodes)
            y.backward()
            new = grads(nodes)
            set_grads(nodes, old)
            send()
            if alarm.interrupts(y.backward):
                caught += 1
                assert grads(nodes) in (old, new)
            else:
                finished += 1
                assert grads(nodes) == new
            zero_grad(nodes)
    finally:
        signal.signal(after, before)
    return finished


def test_alarms_leave_all_old_or_all_new():
    delays = random.Random(1)
    try:
        under_signals(30, lambda: signal.setitimer(signal.ITIMER_REAL, delays.uniform(1e-5, 0.008)), signal.SIGALRM)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    recording_is_as_ever()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")     # tempfile's, if it is hit just there
def test_alarms_while_a_picture_is_drawn_give_stderr_back(capfd):
    delays, alarm, before = random.Random(3), Alarm(), os.fstat(2).st_ino
    handler = signal.signal(signal.SIGALRM, alarm)
    try:
        for _ in range(300):
            signal.setitimer(signal.ITIMER_REAL, delays.uniform(1e-6, 3e-4))
            alarm.interrupts(lambda: render._without_noise(lambda said: b""))
            assert os.fstat(2).st_ino == before
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)


@pytest.mark.campaign
def test_a_thousand_interrupts_from_outside(figure):
    wanted, done = threading.Semaphore(0), threading.Event()

    def killer():
        delays = random.Random(2)
        while wanted.acquire() and not done.is_set():
            time.sleep(delays.uniform(0.0, 0.006))
            os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=killer)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)     # else the other thread comes when backward has long ended
    thread.start()
    try:
        finished = under_signals(1000, wanted.release, signal.SIGINT)
    finally:
        sys.setswitchinterval(interval)
        done.set()
        wanted.release()
        thread.join()
    recording_is_as_ever()
    figure("Ctrl-C by os.kill inside backward of 10,000 nodes", f"1000 interrupted, {finished} finished before it: "
           "gradients all old or all new")


# ---- ops that raise ----


class RefusedError(Exception):
    pass


@pytest.fixture
def fragile():
    """An op of one's own whose value or partial raises at a call of that number: ``fragile.fails(what, number)``."""
    class Op:
        count, number, what = 0, 0, ""

        def fails(self, what, number):
            self.count, self.number, self.what = 0, number, what

        def step(self, what):
            if what == self.what:
                self.count += 1
                if self.count == self.number:
                    raise RefusedError(f"at {self.number}")

    state = Op()

    def value(x):
        state.step("value")
        return math.sin(x)

    def partial(x, out):
        state.step("partial")
        return ag.cos(x)

    state.function = ag.primitive("fragile", value, partial)
    yield state
    del ag.TABLE["fragile"]


@pytest.mark.parametrize("what", ["value", "partial"])
def test_an_op_that_raises_at_any_of_a_thousand_positions_of_the_forward(fragile, what):
    x = y = Value(0.5)
    (x * 3.0).backward()
    z, slope = 0.5, 1.0
    for position in range(1, 1001):
        fragile.fails(what, 1)
        with pytest.raises(RefusedError):
            fragile.function(y)
        assert (x.has_grad, x.grad) == (True, 3.0)
        y = fragile.function(y)     # what stands is a graph like any other
        assert not y.has_grad
        slope, z = slope * math.cos(z), math.sin(z)
        if position % 50 == 0:
            y.backward()
            assert x.grad == pytest.approx(3.0 + slope, rel=1e-12)
            x.grad = 3.0
    recording_is_as_ever()


@pytest.mark.parametrize("calls", [40, pytest.param(400, marks=pytest.mark.campaign)])
def test_an_op_that_raises_anywhere_in_a_derivative_of_a_derivative(fragile, calls):
    w = Value(2.0)
    w.grad = 5.0

    def f(x):
        for _ in range(calls):
            x = fragile.function(x * w)
        return x

    transform_scope = ag.grad(ag.grad(ag.grad(f)))
    fragile.fails("partial", 0)
    expected = transform_scope(0.3)
    position = 0
    while True:
        position += 1
        fragile.fails("partial", position)
        try:
            assert transform_scope(0.3) == expected
            break
        except RefusedError:
            recording_is_as_ever()
            assert w.grad == 5.0
    assert position > 2.5 * calls


# ---- memory ----

NO_MEMORY = """
import _testcapi
from autograd import Value, sum, topological_order, zero_grad

leaves = [Value(float(i)) for i in range(400)]
y = sum([leaf * 3.0 for leaf in leaves])
nodes = topological_order(y)
y.backward()
state = lambda: [(node.has_grad, node.grad) for node in nodes]
old = state()
y.backward(0.1)
new = state()
for change, expected in ((lambda: y.backward(0.1), (old, new)), (lambda: zero_grad(nodes), None)):
    failed, position = 0, 0
    while position < 3000:
        position += 1
        for node, (has, grad) in zip(nodes, old):
            node.grad = grad if has else None
        try:
            _testcapi.set_nomemory(position, position + 1)
            change()
            _testcapi.remove_mem_hooks()
        except MemoryError:
            _testcapi.remove_mem_hooks()
            failed += 1
        found = state()
        if expected is None:
            assert found == old or found == [(False, 0.0)] * len(nodes), position
        else:
            assert found in expected, (position, [a == b for a, b in zip(found, old)].count(True), len(old))
    print(failed)
"""


def test_memory_that_runs_out_anywhere_in_backward():
    pytest.importorskip("_testcapi", reason="this Python has not the means to let memory run out")
    done = subprocess.run([sys.executable, "-c", NO_MEMORY], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) > 100
