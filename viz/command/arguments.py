"""Separates the arguments of ``pathgrad EXPRESSION``: options, the expression, and values of variables."""

import argparse
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from textwrap import fill
from typing import Any, NoReturn

from autograd import ExpressionError
from autograd.quoting import printable, quoted
from viz.command.expression import Expression
from viz.command.functions import CONSTANTS, CONSTANTS_ELSEWHERE, FUNCTIONS
from viz.command.meant import value_meant
from viz.command.scanner import variable_name
from viz.words.expressions import ERRORS, EXAMPLE, HELP
from viz.words.language import LANGUAGES, spoken
from viz.words.library import translated

ASSIGNMENT = re.compile(r"\s*([^\W\d][^\s=<>!+\-*/%(),\[\]]*)\s*=(?!=)(.*)", re.DOTALL)
MAX_WORK, MAX_CHECK_WORK = 200_000, 10_000      # variables times steps: half a second; --check evaluates often
LONG = 40       # characters of a value for which another one is proposed
WIDE = 54       # characters on a line of the help in Chinese; 24 before the column of the texts
FLAGS = ("-h", "--help", "--version", "--json", "--check", "--open")
VALUE_OPTIONS = ("--out", "--lang", "--paths", "--rankdir", "--width")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Of Chinese, whose characters are twice as wide, half as many stand on a line."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=None if spoken() == "en" else WIDE)


