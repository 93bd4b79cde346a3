"""A program that is interrupted at random moments, again and again, while other threads enter blocks and trace.

    python tests/support/interrupted_process.py COUNT SEED

After each Ctrl-C no mode may be on in the main thread, and no other thread may hang. It prints what it did.
"""

import faulthandler
import gc
import random
import signal
import sys
import threading
import time

import autograd as ag
from autograd import AnomalyError, Value, anomaly, no_grad
from autograd.graph.context import modes

BACKENDS = ["python"]
try:
    import llvmlite  # noqa: F401
    BACKENDS.append("llvm")
except ImportError:
    pass


def no_grad_blocks():
    with no_grad():
        for i in range(3):
            x = Value(2.0) * 3.0
            if i:
                continue
            assert x.op is None
    block = no_grad()
    with block, block:
        Value(2.0).tanh()


def watched():
    with anomaly():
        for _ in range(3):
            try:
                Value(1.0) / 0.0
            except AnomalyError:
                continue
            raise AssertionError("not watched")


def differentiated():
    assert ag.grad(ag.grad(lambda x: x * x * x))(2.0) == 12.0
    assert ag.derivative(ag.grad(lambda x: x * x * x))(2.0) == 12.0
    x = Value(3.0)
    (x * x).backward()
    assert x.grad == 6.0


def traced():
    assert len(ag.trace(lambda x: x * 2.0 if x > 0.0 else x, 1.0).instructions) == 1


def compiled(backend):
    def f(x):
        with no_grad():
            scale = x * 2.0
        return scale * x if x > 0.0 else -x

    j = ag.jit(f, backend=backend)
    assert j(3.0) == 18.0
    assert j(-3.0) == 3.0


def again(work, late):
    """A function of its own: in 3.12 and 3.13 an interrupt where a loop in ``try`` turns may go past ``except``."""
    while time.monotonic() < late:
        work()


WORKS = [no_grad_blocks, no_grad_blocks, watched, differentiated, traced, *[lambda b=b: compiled(b) for b in BACKENDS]]


class Beside(threading.Thread):
    """Another thread: does everything, and finds it right."""

    def __init__(self, seed):
        super().__init__(daemon=True)
        self.random, self.rounds, self.error, self.over = random.Random(seed), 0, None, False

    def run(self):
        try:
            while not self.over:
                self.random.choice(WORKS)()
                assert (Value(2.0) * 3.0).op is not None
                self.rounds += 1
                time.sleep(0.001)
        except BaseException as error:
            self.error = error
            raise


def nothing_is_on():
    assert (Value(2.0) * 3.0).op is not None, "no_grad is on"
    Value(1.0) / 0.0        # raises where anomaly is on
    assert modes.recorder is None, "tracing is on"
    assert not modes.transforms, "a derivative is being taken"
    assert ag.grad(lambda x: x * x)(3.0).__class__ is float


def main(count, seed):
    faulthandler.dump_traceback_later(60 + count / 10, exit=True)      # where it hangs
    for backend in BACKENDS:    # loaded first: Python's import may keep its lock where a Ctrl-C comes as it takes it
        ag.jit(lambda x: x * x, backend=backend)(1.0)
    sys.setswitchinterval(1e-4)
    rng, armed, swallowed = random.Random(seed), False, 0

    def interrupt(*_):
        if armed:
            raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, interrupt)
    others = [Beside(seed + i) for i in range(3)]
    for other in others:
        other.start()
    for i in range(count):
        work, late = rng.choice(WORKS), time.monotonic() + 5.0
        kept = None
        try:
            armed = True
            signal.setitimer(signal.ITIMER_REAL, rng.choice((2e-5, 2e-4, 5e-3)) * rng.random() + 1e-6)
            again(work, late)
            armed = False
            swallowed += 1          # in a finalizer, where Python can but print it
        except KeyboardInterrupt as error:
            armed = False
            kept = error            # and with it its traceback, as sys.last_exc does
        nothing_is_on()
        del kept
        if i % 100 == 99 or i == count - 1:
            before, deadline = [other.rounds for other in others], time.monotonic() + 30.0
            while any(other.rounds < old + 1 for other, old in zip(others, before, strict=True)):
                assert all(other.error is None for other in others), [other.error for other in others]
                assert time.monotonic() < deadline, "another thread hangs"
                time.sleep(0.001)
    for other in others:
        other.over = True
        other.join(30.0)
        assert not other.is_alive(), "another thread hangs"
        assert other.error is None, other.error
    nothing_is_on()
    assert gc.isenabled(), "the garbage collector is off"      # while others compile it may be
    assert Value.__mul__.__code__.co_qualname == "Arithmetic.__mul__", "Values look still"
    print(f"{count} interrupts, {swallowed} in finalizers; {sum(other.rounds for other in others)} rounds beside them")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
