"""Long formulas are called by compiled code: one instruction each, the chosen arms alone run, and every bit stays."""

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

import autograd as ag
from autograd import TABLE, grad, hessian, jit, trace, value_and_grad
from autograd.program.calls import called, is_slope, slope
from autograd.program.gradients import gradients
from autograd.program.simplification import expand, simplify
from tests.support.bit_identity import same

EDGES = [math.nan, math.inf, -math.inf, 0.0, -0.0, 5e-324, 0.5, -0.5, 1.0, -2.0, 3.0, 1e-160, 1.7e308, 1e16]
LONG = [op.name for op in TABLE.values()
        if op.arity and (called(op) or any(slope(op, place) for place in range(op.arity)))]


def compiled_instructions(f: Callable[..., Any], *args: float, derivatives: int = 1) -> int:
    """How many a backend compiles for the value and its gradient, or for higher derivatives by the first argument."""
    program = trace(f, *args)
    for _ in range(derivatives):
        program = gradients(program, range(len(args)), (len(program.outputs) - 1,))
    return len(expand(program, calls=True).instructions)


def test_these_are_long() -> None:
    assert {"pow", "hypot", "atan2", "gelu", "gauss", "erf", "logaddexp", "sinc"} <= set(LONG)
    assert not {"add", "mul", "div", "sqrt", "exp", "relu", "maximum", "clip", "sigmoid", "tanh"} & set(LONG)


@pytest.mark.parametrize(("f", "args", "most"), [
    (pow, (1.5, 2.5), 3), (lambda x: x**x, (1.5,), 4), (ag.hypot, (0.3, 0.4), 3), (ag.atan2, (0.3, 0.4), 3),
    (ag.gelu, (0.3,), 2), (ag.logaddexp, (0.3, 0.4), 17)], ids=["power", "x**x", "hypot", "atan2", "gelu", "logaddexp"])
def test_a_value_and_its_slopes_are_a_call_each(f: Callable[..., Any], args: tuple[float, ...], most: int) -> None:
    assert compiled_instructions(f, *args) <= most


def orbit(start: Any, attraction: Callable[[Any, Any], Any], steps: int = 10) -> Any:
    """Kepler's problem by Runge and Kutta."""
    state, h = start, 0.01

    def slope(s: Any) -> list[Any]:
        return [s[2], s[3], *attraction(s[0], s[1])]

    for _ in range(steps):
        k1 = slope(state)
        k2 = slope([a + h / 2 * k for a, k in zip(state, k1, strict=True)])
        k3 = slope([a + h / 2 * k for a, k in zip(state, k2, strict=True)])
        k4 = slope([a + h * k for a, k in zip(state, k3, strict=True)])
        state = [a + h / 6 * (p + 2 * q + 2 * r + s)
                 for a, p, q, r, s in zip(state, k1, k2, k3, k4, strict=True)]
    return state[0]


@pytest.mark.parametrize("attraction", [
    lambda x, y: [-x / (x**2 + y**2)**1.5, -y / (x**2 + y**2)**1.5],
    lambda x, y: [-x / ((x**2 + y**2)**0.5)**3, -y / ((x**2 + y**2)**0.5)**3],
    lambda x, y: [-x / ag.hypot(x, y)**3, -y / ag.hypot(x, y)**3]], ids=["**1.5", "**3", "hypot"])
def test_an_orbit_takes_no_more_than_spelled_out_in_products(attraction: Callable[[Any, Any], Any]) -> None:
    def count(f: Callable[[Any, Any], Any]) -> int:
        program = trace(lambda s: orbit(s, f), [1.0, 0.0, 0.0, 1.1])
        return len(expand(gradients(program, range(4)), calls=True).instructions)

    def products(x: Any, y: Any) -> list[Any]:
        r = ag.sqrt(x * x + y * y)
        return [-x / (r * r * r), -y / (r * r * r)]

    assert count(attraction) <= count(products) < 1.1 * 10 * 264


def test_a_hessian_of_x_to_the_x_is_no_cascade_of_powers() -> None:
    spelled = compiled_instructions(lambda x: ag.exp(x * ag.log(x)), 1.5, derivatives=2)
    assert compiled_instructions(lambda x: x**x, 1.5, derivatives=2) < 20 * spelled


@pytest.mark.parametrize("backend", ["python", "llvm"])
@pytest.mark.parametrize("name", LONG)
def test_gradients_and_hessians_are_eager_s_to_the_bit(name: str, backend: str) -> None:
    op = TABLE[name]
    args = tuple(range(op.arity)) if op.arity > 1 else 0
    for make in value_and_grad, hessian:
        eager = make(op.function, argnums=args)
        compiled = jit(eager, backend=backend)
        for x in product(EDGES, repeat=op.arity):
            assert same(compiled(*x), eager(*x)), (make, x)


def test_what_users_see_has_ops_of_the_table_alone() -> None:
    compiled = jit(grad(lambda x: x**x + ag.hypot(x, 2.0)))
    compiled(1.5)
    for program in (compiled.programs[0], trace(grad(lambda x: x**x), 1.5)):
        assert all(TABLE[op.name] is op for op, _ in program.instructions)


def test_a_derivative_of_a_program_that_has_calls_writes_them_out() -> None:
    def f(x: Any, y: Any) -> Any:
        return x**y if x * y > 1.0 else x

    first = gradients(trace(f, 1.5, 2.5), (0, 1))
    assert any(is_slope(op) for op, _ in first.instructions)
    second = gradients(first, (0, 1), (1,))
    assert same(second(1.5, 2.5)[3:], tuple(hessian(f, argnums=(0, 1))(1.5, 2.5)[0]))
    assert same(simplify(first)(1.5, 2.5), first(1.5, 2.5))
    assert len(second.guards) == len(first.guards) == 1


def test_values_go_through_a_compiled_derivative_with_calls() -> None:
    slope_of_power = jit(grad(lambda x, y: x**y, argnums=0))
    for _ in range(2):
        assert same(grad(slope_of_power)(1.5, 2.5), hessian(pow, argnums=(0, 1))(1.5, 2.5)[0])
        with ag.anomaly():      # the Program is interpreted
            assert same(grad(slope_of_power)(1.5, 2.5), hessian(pow, argnums=(0, 1))(1.5, 2.5)[0])
    assert same(ag.jvp(slope_of_power, (1.5, 2.5), (1.0, 0.0)), ag.jvp(grad(pow, argnums=0), (1.5, 2.5), (1.0, 0.0)))
