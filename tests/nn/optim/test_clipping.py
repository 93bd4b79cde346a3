"""Gradients clipped by norm and by value."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from nn.optim import clip_grad_norm_, clip_grad_value_


def graded(*grads):
    values = [Value(0.0) for _ in grads]
    for value, grad in zip(values, grads, strict=True):
        value.grad = grad
    return values


def grads(values):
    return [value.grad for value in values]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(1e-3, 1e6))
def test_the_norm_is_right_and_cut(slopes, largest):
    values = graded(*slopes)
    norm = clip_grad_norm_(values, largest)
    exact = sum(Fraction(g) ** 2 for g in slopes)
    assert abs(Fraction(norm) ** 2 - exact) <= exact * Fraction(1, 10**14)
    cut = math.sqrt(sum(Fraction(g) ** 2 for g in grads(values)))
    assert cut <= largest
    if norm <= largest - 1.1e-6:
        assert grads(values) == slopes
    else:
        assert cut == pytest.approx(largest, rel=3e-3)      # 1e-6 beside a norm of 1e-3


@pytest.mark.parametrize(("kind", "norm"), [(1.0, 9.0), (2.0, math.sqrt(33)), (3.0, 141 ** (1 / 3)), (math.inf, 5.0)])
def test_other_norms(kind, norm):
    values = graded(2.0, -5.0, -2.0, 0.0)
    assert clip_grad_norm_(values, 1.0, kind) == pytest.approx(norm, rel=1e-15)
    assert grads(values) == pytest.approx([2 / norm, -5 / norm, -2 / norm, 0.0], rel=1e-6)


@pytest.mark.parametrize("kind", [1.0, 2.0, 3.0, math.inf])
def test_no_norm_overflows_or_underflows(kind):
    for size in (1e300, 1e-300):
        assert clip_grad_norm_(graded(size, -size), math.inf, kind) == pytest.approx(size * 2 ** (1 / kind), rel=1e-14)
    values = graded(3e200, -4e200)
    clip_grad_norm_(values, 1.0)
    assert grads(values) == pytest.approx([0.6, -0.8])


def test_norms_that_are_no_number():
    for slopes, norm in (((1.0, math.nan), math.nan), ((math.inf, 1.0), math.inf), ((math.inf, math.nan), math.nan)):
        for kind in (1.0, 2.0, math.inf):
            values = graded(*slopes)
            assert repr(clip_grad_norm_(values, 1.0, kind)) == repr(norm)
            assert repr(grads(values)) == ("[nan, 0.0]" if norm == math.inf else "[nan, nan]")
            values = graded(*slopes)
            with pytest.raises(ValueError, match=f"the norm of the gradients is {norm}, which no scaling makes finite"):
                clip_grad_norm_(values, 1.0, kind, error_if_nonfinite=True)
            assert repr(grads(values)) == repr(list(slopes))


def test_measuring_only():
    values = graded(3.0, 4.0, math.inf)
    assert clip_grad_norm_(values[:2], math.inf) == 5.0
    assert clip_grad_norm_(values, math.inf) == math.inf
    assert grads(values) == [3.0, 4.0, math.inf]
    assert clip_grad_norm_(values[:2], 0) == 5.0
    assert grads(values) == [0.0, 0.0, math.inf]


def test_what_has_no_gradient_gets_none():
    values = [*graded(3.0), Value(1.0)]
    clip_grad_norm_(iter(values), 1.0)
    clip_grad_value_(iter(values), 0.5)
    assert grads(values) == [0.5, 0.0]
    assert not values[1].has_grad
    assert clip_grad_norm_([], 1.0) == clip_grad_norm_(values[1], 1.0, 3) == 0.0


def test_rows_are_cut_together():
    values = graded(3.0, 4.0, -7.0)
    assert clip_grad_norm_([values[:2], (values[2:],)], math.inf) == math.sqrt(74)
    clip_grad_value_([values[:2], [values[2:]]], 3.5)
    assert grads(values) == [3.0, 3.5, -3.5]


def test_values_are_cut_one_by_one():
    values = graded(-7.0, -0.5, 0.5, 7.0, math.inf, -math.inf, math.nan)
    clip_grad_value_(values, 2)
    assert repr(grads(values)) == "[-2.0, -0.5, 0.5, 2.0, 2.0, -2.0, nan]"


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda v: clip_grad_norm_(v, -1.0), ValueError, "max_norm is a number, at least 0, or inf, not -1.0"),
    (lambda v: clip_grad_norm_(v, math.nan), ValueError, "max_norm is a number, at least 0, or inf, not nan"),
    (lambda v: clip_grad_norm_(v, "1"), ValueError, "max_norm is a number, at least 0, or inf, not '1'"),
    (lambda v: clip_grad_norm_(v, 1.0, 0.5), ValueError, "norm_type is a number, at least 1, or inf, not 0.5"),
    (lambda v: clip_grad_norm_([*v, 1.0], 1.0), TypeError, "clip_grad_norm_: expected Values, not float"),
    (lambda v: clip_grad_value_(v, 0.0), ValueError, "clip_value is a finite number above 0, not 0.0"),
    (lambda v: clip_grad_value_([*v, 1.0], 1.0), TypeError, "clip_grad_value_: expected Values, not float"),
])
def test_bad_input(call, error, message):
    values = graded(3.0, 4.0)
    with pytest.raises(error, match=message):
        call(values)
    assert grads(values) == [3.0, 4.0]
