"""Mathematics as on paper: the message leads to the function, the power or the value that is meant."""

import math

import mpmath
import pytest

from autograd import ExpressionError
from viz.command.cli import main
from viz.command.expression import Expression
from viz.command.functions import call_of
from viz.command.meant import _INVERSES, BY_CONSTANT, BY_COUNT
from viz.words.language import speaking


def refusal(text, given=()):
    with pytest.raises(ExpressionError) as caught:
        Expression(text, given)
    return str(caught.value)


@pytest.mark.parametrize(("text", "hint"), [
    ("tan^-1(x)", "for the inverse function, write atan(x); for the reciprocal, 1 / tan(x)"),
    ("sin**-1(x)", "write asin(x)"), ("erf^-1(x)", "write erfinv(x)"), ("sin⁻¹(x)", "write asin(x)"),
    ("cos ^ (-1) (x)", "write acos(x)"), ("arctan^-1(x)", "write tan(x)"), ("Φ^-1(p)", "write ndtri(p)"),
    ("ln^-1(x)", "write exp(x)"), ("cot^-1(x)", "write atan(1 / x)"), ("tg^-1(x)", "write atan(x)"),
    ("sin^(-1) x", "write asin(x)"), ("tanh⁻¹ x", "write atanh(x)"), ("relu^-1(x)", "write 1 / relu(x)"),
    ("sin⁻²(x)", "write sin(x) ** -2"), ("tg^2(x)", "write tan(x) ** 2"), ("sin^12(x)", "write sin(x) ** 12"),
    ("sin^-12(x)", "write sin(x) ** -12"), ("sin^-1.5(x)", "write sin(x) ** ..."),
    ("log(x,2)", "write log2(x)"), ("log(x, 10)", "write log10(x)"), ("ln(x, base=2)", "write log2(x)"),
    ("log(x, b)", "write log(x) / log(b)"), ("log(x, 3)", "write log(x) / log(b)"), ("root(x,3)", "write cbrt(x)"),
    ("root(x,2)", "write sqrt(x)"), ("root(x, 5)", "write x ** (1 / n)"), ("root(3, x)", "write cbrt(x)"),
    ("root(x)", "write sqrt(x)"), ("sqrt(x, 3)", "write cbrt(x)"), ("atan(y, x)", "write atan2(y, x)"),
    ("arctan(y, x)", "write atan2(y, x)"), ("round(x, 2)", "write round(x * 10 ** n) / 10 ** n"),
    ("max(a, b, c)", "write max(max(x, y), z)"), ("psi(1, x)", "write polygamma(n, x)"),
    ("sig(x)", "write sigmoid(x)"), ("hardtanh(x)", "write clip(x, -1, 1)"), ("logsigmoid(x)", "write -softplus(-x)"),
    ("rsqrt(x)", "write 1 / sqrt(x)"), ("acot(x)", "write atan(1 / x)"), ("sind(x)", "write sin(deg2rad(x))"),
    ("x⁻¹", "write ** -1"), ("x⁴", "write ** 4"), ("2⁻¹ * x", "write ** -1"), ("(x)¹⁰", "write ** 10"),
    ("xⁿ", "write ** n"), ("x²", "write ** 2")])
def test_paper_leads_to_what_is_meant(text, hint):
    assert hint in refusal(text)


def test_a_variable_of_the_name_keeps_its_powers():
    assert Expression("sin**-1 * 2", ["sin"])(sin=4.0) == 0.5
    assert "for powers, write **" in refusal("sigma^-1 * x")
    assert "for powers, write **" in refusal("sigma^2", ["sigma"])


@pytest.mark.parametrize("name", sorted(_INVERSES))
def test_an_inverse_undoes_its_function(name):
    forwards, backwards = Expression(call_of(name)), Expression(_INVERSES[name])
    x = 1.25 if name in ("acosh", "cosh", "sec", "sqrt", "square") else 0.4
    [inside], [outside] = forwards.names, backwards.names
    assert backwards(**{outside: forwards(**{inside: x})}) == pytest.approx(x, rel=1e-9)


@pytest.mark.parametrize(("name", "x", "expected"), [
    ("logcosh", 30.0, mpmath.log(mpmath.cosh(30))), ("erfcinv", 0.3, mpmath.erfinv(0.7)),
    ("acot", 0.3, mpmath.acot(0.3)), ("asech", 0.3, mpmath.asech(0.3)), ("acsch", 0.3, mpmath.acsch(0.3)),
    ("acoth", 3.0, mpmath.acoth(3)),
    ("normal_pdf", 0.7, mpmath.npdf(0.7)), ("logsigmoid", 0.7, mpmath.log(1 / (1 + mpmath.exp(-0.7)))),
    ("hardsigmoid", 1.5, 0.75), ("hardswish", 1.5, 1.125), ("hardtanh", 1.5, 1.0), ("asind", 0.5, 30.0),
    ("erfcx", 0.5, mpmath.exp(0.25) * mpmath.erfc(0.5)), ("haversin", 0.5, mpmath.sin(0.25) ** 2)])
def test_names_of_other_packages_are_their_functions(name, x, expected):
    assert Expression(call_of(name))(x=x) == pytest.approx(float(expected), rel=1e-9)


def test_every_call_that_is_proposed_is_an_expression():
    for call in {*BY_COUNT.values(), *BY_CONSTANT.values()}:
        expression = Expression(call)
        assert math.isfinite(expression(**dict.fromkeys(expression.names, 2.0)))


@pytest.mark.parametrize(("text", "meant"), [
    ("π/2", "pi/2"), ("2pi", "2 * pi"), ("2π", "2 * pi"), ("-π", "-pi"), ("2^-3", "2 ** -3"), ("10⁻³", "10 ** -3"),
    ("3(1 + 1)", "3 * (1 + 1)"), ("√2", "sqrt(2)"), ("2×3", "2*3"), ("−1", "-1"), ("∞", "inf"), ("2 pi/3", "2 * pi/3")])
def test_values_as_on_paper_get_a_hint(text, meant, capsys):
    assert main(["x * 1", f"x={text}"]) == 2
    assert f"as in -1.5, 1e-3 or pi/2; did you mean {meant}?" in capsys.readouterr().err
    assert main(["--json", "x * 1", f"x={meant}"]) == 0


@pytest.mark.parametrize("text", ["2y", "abc", "1,5", "π + y", "2pie", "1" * 500 + "^"])
def test_other_values_get_no_guess(text, capsys):
    assert main(["x * 1", f"x={text}"]) == 2
    assert "did you mean" not in capsys.readouterr().err


def test_it_is_said_in_chinese(capsys):
    with speaking("zh"):
        assert refusal("sin^-1(x)") == "在 'sin^-1' 处：反函数请写 asin(x)；倒数请写 1 / sin(x)"
        assert "log2(x)" in refusal("log(x,2)")
    assert main(["--lang", "zh", "x * 1", "x=2π"]) == 2
    assert "你是指 2 * pi 吗？" in capsys.readouterr().err
