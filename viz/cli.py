"""The command: what its arguments mean, in which order things happen, and how it ends."""

import argparse
import os
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from textwrap import fill
from typing import NoReturn

from autograd import ExpressionError, GradientError, Value, gradcheck
from viz.dot import draw_dot
from viz.expression import CONSTANTS, FUNCTIONS, Expression, shown, variable
from viz.render import SUFFIXES, RenderError, write
from viz.report import WORDS, Result, as_json, name_steps, text

EXAMPLE = 'pathgrad "(a + b) * (b + 1)" a=2 b=1'
ASSIGNMENT = re.compile(r"\s*([^\W\d][^\s=<>!+\-*/%(),\[\]]*)\s*=(?!=)(.*)", re.DOTALL)
FLAGS, TAKING = ("-h", "--help", "--version", "--json", "--check"), ("--out", "--lang", "--paths")


class Parser(argparse.ArgumentParser):
    """argparse for the options alone; its errors are one line, as all of ours."""

    def error(self, message: str) -> NoReturn:
        raise ExpressionError(f"{''.join(c if c.isprintable() else '?' for c in message)[:100]}; see pathgrad --help")


def _parser() -> Parser:
    parser = Parser(
        prog="pathgrad", usage='pathgrad [options] "EXPRESSION" [NAME=NUMBER ...]', add_help=False, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="The value of an expression, its gradients, the paths that add up\n"
                    "to each, and a picture of it all.",
        epilog=f"example:\n  {EXAMPLE}\n\n"
        + fill("operators: + - * / // % **, and > >= < <= == != in where(a > b, x, y)", 78) + "\n"
        + fill("functions: " + " ".join(sorted(FUNCTIONS)), 78, subsequent_indent="  ") + "\n"
        + fill("constants, where no variable has the name: " + " ".join(CONSTANTS), 78)
        + "\n\nAn expression that looks like an option goes after --. Exit code: 0; 1 where\n"
          "--check finds a gradient wrong; 2 where something cannot be understood or written.")
    add = parser.add_argument
    add("--out", metavar="FILE", help="the picture, as .svg, .png, .pdf or .dot (default: graph.svg; with --json none)")
    add("--json", action="store_true", help='print JSON only; numbers that are not finite as "nan", "inf", "-inf"')
    add("--check", action="store_true", help="compare every gradient with central differences")
    add("--paths", metavar="N", type=int, default=10, help="list the N largest paths of each gradient (default: 10)")
    add("--lang", choices=sorted(WORDS), default="en", help="language of text and picture")
    add("--version", action="store_true", help="print the version")
    add("-h", "--help", action="store_true", help="print this")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; its exit code."""
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except (ExpressionError, _OutputError) as error:
        return _fail(str(error), 2)
    except GradientError as error:
        return _fail(str(error), 1)
    except KeyboardInterrupt:
        return _fail("stopped", 130)


def _run(argv: list[str]) -> int:
    flags, arguments = split(argv)
    parser = _parser()
    options = parser.parse_args(flags)
    if options.help:
        return _say([parser.format_help().rstrip()])
    if options.version:
        return _say([f"pathgrad {_version()}"])
    if options.paths < 0:
        raise ExpressionError("--paths: write how many to list, as in --paths 10")
    out = options.out if options.out is not None or options.json else "graph.svg"
    if out is not None and Path(out).suffix.lower() not in SUFFIXES:
        raise ExpressionError(f"--out {shown(out)}: the name must end in {', '.join(SUFFIXES)}")

    source, values = sort(arguments)
    expression = Expression(source, values)
    _match(expression, values)
    inputs = {name: Value(x, label=name) for name, x in values.items()}
    outcome = expression(**inputs)
    root = outcome if isinstance(outcome, Value) else Value(outcome)
    name_steps(root, {*inputs, *expression.constants})
    root.backward()
    result = Result(source.strip(), root, inputs, {name: CONSTANTS[name] for name in expression.constants})
    wrong = _check(expression, values) if options.check else None

    # a terminal without Chinese letters gets the text in English; the picture has its own fonts
    lang = options.lang if _prints(WORDS[options.lang]["check"]) else "en"
    words = WORDS[lang]
    if options.json:
        _say([as_json(result, options.paths, wrong)])
    else:
        _say([*text(result, options.paths, lang), *(["", words["check"]] if wrong == "" else [])])
    if out is not None:
        _draw(root, out, options.lang)
        if not options.json:
            _say(["", words["picture"].format(shown(out, 200)[1:-1])])
    if wrong:
        raise GradientError(wrong)
    return 0


# ---- what the arguments mean --------------------------------------------------------------------


def split(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """Options, and everything else: an expression may begin with a minus.

    >>> split(["-a * 2", "a=1", "--out", "x.png"])
    (['--out=x.png'], ['-a * 2', 'a=1'])
    """
    given = {match.group(1) for arg in argv if (match := ASSIGNMENT.fullmatch(arg))}
    options: list[str] = []
    others: list[str] = []
    rest = iter(argv)
    for arg in rest:
        word = arg.lstrip("-")
        if arg == "--":
            others += rest
        elif (option := arg.partition("=")[0]) in TAKING:
            value = next(rest, "--") if arg == option else arg[len(option) + 1:]
            if value == "--":       # argparse would make a list of it
                raise ExpressionError(f"{option} needs a value after it; see pathgrad --help")
            options.append(f"{option}={value}")
        elif arg in FLAGS and (word not in given or len(word) > 1):
            options.append(arg)
        elif re.fullmatch("--[A-Za-z][a-z-]*(=.*)?", arg) and word not in {*given, *CONSTANTS}:
            raise ExpressionError(f"there is no option {shown(arg)}; pathgrad --help lists them "
                                  "(an expression may follow after --)")
        else:
            others.append(arg)
    return options, others


def sort(arguments: Sequence[str]) -> tuple[str, dict[str, float]]:
    """The expression, and the numbers of the variables, in whatever order they came.

    >>> sort(["a=2", "a * b", "b=-1e-3"])
    ('a * b', {'a': 2.0, 'b': -0.001})
    """
    matches = [ASSIGNMENT.fullmatch(arg) for arg in arguments]
    expressions = [arg for arg, match in zip(arguments, matches, strict=True) if not match]
    values: dict[str, float] = {}
    for match in filter(None, matches):
        name = variable(match.group(1))
        if name in values:
            raise ExpressionError(f"{shown(name)} has two values; give it one")
        try:
            values[name] = float(match.group(2))
        except ValueError:
            raise ExpressionError(
                f"{shown(match.group(2))} is not a number; write a number after {shown(name)[1:-1]}=, as in -1.5 or "
                "1e-3" + ("" if expressions else ", and the expression on its own")) from None
    for arg in expressions:
        if len(expressions) > 1 and re.match("[^()]*=(?!=)", arg) and not re.match("[^=]*[<>!]=", arg):
            raise ExpressionError(f"{shown(arg)} gives no variable a value; write it as in a=2")
        if len(expressions) > 1 and re.fullmatch("-[A-Za-z]", arg):
            raise ExpressionError(f"there is no option {shown(arg)}; pathgrad --help lists them")
    if len(expressions) > 1:
        raise ExpressionError(f"{shown(expressions[0], 20)} and {shown(expressions[1], 20)}: give one expression, in "
                              f"quotes, as in {EXAMPLE}")
    if not expressions:
        raise ExpressionError(f"give an expression, as in {EXAMPLE}")
    return expressions[0], values


def _match(expression: Expression, values: dict[str, float]) -> None:
    """Every variable has a value, and every value a variable."""
    missing = [name for name in expression.names if name not in values]
    if missing:
        name = missing[0]
        product = len(name) > 1 and set(name) <= {*values, *"0123456789"} and name[0] in values
        also = f", nor have {len(missing) - 1} more" if len(missing) > 1 else ""
        raise ExpressionError(f"{shown(name)} has no value{also}; add " + " ".join(
            f"{shown(n, 20)[1:-1]}=NUMBER" for n in missing[:3]) + (
            f", or write {' * '.join(name)} to multiply" if product and len(name) < 9 else ""))
    for name in values:
        if name not in expression.names:
            raise ExpressionError(f"{shown(name)} is not in the expression; use it there, or leave it out")


def _check(expression: Expression, values: dict[str, float]) -> str:
    """What is wrong with the gradients, in the names of the variables; empty where nothing is."""
    names = list(values)
    try:
        if names:
            gradcheck(lambda *xs: expression(**dict(zip(names, xs, strict=True))), *values.values())
    except GradientError as error:
        return re.sub(r"argument (\d+)", lambda match: names[int(match.group(1))], str(error))
    return ""


def _version() -> str:
    try:
        return version("pathgrad")
    except PackageNotFoundError:
        return "(not installed)"


# ---- how it ends --------------------------------------------------------------------------------


class _OutputError(Exception):
    """Something could not be written; the message says what."""


def _draw(root: Value, out: str, lang: str) -> None:
    try:
        write(draw_dot(root, lang=lang), out)
    except RenderError as error:
        raise _OutputError(f"no picture: {error.advice.splitlines()[0]}; or write DOT text with --out graph.dot"
                           ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _OutputError(f"{shown(out)} cannot be written: {reason}; choose another file with --out") from None


def _prints(line: str) -> bool:
    """Whether standard output has these letters."""
    try:
        line.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _say(lines: Iterable[str]) -> int:
    """Print; where the terminal lacks a letter, something it has stands for it."""
    out = sys.stdout
    whole = "\n".join(lines) + "\n"
    for sign, plain in (("×", "x"), ("∂", "d")):
        if not _prints(sign):
            whole = whole.replace(sign, plain)
    encoding = getattr(out, "encoding", None) or "utf-8"
    try:
        if out is None:
            raise OSError(None, "it is closed")
        out.write(whole.encode(encoding, "backslashreplace").decode(encoding))
        out.flush()
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError, AttributeError):     # or Python would try once more as it ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        reason = getattr(error, "strerror", None) or str(error)
        raise _OutputError(f"standard output cannot be written: {reason}; send it to a file or a terminal") from None
    return 0


def _fail(message: str, code: int) -> int:
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            sys.stderr.write(f"pathgrad: {' '.join(message.split())}\n")
            sys.stderr.flush()
    return code
