"""Every entry of the table against mpmath; n-ary ops; arguments that `primitive` accepts and refuses."""

import math
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from mpmath import mpf

import autograd
from autograd import Value, grad, hessian
from autograd.ops.formulas import primitive
from autograd.ops.primitives import TABLE, Op, nothing
from autograd.ops.table import ordered, where
from tests.support import exact_slopes as oracle
from tests.support.bit_identity import equal_or_nan
from tests.support.sample_points import points

INF, NAN = math.inf, math.nan
FIXED = [name for name, op in TABLE.items() if op.arity is not None]
NARY = [name for name, op in TABLE.items() if op.arity is None]


@pytest.fixture
def table() -> Iterator[dict[str, Op]]:
    """The table, which loses again what a test adds to it."""
    before = dict(TABLE)
    yield TABLE
    for name in TABLE.keys() - before.keys():
        del TABLE[name]


# ---- what nodes hold ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in FIXED if name != "where"])
def test_stored_partials_are_the_slopes(name: str) -> None:
    op = TABLE[name]
    for args in points(name, op.domain, 12, seed=1):
        leaves = [Value(x) for x in args]
        node = op.function(*leaves)
        assert equal_or_nan(node.data, op.value(*args))
        for got, slope in zip(node.partials, op.float_partials, strict=True):
            want = slope(*args, node.data)
            assert got is want is None or equal_or_nan(got, want), (name, args)
        node.backward()
        assert all(equal_or_nan(leaf.grad, 0.0 + (slope or 0.0))
                   for leaf, slope in zip(leaves, node.partials, strict=True))


# ---- any number of arguments --------------------------------------------------------------------


@pytest.mark.parametrize("name", NARY)
def test_nary_value_and_slopes(name: str) -> None:
    op, (value, slopes) = TABLE[name], oracle.EXACT_NARY[name]
    for xs in ([0.5], [1.5, -0.25], [0.3, 2.0, -1.1, 0.7], [1e-3, 5.0, 2.0, -3.0, 0.1, 0.4]):
        if name == "dot" and len(xs) % 2:
            continue
        out = op.value(*xs)
        exact = [mpf(x) for x in xs]
        assert out == pytest.approx(float(value(exact)), rel=1e-15, abs=1e-15)
        assert op.nary_partials(xs, out) == pytest.approx([float(slope) for slope in slopes(exact)], rel=1e-15)
        leaves = [Value(x) for x in xs]
        half = len(xs) // 2
        node = op.function(leaves[:half], leaves[half:]) if name == "dot" else op.function(iter(leaves))
        node.backward()
        assert node.data == out
        assert [leaf.grad for leaf in leaves] == op.nary_partials(xs, out)
        assert len(node.args) == len(xs)


def test_nary_of_nothing_one_and_what_is_no_iterable() -> None:
    assert (autograd.sum([]), autograd.prod([]), autograd.dot([], []), autograd.softmax([5])) == (0.0, 1.0, 0.0, [1.0])
    for function in (autograd.mean, autograd.logsumexp, autograd.softmax):
        with pytest.raises(ValueError, match="at least one"):
            function([])
    for function in (autograd.sum, autograd.prod, autograd.mean, autograd.logsumexp):
        with pytest.raises(TypeError, match=r"takes one iterable of numbers.*not float"):
            function(1.0)
        with pytest.raises(TypeError, match="not str"):
            function([1.0, "2"])


def test_dot_of_unequal_lengths() -> None:
    with pytest.raises(ValueError, match="dot: 2 weights and 1 inputs"):
        autograd.dot([1.0, 2.0], [Value(1.0)])
    with pytest.raises(TypeError, match="dot takes one iterable"):
        autograd.dot(1.0, [2.0])


def test_nary_of_one_computed_operand_twice() -> None:
    x = Value(3.0)
    y = x * 2.0
    autograd.sum([y, x, y]).backward()
    assert (y.grad, x.grad) == (2.0, 5.0)


@pytest.mark.parametrize(("xs", "slopes"), [([0, 2, 3], [6, 0, 0]), ([0, 0, 3], [0, 0, 0]), ([4], [1]),
                                            ([2, 3, 0], [0, 0, 6]), ([2, -1, 5], [-5, 10, -2])])
def test_prod_beside_zeros(xs: list[int], slopes: list[int]) -> None:
    leaves = [Value(x) for x in xs]
    autograd.prod(leaves).backward()
    assert [leaf.grad for leaf in leaves] == slopes


