"""Hints at the function that people mean, and values that are expressions."""

import json
import math

import pytest

from autograd import ExpressionError, Value
from viz.command.cli import main
from viz.command.expression import Expression
from viz.command.functions import CONSTANTS, CONSTANTS_ELSEWHERE, ELSEWHERE, FUNCTIONS, usage


def refusal(text, given=()):
    with pytest.raises(ExpressionError) as caught:
        Expression(text, given)
    return str(caught.value)


@pytest.mark.parametrize(("text", "hint"), [
    ("sin x", "as in sin(x)"), ("ln x", "as in ln(x)"), ("1 + sin 2", "as in sin(x)"), ("exp(sin x)", "as in sin(x)"),
    ("|x|", "write abs(x)"), ("ln|x|", "write abs(x)"), ("x!", "for a factorial, write gamma(x + 1)"),
    ("fact(x)", "write gamma(x + 1)"), ("psi(x)", "write digamma(x)"), ("probit(x)", "write ndtri(p)"),
    ("sqr(x)", "x ** 2, or sqrt(x) for its root"), ("sigma(x)", "write sigmoid(x)"), ("σ(w*x)", "write sigmoid(x)"),
    ("sigma x", "write sigmoid(x)"), ("swish(x)", "write silu(x)"),
    ("softmax(x,y)", "write exp(x - logsumexp([x, y]))"),
    ("math.sin(x)", "at 'math.sin': write sin(x)"), ("np.arcsin(x)", "write asin(x)"), ("math.pi * r", "write pi"),
    ("torch.nn.functional.relu(x)", "write relu(x)"), ("w.tanh()", "write tanh(w)"), ("π(x)", "write pi * (...)"),
    ("sin²(x)", "write sin(x) ** 2"), ("sin^2(x)", "write sin(x) ** "), ("sin**2(x)", "write sin(x) ** "),
    ("Sin(x)", "write sin(x)"), ("SQRT(x)", "write sqrt(x)"), ("Σ(x, y)", "write sum(a, b, ...)"),
    ("∑(x, y)", "write sum(a, b, ...)"), ("Φ(x)", "write normal_cdf(x)"),
    # near names of other mathematics: dot, sin, cos, tan and elu
    ("cot(x)", "write 1 / tan(x)"), ("int(x)", "write trunc(x)"), ("csc(x)", "write 1 / sin(x)"),
    ("cotan(x)", "write 1 / tan(x)"), ("selu(x)", "write 1.0507 * elu(")])
def test_hints_lead_to_the_function_meant(text, hint):
    assert hint in refusal(text)


@pytest.mark.parametrize("text", ["x sin(x)", "x y", "2 x", "math.foo(x)", "a.real", "x^2"])
def test_hints_at_functions_stand_only_where_one_is_meant(text):
    assert "sin(" not in refusal(text).replace("sin(b)", "")
    assert "as in" not in refusal(text) or "1.5" in refusal(text)


def test_a_variable_keeps_its_name():
    assert "put an operator between the two, * to multiply" in refusal("sin x", ["sin", "x"])
    assert "write sigma * (...)" in refusal("sigma(x)", ["sigma", "x"])
    assert Expression("sin ** 2 + sigma + th", ["sin", "sigma", "th"])(sin=3.0, sigma=1.0, th=0.5) == 10.5
    assert "for powers, write **" in refusal("sin^2", ["sin"])


def test_every_hint_is_an_expression_itself():
    for name, call in ELSEWHERE.items():
        text = call.partition(" for ")[0].partition(", or")[0].partition("it out, as in ")[::2]
        expression = Expression((text[1] or text[0]).replace(", ...", ""))
        assert isinstance(expression(**{x: Value(1.5) for x in expression.names}), Value | float), name
        assert name not in FUNCTIONS
    assert all(usage(name).startswith(f"{name}(") for name in FUNCTIONS)
    assert set(CONSTANTS_ELSEWHERE.values()) <= set(CONSTANTS)


@pytest.mark.parametrize(("name", "x", "expected"), [
    ("selu", -1.3, 1.0507009873554805 * 1.6732632423543772 * math.expm1(-1.3)),
    ("mish", 0.7, 0.7 * math.tanh(math.log(1 + math.exp(0.7)))), ("coth", 0.7, math.cosh(0.7) / math.sinh(0.7)),
    ("logit", 0.2, math.log(0.2) - math.log(0.8)), ("softsign", -3.0, -0.75), ("relu6", 9.0, 6.0),
    ("swish", 0.7, 0.7 / (1 + math.exp(-0.7))), ("lb", 8.0, 3.0), ("degrees", math.pi, 180.0)])
def test_hints_are_the_function(name, x, expected):
    assert Expression(ELSEWHERE[name])(x=x) == pytest.approx(expected, rel=2e-5)


def test_softmax_hint_is_a_share():
    call = ELSEWHERE["softmax"].partition(" for ")[0]
    assert Expression(call)(x=1.0, y=0.0) == pytest.approx(math.e / (math.e + 1))


def test_names_of_constants_get_a_hint(capsys):
    assert main(["π*r", "r=2"]) == 2
    assert "'π' has no value; add π=NUMBER; for the constant π, write pi" in capsys.readouterr().err
    assert main(["--json", "π*r", "r=2", "π=3"]) == 0
    assert json.loads(capsys.readouterr().out)["value"] == 6


@pytest.mark.parametrize(("text", "expected"), [
    ("1/2", 0.5), ("pi/2", math.pi / 2), ("-pi/2", -math.pi / 2), (" sqrt(2) ", math.sqrt(2)), ("2**-3", 0.125),
    ("(1 + 2)/3", 1), ("1e3", 1000), ("1/0", "inf"), ("-inf", "-inf"), ("0x10", 16), ("2*e", 2 * math.e)])
def test_values_may_be_expressions_of_numbers(text, expected, capsys):
    assert main(["--json", "x * 1", f"x={text}"]) == 0
    assert json.loads(capsys.readouterr().out)["variables"] == {"x": expected}


@pytest.mark.parametrize("argv", [["x", "x=y/2"], ["x + pi", "pi=3", "x=pi/2"], ["x", "x=x/2"], ["x", "x=1/"],
                                  ["x", "x=sin 1"], ["x", "x=1, 2"]])
def test_other_values_are_refused(argv, capsys):
    assert main(argv) == 2
    assert "is not a number; write a number after x=, as in -1.5, 1e-3 or pi/2" in capsys.readouterr().err
