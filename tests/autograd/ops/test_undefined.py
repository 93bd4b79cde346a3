"""Where an op has no value its derivatives are nan in every order: a 0 would look like an answer."""

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import autograd as ag
from autograd import TABLE, derivative, grad, jit
from tests.support.backends import BACKENDS

INF, NAN = math.inf, math.nan
GRID = (-INF, -2.5, -1.0, 0.0, 0.5, 1.5, INF, NAN)      # without 2 and 3: x**2 is x * x, whose second derivative is 2
# of a product with nan the second derivative by the other factor is 0
PRODUCTS = {"mul", "div", "prod", "dot", "leaky_relu", "elu"}
SEVERAL = {name: op.function for name, op in TABLE.items() if op.arity in (2, 3) and not op.selects}
SEVERAL |= {name: lambda x, y, name=name: TABLE[name].function([x, y])
            for name, op in TABLE.items() if op.arity is None and name != "dot"}
SEVERAL["dot"] = lambda x, y: ag.dot([x], [y])
CONSTANT = (0.3, 1 / 3, 0.5, 0.7, 1.0, 1.5, 3.9, 4.5, 150.5, -0.3, -1.5, -150.5, 1e-60, NAN)

Function = Callable[..., Any]


def slopes(f: Function, places: tuple[int, ...]) -> Function:
    """The derivative by these arguments, one after another, in reverse mode."""
    for i in places:
        f = grad(f, argnums=i)
    return f


def forward(f: Function, places: tuple[int, ...]) -> Function:
    """The same in forward mode."""
    if not places:
        return f
    *others, i = places
    inner = forward(f, tuple(others))
    return lambda *args: derivative(lambda x: inner(*args[:i], x, *args[i + 1:]))(args[i])


def undefined(name: str) -> Iterator[tuple[tuple[float, ...], list[int]]]:
    """The points of the grid at which a slope is nan, with the arguments that it is nan by."""
    f = SEVERAL[name]
    n = TABLE[name].arity or 2
    for point in itertools.product(GRID if n == 2 else GRID[1::2], repeat=n):
        found = [i for i in range(n) if math.isnan(slopes(f, (i,))(*point))]
        if name in PRODUCTS:
            found = [i for i in found if not any(map(math.isnan, point[:i] + point[i + 1:]))]
        if found:
            yield point, found


@pytest.mark.parametrize("name", sorted(SEVERAL))
def test_where_a_slope_is_nan_higher_derivatives_are(name: str) -> None:
    for point, arguments in undefined(name):
        for order in (2, 3):
            for places in itertools.product(arguments, repeat=order):
                for way in (slopes, forward):
                    found = way(SEVERAL[name], places)(*point)
                    assert math.isnan(found), f"{name}{point} by {places}: {found}, {way.__name__}"


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", sorted(SEVERAL))
def test_compiled_derivatives_are_nan_as_well(name: str, backend: str) -> None:
    second: dict[tuple[int, int], Any] = {}
    for point, arguments in undefined(name):
        for i, j in itertools.product(arguments, repeat=2):
            if (i, j) not in second:
                second[i, j] = jit(slopes(SEVERAL[name], (i, j)), backend=backend)
            assert math.isnan(second[i, j](*point)), f"{name}{point} by {i}, {j}"


@pytest.mark.parametrize("name", sorted(name for name, op in TABLE.items() if op.arity == 1))
def test_ops_of_one_argument_outside_their_domain(name: str) -> None:
    f, partial = TABLE[name].function, TABLE[name].float_partials[0]
    for x in (-INF, -1e300, -2.5, -2.0, -1.0, 1.5, INF, NAN):
        if math.isnan(f(x)) and partial(x, f(x)) is not None:       # which of a step it is
            for order in (1, 2, 3):
                assert math.isnan(slopes(f, (0,) * order)(x)), (name, x, order)
                assert math.isnan(forward(f, (0,) * order)(x)), (name, x, order)


@pytest.mark.parametrize("y", CONSTANT)
def test_a_power_by_a_fraction_of_a_negative_number(y: float) -> None:
    f = lambda x: x**y      # noqa: E731
    for x in (-1.3, -1e-300, NAN) if y != 1.0 else (NAN,):
        for order in (1, 2, 3):
            assert math.isnan(slopes(f, (0,) * order)(x)), (x, order)
            assert math.isnan(forward(f, (0,) * order)(x)), (x, order)


@pytest.mark.parametrize("backend", BACKENDS)
def test_compiled_powers_by_a_fraction_of_a_negative_number(backend: str) -> None:
    for y in (0.3, 4.5):
        for order in (1, 2, 3):
            compiled = jit(slopes(lambda x, y=y: x**y, (0,) * order), backend=backend)
            assert math.isnan(compiled(-1.3)), (y, order)
            assert math.isfinite(compiled(1.3)), (y, order)
