"""Signals and interrupts from other processes during backward and drawing."""

import os
import random
import signal
import sys
import threading
import time

import pytest

import autograd as ag
from autograd import Value, topological_order, zero_grad
from tests.support.gradient_states import grads, recording_is_as_ever, set_grads
from viz.rendering import formats as render


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
