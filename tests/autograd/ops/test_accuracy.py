"""Every entry of the table against mpmath: values, first and second derivatives; and the oracle against itself."""

import math
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings, target
from hypothesis import strategies as st
from mpmath import mp, mpf

import autograd
from autograd import derivative, grad, hessian
from autograd.ops.primitives import TABLE, Op, apply
from tests.support import accuracy_table
from tests.support import sample_points as sampling
from tests.support.bit_identity import equal_or_nan
from tests.support.error_bounds import LEFT_OUT, NARY_ULPS, SECOND_ULPS, TERMS, ULPS
from tests.support.exact_second_slopes import SECOND, pairs
from tests.support.exact_slopes import EXACT, EXACT_NARY, exact
from tests.support.ulp_errors import answers, errors, nary_worst, parts, worst

FIXED = [name for name, op in TABLE.items() if op.arity is not None]
NARY = [name for name, op in TABLE.items() if op.arity is None]
SLOW = ("gamma", "lgamma", "digamma", "polygamma")      # milliseconds of mpmath for each point


@pytest.mark.parametrize("name", TABLE)
def test_an_op_is_registered_with_everything(name: str) -> None:
    op = TABLE[name]
    if op.arity is None:
        assert name in EXACT_NARY, f"{name} has no oracle: add it to EXACT_NARY in oracle.py"
        assert name in NARY_ULPS, f"{name} has no bounds: add them to NARY_ULPS in bounds.py"
        return
    count = len(pairs(op.arity))
    assert len(op.domain) == op.arity, f"{name}: one interval per argument"
    assert len(EXACT.get(name, ())) == 1 + op.arity, f"{name}: value and slopes are missing in oracle.py"
    assert len(SECOND.get(name, ())) == count, f"{name}: second derivatives are missing in second.py"
    assert len(ULPS.get(name, ())) == 1 + op.arity, f"{name}: bounds are missing in bounds.py"
    assert len(SECOND_ULPS.get(name, ())) == count, f"{name}: bounds of second derivatives are missing in bounds.py"


def test_the_oracle_knows_no_op_that_is_not_there() -> None:
    assert set(FIXED) == EXACT.keys() == SECOND.keys() == ULPS.keys() == SECOND_ULPS.keys()
    assert set(NARY) == EXACT_NARY.keys()
    assert set(FIXED) >= sampling.PLACES.keys() | sampling.SPECIAL.keys()


def test_what_is_left_out_is_named_on_the_page() -> None:
    reasons = accuracy_table.PATH.read_text().partition("## What misses its goal")[2]
    assert {name for name, _ in LEFT_OUT if name not in reasons} == set()


def test_slopes_of_ndtri_at_subnormal_numbers_have_the_digits_that_the_page_says() -> None:
    for p, ulps in ((1.8120751237115e-310, 200), (1.96e-310, 200), (3e-310, 200), (8e-310, 40), (1e-308, 8)):
        found, wanted = grad(autograd.ndtri)(p), EXACT["ndtri"][1](mpf(p))
        assert abs(found - wanted) <= ulps * math.ulp(wanted)


# ---- against the oracle -------------------------------------------------------------------------


def check(name: str, found: dict[tuple[int, ...], tuple[float, Any]]) -> None:
    for bound, (part, (ulps, args)) in zip([*ULPS[name], *SECOND_ULPS[name]], found.items(), strict=True):
        assert ulps <= bound, f"{name}{args}, derivative by arguments {part}: {ulps} ulps"


@pytest.mark.parametrize("name", FIXED)
def test_values_and_derivatives_over_the_whole_range(name: str) -> None:
    check(name, worst(TABLE[name], 100 if name in SLOW else 300))


@pytest.mark.campaign
@pytest.mark.parametrize("name", FIXED)
def test_many_values_and_derivatives_over_the_whole_range(name: str) -> None:
    check(name, worst(TABLE[name], 6000))


@pytest.mark.parametrize("name", NARY)
def test_nary_values_and_slopes(name: str) -> None:
    for bound, (ulps, xs) in zip(NARY_ULPS[name], nary_worst(TABLE[name], 300), strict=True):
        assert ulps <= bound, f"{name}({list(xs or ())}): {ulps} ulps"