def test_folds_start_at_the_left_and_are_not_compensated() -> None:
    xs = [1e16, 1.0, 1.0, -1e16]    # math.fsum, and the builtin sum since Python 3.12, find 2
    assert autograd.sum(xs) == autograd.sum([Value(x) for x in xs]).data == 0.0
    assert autograd.dot(xs, [1.0] * 4) == autograd.mean(xs) == 0.0
    assert autograd.prod([1e200, 1e200, 1e-200, 1e-200]) == INF


def test_softmax_and_logsumexp_at_the_ends() -> None:
    assert autograd.logsumexp([1000.0, 1000.0]) == 1000.0 + math.log(2.0)
    assert autograd.logsumexp([-INF, -INF]) == -INF
    assert autograd.logsumexp([INF, 1.0, INF]) == INF
    assert TABLE["logsumexp"].nary_partials([INF, 1.0, INF], INF) == [0.5, 0.0, 0.5]
    assert TABLE["logsumexp"].nary_partials([-INF, 1.0], 1.0) == [0.0, 1.0]
    assert math.isnan(autograd.logsumexp([NAN, 1.0]))
    shares = autograd.softmax([Value(1.0), 2.0, 1000.0])
    assert [float(share.data) for share in shares] == [0.0, 0.0, 1.0]
    x, y = Value(0.3), Value(-0.2)
    autograd.softmax([x, y])[0].backward()
    p = 1 / (1 + math.exp(-0.5))
    assert (x.grad, y.grad) == pytest.approx((p * (1 - p), -p * (1 - p)))


def test_nary_second_derivatives() -> None:
    at = [0.3, -0.7, 1.1]
    weights = autograd.softmax(at)
    want = [[w * (i == j) - w * v for j, v in enumerate(weights)] for i, w in enumerate(weights)]
    assert np.allclose(hessian(autograd.logsumexp)(at), want, rtol=1e-14, atol=1e-15)
    assert np.allclose(hessian(autograd.prod)([2.0, 0.0, 5.0]), [[0, 5, 0], [5, 0, 2], [0, 2, 0]])


# ---- adding an op -------------------------------------------------------------------------------


def test_an_op_of_ones_own_in_one_statement(table: dict[str, Op]) -> None:
    cube = primitive("cube", lambda x: x * x * x, lambda x, out: 3 * x * x)
    x = Value(2.0)
    cube(x).backward()
    assert (x.grad, cube(3.0), cube(True), repr(table["cube"])) == (12.0, 27.0, 1.0, "<op cube>")
    assert grad(grad(cube))(2.0) == 12.0
    assert math.isnan(grad(cube)(NAN))


def test_an_op_whose_partials_cannot_be_read(table: dict[str, Op]) -> None:
    bend = primitive("bend", math.fma if hasattr(math, "fma") else lambda x, y, z: x * y + z,
                     lambda x, y, z, out: math.fabs(y), lambda x, y, z, out: x if x > 0 else nothing,
                     lambda x, y, z, out: nothing)
    x, y, z = Value(-2.0), Value(-3.0), Value(1.0)
    node = bend(x, y, z)
    node.backward()
    assert (node.data, node.partials, x.grad, y.grad, z.grad) == (7.0, (3.0, None, None), 3.0, 0.0, 0.0)
    wave = primitive("wave", math.sin, lambda x, out: math.cos(x))
    wave(x).backward()
    assert x.grad == 3.0 + math.cos(-2.0)


def test_an_op_with_a_default_argument(table: dict[str, Op]) -> None:
    scale = primitive("scale", lambda x, by=10.0: x * by, lambda x, by, out: by, lambda x, by, out: x)
    x = Value(2.0)
    scale(x).backward()
    assert (scale(3.0), x.grad, scale(Value(1.0), by=4).data) == (30.0, 10.0, 4.0)


@pytest.mark.parametrize("name", ["sin", "add", "where", "sum", "two words", "", "1st", "a-b"])
def test_a_name_that_is_taken_or_no_name(name: str, table: dict[str, Op]) -> None:
    before = dict(table)
    with pytest.raises(ValueError, match=r"primitive: .* choose another name"):
        primitive(name, math.sin, lambda x, out: 1.0)
    assert table == before


@pytest.mark.parametrize("functions", [(math.sin,), (1.0, lambda x, out: 1.0), (math.sin, 1.0), (math.sin, None)])
def test_a_missing_partial(functions: Any, table: dict[str, Op]) -> None:
    with pytest.raises(TypeError, match="primitive 'fresh': give the value and one partial per argument"):
        primitive("fresh", *functions)
    assert "fresh" not in table


