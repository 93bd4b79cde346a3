"""Expressions: what they mean, that they mean what Python means, and that no text does harm."""

import math
import re
import time
import warnings
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd import TABLE, ExpressionError, Value
from autograd.quoting import quoted
from tests.support.bad_expressions import ROWS
from viz.command.expression import Expression
from viz.command.scanner import CHARACTERS, NESTING, variable_name

VALUES = {"a": 2.0, "b": -0.5, "c": 3.25}


def value(text, **values):
    """The value of the expression where the variables have these values."""
    return Expression(text, values)(**values)


# ---- what they mean -----------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "expected"), [
    ("2", 2), ("-2 ** 2", -4), ("(-2) ** 2", 4), ("2 ** 3 ** 2", 512), ("2 ** -1", 0.5), ("- - 2", 2), ("-+-2", 2),
    ("7 // 2 + 7 % 4", 6), ("-7 // 2", -4), ("1_000.5e-1", 100.05), (".5 + 5.", 5.5), ("007", 7), ("1e3", 1000),
    ("0x1F + 0o17 + 0b1_1", 49), ("1 / 0", math.inf), ("-1 / 0", -math.inf), ("1e999", math.inf),
    ("10**10**10", math.inf), ("9" * 5_000, math.inf), ("0x" + "f" * 5_000, math.inf), ("0.1 + 0.2", 0.1 + 0.2),
    ("sum(1, 2, 3)", 6), ("sum([1, 2, 3,],)", 6), ("prod([2, 3])", 6), ("mean(1, 2)", 1.5), ("sum(4)", 4),
    ("logsumexp(0)", 0), ("dot([1, 2], [3, 4])", 11), ("min(1, 2) + max(3, 4)", 5), ("ln(e)", 1),
    ("clip(5, lo=0, hi=1)", 1), ("clip(hi=1, lo=0, x=5)", 1), ("leaky_relu(-1)", -0.01), ("leaky_relu(-1, 0.5)", -0.5),
    ("leaky_relu(-1, slope=0.5)", -0.5), ("abs(-1) + round(2.5)", 3), ("pow(2, 3)", 8), ("atan2(0, 1)", 0),
    ("where(2 > 1, 5, 6)", 5), ("where(2 < 1, 5, 6)", 6), ("where(1 >= 1, 5, 6)", 5), ("where(2 <= 1, 5, 6)", 6),
    ("where(1 == 1, 5, 6)", 5), ("where(1 != 1, 5, 6)", 6), ("where(nan >= 1, 5, 6)", 6), ("where(nan != 1, 5, 6)", 5),
    ("where((2 > 1), 5, 6)", 5), ("where(0, 5, 6)", 6), ("where(condition=2 > 1, a=5, b=6)", 5),
    ("cos(pi) + tau - 2 * pi", -1), ("a\t+\tb", 1.5), ("inf", math.inf)])
def test_meaning(text, expected):
    expression = Expression(text)
    assert expression(**{name: VALUES[name] for name in expression.names}) == expected


def test_every_op_of_fixed_arity_can_be_called():
    for name, op in TABLE.items():
        if op.arity:
            args = [(low + high) / 2 for low, high in op.domain]
            text = f"{name}({', '.join(map(repr, args))})"
            assert value(text) == op.function(*args), text


def test_variables():
    assert Expression("b * a + b").names == ["b", "a"]
    assert Expression("e * a").names == ["a"]
    assert Expression("e * a", ["e"]).names == ["e", "a"]
    assert value("e * max(max, 1)", e=2.0, max=3.0) == 6
    assert Expression("ﬁ + fi + ａ").names == ["fi", "a"]
    assert value("变量 * 2", 变量=4.0) == 8
    assert variable_name("e\u0301") == "é"
    assert value("_ + match", _=1.0, match=2.0) == 3


def test_operations_are_recorded_in_the_order_of_the_text():
    a, b = Value(2.0), Value(1.0)
    root = Expression("(a + b) * (b + 1)")(a=a, b=b)
    left, right = root.args
    assert left.args == (a, b)
    assert right.args == (b, 1.0)
    assert left._serial < right._serial
    assert Expression("a * (2 * 3)")(a=a).args == (a, 6.0)
    assert Expression("dot([a, b], [1, 2])")(a=a, b=b).args == (a, b, 1.0, 2.0)
    assert len(Expression("sum(a, b, a)")(a=a, b=b).args) == 3