def hunt(name: str, examples: int) -> float:
    """Let hypothesis look for the largest share of a bound that is used up."""
    op, most = TABLE[name], 0.0
    number = st.floats(allow_nan=False, allow_infinity=False, width=64)
    place = st.sampled_from(sampling.PLACES.get(name, (0.0, 1.0)))
    near = [number | st.floats(*interval) | place for interval in op.domain]

    @settings(max_examples=examples, deadline=None)
    @given(st.tuples(*near))
    def look(args: tuple[float, ...]) -> None:
        nonlocal most
        args = sampling.held(name, tuple(x + 0.0 for x in args))
        found = errors(op, args)
        for bound, part in zip([*ULPS[name], *SECOND_ULPS[name]], parts(op.arity), strict=True):
            ulps = found.get(part, 0.0)
            assert ulps <= bound, f"{name}{args}, derivative by arguments {part}: {ulps} ulps"
            share = ulps / bound if bound else 0.0
            most = max(most, share)
            target(share, label=str(part))

    look()
    return most


@pytest.mark.parametrize("name", FIXED)
def test_a_hunt_for_the_worst(name: str) -> None:
    hunt(name, 15)


@pytest.mark.campaign
@pytest.mark.parametrize("name", FIXED)
def test_a_long_hunt_for_the_worst(name: str, figure: Any) -> None:
    most = hunt(name, 3000)
    figure(f"hypothesis hunts for the worst of {name}, 3,000 examples", f"at most {most:.0%} of a bound used")


@pytest.mark.parametrize("name", FIXED)
def test_transforms_give_the_second_derivatives_that_were_measured(name: str) -> None:
    op = TABLE[name]
    for args in sampling.points(name, op.domain, 16, seed=3):
        found = answers(op, args)
        function = partial(applied, op)
        rows = hessian(function)(*args)
        for i in range(op.arity):
            by_i = grad(grad(function, argnums=i), argnums=i)
            forward = derivative(derivative(partial(with_argument, function, args, i)))(args[i])
            row = [rows] if op.arity == 1 else rows[i]
            assert all(equal_or_nan(row[j], found[i, j]) for j in range(op.arity)), (name, args)
            assert equal_or_nan(by_i(*args), found[i, i]), (name, args)
            if math.isfinite(forward) and math.isfinite(found[i, i]):    # in another order, so with other roundings
                assert math.isclose(forward, found[i, i], rel_tol=1e-14, abs_tol=1e-300 + 1e-14 * scale(op, args, i))


def applied(op: Op, *args: Any) -> Any:
    """The op itself; its function takes another form for a plain exponent."""
    return apply(op, args)


def with_argument(function: Any, args: tuple[float, ...], i: int, x: Any) -> Any:
    return function(*args[:i], x, *args[i + 1:])


def scale(op: Any, args: tuple[float, ...], i: int) -> float:
    """The largest of the terms that may cancel in a second derivative, as a float."""
    term = TERMS.get((op.name, (i, i)))
    return 0.0 if term is None else float(exact(term, args))


# ---- the oracle against itself ------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in FIXED if name != "stop_gradient"])
def test_oracle_derivatives_are_derivatives_of_its_values(name: str) -> None:
    op, (value, *slopes) = TABLE[name], EXACT[name]
    for fraction in (0.21, 0.83):
        at = [mpf(low + fraction * (high - low)) for low, high in op.domain]
        at[-1] += mpf(1) / 32 if len(at) == 2 else 0        # off the diagonal, where comparisons jump

        def moved(function: Any, i: int, at: list[Any] = at) -> Any:
            return mp.diff(lambda x: function(*at[:i], x, *at[i + 1:]), at[i])

        counts = [low == high for low, high in op.domain]       # such an argument only counts
        for i, slope in enumerate(slopes):
            assert counts[i] or mp.almosteq(moved(value, i), slope(*at), 1e-60, 1e-60), (name, i, at)
        for (i, j), second in zip(pairs(op.arity), SECOND[name], strict=True):
            if counts[i] or counts[j]:
                continue
            assert mp.almosteq(moved(slopes[i], j), second(*at), 1e-60, 1e-60), (name, i, j, at)
            assert mp.almosteq(moved(slopes[j], i), second(*at), 1e-60, 1e-60), (name, j, i, at)


# ---- derivatives of derivatives -----------------------------------------------------------------

