"""What may be typed as an expression: text in, a function of its variables out; nothing is executed."""

import ast
import inspect
import keyword
import math
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple, NoReturn

from autograd import TABLE, ExpressionError

CHARACTERS, NESTING, NAME = 10_000, 100, 64     # nesting counts brackets, signs and powers
CONSTANTS = {"pi": math.pi, "e": math.e, "tau": math.tau, "inf": math.inf, "nan": math.nan}
FUNCTIONS = {name: op.function for name, op in TABLE.items()}
FUNCTIONS |= {alias: FUNCTIONS[name] for alias, name in (("min", "minimum"), ("max", "maximum"), ("ln", "log"))}
NARY = {name for name, op in TABLE.items() if op.arity is None} - {"dot"}
OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    node: FUNCTIONS[name] for node, name in (
        (ast.Add, "add"), (ast.Sub, "sub"), (ast.Mult, "mul"), (ast.Div, "div"), (ast.Pow, "pow"), (ast.Mod, "mod"),
        (ast.FloorDiv, "floordiv"), (ast.USub, "neg"), (ast.UAdd, "pos"), (ast.Gt, "greater"), (ast.Lt, "less"),
        (ast.Eq, "equal"))}
# The table has no >=; 1 - (x < y) would take nan for yes.
OPERATORS[ast.GtE] = lambda x, y: FUNCTIONS["add"](FUNCTIONS["greater"](x, y), FUNCTIONS["equal"](x, y))
OPERATORS[ast.LtE] = lambda x, y: FUNCTIONS["add"](FUNCTIONS["less"](x, y), FUNCTIONS["equal"](x, y))
OPERATORS[ast.NotEq] = lambda x, y: FUNCTIONS["sub"](1.0, FUNCTIONS["equal"](x, y))

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


def shown(text: str, longest: int = 40) -> str:
    r"""Text of the user's within a message: quoted, cut, and with nothing that could steer a terminal.

    >>> print(shown("a\x1b[2Jb"), shown("a" * 99, 9))
    'a\x1b[2Jb' 'aaaaaa...'
    """
    line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:longest + 1])
    return f"'{line}'" if len(line) <= longest else f"'{line[:longest - 3]}...'"


def variable(text: str) -> str:
    """The name of a variable as Python sees it: NFKC-normalised.

    >>> variable("ﬁ")
    'fi'
    """
    name = unicodedata.normalize("NFKC", text)
    if keyword.iskeyword(name):
        raise ExpressionError(f"{shown(name)} is a word of Python's own; choose another name for the variable")
    if not text.isidentifier():
        raise ExpressionError(f"{shown(text)} is not a name for a variable; write it as in a=2")
    if len(name) > NAME:
        raise ExpressionError(f"the name {shown(name)} is too long; at most {NAME} characters, please")
    return name


class Expression:
    """A checked expression, as steps for a stack; evaluated as often as wanted, on anything ops apply to.

    names: the variables, in order of appearance. ``constants``: the pi, e, ... it uses.

    >>> f = Expression("a * pi - 1")
    >>> f.names, f.constants, f(a=2.0)
    (['a'], ['pi'], 5.283185307179586)
    """

    def __init__(self, text: str, given: Collection[str] = ()) -> None:
        """given: names that are variables although they could be constants, as in e=2."""
        self.steps = list(_steps(_tree(" ".join(_checked(text))), given))
        used = list(dict.fromkeys(step for step, _ in self.steps if isinstance(step, str)))
        self.constants = [name for name in used if name in CONSTANTS and name not in given]
        self.names = [name for name in used if name not in self.constants]

    def __call__(self, **values: Any) -> Any:
        """The value where the variables have these: floats, Values, Duals."""
        known: Mapping[str, Any] = {**CONSTANTS, **values}
        stack: list[Any] = []
        for step, arity in self.steps:
            if callable(step):
                args = stack[len(stack) - arity:]
                stack[len(stack) - arity:] = [step(*args)]
            else:
                stack.append(known[step] if isinstance(step, str) else step)
        return stack[0]


# ---- before Python's parser: only what it takes, and not too deep -------------------------------


def _refuse(text: str, hint: str) -> NoReturn:
    raise ExpressionError(f"at {shown(text)}: {hint}")


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


def _checked(text: str) -> Iterator[str]:
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


