"""Compiled programs of many instructions, inputs and outputs."""

import gc
import sys
from itertools import pairwise
from random import Random

import pytest

import autograd as ag
from autograd import value_and_grad
from autograd.compiler.new_specialization import new_specialization
from tests.support.bit_identity import check_jit, same


def chain(n):
    """A function whose ops come in no order that repeats itself."""
    even = [*map(Random(n).getrandbits, [1] * n)]

    def long(x):
        y = x
        for i in range(n):
            y = ag.sin(y) if i % 100 == 0 else y * 0.999 if even[i] else y + 0.001
        return y

    return long


def check_long(n, jit):
    compiled = jit(value_and_grad(chain(n)))
    assert same(compiled(0.7), value_and_grad(chain(n))(0.7))
    assert len(compiled.programs[0].instructions) > n


def test_a_long_program_needs_no_recursion(jit):
    check_long(4_000, jit)      # two chunks of machine code


@pytest.mark.campaign
def test_100_000_instructions(jit, figure):
    check_long(100_000, jit)
    figure(f"100,000 instructions traced, differentiated and compiled ({jit.keywords['backend']})", "equal to eager")


def test_many_inputs_and_outputs(jit):
    p = [0.01 * i - 5.0 for i in range(1200)]
    check_jit(value_and_grad(lambda p: ag.sum([ag.tanh(x) * y for x, y in pairwise(p)])), (p,), jit=jit)
    check_jit(lambda p: [x * 2.0 for x in p], (p,), jit=jit)


def test_the_garbage_collector_waits_until_the_code_is_there(jit):
    compiled, inside = jit(value_and_grad(chain(1000))), []

    def seen(phase, info):
        frame = sys._getframe(1)
        while frame is not None:
            if frame.f_code is new_specialization.__wrapped__.__code__:
                inside.append(info)
            frame = frame.f_back

    before = gc.get_threshold()
    gc.callbacks.append(seen)
    gc.set_threshold(100)
    try:
        compiled(0.7)
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(seen)
    assert not inside
    assert gc.isenabled()
