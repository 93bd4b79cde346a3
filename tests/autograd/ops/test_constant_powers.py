"""Powers by a constant: x**2, x**0.5 and the others, against pow's edges, mpmath, and the spelled-out forms."""

import math
import random

import numpy as np
import pytest
from mpmath import mp, mpf

import autograd as ag
from autograd import Value, derivative, grad, jit, jvp, no_grad, trace, value_and_grad
from autograd.lower import numpy as numpy_lowering
from autograd.lower.python import lower
from autograd.ops.primitives import TABLE
from autograd.ops.table import constant_power
from autograd.program.simplification import expand
from tests.support.bit_identity import equal_or_nan

INF, NAN = math.inf, math.nan
SPECIAL = [0.0, 1.0, 2.0, 3.0, -1.0, 0.5]
OTHERS = [4.0, 5.0, 7.0, 20.0, 99.0, 100.0, -2.0, -3.0, -4.0, -99.0, 1.5, 2.5, 3.5, 3.999, 4.5, 12.5, 0.25, 1 / 3,
          2 / 3, 0.999, 1.001, 0.01, -0.01, -0.5, -1 / 3, -1.5, -2.5, 1e-3, 1e3]
MAX = 1.7976931348623157e308
ENDS = [NAN, INF, -INF, 0.0, -0.0, 5e-324, -5e-324, 2.3e-308, -2.3e-308, MAX, -MAX, 1.0, -1.0, 2.0, -2.0, 0.5]
SPELLED = {2: lambda x: x * x, 3: lambda x: x * x * x, -1: lambda x: 1 / x, 0.5: ag.sqrt}
POW = TABLE["pow"]


def value_and_slope(x: float, y: float) -> tuple[float, float]:
    v = Value(x)
    out = v**y
    out.backward()
    return out.data, v.grad


def instructions(f: object, *args: float) -> int:
    """How many the compiled value and gradient take."""
    compiled = jit(value_and_grad(f))
    compiled(*args)
    return len(expand(compiled.programs[0]).instructions)


def ulps(found: float, true: mpf) -> float:
    """The error; 0 for a true value that no normal float holds, if the answer is none, either."""
    if abs(true) < mpf(2) ** -1022:
        return 0.0 if abs(found) <= 2.3e-308 else INF
    if abs(true) >= mpf(2) ** 1024:
        return 0.0 if abs(found) >= 1.79e308 else INF
    return float(abs(mpf(found) - true) / mpf(math.ulp(float(true)))) if math.isfinite(found) else INF


@pytest.mark.parametrize("y", [*SPECIAL, *OTHERS, INF, -INF, NAN, 1e300])
def test_edges_are_pows(y: float) -> None:
    for x in ENDS:
        value, slope = value_and_slope(x, y)
        try:
            expected = math.pow(x, y)
        except (ValueError, OverflowError):
            expected = POW.value(x, y)
        assert equal_or_nan(value, expected) or x == 0.5 or abs(x) == 2.0, (x, y, value)
        assert math.copysign(1.0, value) == math.copysign(1.0, expected) or math.isnan(value), (x, y, value)
        wanted = POW.float_partials[0](x, y, expected)
        assert equal_or_nan(slope, wanted) or abs(slope - wanted) <= 3 * math.ulp(wanted), (x, y, slope, wanted)


@pytest.mark.parametrize("y", [*SPECIAL[1:], *OTHERS])
def test_values_and_slopes_against_mpmath(y: float) -> None:
    draw = random.Random(repr(y))
    allowed = {2.0: 0.5, -1.0: 0.5, 0.5: 0.5, 3.0: 1.5}.get(y, 0.55)
    with mp.workprec(300):
        for i in range(600):
            ends = (draw.choice([-1074, -1022, 1024]) + draw.uniform(-30, 30)) / draw.choice([y, y - 1.0 or y])
            exponent = draw.uniform(-1074, 1023) if i % 3 == 0 or not -1070 < ends < 1023 else ends
            x = 2.0**exponent if i % 3 < 2 else draw.uniform(0.3, 3.0)
            x = -x if y % 1.0 == 0.0 and i % 2 else x
            value, slope = value_and_slope(x, y)
            assert ulps(value, mpf(x) ** mpf(y)) <= allowed + 1e-9, (x, y)
            assert ulps(slope, mpf(y) * mpf(x) ** (mpf(y) - 1)) <= 3.0, (x, y)


@pytest.mark.parametrize("y", [2.0, 3.0, -1.0, 0.5, 4.0, -2.0, 1.5, 1 / 3, -0.5, 7.0, 0.25])
def test_second_derivatives_against_mpmath(y: float) -> None:
    second = grad(grad(lambda x: x**y))
    compiled = jit(second)
    draw = random.Random(3)
    for _ in range(100):
        x = math.exp(draw.uniform(-20.0, 20.0))
        true = mpf(y) * (mpf(y) - 1) * mpf(x) ** (mpf(y) - 2)
        assert ulps(second(x), true) <= (12.0 if 0.0 < y < 0.5 else 5.0), x
        assert compiled(x) == second(x)
        assert derivative(derivative(lambda x: x**y))(x) == pytest.approx(float(true), rel=1e-14)


