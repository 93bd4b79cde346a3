"""Random functions with loops and branches: compiled as eager, and eager as Python's own loops."""

from random import Random

import pytest

import autograd as ag
from autograd import hessian, jacobian, jit, value_and_grad
from tests.support.loop_programs import PlainLoops, bits, function


def check(seed, backend, how, depth, points=2):
    """Values and derivatives of one function; in how many calls the last bits of a compiled Hessian differ."""
    ours, plain = (function(Random(seed), loops, depth) for loops in (ag, PlainLoops))
    compiled = jit(how(ours), backend=backend)
    random, differ = Random(seed + 10**6), 0
    for _ in range(points):
        p = [random.uniform(-2, 2) for _ in range(3)]
        expected = how(plain)(p)
        for found in (how(ours)(p), compiled(p)):
            if how is hessian:      # to the bit in nearly all of them
                for row, other in zip(found, expected, strict=True):
                    assert row == pytest.approx(other, rel=1e-9, abs=1e-12, nan_ok=True)
            else:
                assert bits(found) == bits(expected)
        differ += bits(found) != bits(expected)
    return differ


def four(f):
    """As many outputs as make forward mode the cheaper one."""
    return jacobian(lambda p: [f(p), f(p) * p[0], f(p) - p[1], p[2] * f(p)])


@pytest.mark.parametrize("seed", range(10))
def test_values_and_gradients_of_random_loops(seed):
    check(seed, "python", value_and_grad, 1)
    check(seed + 500, "llvm", value_and_grad, 0)


@pytest.mark.parametrize("seed", range(3))
def test_forward_mode_of_random_loops(seed):
    check(seed, "python", four, 0, 1)


@pytest.mark.parametrize("seed", [0, 10, 79, 88])
def test_second_derivatives_of_random_loops_to_the_bit(seed):
    assert check(seed, "python", hessian, 0) == 0


@pytest.mark.campaign
@pytest.mark.parametrize(("backend", "functions"), [("python", 5000), ("llvm", 500)])
def test_many_random_loops(backend, functions, figure):
    differ = {0: 0, 1: 0}       # Hessians, by how deep loops stand in loops
    for seed in range(10_000, 10_000 + functions):
        how = (value_and_grad, value_and_grad, four, hessian)[seed % 4]
        differ[seed // 4 % 2] += check(seed, backend, how, seed // 4 % 2, 3)
    hessians = functions * 3 // 8
    assert 25 * differ[0] <= hessians
    figure(f"{functions:,} random functions with loops ({backend}): values, gradients, forward mode, Hessians",
           f"{3 * functions} calls: eager as Python's own loops and compiled as eager, to the bit; of {hessians} "
           f"Hessians {differ[0]} differ in last bits, of as many of loops in loops {differ[1]}")
