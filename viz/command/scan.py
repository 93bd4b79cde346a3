"""What may be typed, before Python's parser sees it: signs it knows, in an order it takes, not too deep."""

import keyword
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from autograd import ExpressionError
from autograd.quoting import quoted

CHARACTERS, NESTING, NAME = 10_000, 100, 64     # nesting counts brackets, signs and powers
DIGITS = r"[0-9](?:_?[0-9])*"
TOKEN = re.compile(
    rf"(?P<number>0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+"
    rf"|(?:{DIGITS}(?:\.(?:{DIGITS})?)?|\.{DIGITS})(?:[eE][+-]?{DIGITS})?)"
    r"|(?P<name>[A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff]*)"
    r"|(?P<sign>\*\*|//|[<>=!]=|[-+*/%<>=()\[\],])|(?P<space>[ \t]+)")
SELECT = "to choose between two values, write where(a > b, x, y)"
HINTS = {
    "^": "for powers, write **", ".": "a point stands only within a number", "!": "for unequal, write !=",
    "√": "write sqrt(...)", "²": "write ** 2", "³": "write ** 3", "×": "write *", "·": "write *", "∙": "write *",
    "÷": "write /", "−": "write -", "–": "write -", "≤": "write <=", "≥": "write >=", "≠": "write !=",
    "∞": "write inf", "\n": "write everything on one line", "\r": "write everything on one line",
    "if": SELECT, "else": SELECT, "True": "write 1", "False": "write 0", "None": "write a number",
    "and": SELECT, "or": SELECT, "not": SELECT, "lambda": "write the formula alone",
    "\0": "remove this character"}


def variable(text: str) -> str:
    """The name of a variable as Python sees it: NFKC-normalised.

    >>> variable("ﬁ")
    'fi'
    """
    name = unicodedata.normalize("NFKC", text)
    if keyword.iskeyword(name):
        raise ExpressionError(f"{quoted(name)} is a word of Python's own; choose another name for the variable")
    if not text.isidentifier():
        raise ExpressionError(f"{quoted(text)} is not a name for a variable; write it as in a=2")
    if len(name) > NAME:
        raise ExpressionError(f"the name {quoted(name)} is too long; at most {NAME} characters, please")
    return name


def _refuse(text: str, hint: str) -> NoReturn:
    raise ExpressionError(f"at {quoted(text)}: {hint}")


def _hint(c: str) -> str:
    plain = unicodedata.normalize("NFKC", c)
    if c not in HINTS and c != plain and plain.isascii():
        return f"write {'a space' if plain.isspace() else plain}"       # full-width brackets, other spaces
    return HINTS.get(c, "an expression has numbers, names, + - * / ** % // and functions")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """The kind of each token (number, name, sign) and its text."""
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            _refuse(text[position], _hint(text[position]))
        kind, token, position = str(match.lastgroup), match.group(), match.end()
        if kind == "name":
            if keyword.iskeyword(token):
                _refuse(token, HINTS.get(token, "it is a word of Python's own, not a variable"))
            for i, c in enumerate(token[:NAME], 1):
                if c in HINTS or not token[:i].isidentifier():      # the dot of a·b may stand in names
                    _refuse(c, _hint(c))
            token = variable(token)
        if kind != "space":
            yield kind, token


class _Bracket(NamedTuple):
    text: str
    calls: bool     # whether it holds the arguments of a function
    outside: int    # how deep it stands


def checked(text: str) -> Iterator[str]:
    """The tokens, in an order that Python's parser takes; whole numbers, of any length, as floats."""
    if len(text) > CHARACTERS:
        raise ExpressionError(f"the expression has {len(text):,} characters; at most {CHARACTERS:,} are read")
    wanted, depth = True, 0             # wanted: whether an operand must follow
    brackets: list[_Bracket] = []       # those still open
    kind_before = before = ""
    for kind, token in _tokens(text):
        if token in ("(", "["):
            calls = not wanted and token == "(" and kind_before == "name"
            if not wanted and not calls:
                _refuse(token, "to multiply, write * before it" if token == "(" else "nothing here has elements")
            brackets.append(_Bracket(token, calls, depth))
            depth, wanted = depth + 1, True
        elif token in (")", "]"):
            if not brackets or (brackets[-1].text == "[") != (token == "]"):
                _refuse(token, f"it closes nothing; {'remove it' if not brackets else 'first close the other bracket'}")
            bracket = brackets.pop()
            if wanted and not (before == "," or (before == bracket.text and (bracket.calls or before == "["))):
                _refuse(before, "something is missing after it")
            depth, wanted = bracket.outside, False
        elif kind != "sign":
            if not wanted:
                _refuse(f"{before[-15:]} {token[:15]}", "put an operator between the two, * to multiply")
            wanted = False
        elif wanted:
            if token not in ("+", "-"):
                _refuse(token, "a number or a name is missing before it")
            depth += 1
        elif token == "," and not (brackets and (brackets[-1].calls or brackets[-1].text == "[")):
            _refuse(token, "it separates arguments of a function; decimals take a point, as in 1.5")
        elif token == "=" and not (brackets and brackets[-1].calls and kind_before == "name"):
            _refuse(token, "write where(a == b, x, y) to compare; give a variable's value after the expression, a=2")
        else:
            depth = depth + 1 if token == "**" else brackets[-1].outside + 1 if brackets else 0
            wanted = True
        if depth > NESTING:
            raise ExpressionError(f"brackets, signs and powers nest more than {NESTING} deep; simplify the expression")
        kind_before, before = kind, token
        yield token + "." if kind == "number" and token.replace("_", "").isdigit() else token
    if not before:
        raise ExpressionError('the expression is empty; write one, as in pathgrad "a * b" a=2 b=3')
    if brackets:
        _refuse(brackets[-1].text, "this bracket is never closed")
    if wanted:
        _refuse(before, "something is missing after it")