def test_chosen_and_nothing() -> None:
    assert repr(nothing) == "nothing"
    assert where(True, nothing, 1.0) is nothing
    assert where(0.0, nothing, 1.0) == 1.0
    assert [ordered(x, 0.0, 1.0, 2.0, 3.0) for x in (1.0, -1.0, -0.0)] == [1.0, 2.0, 3.0]
    assert math.isnan(ordered(NAN, 0.0, 1.0, 2.0, 3.0))


# ---- what counts as a number --------------------------------------------------------------------

NUMBERS = [3, True, Fraction(1, 4), np.float64(0.5), np.float32(0.5), np.int64(2), np.bool_(True), np.array(0.5)]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda n: type(n).__name__)
def test_numbers_of_all_kinds(number: Any) -> None:
    assert autograd.exp(number) == math.exp(float(number))
    for out in (autograd.mul(Value(2.0), number), autograd.mul(number, Value(2.0)), Value(2.0) * number,
                number * Value(2.0), autograd.sum([Value(0.0), number, number])):
        assert isinstance(out, Value)
        assert type(out.data) is float
        assert out.data == 2.0 * float(number)


OTHERS = ["1", None, 1j, [1.0], (1.0,), b"1", {}, np.array("1"), np.complex128(1), object()]


@pytest.mark.parametrize("other", OTHERS, ids=lambda o: type(o).__name__)
def test_what_is_no_number(other: Any) -> None:
    kind = type(other).__name__
    for attempt in (lambda: autograd.exp(other), lambda: autograd.hypot(Value(1.0), other),
                    lambda: autograd.hypot(other, 1.0), lambda: autograd.sum([1.0, other]),
                    lambda: autograd.where(True, other, Value(1.0)), lambda: Value(other)):
        with pytest.raises(TypeError, match=kind):
            attempt()


def test_decimal_is_no_number() -> None:     # it is not a Real, and refuses to mix with floats itself
    with pytest.raises(TypeError, match="exp: expected a number or a Value, not Decimal"):
        autograd.exp(Decimal("0.1"))


def test_an_integer_beyond_all_floats() -> None:
    with pytest.raises(OverflowError, match="exp: this int is beyond"):
        autograd.exp(10**400)


@pytest.fixture
def added():
    """Ops added within a test leave the table as it was."""
    before = dict(TABLE)
    yield
    for name in TABLE.keys() - before.keys():
        del TABLE[name]


@pytest.mark.usefixtures("added")
def test_user_ops_of_many_arguments_and_of_any_result():
    four = primitive("four", lambda a, b, c, d: a * b + c * d, lambda a, b, c, d, out: b, lambda a, b, c, d, out: a,
                     lambda a, b, c, d, out: d, lambda a, b, c, d, out: c)
    assert autograd.grad(four)(1, 2, 3, 4) == (2, 1, 4, 3)
    assert autograd.hessian(four)(1, 2, 3, 4)[0] == (0, 1, 0, 0)
    starred = primitive("starred", lambda *xs: xs[0] * xs[1], lambda x, y, out: y, lambda x, y, out: x)
    assert autograd.grad(starred)(2, 3) == (3, 2)
    whole = primitive("whole", lambda x: int(x), lambda x, out: 1)
    assert whole(Value(2.5)).data.__class__ is float
    assert whole(Value(2.5)).partials == (1.0,)
    with pytest.raises(TypeError, match="the value takes 2 arguments, but 1 partials were given"):
        primitive("short", lambda x, y: x, lambda x, y, out: 1.0)
    with pytest.raises(TypeError, match="silent: expected a number or a Value, not NoneType"):
        primitive("silent", lambda x: None, lambda x, out: 1.0)(Value(1.0))


@pytest.mark.usefixtures("added")
def test_user_formulas_see_their_variables_as_they_are():
    slope = 0.1
    leaky = primitive("leaky", lambda x: x if x > 0 else slope * x,
                      lambda x, out: where(autograd.greater(x, 0.0), 1.0, slope))
    assert (leaky(-1.0), grad(leaky)(-1.0)) == (-0.1, 0.1)
    slope = 0.5
    assert (leaky(-1.0), grad(leaky)(-1.0), autograd.derivative(leaky)(-1.0)) == (-0.5, 0.5, 0.5)
    held = {"k": 2.0}
    scaled = primitive("scaled", lambda x: held["k"] * x, lambda x, out: held["k"])
    assert grad(scaled)(1.0) == 2.0
    held["k"] = 5.0
    assert grad(scaled)(1.0) == 5.0
    inverse = primitive("inverse", lambda x: 1.0 / x if x else math.inf, lambda x, out: -slope / (slope * x * x))
    assert grad(inverse)(0.0) == -math.inf
