"""A process forked at any moment continues: no lock, mode or pause of another thread remains."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")

HEAD = """
import faulthandler, gc, os, signal, sys, threading, time
import autograd as ag
from autograd import Value, no_grad, anomaly
from autograd.ops.operand import Operand

stop = threading.Event()

def beside(work):
    def run():
        while not stop.is_set():
            work()
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread

def forks(count, check):
    '''Fork at random moments; the child answers within a while, and rightly.'''
    sys.setswitchinterval(1e-5)
    for i in range(count):
        time.sleep(0.0005 * (i % 7))
        child = os.fork()
        if child == 0:
            faulthandler.dump_traceback_later(30, exit=True)     # where a child hangs
            code = 1
            try:
                check()
                code = 0
            finally:
                os._exit(code)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status == 0, f"child {i}: {status}"
    stop.set()

def as_ever():
    x, y = Value(2.0), Value(3.0)
    assert (x * y).op is not None
    assert Value.__mul__.__code__.co_qualname == "Arithmetic.__mul__", "looking still"
    with no_grad():
        assert (x * y).op is None
    assert Value.__mul__.__code__.co_qualname == "Arithmetic.__mul__"
    assert ag.grad(lambda x: x * x)(3.0) == 6.0
    assert gc.isenabled()
"""


def run(text, seconds=120):
    done = subprocess.run([sys.executable, "-W", "ignore::DeprecationWarning", "-c", HEAD + text], capture_output=True,
                          text=True, check=False, timeout=seconds, cwd=Path(__file__).parents[3])
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("block", ["no_grad()", "anomaly()"])
def test_while_another_thread_enters_and_leaves_blocks(block):
    run(f"""
def work():
    with {block}:
        Value(1.0) * 2.0

for _ in range(3):
    beside(work)
forks(25, as_ever)
""")


def test_while_other_threads_differentiate_inside_blocks_that_they_never_leave():
    run("""
inside = threading.Barrier(3)

def hold(x):
    inside.wait()
    time.sleep(1000)

def work():
    with no_grad():
        hold(None)

beside(work)
beside(lambda: ag.grad(hold)(1.0))
inside.wait()

def check():
    from autograd.graph.context import active_inputs
    assert not active_inputs
    as_ever()

forks(3, check)
""")


@pytest.mark.parametrize(("backend", "times"), [
    ("python", 20), ("llvm", 10),       # LLVM's lock is held most of the time
    *(pytest.param(backend, 60, marks=pytest.mark.campaign) for backend in ("python", "llvm"))])
def test_while_another_thread_compiles_the_same_function(backend, times):
    if backend == "llvm":
        pytest.importorskip("llvmlite")
    run(f"""
made = [ag.jit(lambda x: ag.sin(x), backend="{backend}")]

def work():
    made[0] = ag.jit(lambda x: ag.sin(x) + x * 2.0 if x > 0 else x, backend="{backend}")
    made[0](1.0)
    made[0](-1.0)

beside(work)

def check():
    made[0](0.5), made[0](-0.5)
    assert ag.jit(lambda x: x * 2.0, backend="{backend}")(3.0) == 6.0
    as_ever()

forks({times}, check)
""")


def test_in_a_trace_of_the_same_function_parent_and_child_go_on():
    run("""
children = []

@ag.jit(backend="python")
def f(x):
    if len(children) < 2:
        signal.alarm(20)
        children.append(os.fork())
        if children[-1] == 0:
            assert f(5.0) == 10.0
    return x * 2.0

assert f(3.0) == 6.0 and f(-3.0) == -6.0
as_ever()
if 0 not in children:
    for child in children:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
""")


# it has imported all after the first few
@pytest.mark.parametrize("times", [12, pytest.param(40, marks=pytest.mark.campaign)])
def test_while_another_thread_imports_what_is_loaded_late(times):
    run(f"""
def check():
    assert ag.jit(lambda x: x * 2.0)(3.0) == 6.0
    as_ever()

beside(lambda: ag.jit(lambda x: ag.sin(x))(1.0))
forks({times}, check)
""")


def test_while_another_thread_draws():
    pytest.importorskip("pygraphviz")
    run("""
from viz import draw_dot
beside(lambda: draw_dot(Value(1.0) * 2.0).pipe("svg"))

def check():
    assert b"<svg" in draw_dot(Value(1.0) * 2.0).pipe("svg")
    os.write(2, b"")        # stderr is the process's own

time.sleep(0.3)
forks(10, check)
""")
