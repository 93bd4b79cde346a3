"""The tokens of an expression. Checks them before Python's parser does: known signs, a valid order, limited depth."""

import keyword
import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import NamedTuple, NoReturn

from autograd import ExpressionError
from autograd.quoting import quoted
from viz.command.functions import FACTORIAL, FUNCTIONS, call_of, member_advice
from viz.command.meant import RAISED, plain_power, power_advice
from viz.words.expressions import ERRORS

CHARACTERS, NESTING, NAME = 10_000, 100, 64     # limits; the nesting depth counts brackets, signs and powers
DIGITS = r"[0-9](?:_?[0-9])*"
TOKEN = re.compile(
    rf"(?P<number>0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+"
    rf"|(?:{DIGITS}(?:\.(?:{DIGITS})?)?|\.{DIGITS})(?:[eE][+-]?{DIGITS})?)"
    r"|(?P<name>[A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff]*)"
    r"|(?P<sign>\*\*|//|[<>=!]=|[-+*/%<>=()\[\],])|(?P<space>[ \t]+)")
MEMBERS = re.compile(r"(?:\.[^\W\d]\w{0,63})+")
POWERS = {"^": " ** ..."}     # sin^n(x)
HINTS: dict[str, tuple[str, ...]] = {      # keys of ERRORS, and what they are about
    "^": ("power",), ".": ("point",), "!": ("factorial", FACTORIAL), "|": ("bar",), "°": ("degrees",),
    "True": ("write", "1"), "False": ("write", "0"), "None": ("write_number",), "lambda": ("write_formula",),
    "\0": ("remove",), **dict.fromkeys("\n\r", ("write_one",)),
    **dict.fromkeys(("if", "else", "and", "or", "not"), ("where",)),
    **{sign: ("write", plain) for sign, plain in {
        "√": "sqrt(...)", "∛": "cbrt(...)", "∑": "sum(a, b, ...)", "∏": "prod(a, b, ...)", "⌊": "floor(x)",
        "⌈": "ceil(x)", "∞": "inf", "×": "*", "·": "*", "∙": "*", "÷": "/", "−": "-",
        "–": "-", "≤": "<=", "≥": ">=", "≠": "!="}.items()}}


def variable_name(text: str) -> str:
    """The name of a variable, NFKC-normalised as Python does it. Raises if ``text`` is no name.

    >>> variable_name("ﬁ")
    'fi'
    """
    name = unicodedata.normalize("NFKC", text)
    if keyword.iskeyword(name):
        raise ExpressionError(ERRORS("keyword_name", quoted(name)))
    if not text.isidentifier():
        raise ExpressionError(ERRORS("no_name", quoted(text)))
    if len(name) > NAME:
        raise ExpressionError(ERRORS("long_name", quoted(name), NAME))
    return name


def _fail(text: str, hint: str) -> NoReturn:
    raise ExpressionError(ERRORS("at", quoted(text), hint))


def _hint(c: str) -> str:
    """The advice for a character that expressions do not have."""
    plain = unicodedata.normalize("NFKC", c)
    if c not in HINTS and c != plain and plain.isascii():
        return ERRORS("write_space") if plain.isspace() else ERRORS("write", plain)     # full-width brackets
    return ERRORS(*HINTS.get(c, ("signs",)))


def _refuse(text: str, position: int, before: str, given: Collection[str]) -> NoReturn:
    """Raise for a character that expressions do not have, with advice by what is ``before`` it."""
    c = text[position]
    if c == "." and before and (found := MEMBERS.match(text, position)):    # math.sin, x.sin()
        member = found.group().rpartition(".")[2]
        if advice := member_advice(before, member):
            _fail(before[-20:] + found.group()[:20], advice)
    if c in RAISED:
        raised = re.match(f"[{RAISED}]+", text[position:position + NAME])
        _fail(c, ERRORS("write", f"** {plain_power(raised.group() if raised else c)}"))
    if c in POWERS and before in FUNCTIONS and before not in given:
        _fail(before + c, ERRORS("write", call_of(before) + POWERS[c]))
    _fail(c, _hint(c))


