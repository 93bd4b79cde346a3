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
from viz.command.report import WORDS
from viz.command.scanner import variable_name

FORMS = ('pathgrad [options] "EXPRESSION" [NAME=NUMBER ...]', "pathgrad train data.csv --target COLUMN [options]",
         "pathgrad predict model.json data.csv [options]", "pathgrad check-engine FILE.py [options]")
EXAMPLE = 'pathgrad "(a + b) * (b + 1)" a=2 b=1'
ASSIGNMENT = re.compile(r"\s*([^\W\d][^\s=<>!+\-*/%(),\[\]]*)\s*=(?!=)(.*)", re.DOTALL)
MAX_WORK, MAX_CHECK_WORK = 200_000, 10_000      # variables times steps: half a second; --check evaluates often
FLAGS = ("-h", "--help", "--version", "--json", "--check", "--open")
VALUE_OPTIONS = ("--out", "--lang", "--paths", "--rankdir", "--width")


class Parser(argparse.ArgumentParser):
    """The parser of the command's options and arguments. An error is one line, as are all errors of the command."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter,
                         **options)

    def error(self, message: str) -> NoReturn:
        line = "".join(c if c.isprintable() else "?" for c in message)
        raise ExpressionError(f"{line[:150]}; see {self.prog} --help")


def option_parser() -> Parser:
    """The options that an expression takes, and the help."""
    made = Parser(
        prog="pathgrad", usage=f"{FORMS[0]}\n       " + "\n       ".join(FORMS[1:]),
        description="The value of an expression, its gradients, the paths that add up\n"
                    "to each, and a picture of it all. pathgrad train and pathgrad predict learn from\n"
                    "a table, and have a --help of their own.",
        epilog=f"example:\n  {EXAMPLE}\n\n"
        + fill("operators: + - * / // % **, and > >= < <= == != in where(a > b, x, y)", 78) + "\n"
        + fill("functions: " + " ".join(sorted(FUNCTIONS)), 78, subsequent_indent="  ") + "\n"
        + fill("constants, where no variable has the name: " + " ".join(CONSTANTS), 78)
        + "\n\nA value may be an expression of numbers, as in x=pi/2.\n"
          "An expression that looks like an option goes after --. Exit code: 0; 1 where\n"
          "--check cannot confirm a gradient; 2 where something cannot be understood or written.")
    add = made.add_argument
    add("--out", metavar="FILE", help="the picture, as .svg, .png, .pdf or .dot (default: graph.svg; with --json none)")
    add("--rankdir", choices=("auto", "LR", "RL", "TB", "BT"), default="auto",
        help="direction of the picture, from inputs to result: left to right, ... (default: auto, by its size)")
    add("--width", metavar="N", type=int, help="the picture's width in pixels (default: what it needs)")
    add("--open", action="store_true", help="show the picture when it is written")
    add("--json", action="store_true", help='print JSON only; numbers that are not finite as "nan", "inf", "-inf"')
    add("--check", action="store_true", help="compare every gradient with central differences")
    add("--paths", metavar="N", type=int, default=10, help="list the N largest paths of each gradient (default: 10)")
    add("--lang", choices=sorted(WORDS), default="en", help="language of text and picture")
    add("--version", action="store_true", help="print the version")
    add("-h", "--help", action="store_true", help="print this")
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
                raise ExpressionError(f"{option} needs a value after it; see pathgrad --help")
            options.append(f"{option}={value}")
        elif arg in FLAGS and (word not in assigned or len(word) > 1):
            options.append(arg)
        elif re.fullmatch("--[A-Za-z][a-z-]*(=.*)?", arg) and word not in {*assigned, *CONSTANTS}:
            raise ExpressionError(f"there is no option {quoted(arg)}; pathgrad --help lists them "
                                  "(an expression may follow after --)")
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
            raise ExpressionError(f"{quoted(name)} has two values; give it one")
        number = _number(found.group(2), given)
        if number is None:
            raise ExpressionError(
                f"{quoted(found.group(2))} is not a number; write a number after {printable(name)}=, as in -1.5, "
                "1e-3 or pi/2" + ("" if expressions else ", and the expression on its own"))
        values[name] = number
    for arg in expressions:
        if len(expressions) > 1 and re.match("[^()]*=(?!=)", arg) and not re.match("[^=]*[<>!]=", arg):
            raise ExpressionError(f"{quoted(arg)} gives no variable a value; write it as in a=2")
        if len(expressions) > 1 and re.fullmatch("-[A-Za-z]", arg):
            raise ExpressionError(f"there is no option {quoted(arg)}; pathgrad --help lists them")
    if len(expressions) > 1:
        raise ExpressionError(f"{quoted(expressions[0], 20)} and {quoted(expressions[1], 20)}: give one expression, in "
                              f"quotes, as in {EXAMPLE}")
    if not expressions:
        raise ExpressionError(f"give an expression, as in {EXAMPLE}")
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
        also = f", nor have {len(missing) - 1} more" if len(missing) > 1 else ""
        raise ExpressionError(f"{quoted(name)} has no value{also}; add " + " ".join(
            f"{printable(n, 20)}=NUMBER" for n in missing[:3]) + (
            f", or write {' * '.join(name)} to multiply" if product and len(name) < 9 else "")
            + "".join(f"; for the constant {n}, write {CONSTANTS_ELSEWHERE[n]}" for n in missing[:3]
                      if n in CONSTANTS_ELSEWHERE))
    for name in values:
        if name not in expression.names:
            raise ExpressionError(f"{quoted(name)} is not in the expression; use it there, or leave it out")


def check_size(expression: Expression, check: bool) -> None:
    """Raise if the work would take minutes: the paths of each variable need a walk through all steps."""
    work, most = len(expression.names) * len(expression.steps), MAX_CHECK_WORK if check else MAX_WORK
    if work > most:
        raise ExpressionError(f"{len(expression.names):,} variables in {len(expression.steps):,} steps are too many"
                              f"{' for --check' if check else ''}; at most {most:,} as a product, please")