@pytest.mark.parametrize("y", [1 / 3, 0.25, 0.005, 1e-10, 0.9, 1.5, 40.25, -0.5, -3.3, 150.5])
def test_higher_derivatives_where_floats_end(y: float) -> None:
    """An infinity where the true number is too large, and no inf - inf on the way to it."""
    second = grad(grad(lambda x: x**y))
    third, compiled = grad(second), jit(second, backend="python")
    for exponent in (-320, -307, -200, -155, -110, -60, 60, 110, 155, 200, 307):
        x = float(f"1.37e{exponent}")
        with mp.workprec(300):
            slope = mpf(y) * (mpf(y) - 1) * mpf(x) ** (mpf(y) - 2)
            for found, true in ((second(x), slope), (third(x), slope * (mpf(y) - 2) / mpf(x))):
                assert ulps(found, true) <= 50.0 or max(abs(found), abs(true)) < 1e-300, (x, found, true)
                assert found * mp.sign(true) >= 0.0
        assert equal_or_nan(compiled(x), second(x))
    assert all(TABLE.get(op.name) in (op, POW) for op, _ in trace(second, 2.0).instructions)


@pytest.mark.parametrize("y", [4.5, 5.5, 7.3, 12.5])
@pytest.mark.parametrize("exponent", [float, Value])
def test_fractional_powers_above_4_where_floats_end(y: float, exponent: type) -> None:
    """x**4.5 and its slopes are too large at 1e200 or too small at 1e-200, and its third derivative is a number."""
    f, fixed = (lambda x: x ** exponent(y)), mpf(y)
    for order in range(1, 5):
        f = grad(f)
        for power in (-320, -250, -200, -150, -100, 60, 100, 150, 200, 250, 307):
            x = float(f"1.37e{power}")
            with mp.workprec(300):
                true = mp.fprod(fixed - k for k in range(order)) * mpf(x) ** (fixed - order)
                assert ulps(f(x), true) <= 10.0, (order, x)


@pytest.mark.parametrize(("y", "order", "at_0"), [
    (4.5, 4, 0.0), (5.5, 5, 0.0), (7.3, 6, 0.0), (3.5, 3, 0.0), (4.5, 5, math.inf)])
def test_higher_derivatives_at_0(y: float, order: int, at_0: float) -> None:
    f = lambda x: x**y      # noqa: E731
    for _ in range(order):
        f = grad(f)
    assert f(0.0) == at_0


@pytest.mark.parametrize("y", [*SPECIAL, *OTHERS])
def test_every_mode_and_backend_has_the_same_bits(y: float) -> None:
    f = value_and_grad(lambda x: x**y)
    python, llvm = jit(f, backend="python"), jit(f)
    forward = jit(lambda x: jvp(lambda x: x**y, (x,), (1.0,)))
    numpy = numpy_lowering.lower(trace(lambda x: x**y, 2.0))
    for x in [*ENDS, *(random.Random(5).uniform(0.01, 9.0) for _ in range(40))]:
        expected = value_and_slope(x, y)
        for found in (python(x), llvm(x), forward(x), jvp(lambda x: x**y, (x,), (1.0,))):
            assert all(map(equal_or_nan, found, expected)), (x, y, found, expected)
        with no_grad():
            assert equal_or_nan((Value(x) ** y).data, expected[0])
        assert equal_or_nan(ag.pow(x, y), expected[0])
        with np.errstate(all="ignore"):
            assert numpy([x])[0] == pytest.approx(expected[0], rel=1e-15, nan_ok=True)


def test_products_are_correctly_rounded_where_pow_is_not() -> None:
    draw = random.Random(1)
    points = [draw.uniform(1.0, 2.0) for _ in range(20_000)]
    assert all((Value(x) ** 2).data == x * x and (Value(x) ** 3).data == x * x * x for x in points)
    assert all(ag.pow(Value(x), Value(2.0)).data == math.pow(x, 2.0) for x in points)


def test_the_text_and_the_op_stay() -> None:
    x = Value(3.0, label="x")
    y = x**2
    assert (y._op, y.op.name, y.args, repr(y)) == ("**", "pow", (x, 2.0), "Value(data=9.0, grad=0.0, op=pow)")
    assert str(trace(lambda x: x**2 + x**0.5, 3.0)).splitlines()[1:3] == ["    v1 = x ** 2.0", "    v2 = x ** 0.5"]


def test_a_special_exponent_has_its_form_and_the_others_few() -> None:
    keys = {constant_power(y).key for y in (*SPECIAL, *OTHERS, *(i / 7 for i in range(-2000, 2000)))}
    assert len(keys) == len(SPECIAL) + 6


@pytest.mark.parametrize("y", SPELLED)
def test_instructions_are_those_of_the_spelled_out_form(y: float) -> None:
    assert instructions(lambda x: x**y, 2.0) <= instructions(SPELLED[y], 2.0)
    hessian = [instructions(grad(f), 2.0) for f in (lambda x: x**y, SPELLED[y])]
    assert hessian[0] <= hessian[1]


@pytest.mark.parametrize(("y", "most"), [(4, 4), (-2, 3), (1.5, 6), (-0.5, 7), (1 / 3, 12), (10, 4)])
def test_other_constants_take_few_instructions(y: float, most: int) -> None:
    assert instructions(lambda x: x**y, 2.0) <= most


def test_only_what_a_constant_exponent_needs_is_swept() -> None:
    program = jit(grad(lambda xs: ag.sum([x**2.5 for x in xs])))
    program([1.0] * 50)
    assert len(program.programs[0].instructions) <= 50 * 3 + 1
    assert lower(expand(program.programs[0]))([4.0] * 50) == (20.0,) * 50
