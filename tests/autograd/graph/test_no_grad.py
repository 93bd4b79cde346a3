"""no_grad: in this thread only, nested, and after interrupts."""

import contextvars
import copy
import itertools
import math
import operator
import pickle
import signal
import struct
import threading

import autograd as ag
from autograd import Value, grad, no_grad
from autograd.graph import instrumentation, operators
from autograd.ops.primitives import TABLE

NUMBERS = [0.0, -0.0, 0.1, -3.0, 1e200, -1e-300, math.inf, math.nan]


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
        assert Value.__add__.__code__.co_qualname == "Quiet.__add__"


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


def test_the_quick_operators_give_the_bits_of_recording_also_after_other_blocks():
    """Each result looks only whether it is inside the same blocks as the last one."""
    binary = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
    unary = [op.function for op in TABLE.values() if op.arity == 1]

    def results():
        yield from (f(*pair) for f in binary for x in NUMBERS for y in NUMBERS
                    for pair in ((Value(x), Value(y)), (Value(x), y), (x, Value(y))))
        yield from (f(*pair) for f in binary for x in NUMBERS for n in (-1, 0, 2, 3, 7)
                    for pair in ((Value(x), n), (n, Value(x))))
        yield from (f(Value(x)) for f in unary for x in NUMBERS)
        yield from (getattr(Value(x), f.__name__)() for f in unary for x in NUMBERS if hasattr(Value, f.__name__))

    recorded = list(results())
    with no_grad():
        quiet = list(results())
        grad(lambda v: v * v)(3.0)      # a block of another kind, and then this one again
        assert (Value(2.0) * 3.0).op is None
        with no_grad():
            assert (Value(2.0) * 3.0).op is None
        assert (Value(2.0) * 3.0).op is None
    assert (Value(2.0) * 3.0).op is not None
    assert [struct.pack("d", v.data) for v in quiet] == [struct.pack("d", v.data) for v in recorded]
    assert all(v.op is None and v.args == () and v.grad == 0.0 and not v.has_grad for v in quiet)


def test_python_gives_the_bits_of_the_ops_that_say_so():
    plain = {op.name for op in TABLE.values() if op.is_python_operator}
    assert plain == {"add", "sub", "mul", "div"}
    for name in plain:
        function, numbers = getattr(operator, TABLE[name].special_method), [*NUMBERS, 7.0, 1 / 3, 1.7e308, 5e-324]
        for x, y in itertools.product(numbers, numbers):
            try:
                assert struct.pack("d", function(x, y)) == struct.pack("d", TABLE[name].value(x, y))
            except ZeroDivisionError:
                assert not math.isfinite(TABLE[name].value(x, y))


def test_what_is_computed_inside_is_a_leaf_like_others():
    a = Value(2.0)
    with no_grad():
        w, v = a * 3.0, ag.tanh(a)
    for k in (1.0, 2.0):
        (w * a + v * v).backward()
        assert (w.grad, a.grad, v.grad) == (2.0 * k, 6.0 * k, 2.0 * v.data * k)
    ag.zero_grad([w])
    assert (w.grad, w.has_grad, w.requires_grad) == (0.0, False, True)
    w.data = 5.0
    assert (copy.deepcopy(w).data, pickle.loads(pickle.dumps(w)).grad) == (5.0, 0.0)


def test_what_another_thread_traces_is_seen_at_once():
    """The comparison that quick operators make ends with the first tracing, in any thread."""
    looked, traced = threading.Event(), threading.Event()
    kept, errors = [], []

    def other():
        with no_grad():
            kept.append(Value(1.0) * 2.0)       # quick from here on
            kept.append(Value(1.0) * 2.0)
            traced.wait(10)
            try:
                shared[0] * 2.0
            except ag.TraceError as error:
                errors.append(str(error))
            looked.set()

    shared = []
    thread = threading.Thread(target=other)
    thread.start()

    def f(x):
        shared.append(x * x)
        traced.set()
        looked.wait(10)
        return shared[0]

    ag.trace(f, 2.0)
    thread.join()
    assert "another thread traces" in errors[0]


def test_a_copied_context_records_when_the_block_has_ended_whichever_threads_came_between(monkeypatch):
    """Another thread's block settles between this one's two steps."""
    go, settled, leave = threading.Event(), threading.Event(), threading.Event()

    def other():
        go.wait(10)
        with no_grad():
            Value(1.0) + 1.0
            settled.set()
            leave.wait(10)

    class Waiting:
        def __setattr__(self, name, x):
            if threading.current_thread() is not thread:
                go.set()
                settled.wait(10)
            setattr(operators, name, x)

        def __getattr__(self, name):
            return getattr(operators, name)

    thread = threading.Thread(target=other)
    thread.start()
    monkeypatch.setattr(instrumentation, "operators", Waiting())
    with no_grad():
        context = contextvars.copy_context()
        Value(1.0) + 1.0
    x = Value(3.0)
    recorded = context.run(lambda: x * x)
    leave.set()
    thread.join()
    assert recorded.op is TABLE["mul"]