class Parser(argparse.ArgumentParser):
    """The parser of the command's options and arguments. An error is one line, as are all errors of the command."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=_Formatter, **options)

    def format_help(self) -> str:
        """The help, with the headings in the language that is spoken."""
        self._optionals.title, self._positionals.title = HELP("options"), HELP("positional")
        text = super().format_help()
        return text if spoken() == "en" else text.replace("usage: ", HELP("use"), 1)

    def error(self, message: str) -> NoReturn:
        line = "".join(c if c.isprintable() else "?" for c in translated(message))
        raise ExpressionError(ERRORS("see_help", line[:150], self.prog))


def option_parser() -> Parser:
    """The options that an expression takes, and the help."""
    made = Parser(
        prog="pathgrad", usage=HELP("usage"), description=HELP("description"),
        epilog="\n".join([HELP("example"), f"  {EXAMPLE}", "", fill(HELP("operators"), 78),
                          fill(HELP("functions", " ".join(sorted(FUNCTIONS))), 78, subsequent_indent="  "),
                          fill(HELP("constants", " ".join(CONSTANTS)), 78), "", HELP("rest")]))
    add = made.add_argument
    add("--out", metavar="FILE", help=HELP("out"))
    add("--rankdir", choices=("auto", "LR", "RL", "TB", "BT"), default="auto", help=HELP("rankdir"))
    add("--width", metavar="N", type=int, help=HELP("width"))
    add("--open", action="store_true", help=HELP("open"))
    add("--json", action="store_true", help=HELP("json"))
    add("--check", action="store_true", help=HELP("check"))
    add("--paths", metavar="N", type=int, default=10, help=HELP("paths"))
    add("--lang", choices=LANGUAGES, default="en", help=HELP("lang"))
    add("--version", action="store_true", help=HELP("version"))
    add("-h", "--help", action="store_true", help=HELP("help"))
    return made


def split_options(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """The options, and all other arguments; an expression may begin with a minus sign.

    >>> split_options(["-a * 2", "a=1", "--out", "x.png"])
    (['--out=x.png'], ['-a * 2', 'a=1'])
    """
    assigned = {found.group(1) for arg in argv if (found := ASSIGNMENT.fullmatch(arg))}
    options: list[str] = []
    others: list[str] = []
    rest = iter(argv)
    for arg in rest:
        word = arg.lstrip("-")
        if arg == "--":
            others += rest
        elif (option := arg.partition("=")[0]) in VALUE_OPTIONS:
            value = next(rest, "--") if arg == option else arg[len(option) + 1:]
            if value == "--":       # argparse would return a list
                raise ExpressionError(ERRORS("needs_value", option))
            options.append(f"{option}={value}")
        elif arg in FLAGS and (word not in assigned or len(word) > 1):
            options.append(arg)
        elif re.fullmatch("--[A-Za-z][a-z-]*(=.*)?", arg) and word not in {*assigned, *CONSTANTS}:
            raise ExpressionError(ERRORS("no_option", quoted(arg)))
        else:
            others.append(arg)
    return options, others


def read_arguments(arguments: Sequence[str]) -> tuple[str, dict[str, float]]:
    """The expression and the values of the variables, from arguments in any order.

    >>> read_arguments(["a=2", "a * b", "b=-1e-3", "c=1/2"])
    ('a * b', {'a': 2.0, 'b': -0.001, 'c': 0.5})
    """
    matches = [ASSIGNMENT.fullmatch(arg) for arg in arguments]
    expressions = [arg for arg, found in zip(arguments, matches, strict=True) if not found]
    given = {variable_name(found.group(1)) for found in filter(None, matches)}
    values: dict[str, float] = {}
    for found in filter(None, matches):
        name = variable_name(found.group(1))
        if name in values:
            raise ExpressionError(ERRORS("two_values", quoted(name)))
        number = _number(found.group(2), given)
        if number is None:
            told = ERRORS("no_number" if expressions else "no_number_alone", quoted(found.group(2)), printable(name))
            meant = value_meant(found.group(2)) if len(found.group(2)) < LONG else ""
            raise ExpressionError(told if not meant or _number(meant, given) is None else ERRORS("meant", told, meant))
        values[name] = number
    for arg in expressions:
        if len(expressions) > 1 and re.match("[^()]*=(?!=)", arg) and not re.match("[^=]*[<>!]=", arg):
            raise ExpressionError(ERRORS("no_variable", quoted(arg)))
        if len(expressions) > 1 and re.fullmatch("-[A-Za-z]", arg):
            raise ExpressionError(ERRORS("no_short_option", quoted(arg)))
    if len(expressions) > 1:
        first, second = (quoted(each, 20) for each in expressions[:2])
        raise ExpressionError(ERRORS("two_expressions", first, second, EXAMPLE))
    if not expressions:
        raise ExpressionError(ERRORS("no_expression", EXAMPLE))
    return expressions[0], values


def _number(text: str, given: Collection[str]) -> float | None:
    """The value of a number or of an expression without variables, such as pi/2; None if it is neither.

    given: the names of all variables; none of them is a constant here, so pi=3 x=pi/2 is refused.
    """
    with suppress(ValueError):
        return float(text)
    with suppress(ExpressionError):
        if not (expression := Expression(text, given)).names:
            return float(expression())
    return None


def check_variables(expression: Expression, values: dict[str, float]) -> None:
    """Raise unless every variable has a value, and every value belongs to a variable."""
    missing = [name for name in expression.names if name not in values]
    if missing:
        name = missing[0]
        product = len(name) > 1 and set(name) <= {*values, *"0123456789"} and name[0] in values
        add = " ".join(f"{printable(n, 20)}={ERRORS('number')}" for n in missing[:3])
        more = (str(len(missing) - 1),) if len(missing) > 1 else ()
        raise ExpressionError(ERRORS("no_values" if more else "no_value", quoted(name), *more, add) + (
            ERRORS("or_multiply", " * ".join(name)) if product and len(name) < 9 else "") + "".join(
            ERRORS("for_constant", n, CONSTANTS_ELSEWHERE[n]) for n in missing[:3] if n in CONSTANTS_ELSEWHERE))
    for name in values:
        if name not in expression.names:
            raise ExpressionError(ERRORS("unused", quoted(name)))


def check_size(expression: Expression, check: bool) -> None:
    """Raise if the work would take minutes: the paths of each variable need a walk through all steps."""
    work, most = len(expression.names) * len(expression.steps), MAX_CHECK_WORK if check else MAX_WORK
    if work > most:
        raise ExpressionError(ERRORS("too_much_check" if check else "too_much", f"{len(expression.names):,}",
                                     f"{len(expression.steps):,}", f"{most:,}"))