# ---- after it: only arithmetic and the table's functions ----------------------------------------


def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(f"this is not an expression ({shown(str(error.msg))}); write one as in "
                              "(a + b) * sin(b)") from None
    except (RecursionError, MemoryError):       # a + a + a + ... is a tree as deep as it is long
        raise ExpressionError("too many operations in one chain; put brackets around parts of it, or write "
                              "sum([a, b, ...])") from None


def _steps(tree: ast.expr, given: Collection[str]) -> Iterator[tuple[Any, int]]:
    """Operands first, from the left: a number, a name, or a function of as many results before it."""
    reader = _Reader(given)
    todo: list[Any] = [tree]
    while todo:
        item = todo.pop()
        if isinstance(item, tuple):
            yield item
            continue
        step, operands = reader.read(item)
        todo.append((step, len(operands)))
        todo += reversed(operands)


class _Reader:
    """What each node of the tree means; whatever is not listed here is refused."""

    def __init__(self, given: Collection[str]) -> None:
        self.given = given
        self.conditions: set[ast.expr] = set()      # the comparisons that stand where they may

    def read(self, node: ast.expr) -> tuple[Any, Sequence[ast.expr]]:
        """A number, a name or a function, and the operands it takes."""
        match node:
            case ast.Constant(value=int() | float() as x):
                try:
                    return float(x), ()
                except OverflowError:       # 0xfff... beyond 1.8e308, as 1e999
                    return math.inf, ()
            case ast.Name(id=name):
                if name in FUNCTIONS and name not in self.given:
                    raise ExpressionError(f"{shown(name)} is a function: write {_usage(name)}, or give {name}=NUMBER")
                return name, ()
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                return OPERATORS[type(op)], (left, right)
            case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
                return OPERATORS[type(op)], (operand,)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
                if node not in self.conditions:
                    raise ExpressionError("a comparison stands only in where: write where(a > b, x, y)")
                return OPERATORS[type(op)], (left, right)
            case ast.Compare():
                raise ExpressionError("compare two things at a time: write where(a < b, where(b < c, x, y), y)")
            case ast.Call(func=ast.Name(id=name)):
                return self.call(name, node)
            case ast.List():
                raise ExpressionError("a list stands only in sum, prod, mean, logsumexp and dot, as in sum([a, b])")
        raise ExpressionError("an expression has numbers, names, + - * / ** % // and functions; write one as in "
                              "(a + b) * sin(b)")

    def call(self, name: str, node: ast.Call) -> tuple[Any, Sequence[ast.expr]]:
        """The function and its operands, in order, whether given by position or by keyword."""
        function = FUNCTIONS.get(name)
        if function is None:
            near = get_close_matches(name, FUNCTIONS, n=1) if name not in self.given else []
            raise ExpressionError(f"there is no function {shown(name)}; " + (
                f"did you mean {near[0]}?" if near else f"to multiply, write {shown(name)[1:-1]} * (...); "
                "pathgrad --help lists the functions"))
        args = node.args
        if name in NARY:
            if len(args) == 1 and isinstance(args[0], ast.List):
                args = args[0].elts
            if not args or node.keywords:
                raise ExpressionError(f"{name} takes one or more arguments: write {_usage(name)}")
            return lambda *xs: function(xs), args
        if name == "dot":
            lists = [arg.elts for arg in args if isinstance(arg, ast.List)]
            if len(lists) != 2 or len(args) != 2 or node.keywords or not len(lists[0]) == len(lists[1]) > 0:
                raise ExpressionError(f"dot takes two lists of one length: write {_usage(name)}")
            half = len(lists[0])
            return lambda *xs: function(xs[:half], xs[half:]), lists[0] + lists[1]
        named = {str(k.arg): k.value for k in node.keywords}
        try:
            operands = inspect.signature(function).bind(*args, **named).args
            if len(named) < len(node.keywords):
                raise TypeError
        except TypeError:
            raise ExpressionError(f"the arguments of {name} do not fit: write {_usage(name)}") from None
        if name == "where":
            self.conditions.add(operands[0])
        return function, operands


def _usage(name: str) -> str:
    if name == "dot":
        return "dot([a, b], [x, y])"
    listed = "a, b, ..." if name in NARY else ", ".join(inspect.signature(FUNCTIONS[name]).parameters)
    return f"{name}({listed})"
