"""Kinks, limits and infinities: the answer of each op, eagerly and by backward; none raises."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest
from mpmath import mp

import autograd as ag
from autograd import Value
from autograd.ops.table import TABLE
from tests.support import exact_slopes as oracle

INF, NAN = math.inf, math.nan
HALF = math.sqrt(0.5)
FIXED = [name for name, op in TABLE.items() if op.arity is not None]

# op, arguments, value, partials ("nothing" as 0)
EDGES: list[tuple[str, tuple[float, ...], float, tuple[float, ...]]] = [
    ("abs", (0.0,), 0.0, (0,)),
    ("abs", (NAN,), NAN, (NAN,)),
    ("relu", (NAN,), NAN, (NAN,)),
    ("relu", (0.0,), 0.0, (0,)),
    ("maximum", (2.0, 2.0), 2.0, (0.5, 0.5)),
    ("minimum", (2.0, 2.0), 2.0, (0.5, 0.5)),
    ("maximum", (INF, INF), INF, (0.5, 0.5)),
    ("maximum", (NAN, 1.0), NAN, (NAN, NAN)),
    ("maximum", (1.0, NAN), NAN, (NAN, NAN)),
    ("minimum", (NAN, 1.0), NAN, (NAN, NAN)),
    ("minimum", (1.0, NAN), NAN, (NAN, NAN)),
    ("clip", (-1.0, -1.0, 2.0), -1.0, (1, 0, 0)),
    ("clip", (2.0, -1.0, 2.0), 2.0, (1, 0, 0)),
    ("clip", (-3.0, -1.0, 2.0), -1.0, (0, 1, 0)),
    ("clip", (3.0, -1.0, 2.0), 2.0, (0, 0, 1)),
    ("clip", (0.0, 2.0, 1.0), 1.0, (0, 0, 1)),
    ("clip", (NAN, -1.0, 2.0), NAN, (NAN, NAN, NAN)),
    ("clip", (0.0, NAN, 2.0), NAN, (NAN, NAN, NAN)),
    ("clip", (0.0, -1.0, NAN), NAN, (NAN, NAN, NAN)),
    ("leaky_relu", (0.0, 0.25), 0.0, (0.25, 0)),
    ("leaky_relu", (NAN, 0.25), NAN, (NAN, NAN)),
    ("elu", (0.0, 1.0), 0.0, (1, 0)),
    ("elu", (0.0, 2.0), 0.0, (2, 0)),
    ("elu", (-INF, 1.0), -1.0, (0, -1)),
    ("sqrt", (0.0,), 0.0, (INF,)),
    ("sqrt", (-0.0,), -0.0, (INF,)),
    ("sqrt", (-1.0,), NAN, (NAN,)),
    ("sqrt", (INF,), INF, (0,)),
    ("cbrt", (0.0,), 0.0, (INF,)),
    ("log", (0.0,), -INF, (INF,)),
    *[(name, (-0.0,), -INF, (INF,)) for name in ("log", "log2", "log10")],
    ("log", (-1.0,), NAN, (NAN,)),
    ("log", (INF,), INF, (0,)),
    ("log2", (-1.0,), NAN, (NAN,)),
    ("log10", (-1.0,), NAN, (NAN,)),
    ("log1p", (-1.0,), -INF, (INF,)),
    ("log1p", (-2.0,), NAN, (NAN,)),
    *[("pow", (x, 0.0), 1.0, (0, slope)) for x, slope in
      ((2.0, math.log(2.0)), (INF, INF), (-3.0, NAN), (-INF, NAN), (NAN, NAN))],
    ("pow", (0.0, 0.0), 1.0, (0, 0)),
    ("pow", (0.0, 2.0), 0.0, (0, 0)),
    ("pow", (0.0, 1.0), 0.0, (1, 0)),
    ("pow", (0.0, 0.5), 0.0, (INF, 0)),
    ("pow", (0.0, -1.0), INF, (-INF, -INF)),
    ("pow", (-0.0, -1.0), -INF, (-INF, -INF)),
    ("pow", (0.0, NAN), NAN, (NAN, NAN)),
    ("pow", (-2.0, 2.0), 4.0, (-4, NAN)),
    ("pow", (-2.0, 3.0), -8.0, (12, NAN)),
    ("pow", (-8.0, 1 / 3), NAN, (NAN, NAN)),
    ("pow", (INF, 2.0), INF, (INF, INF)),
    ("pow", (INF, -1.0), 0.0, (0, 0)),
    ("pow", (INF, -5e-324), 0.0, (0, 0)),
    ("pow", (-0.0, -2.0), INF, (INF, -INF)),
    ("pow", (-0.0, -1e300), INF, (INF, -INF)),
    ("pow", (-0.0, 1e-300), 0.0, (INF, 0)),
    ("pow", (0.0, INF), 0.0, (0, 0)),
    ("pow", (1e-200, 2.0), 0.0, (2e-200, 0)),
    ("pow", (-1e-150, 3.0), -0.0, (3e-300, NAN)),
    ("pow", (1e-160, 2.0), 1e-320, (2e-160, -3.6841361e-318)),
    ("pow", (1e200, 1.75), INF, (1.75e150, INF)),
    ("atan2", (0.0, 0.0), 0.0, (0, 0)),
    ("atan2", (1e-200, 1e-200), math.pi / 4, (5e199, -5e199)),
    ("atan2", (1e200, 1e200), math.pi / 4, (5e-201, -5e-201)),
    ("atan2", (INF, 1.0), math.pi / 2, (0, 0)),
    ("hypot", (0.0, 0.0), 0.0, (0, 0)),
    ("hypot", (1e200, 1e200), 1e200 / HALF, (HALF, HALF)),
    ("hypot", (1e-200, -1e-200), 1e-200 / HALF, (HALF, -HALF)),
    ("hypot", (1.7e308, 1.7e308), INF, (HALF, HALF)),
    ("hypot", (5e-324, 5e-324), 5e-324, (HALF, HALF)),
    ("hypot", (-INF, 1.0), INF, (-1, 0)),
    ("hypot", (INF, NAN), INF, (NAN, NAN)),
    ("div", (1e-200, 1e-200), 1.0, (1e200, -1e200)),
    ("div", (1.0, 0.0), INF, (INF, -INF)),
    ("div", (1.0, -0.0), -INF, (-INF, -INF)),
    ("div", (0.0, 0.0), NAN, (INF, NAN)),
    ("reciprocal", (0.0,), INF, (-INF,)),
    *[(name, (INF,), INF, (1,)) for name in ("silu", "gelu", "softplus", "relu")],
    *[(name, (-INF,), 0.0, (0,)) for name in ("silu", "gelu", "softplus", "relu", "sigmoid", "normal_cdf", "exp")],
    *[(name, (1.7e308,), 1.7e308, (1,)) for name in ("silu", "gelu", "softplus")],
    *[(name, (-1.7e308,), 0.0, (0,)) for name in ("silu", "gelu", "softplus")],
    ("tanh", (INF,), 1.0, (0,)),
    ("tanh", (-INF,), -1.0, (0,)),
    ("sigmoid", (INF,), 1.0, (0,)),
    ("erf", (INF,), 1.0, (0,)),
    ("erf", (-1e308,), -1.0, (0,)),
    ("erfc", (-INF,), 2.0, (0,)),
    ("gauss", (INF, 1.0), 0.0, (0, 0)),
    ("gauss", (1e308, 1e-310), 0.0, (0, 0)),
    ("gauss", (INF, -1e-310), INF, (INF, -INF)),
    ("gauss", (INF, 0.0), 1.0, (0, -INF)),
    ("gauss", (100.0, 1e-4), math.exp(-1.0), (-0.02 * math.exp(-1.0), -1e4 * math.exp(-1.0))),
    ("logaddexp", (INF, 0.0), INF, (1, 0)),
    ("logaddexp", (-INF, 0.0), 0.0, (0, 1)),
    ("logaddexp", (0.0, 0.0), math.log(2.0), (0.5, 0.5)),
    ("logaddexp", (INF, INF), INF, (0.5, 0.5)),
    ("logaddexp", (-INF, -INF), -INF, (0.5, 0.5)),
    ("logaddexp", (NAN, 0.0), NAN, (NAN, NAN)),
    ("asin", (1.0,), math.pi / 2, (INF,)),
    ("asin", (-1.0,), -math.pi / 2, (INF,)),
    ("acos", (1.0,), 0.0, (-INF,)),
    ("acos", (-1.0,), math.pi, (-INF,)),
    ("asin", (2.0,), NAN, (NAN,)),
    ("acosh", (1.0,), 0.0, (INF,)),
    ("acosh", (0.5,), NAN, (NAN,)),
    ("atanh", (1.0,), INF, (INF,)),
    ("atanh", (-1.0,), -INF, (INF,)),
    ("atanh", (2.0,), NAN, (NAN,)),
    ("atan", (-INF,), -math.pi / 2, (0,)),
    ("asinh", (1e200,), math.asinh(1e200), (1e-200,)),
    *[(name, (x,), value, (0,)) for x in (1.0, -3.0, 0.0) for name, value in
      (("floor", x), ("ceil", x), ("round", x), ("trunc", x), ("sign", (x > 0) - (x < 0)), ("step", x > 0))],
    ("floor", (2.5,), 2.0, (0,)),
    ("round", (2.5,), 2.0, (0,)),
    ("fmod", (6.0, 3.0), 0.0, (1, -2)),
    ("fmod", (-7.0, 3.0), -1.0, (1, 2)),
    ("fmod", (1.0, 0.0), NAN, (1, NAN)),
    ("mod", (-7.0, 3.0), 2.0, (1, 3)),
    ("mod", (-1.0, INF), INF, (1, 1)),
    ("mod", (1.7e308, -1e308), -0.3e308, (1, 2)),
    ("exp", (710.0,), INF, (INF,)),
    ("expm1", (710.0,), INF, (INF,)),
    ("sinh", (-711.0,), -INF, (INF,)),
    ("cosh", (-711.0,), INF, (-INF,)),
    ("sin", (INF,), NAN, (NAN,)),
    ("where", (NAN, 3.0, 4.0), 3.0, (0, 1, 0)),
    ("where", (0.0, 3.0, 4.0), 4.0, (0, 0, 1)),
    ("mul", (0.0, INF), NAN, (INF, 0)),
    ("copysign", (0.0, -1.0), -0.0, (0, 0)),
    ("stop_gradient", (3.0,), 3.0, (0,)),
]


def same(got: float | None, want: float) -> bool:
    """Equal, signed zeros apart, to the last few digits; None is a 0 that does not multiply."""
    got = 0.0 if got is None else got
    return got == want or (got != got and want != want) or math.isclose(got, want, rel_tol=1e-15)


@pytest.mark.parametrize(("name", "args", "value", "partials"), EDGES)
def test_edge(name: str, args: tuple[float, ...], value: float, partials: tuple[float, ...]) -> None:
    op = TABLE[name]
    out = op.value(*args)
    assert same(out, value)
    assert same(op.function(*args), value)
    for slope, want in zip(op.float_partials, partials, strict=True):
        assert same(slope(*args, out), want)
    leaves = [Value(x) for x in args]
    node = op.function(*leaves)
    node.backward()
    assert same(node.data, value)
    # where() hands its chosen arm on, and forgets the condition
    if name != "where":
        assert all(map(same, node.partials, partials))
        assert all(same(leaf.grad, want) for leaf, want in zip(leaves, partials, strict=True))
    for i, want in enumerate(partials):     # one argument varies, the others are constants
        leaf = Value(args[i])
        op.function(*args[:i], leaf, *args[i + 1:]).backward()
        assert same(leaf.grad, want)


def test_the_arm_not_taken_receives_nothing() -> None:
    for x in (0.0, -1.0):
        leaf = Value(x)
        ag.where(leaf > 0, ag.sqrt(leaf), 0.0).backward()
        assert leaf.grad == 0.0
        assert ag.grad(lambda x: ag.where(x > 0, ag.sqrt(x), 0.0))(x) == 0.0
    assert ag.grad(lambda x: ag.relu(ag.sqrt(x) - 1.0))(0.0) == 0.0
    assert TABLE["relu"].float_partials[0](-1.0, 0.0) is None
    assert TABLE["maximum"].float_partials[1](2.0, 1.0, 2.0) is None


@pytest.mark.parametrize(("name", "x", "second"), [
    ("asin", 1.0, INF), ("asin", -1.0, -INF), ("acos", 1.0, -INF), ("acosh", 1.0, -INF), ("atanh", 1.0, INF),
    ("atanh", -1.0, -INF), ("cbrt", 0.0, -INF), ("cbrt", -0.0, INF), ("cbrt", INF, 0.0), ("atan", INF, 0.0),
    ("atan", -1.7e308, 0.0), ("log", -1.0, NAN), ("sqrt", -1.0, NAN), ("sin", INF, NAN), ("abs", 0.0, 0.0),
    ("relu", 0.0, 0.0), ("square", NAN, NAN)])
def test_second_derivative_at_an_edge(name: str, x: float, second: float) -> None:
    f = TABLE[name].function
    for outer, inner in itertools.product((ag.grad, ag.derivative), repeat=2):
        assert same(outer(inner(f))(x), second)


def test_an_exponent_that_is_constant_needs_no_slope() -> None:
    x = Value(-2.0)
    (x**3.0).backward()
    assert (x.grad, (x**3.0).partials) == (12.0, (12.0, None))


def test_the_slope_of_a_square_written_as_a_power_is_2x() -> None:
    for x in (1e-300, 5e-324, -3.7, 1.2345678901234567, INF, -0.0, 1e200):
        for exponent in (2, Value(2.0)):
            v = Value(x)
            (v**exponent).backward()
            assert v.grad == 2.0 * x
    assert ag.hessian(lambda x, y: x**y)(3.0, 2.0)[0][1] == pytest.approx(3.0 * (1.0 + 2.0 * math.log(3.0)), rel=1e-14)
    assert len(ag.trace(ag.grad(lambda x: x**2), 3.0).instructions) < 10      # and not what other exponents need


# ---- IEEE everywhere ----------------------------------------------------------------------------

GRID = (-INF, -1.7976931348623157e308, -1.0, -5e-324, -0.0, 0.0, 5e-324, 1.0, 1.7976931348623157e308, INF, NAN)

# where mpmath follows another convention, or what is asked is not a number it can hold
UNLIKE: dict[str, Callable[..., bool]] = {
    "gauss": lambda x, k: abs(k) == 5e-324 or abs(k) == INF,    # k x^2 through a subnormal has no digits
    "clip": lambda *args: NAN in args or any(x != x for x in args),
    "copysign": lambda x, y: y == 0.0 or y != y,                # mpmath has no sign of zero
    "atan2": lambda y, x: y == 0.0,
    "pow": lambda x, y: x < 0.0 and abs(y) > 1e300,             # its parity: y - 1 is y in 300 bits
    "elu": lambda x, alpha: abs(alpha) == INF,
}


@pytest.mark.parametrize("name", FIXED)
def test_no_exception_escapes_and_finite_answers_are_right(name: str) -> None:
    op = TABLE[name]
    for args in itertools.product(GRID, repeat=op.arity):
        out = op.value(*args)
        assert type(out) is float
        answers: list[Any] = [out, *(slope(*args, out) for slope in op.float_partials)]
        if name != "where":
            node = op.function(*map(Value, args))
            assert same(node.data, out)
            assert all(a is b or same(a, b) for a, b in zip(node.partials, answers[1:], strict=True))
        if name in UNLIKE and UNLIKE[name](*args):
            continue
        for part, got in enumerate(answers):
            want = oracle.exact(oracle.EXACT[name][part], args)
            if mp.isfinite(want) and out == out and all(map(math.isfinite, args)):
                got, want = got or 0.0, float(want)
                assert got == want or math.isclose(got, want, rel_tol=1e-14, abs_tol=1.5e-323), (args, part)


@pytest.mark.parametrize("name", [name for name in FIXED if name != "stop_gradient" and (
    TABLE[name].arity == 1 or name in ("pow", "maximum", "minimum", "clip"))])
def test_where_the_value_is_nan_so_are_the_partials(name: str) -> None:
    op = TABLE[name]
    for args in itertools.product(GRID, repeat=op.arity):
        out = op.value(*args)
        if out != out:
            assert all(slope(*args, out) != 0.0 and math.isnan(slope(*args, out)) for slope in op.float_partials), args


def test_python_operators_follow_ieee_too() -> None:
    assert (Value(1.0) / 0).data == (1 / Value(0.0)).data == (Value(1.0) / Value(0.0)).data == INF
    assert math.isnan((Value(0.0) / 0).data)
    assert (Value(-1.0) // 0).data == -INF
    assert math.isnan((Value(1.0) % 0).data)
    assert (Value(10.0) ** 400).data == (Value(0.0) ** -1).data == INF
    assert math.isnan((Value(-8.0) ** (1 / 3)).data)
