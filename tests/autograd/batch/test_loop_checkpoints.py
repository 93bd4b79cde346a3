"""Checkpoints: the same bits from snapshots, as few iterations as can be, and flat memory."""

from functools import cache

import pytest

import autograd as ag
from autograd import fori_loop, hessian, jit, value_and_grad, while_loop
from autograd.program.replay import repeated, split
from tests.support.loop_programs import bits


def swing(p, iterations, checkpoint):
    def step(i, c):
        pull = 0.05 if c[0] > 0.2 else 0.04
        return c[0] + 0.05 * c[1], c[1] - pull * p[0] / p[1] * ag.sin(c[0])

    angle, speed = fori_loop(0, iterations, step, (p[0] * 0.05, 0.1 * p[1]), checkpoint=checkpoint)
    return angle * angle + speed


def until(p, limit, checkpoint):
    angle, speed, _ = while_loop(
        lambda c: c[2] < limit, lambda c: (c[0] + 0.05 * c[1], c[1] - p[0] / p[1] * ag.sin(c[0]) * 0.05, c[2] + 1),
        (p[0] * 0.05, 0.1 * p[1], 0.0), checkpoint=checkpoint)
    return angle * angle + speed


@pytest.mark.parametrize("backend", ["python", "llvm"])
@pytest.mark.parametrize("f", [swing, until])
def test_snapshots_change_no_bit(f, backend):
    expected = bits(value_and_grad(lambda p: f(p, 37, "all"))([9.81, 1.3]))
    for checkpoint in (1, 2, 5, 50, "100B", "1MB"):
        compiled = jit(value_and_grad(lambda p, kept=checkpoint: f(p, 37, kept)), backend=backend)
        assert bits(compiled([9.81, 1.3])) == expected
        assert "snapshots" in str(compiled.programs[0])
    second = jit(hessian(lambda p: f(p, 37, 5)), backend=backend)
    assert bits(second([9.81, 1.3])) == bits(hessian(lambda p: f(p, 37, "all"))([9.81, 1.3]))


@pytest.mark.parametrize("factor", [1.0, 2.0, 3.0, 4.0])
def test_a_constant_that_equals_a_register_is_not_taken_for_the_loop(factor):
    """A result times 3.0 kept everything where the loop stood in register 3."""
    def f(x, y, checkpoint=3):
        return fori_loop(0, 9, lambda i, c: (ag.sin(c[0]) + x * c[1], c[1] * ag.cos(c[0]) * y), (x, 1.0),
                         checkpoint=checkpoint)[0] * factor

    compiled = jit(value_and_grad(f, argnums=(0, 1)), backend="python")
    assert bits(compiled(0.7, 0.9)) == bits(value_and_grad(lambda x, y: f(x, y, "all"), argnums=(0, 1))(0.7, 0.9))
    assert "snapshots" in str(compiled.programs[0])


def test_the_schedule_is_the_best_there_is():
    @cache
    def best(length, others):
        if length <= 1:
            return 0
        if not others:
            return length * (length - 1) // 2
        return min(first + best(length - first, others - 1) + best(first, others) for first in range(1, length))

    def taken(length, others):
        if length <= 1 or not others:
            return length * (length - 1) // 2
        first = split(length, others)
        return first + taken(length - first, others - 1) + taken(first, others)

    for length in range(1, 40):
        for others in range(6):
            assert best(length, others) == taken(length, others) == repeated(length, others + 1)


def test_cost_tells_of_iterations_that_are_run_again():
    def cost(checkpoint):
        return jit_program(checkpoint).cost()

    @cache
    def jit_program(checkpoint):
        compiled = jit(value_and_grad(lambda p: until_count(p, checkpoint)))
        compiled([9.81, 1.3])
        return compiled.programs[0]

    def until_count(p, checkpoint):
        return fori_loop(0, 5000, lambda i, c: (c[0] + 0.01 * c[1], c[1] - 0.01 * p[0] / p[1] * ag.sin(c[0])),
                         (0.5, 0.1), checkpoint=checkpoint)[0] * 1.5

    everything, few = cost("all"), cost(50)
    assert everything.flops < few.flops < 4 * everything.flops
    assert few.memory < 0.02 * everything.memory
    assert repeated(5000, 50) / 5000 < 3.0


def test_many_iterations_take_flat_memory():
    _flat(200_000)


@pytest.mark.campaign
def test_ten_million_iterations_take_flat_memory(figure):
    grown = _flat(10_000_000)
    figure("10,000,000 iterations of a loop, value and gradient from 200 snapshots", f"+{grown} KiB resident")


def _flat(iterations):
    resource = pytest.importorskip("resource")
    def short(p, n):
        return fori_loop(0, n, lambda i, c: (c[0] + c[1] / n, c[1] - p[0] / p[1] / n * ag.sin(c[0])), (0.5, 0.1),
                         checkpoint=200)[0] * 1.5

    run = jit(value_and_grad(lambda p: short(p, iterations)))
    jit(value_and_grad(lambda p: short(p, 1000)))([9.81, 1.3])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    value, slopes = run([9.81, 1.3])
    fewer, others = value_and_grad(lambda p: short(p, 5000))([9.81, 1.3])     # the same motion
    assert [value, *slopes] == pytest.approx([fewer, *others], rel=1e-2)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 20_000
    return grown
