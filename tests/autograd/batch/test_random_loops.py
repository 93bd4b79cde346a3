"""Random functions with loops and branches: compiled as eager, and eager as Python's own loops."""

from random import Random

import pytest

import autograd as ag
from autograd import hessian, jacobian, jit, value_and_grad
from tests.support.loop_programs import PlainLoops, bits, function


def check(seed, backend, how, depth, points=2):
    """Values and derivatives of one function; how many calls there were."""
    ours, plain = (function(Random(seed), loops, depth) for loops in (ag, PlainLoops))
    compiled = jit(how(ours), backend=backend)
    random = Random(seed + 10**6)
    for _ in range(points):
        p = [random.uniform(-2, 2) for _ in range(3)]
        expected = how(plain)(p)
        for found in (how(ours)(p), compiled(p)):
            if how is hessian:      # to the bit in most of them
                for row, other in zip(found, expected, strict=True):
                    assert row == pytest.approx(other, rel=1e-9, abs=1e-12, nan_ok=True)
            else:
                assert bits(found) == bits(expected)
    return points


def four(f):
    """As many outputs as make forward mode the cheaper one."""
    return jacobian(lambda p: [f(p), f(p) * p[0], f(p) - p[1], p[2] * f(p)])


@pytest.mark.parametrize("seed", range(10))
def test_values_and_gradients_of_random_loops(seed):
    check(seed, "python", value_and_grad, 1)
    check(seed + 500, "llvm", value_and_grad, 0)


@pytest.mark.parametrize("seed", range(3))
def test_forward_mode_and_second_derivatives_of_random_loops(seed):
    check(seed, "python", hessian, 0, 1)
    check(seed, "python", four, 0, 1)


@pytest.mark.campaign
@pytest.mark.parametrize(("backend", "functions"), [("python", 5000), ("llvm", 500)])
def test_many_random_loops(backend, functions, figure):
    calls = 0
    for seed in range(10_000, 10_000 + functions):
        how = (value_and_grad, value_and_grad, four, hessian)[seed % 4]
        calls += check(seed, backend, how, seed // 4 % 2, 3)
    figure(f"{functions:,} random functions with loops ({backend}): values, gradients, forward mode, Hessians",
           f"{calls} calls: eager as Python's own loops and compiled as eager, to the bit; Hessians to rounding")
