"""Loops written out for languages of straight lines: to the bit what compiled loops give; and why some are refused."""

import random

import numpy as np
import pytest

import autograd as ag
from autograd import fori_loop, grad, hessian, jit, scan, trace, value_and_grad, while_loop
from autograd.lower import numpy as lowered
from autograd.lower.c import source
from autograd.program import unrolling
from autograd.program.unrolling import UnrollingError, unrolled
from tests.support import loop_programs as programs
from tests.support.loop_programs import bits

MARKET = [0.1, -0.2, 0.3]


def asian(p):
    last, path = scan(lambda c, z: (c * ag.exp(z * p[1]), c * ag.exp(z)), p[0], MARKET)
    return sum(path) / 3 + last


def late(p):
    """The first iteration back adds to nothing: it is known to."""
    return fori_loop(0, 5, lambda i, c: (c[0] * ag.exp(0.1 * i * p[1]), c[1] + c[0]), (p[0], 0.0))[1]


def snapshots(p):
    return fori_loop(0, 9, lambda i, c: (ag.sin(c[0]) * p[0], c[1] + c[0] * p[1]), (p[0], 0.0), checkpoint=2)[1]


def nested(p):
    def step(i, c):
        return fori_loop(0, 2, lambda j, d: ag.sin(d * p[0]) + 0.1 * j * p[1], c, checkpoint=1) * c

    return fori_loop(0, 2, step, p[1])


def by_iteration(p):
    return fori_loop(0, 6, lambda i, c: c * p[0] if i % 2 < 1 else c + p[1] if i < 4 else ag.tanh(c), p[0])


def without_end(p):
    """A loop in a branch that would not end in the iterations of the other one."""
    def step(i, c):
        if i > 0:
            return c * p[1]
        return while_loop(lambda d: d[0] < 6.0, lambda d: (d[0] + 2 - 2 * i, ag.sin(d[1]) * p[1]), (0.0, c))[1]

    return fori_loop(0, 4, step, p[0])


def counting(p):
    """Its condition asks for a constant alone."""
    return while_loop(lambda c: c[0] < 4, lambda c: (c[0] + 1, ag.sin(c[1]) * p[1]), (0.0, p[0]))[1]


def training(p):
    """A sum in the body, which is found to repeat itself."""
    def loss(w):
        return sum((w * a - p[1])**2 for a in (0.05 * i for i in range(20)))

    return fori_loop(0, 3, lambda i, w: w - 0.01 * grad(loss)(w), p[0])


STRAIGHT = [asian, late, snapshots, nested, by_iteration, without_end, counting, training]


@pytest.mark.parametrize("f", STRAIGHT, ids=lambda f: f.__name__)
def test_values_gradients_and_second_derivatives_are_compiled_ones_to_the_bit(f):
    p = [0.8, 1.3]
    for derived in (f, value_and_grad(f), hessian(f)):
        program = trace(derived, p)
        expected = bits(jit(derived, backend="python")(p))
        flat = [x for row in expected for x in (row if isinstance(row, list) else [row])] \
            if isinstance(expected, list) else [expected]
        assert bits([*unrolled(program)(*p)]) == flat
        found = lowered.lower(program)([np.array([0.8, 0.8]), 1.3])
        assert [x[1] for x in found] == pytest.approx([float.fromhex(x) for x in flat], rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("seed", [0, 1, 257])      # in the last one a loop inside goes another way
def test_random_loops_are_written_out_to_the_bit_or_refused(seed):
    assert _differing([seed], [lambda f: f]) == []


@pytest.mark.campaign
def test_three_hundred_random_loops():
    assert _differing(range(300), [lambda f: f, value_and_grad, hessian]) == []


def _differing(seeds, derivatives):
    wrong, p = [], [0.3, -0.7, 1.1]
    for seed in seeds:
        f = programs.function(random.Random(seed), ag)
        for derive in derivatives:
            program = trace(derive(f), p)
            try:
                found = unrolled(program)(*p)
            except UnrollingError:
                continue
            if bits([*found]) != bits([*program(*p)]):
                wrong.append((seed, found))
    return wrong


def collatz(p):
    return fori_loop(0, 9, lambda i, c: c * 0.5 if c > 1 else c * 3 + p[1], p[0])


def search(p):
    return while_loop(lambda c: c < 40.0, lambda c: c * p[1], p[0])


@pytest.mark.parametrize(("f", "why"), [
    (lambda p: fori_loop(0, p[0], lambda i, c: c * 1.5, p[1]), "how often its fori_loop runs is a number that is comp"),
    (search, r"its while_loop ends by a number that is computed, and C and NumPy .* run it through jit$"),
    (collatz, "its fori_loop branches by a number that is computed, .* lower it for JAX, or choose with where"),
    (grad(collatz), "its fori_loop branches by a number that is computed"),
    (lambda p: fori_loop(0, 10**6, lambda i, c: c * p[0] + i, p[1]), "more than 500 instructions .* lower it for JAX"),
])
def test_refusals_say_the_true_reason(f, why, monkeypatch):
    monkeypatch.setattr(unrolling, "MOST", 500)
    program = trace(f, [3.0, 1.4])
    for language in (source, lowered.lower):
        with pytest.raises(UnrollingError, match=why):
            language(program)


def test_a_branch_that_the_trace_did_not_take_is_a_guard():
    program = trace(lambda p: fori_loop(0, 3, lambda i, c: c * p[1] if c > 0 else -c, p[0]), [2.0, 1.5])
    assert len(unrolled(program).guards) == 3
    assert lowered.lower(program)([1.0, 0.5])[0] == 0.125
    assert lowered.lower(program)([-1.0, 0.5]) == 0