SMOOTH = ["square", "sqrt", "cbrt", "reciprocal", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sigmoid",
          "softplus", "silu", "gelu", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh",
          "acosh", "atanh", "erf", "erfc", "normal_cdf"]


@pytest.mark.parametrize("name", SMOOTH)
def test_second_and_third_derivative(name: str) -> None:
    second, value = grad(grad(TABLE[name].function)), EXACT[name][0]
    third = grad(second)
    for x in (-30.0, -3.7, -1.25, -0.3, -1e-9, 0.0, 1e-9, 0.3, 0.9, 1.25, 3.7, 30.0):
        if (x <= 0 and name in ("sqrt", "cbrt")) or not mp.isfinite(exact(EXACT[name][1], (x,))):
            continue
        for order, function in ((2, second), (3, third)):
            with mp.workprec(250):      # `diff` works with that for each of its steps, which lose 250 bits each
                want = mp.diff(value, mpf(x), order, h=mpf(2)**-250)
            if isinstance(want, mpf):
                assert function(x) == pytest.approx(float(want), rel=1e-11, abs=2e-16), (name, order, x)


@pytest.mark.parametrize("name", ["mul", "div", "pow", "hypot", "atan2", "gauss", "logaddexp", "elu", "leaky_relu"])
def test_hessian(name: str) -> None:
    function, value = TABLE[name].function, EXACT[name][0]
    for x, y in ((0.7, 0.5), (1.9, 0.25), (0.3, 1.7), (1.25, 2.0)):
        found = hessian(lambda v: function(*v))([x, y])
        for (i, j), orders in {(0, 0): (2, 0), (0, 1): (1, 1), (1, 0): (1, 1), (1, 1): (0, 2)}.items():
            want = float(mp.diff(value, (mpf(x), mpf(y)), orders))
            assert found[i][j] == pytest.approx(want, rel=1e-12, abs=1e-14), (name, x, y, i, j)


def test_derivatives_at_places_where_a_formula_could_hide_a_corner() -> None:
    assert grad(grad(grad(autograd.tanh)))(0.0) == -2.0
    assert [grad(grad(lambda x: x**2))(x) for x in (-1.0, 0.0, 3.0)] == [2.0] * 3
    assert grad(grad(grad(lambda x: x**3)))(0.0) == 6.0
    assert grad(grad(lambda x: x**1))(3.0) == 0.0
    assert grad(grad(autograd.silu))(0.0) == 0.5
    assert grad(grad(autograd.gelu))(0.0) == pytest.approx(math.sqrt(2 / math.pi), rel=1e-15)
    assert grad(grad(autograd.sigmoid))(0.0) == 0.0
    assert grad(grad(autograd.softplus))(0.0) == 0.25


def test_powers_at_the_ends_of_the_range_and_beside_zero() -> None:
    def nth(n: int, order: int, x: float) -> float:
        function = lambda v: v**n  # noqa: E731
        for _ in range(order):
            function = grad(function)
        return function(x)

    for n in range(6):
        for x in (1e-200, -1e-200, 1e-155, 1e-60, -3.0, 1e60, 1e110, 1e150, 0.0):
            for order in range(1, 5):
                want = math.perm(n, order) * mpf(x)**(n - order) if order <= n else mpf(0)
                assert nth(n, order, x) == pytest.approx(float(want), rel=1e-14, abs=0.0), (n, order, x)


@pytest.mark.parametrize(("x", "y", "mixed"), [(0.0, 2.0, 0.0), (0.0, 1.0, -math.inf), (0.0, 0.5, -math.inf),
                                               (0.0, -1.0, math.inf), (-2.0, 2.0, math.nan), (-2.0, 3.0, math.nan)])
def test_mixed_derivatives_of_powers_are_symmetric_where_the_base_is_not_positive(x: float, y: float,
                                                                                   mixed: float) -> None:
    (_, by_x_y), (by_y_x, _) = hessian(lambda x, y: x**y)(x, y)
    assert equal_or_nan(by_x_y, mixed)
    assert equal_or_nan(by_y_x, mixed)


def test_mod_beside_infinity() -> None:
    assert grad(autograd.mod)(-1.0, math.inf) == (1.0, 1.0)
    assert grad(autograd.mod)(1.0, -math.inf) == (1.0, 1.0)
    assert grad(autograd.mod)(1.0, math.inf) == (1.0, 0.0)
