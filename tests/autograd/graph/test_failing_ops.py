"""Ops that raise, and memory that runs out, in forward and backward."""

import math
import subprocess
import sys

import pytest

import autograd as ag
from autograd import Value
from tests.support.gradient_states import recording_is_as_ever

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
    failed, position, last = 0, 0, 0
    while position < last + 300:        # as long as memory can still run out in it, and a while beyond
        position += 1
        for node, (has, grad) in zip(nodes, old):
            node.grad = grad if has else None
        try:
            _testcapi.set_nomemory(position, position + 1)
            change()
            _testcapi.remove_mem_hooks()
        except MemoryError:
            _testcapi.remove_mem_hooks()
            failed, last = failed + 1, position
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


def test_a_subclass_that_refuses_to_be_set_is_an_error_of_its_own():
    class Fixed(Value):
        __slots__ = ()
        fixed = False

        def __setattr__(self, name, x):
            if self.fixed:
                raise AttributeError("fixed")
            super().__setattr__(name, x)

    x = Fixed(2.0)
    Fixed.fixed = True
    with pytest.raises(AttributeError, match="fixed"):
        (x * x).backward()