def test_the_caps_are_sharp():
    assert value("a" + " " * (CHARACTERS - 1), a=1.0) == 1
    assert value("(" * NESTING + "a" + ")" * NESTING, a=1.0) == 1
    assert value("-" * NESTING + "a", a=1.0) == 1
    assert value("**".join("a" * (NESTING + 1)), a=1.0) == 1
    assert value("(-a)" + "*(-a)" * 500, a=1.0) == -1       # side by side is not nested
    assert value("+".join(["a"] * 1_500), a=1.0) == 1_500
    assert value("sum([" + "a," * 4_900 + "])", a=1.0) == 4_900
    assert value("+".join(["(" + "+".join("a" * 40) + ")"] * 120), a=1.0) == 4_800


def test_what_is_shown_is_short_and_harmless():
    assert quoted("a" * 40) == f"'{'a' * 40}'"
    assert quoted("a" * 41) == f"'{'a' * 37}...'"
    assert quoted("\x1b[31m\u202e\n\udc80\0") == r"'\x1b[31m\u202e\n\udc80\x00'"


# ---- that they mean what Python means -----------------------------------------------------------

atoms = st.one_of(st.sampled_from(sorted(VALUES)), st.integers(0, 99).map(str),
                  st.floats(0, 1e6, allow_nan=False).map(repr))
expressions = st.recursive(atoms, lambda inner: st.one_of(
    st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%", "**", " - ", " * "]), inner).map("".join),
    inner.map("({})".format), inner.map("-{}".format), inner.map("+ {}".format),
    st.tuples(st.sampled_from(["abs", "atan", "tanh"]), inner).map(lambda t: f"{t[0]}({t[1]})")), max_leaves=12)


@settings(max_examples=500, deadline=1000)
@given(expressions)
@example("a--b")
@example("-a**-b**+c")
def test_as_python(text):
    known = {**VALUES, "abs": abs, "atan": math.atan, "tanh": math.tanh}
    floats = "".join(f"float({part})" if part.isdigit() else part for part in _parts(text))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = eval(floats, {"float": float}, known)
    except (ZeroDivisionError, OverflowError, TypeError):       # TypeError: a complex number in between
        Expression(text)
        return
    expression = Expression(text)
    ours = expression(**{name: VALUES[name] for name in expression.names})
    if not isinstance(expected, complex):
        assert ours == expected or (math.isnan(ours) and math.isnan(expected))
    recorded = expression(**{name: Value(VALUES[name]) for name in expression.names})
    recorded = recorded.data if isinstance(recorded, Value) else recorded
    assert recorded == ours or (math.isnan(ours) and math.isnan(recorded))


def _parts(text):
    """The text cut into numbers and what is between them."""
    return re.findall(r"[0-9.]+(?:e[+-]?[0-9]+)?|[^0-9.]+", text)


# ---- that no text does harm ---------------------------------------------------------------------

pieces = st.sampled_from([*"()[]+-*/%,=<>.^!:'\"\\ \t\n\0ab2jé²×", "**", "//", "sin(", "sum([", "where(", "0x1", "1e",
                          "if", "lambda ", "not ", "for ", "a=", ">=", "_", "\udc80", "\ufeff", "ﬁ", "９", "1_0",
                          "f(-", "f'{"])


@settings(max_examples=1000, deadline=1000)
@given(st.one_of(st.text(max_size=60), st.lists(pieces, max_size=80).map("".join),
                 st.tuples(st.lists(pieces, max_size=5).map("".join), st.integers(0, 400)).map(lambda t: t[0] * t[1])))
def test_any_text_is_taken_or_refused_in_one_line(text):
    try:
        expression = Expression(text)
        names = {name: Value(0.5) for name in expression.names}
        assert isinstance(expression(**names), Value | float)
    except ExpressionError as error:
        message = str(error)
        assert message.isprintable()
        assert len(message) < 250


@pytest.mark.parametrize("argv", [argv for argv, _ in ROWS if len(argv) == 2 and argv[1] == "a=1"])
def test_refused_fast_and_without_a_warning(argv):
    start = time.process_time()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with suppress(ExpressionError):
            Expression(argv[0], ["a"])
    assert not caught
    assert time.process_time() - start < 0.5
