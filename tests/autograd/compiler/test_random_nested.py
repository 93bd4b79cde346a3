"""Random nested programs, and higher derivatives of powers: bit-identical to eager, and small."""

import math
from random import Random

import pytest

import autograd as ag
from autograd import grad, hessian, jacobian
from autograd.compiler.derivatives import trace_and_differentiate
from autograd.ops.primitives import TABLE, apply
from autograd.program.simplification import expand
from tests.support import nested_programs
from tests.support.backends import BACKENDS
from tests.support.bit_identity import check_jit, same
from tests.support.straight_programs import EDGES

# ---- random programs ----------------------------------------------------------------------------


def check(seed, backend, size=3, depth=2):
    text, outside, points = nested_programs.case(Random(f"nested {seed}"), size, depth)
    found = nested_programs.difference(text, outside, points, backend)
    assert found is None, f"{outside} of\n{nested_programs.shrunk(text, outside, points, backend)}\n{found}"


@pytest.mark.parametrize("backend", BACKENDS)
def test_random_nested_programs(backend):
    for seed in range(60 if backend == "python" else 15):
        check(f"few {seed}", backend)


@pytest.mark.campaign
@pytest.mark.parametrize("backend", BACKENDS)
def test_many_random_nested_programs(backend, figure):
    for seed in range(10_000):
        check(seed, backend)
    figure(f"10,000 random programs with derivatives inside derivatives ({backend}), three points each",
           "equal to eager to the bit")


# ---- size ---------------------------------------------------------------------------------------


def order(f, n):
    for _ in range(n):
        f = grad(f, argnums=0)
    return f


def power(z, x):
    """An exponent that stays a variable, also where it is a plain argument of a derivative by z."""
    return apply(TABLE["pow"], (abs(z), x))


@pytest.mark.parametrize("made", [
    lambda: (order(power, 4), (1.3, 1.7)), lambda: (lambda x: order(lambda z: abs(z)**x, 4)(x * 1.1), (1.7,)),
    lambda: (order(lambda z: abs(z)**1.7, 4), (1.3,)), lambda: (hessian(hessian(lambda z: abs(z)**1.7)), (1.3,)),
], ids=["argument", "captured", "constant", "hessians"])
def test_a_fourth_derivative_of_a_power_stays_small(made):
    """With every arm of every slope it is 500,000 instructions; eager takes one arm of each."""
    f, args = made()
    program = trace_and_differentiate(f, args, {}).program
    assert len(program.instructions) < 12_000
    assert len(expand(program).instructions) < 3_000


def test_a_fourth_derivative_of_a_power_is_eager_s(jit):
    f = order(power, 4)
    points = [(z, x) for z in (1.3, -0.2, 0.0, -0.0, 1e-200, math.inf, math.nan)
              for x in (1.7, 2.0, 0.3, 5.0, 0.0, math.nan)]
    assert check_jit(f, *points, jit=jit) < 32
    assert same(jit(jacobian(order(power, 3), argnums=0))(1.3, 1.7), f(1.3, 1.7))


@pytest.mark.parametrize("edge", EDGES)
def test_third_derivatives_of_powers_on_the_edges(edge):
    from autograd import jit
    compiled = jit(order(power, 3), backend="python")
    for x in (*EDGES, 2.0, 3.0, 0.4):
        assert same(compiled(edge, x), order(power, 3)(edge, x)), x


def test_third_derivatives_need_no_version_for_each_sign(jit):
    def f(x):
        return ag.relu(x * x - 1.0) * ag.tanh(x) + abs(x) * ag.elu(x) + ag.maximum(x, .3) * ag.exp(x)

    assert check_jit(order(f, 3), (2.0,), (-2.0,), (0.5,), (-0.5,), (0.1,), jit=jit) == 1
