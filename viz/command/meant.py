"""What people mean where they write mathematics as on paper: inverse functions, arguments of other packages, values."""

import re
import unicodedata
from collections.abc import Collection, Sequence

from viz.command.functions import CONSTANTS, CONSTANTS_ELSEWHERE, FUNCTIONS, call_of
from viz.words.expressions import ERRORS

RAISED = "⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ"
# A power between a function and its bracket, as in sin^-1(x), tan**(-1)(x) or cos²(x); its digits or the minus one.
POWER = re.compile(r"[ \t]*(?:(?:\^|\*\*)[ \t]*(?:\([ \t]*([-−]?[ \t]*[0-9]+)[ \t]*\)|([-−]?[0-9]+)(?![0-9.eE]))"
                   rf"|([{RAISED}]+))(?=[ \t]*(\())?")

_INVERSES = {names: call for call, some in (
    ("asin(x)", "sin"), ("acos(x)", "cos"), ("atan(x)", "tan"), ("asinh(x)", "sinh"), ("acosh(x)", "cosh"),
    ("atanh(x)", "tanh"), ("sin(x)", "asin"), ("cos(x)", "acos"), ("tan(x)", "atan"), ("sinh(x)", "asinh"),
    ("cosh(x)", "acosh"), ("tanh(x)", "atanh"), ("log(x)", "exp"), ("exp(x)", "log ln"), ("exp2(x)", "log2"),
    ("log2(x)", "exp2"), ("10 ** x", "log10"), ("log1p(x)", "expm1"), ("expm1(x)", "log1p"), ("x ** 2", "sqrt"),
    ("sqrt(x)", "square"), ("x ** 3", "cbrt"), ("erfinv(x)", "erf"), ("erfinv(1 - x)", "erfc"), ("erf(x)", "erfinv"),
    ("ndtri(p)", "normal_cdf"), ("normal_cdf(x)", "ndtri"), ("log(x / (1 - x))", "sigmoid"),
    ("log(expm1(x))", "softplus"), ("rad2deg(x)", "deg2rad"), ("deg2rad(x)", "rad2deg"),
    ("atan(1 / x)", "cot cotan ctg"), ("acos(1 / x)", "sec"), ("asin(1 / x)", "csc cosec"),
    ("atanh(1 / x)", "coth"), ("acosh(1 / x)", "sech"), ("asinh(1 / x)", "csch")) for names in some.split()}

# Calls whose arguments are other packages' own: by the function and how many there are; by a constant among them.
_BY_COUNT = {call: names.split() for call, names in (
    ("log(x) / log(b)", "log/2 ln/2 Log/2"), ("x ** (1 / n)", "root/2 sqrt/2 cbrt/2"),
    ("atan2(y, x)", "atan/2 arctan/2"), ("round(x * 10 ** n) / 10 ** n", "round/2"),
    ("polygamma(n, x)", "psi/2 digamma/2"), ("min(min(x, y), z)", "min/3 minimum/3"),
    ("max(max(x, y), z)", "max/3 maximum/3"), ("hypot(hypot(x, y), z)", "hypot/3 norm/3"))}
BY_COUNT = {name: call for call, names in _BY_COUNT.items() for name in names}
BY_CONSTANT = {("log(x) / log(b)", "2"): "log2(x)", ("log(x) / log(b)", "10"): "log10(x)",
               ("log(x) / log(b)", "e"): "log(x)", ("x ** (1 / n)", "2"): "sqrt(x)", ("x ** (1 / n)", "3"): "cbrt(x)"}


def plain_power(raised: str) -> str:
    """The digits of raised ones.

    >>> plain_power("⁻¹"), plain_power("²")
    ('-1', '2')
    """
    return unicodedata.normalize("NFKC", raised).replace("−", "-")


def power_advice(name: str, text: str, position: int, given: Collection[str]) -> tuple[str, str]:
    """The power that stands at ``position`` after the function ``name``, and what to write; empty if there is none.

    The power -1 is mostly the inverse function, on paper. A name that functions have elsewhere only, such as sigma, may
    be a variable: there a bracket has to follow.

    >>> power_advice("sin", "sin^-1(x)", 3, [])
    ('^-1', 'for the inverse function, write asin(x); for the reciprocal, 1 / sin(x)')
    """
    found, call = POWER.match(text, position), call_of(name)
    if not found or not call or name in given or not (name in FUNCTIONS or found.group(4)):
        return "", ""
    power = plain_power(found.group(1) or found.group(2) or found.group(3)).replace(" ", "")
    base = f"({call})" if " " in call.partition("(")[0] else call
    inverse = next((_INVERSES[key] for key in (name, name.lower(), call.partition("(")[0]) if key in _INVERSES), "")
    advice = ERRORS("write", f"{base} ** {power}") if power != "-1" else \
        ERRORS("inverse", inverse, base) if inverse else ERRORS("write", f"1 / {base}")
    return found.group().strip(), advice


def call_advice(name: str, arguments: Sequence[str]) -> str:
    """How to write a call with these arguments, numbers and names as their texts; empty if nothing is known.

    >>> call_advice("log", ["x", "2"]), call_advice("root", ["x", "n"]), call_advice("arctan", ["y", "x"])
    ('log2(x)', 'x ** (1 / n)', 'atan2(y, x)')
    """
    call = BY_COUNT.get(f"{name}/{len(arguments)}", "")
    return next((BY_CONSTANT[call, text] for text in reversed(arguments) if (call, text) in BY_CONSTANT), call)


def value_meant(text: str) -> str:
    """The text of a value with the signs of expressions in place of those of paper.

    >>> value_meant("2π"), value_meant("3pi/2"), value_meant("2^-3")
    ('2 * pi', '3 * pi/2', '2 ** -3')
    """
    for sign, plain in (("^", " ** "), ("×", "*"), ("·", "*"), ("÷", "/"), ("−", "-"), ("∞", "inf")):
        text = text.replace(sign, plain)
    text = re.sub(f"[{RAISED}]+", lambda found: f" ** {plain_power(found.group())}", text)
    text = re.sub(r"√[ \t]*([0-9.]+|[^\W\d]\w*)", r"sqrt(\1)", text).replace("√(", "sqrt(")
    names = "|".join(sorted({*CONSTANTS, *CONSTANTS_ELSEWHERE}, key=len, reverse=True))
    text = re.sub(rf"(?<![\w])([0-9.]*)[ \t]*({names})(?!\w)", lambda found: " * ".join(
        filter(None, (found.group(1), CONSTANTS_ELSEWHERE.get(found.group(2), found.group(2))))), text)
    return " ".join(re.sub(r"(?<![\w])([0-9.]+)[ \t]*(?=\(|sqrt\()", r"\1 * ", text).split())
