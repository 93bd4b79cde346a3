"""Threads: graphs of their own over shared leaves add up exactly, and modes stay in their thread.

All numbers are whole, so sums are exact in whichever order the threads come.
"""

import copy
import gc
import pickle
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import autograd as ag
from autograd import TraceError, Value, no_grad


@pytest.fixture(autouse=True, params=[1e-6, 0.005], ids=["often", "seldom"])
def _switching(request):
    """How often the interpreter changes threads."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(request.param)
    yield
    sys.setswitchinterval(before)


def in_threads(*works):
    """Runs them at the same time, each in a thread of its own; raises what one of them raised."""
    start = threading.Barrier(len(works))

    def run(work):
        start.wait()
        work()

    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(run, work) for work in works]:
            future.result()


COUNTS = [200, pytest.param(1000, marks=pytest.mark.campaign)]


@pytest.mark.parametrize("count", COUNTS)
def test_shared_leaves_and_nodes_receive_every_gradient(count, figure):
    leaves = [Value(float(i)) for i in range(5)]
    shared = leaves[0] * leaves[1] + leaves[2]

    def work():
        for i in range(count):
            (ag.dot(leaves, leaves) + shared * float(i % 3)).backward()

    in_threads(*[work] * 8)
    times = 8.0 * sum(i % 3 for i in range(count))
    total = 8.0 * count
    assert [leaf.grad for leaf in leaves] == [times, 2.0 * total, 4.0 * total + times, 6.0 * total, 8.0 * total]
    if count == 1000:
        figure("8 threads of 1,000 graphs over shared leaves, switching every microsecond and as usual",
               "every gradient exact")


@pytest.mark.parametrize("count", COUNTS)
def test_many_leaves_commit_at_once(count):
    leaves = [Value(float(i)) for i in range(100)]      # as many as would be caught in the middle

    def work():
        for _ in range(count):
            y = leaves[0] * 1.0
            for leaf in leaves:
                y = y + leaf * leaf
            y.backward()

    in_threads(*[work] * 8)
    assert [leaf.grad for leaf in leaves] == [8.0 * count * (2.0 * i + (i == 0)) for i in range(100)]


def test_the_garbage_collector_lets_no_other_thread_in_while_gradients_are_set():
    def listen(phase, info):
        time.sleep(0)       # another thread's turn

    w, v = Value(2.0), Value(3.0)

    def work():
        for _ in range(150):
            (w * v + ag.dot([w, v], [v, 1.0])).backward()

    before = gc.get_threshold()
    gc.callbacks.append(listen)
    gc.set_threshold(20)
    try:
        in_threads(*[work] * 8)
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(listen)
    assert (w.grad, v.grad) == (8 * 150 * 6.0, 8 * 150 * 5.0)


@pytest.mark.parametrize("count", COUNTS)
def test_transforms_no_grad_copies_and_gradients_beside_each_other(count):
    w, v = Value(2.0), Value(3.0)
    graph = w * v * w

    def plain():
        for _ in range(count):
            y = w * v + ag.dot([w, v], [v, 1.0])
            assert y.op is not None
            y.backward()

    def no_grad_blocks():
        for _ in range(count):
            with no_grad():
                assert (w * v).op is None
                assert ag.dot([w], [v]).op is None
                assert w.tanh().op is None
            assert (w * v).op is not None

    def functional():
        for k in range(count):
            assert ag.grad(lambda x: x * x * w)(float(k)) == 4.0 * k
            assert ag.grad(ag.grad(lambda x: x * x * x))(2.0) == 12.0
            assert ag.value_and_grad(lambda x: w * x * v, wrt=[w, v])(float(k)) == (6.0 * k, [3.0 * k, 2.0 * k])
            assert ag.derivative(ag.grad(lambda x: x * x * w))(1.0) == 4.0

    def twins():
        for k in range(count):
            twin = copy.deepcopy(graph) if k % 2 else pickle.loads(pickle.dumps(graph))
            leaves = [node for node in ag.topological_order(twin) if node.op is None]
            ag.zero_grad(leaves)
            twin.backward()
            assert [leaf.grad for leaf in leaves] == [12.0, 4.0]

    in_threads(plain, plain, plain, no_grad_blocks, no_grad_blocks, functional, functional, twins)
    assert (w.grad, v.grad) == (6.0 * 3 * count, 3 * count * 5.0)
    assert (w * v).op is not None
    assert Value.__mul__.__code__.co_qualname == "Arithmetic.__mul__"     # the fast methods are back


def test_a_derivative_taken_in_another_thread_is_right_or_an_error():
    def in_thread(function):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(function).result()

    for outer in (ag.grad, ag.derivative):
        for inner in (ag.grad, ag.derivative):
            with pytest.raises(TraceError, match="thread"):
                outer(lambda x, inner=inner: x * in_thread(lambda: inner(lambda y: x * y * y)(3.0)))(2.0)
            assert outer(lambda x, inner=inner: x * in_thread(lambda: inner(lambda y: y * y)(3.0)))(2.0) == 6
    w = Value(2.0)      # shared parameters are no such thing
    with ThreadPoolExecutor(8) as pool:
        slopes = pool.map(lambda k: ag.value_and_grad(lambda x: w * x * k, wrt=[w])(3.0)[1][0], [1.0, 2.0, 3.0] * 30)
        assert list(slopes) == [3.0, 6.0, 9.0] * 30


@pytest.mark.parametrize("_switching", [1e-6], indirect=True)
def test_a_hook_of_sys_audit_lets_other_threads_in_while_methods_change():
    """In a process of its own: a hook stays."""
    code = """
import sys
import tests.autograd.graph.test_threads as tests
sys.addaudithook(lambda *event: None)
sys.setswitchinterval(1e-6)
for _ in range(3):
    tests.test_transforms_no_grad_copies_and_gradients_beside_each_other(100)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[3],
                          timeout=120, check=False)
    assert done.returncode == 0, done.stderr
