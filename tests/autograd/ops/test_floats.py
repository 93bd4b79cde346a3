"""Which types count as numbers, and IEEE results where Python's functions raise."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd.ops.ieee import divide, floor_divide, ieee, modulo, number, power, remainder, whole

INF, NAN = math.inf, math.nan
GRID = (-INF, -1.7976931348623157e308, -2.5, -1.0, -5e-324, -0.0, 0.0, 5e-324, 1.0, 2.0, 3.0,
        1.7976931348623157e308, INF, NAN)


def same(x: float, y: float) -> bool:
    return (x != x and y != y) or (x == y and math.copysign(1.0, x) == math.copysign(1.0, y))


@pytest.mark.parametrize(("ours", "theirs"), [(divide, np.divide), (modulo, np.remainder), (remainder, np.fmod),
                                              (floor_divide, np.floor_divide), (power, np.power)],
                         ids=lambda f: f.__name__)
def test_binary_as_c_has_it(ours: Any, theirs: Any) -> None:
    with np.errstate(all="ignore"):
        for x in GRID:
            for y in GRID:
                assert same(ours(x, y), float(theirs(np.float64(x), np.float64(y)))), (x, y)


@pytest.mark.parametrize(("ours", "theirs"), [(math.floor, np.floor), (math.ceil, np.ceil), (math.trunc, np.trunc),
                                              (round, np.rint)], ids=lambda f: f.__name__)
def test_whole_numbers_as_c_has_them(ours: Any, theirs: Any) -> None:
    for x in (*GRID, 0.5, -0.5, 1.5, 2.5, -0.2, 4503599627370497.5):
        assert same(whole(ours)(x), float(theirs(x))), x


def test_poles_overflow_and_what_is_undefined() -> None:
    log = ieee(math.log, {0.0: -INF})
    assert (log(0.0), log(-0.0), log(1.0)) == (-INF, -INF, 0.0)
    assert math.isnan(log(-1.0))
    assert (ieee(math.sinh)(-800.0), ieee(math.cosh, even=True)(-800.0)) == (-INF, INF)
    assert math.isnan(ieee(math.sin)(INF))


@pytest.mark.parametrize("x", [2, True, 2.0, Fraction(3, 2), np.float32(1.5), np.int8(3), np.bool_(False), np.array(4)])
def test_numbers(x: Any) -> None:
    assert type(number(x)) is float
    assert number(x) == float(x)


class Seconds(float):
    """A float of a kind of its own."""


def test_a_subclass_becomes_a_plain_float() -> None:
    assert type(number(Seconds(1.5))) is float


@pytest.mark.parametrize("x", ["1", b"1", None, 1j, [], (1,), {1}, np.ones(2), np.ones((1,)), np.array(1j),
                               np.array(None), np.datetime64("2020-01-01"), print, int])
def test_no_numbers(x: Any) -> None:
    with pytest.raises(TypeError, match=rf"^here: expected a number or a Value, not {type(x).__name__}"):
        number(x, "here")


def test_messages() -> None:
    with pytest.raises(TypeError, match=r"^expected a number or a Value, not list; take its elements one by one$"):
        number([1.0])
    with pytest.raises(OverflowError, match=r"^exp: this int is beyond 1.8e308 and does not fit a float; write"):
        number(10**309, "exp")
    with pytest.raises(OverflowError, match="this Fraction is beyond"):
        number(Fraction(10**400))