def _tokens(text: str, given: Collection[str]) -> Iterator[tuple[str, str]]:
    """The kind of each token (number, name, sign) and its text."""
    position, before = 0, ""
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            _refuse(text, position, before, given)
        kind, token, start, position = str(match.lastgroup), match.group(), position, match.end()
        if kind == "name":
            if keyword.iskeyword(token):
                _fail(token, ERRORS(*HINTS.get(token, ("keyword",))))
            end = start + min([len(token), *(i for i, c in enumerate(token) if c in RAISED)])
            power, advice = power_advice(text[start:end], text, end, given)
            if power:
                _fail(text[start:end] + power, advice)
            for i, c in enumerate(token[:NAME], 1):
                if c in HINTS or c in RAISED or not token[:i].isidentifier():  # Python has the dot of a·b in names
                    _refuse(text, start + i - 1, token[:i - 1], given)
            token = variable_name(token)
        before = token if kind == "name" else ""
        if kind != "space":
            yield kind, token


class _Bracket(NamedTuple):
    text: str
    calls: bool     # whether it holds the arguments of a function
    outside: int    # the nesting depth around it


def checked_tokens(text: str, given: Collection[str] = ()) -> Iterator[str]:
    """The tokens of a well-formed expression; whole numbers of any length become floats. Raises at the first error.

    given: names that are variables even if a function has the name.
    """
    if len(text) > CHARACTERS:
        raise ExpressionError(ERRORS("long", f"{len(text):,}", f"{CHARACTERS:,}"))
    operand_expected, depth = True, 0
    brackets: list[_Bracket] = []       # that are still open
    kind_before = before = ""
    for kind, token in _tokens(text, given):
        name = before if kind_before == "name" and before not in given else ""
        if token in ("(", "["):
            calls = not operand_expected and token == "(" and kind_before == "name"
            if not operand_expected and not calls:
                _fail(token, ERRORS("multiply" if token == "(" else "elements"))
            brackets.append(_Bracket(token, calls, depth))
            depth, operand_expected = depth + 1, True
        elif token in (")", "]"):
            if not brackets or (brackets[-1].text == "[") != (token == "]"):
                _fail(token, ERRORS("closes_other" if brackets else "closes_nothing"))
            bracket = brackets.pop()
            empty = before == bracket.text and (bracket.calls or before == "[")
            if operand_expected and before != "," and not empty:
                _fail(before, ERRORS("after"))
            depth, operand_expected = bracket.outside, False
        elif kind != "sign":
            if not operand_expected:
                call = call_of(name) if name != token else ""
                _fail(f"{before[-15:]} {token[:15]}", ERRORS("argument", call) if name in FUNCTIONS else
                      ERRORS("between_call", call) if call else ERRORS("between"))
            operand_expected = False
        elif operand_expected:
            if token not in ("+", "-"):
                _fail(token, ERRORS("before"))
            depth += 1
        elif token == "**" and name in FUNCTIONS:
            _fail(name + token, ERRORS("write", f"{call_of(name)} ** ..."))
        elif token == "," and not (brackets and (brackets[-1].calls or brackets[-1].text == "[")):
            _fail(token, ERRORS("comma"))
        elif token == "=" and not (brackets and brackets[-1].calls and kind_before == "name"):
            _fail(token, ERRORS("equals"))
        else:
            depth = depth + 1 if token == "**" else brackets[-1].outside + 1 if brackets else 0
            operand_expected = True
        if depth > NESTING:
            raise ExpressionError(ERRORS("nested", NESTING))
        kind_before, before = kind, token
        yield token + "." if kind == "number" and token.replace("_", "").isdigit() else token
    if not before:
        raise ExpressionError(ERRORS("empty"))
    if brackets:
        _fail(brackets[-1].text, ERRORS("open"))
    if operand_expected:
        _fail(before, ERRORS("after"))
