"""The command: in which order things happen, and how it ends."""

import re
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograd import ExpressionError, GradientError, Value, gradcheck
from autograd.quoting import quoted
from nn.tabular.bad_rows import DataError
from viz.command.arguments import ASSIGNMENT, limit, match, parser, sort, split
from viz.command.expression import CONSTANTS, Expression
from viz.command.report import WORDS, Result, as_json, name_steps, text
from viz.command.terminal import OutputError, fail, prints, say
from viz.graph.dot import draw_dot
from viz.rendering import SUFFIXES, RenderError, write


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; its exit code."""
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except (ExpressionError, OutputError) as error:
        return fail(str(error), 2)
    except GradientError as error:
        return fail(str(error), 1)
    except DataError as error:
        return fail(str(error), 1, error.rows)
    except BrokenPipeError:     # head and the like have seen enough: quiet, with the status of other commands
        return 128 + 13
    except KeyboardInterrupt:
        return fail("stopped", 130)


def _run(argv: list[str]) -> int:
    if argv and argv[0] in ("train", "predict") and not _given(argv[0], argv):
        from viz.command.tables import learn  # here, as an expression needs nothing of it
        return learn(argv[0], argv[1:])
    flags, arguments = split(argv)
    known = parser()
    options = known.parse_args(flags)
    if options.help:
        return say([known.format_help().rstrip()])
    if options.version:
        return say([f"pathgrad {_version()}"])
    if options.paths < 0:
        raise ExpressionError("--paths: write how many to list, as in --paths 10")
    out = options.out if options.out is not None or options.json else "graph.svg"
    if out is not None and Path(out).suffix.lower() not in SUFFIXES:
        raise ExpressionError(f"--out {quoted(out)}: the name must end in {', '.join(SUFFIXES)}")

    source, values = sort(arguments)
    expression = Expression(source, values)
    match(expression, values)
    limit(expression, options.check)
    inputs = {name: Value(x, label=name) for name, x in values.items()}
    outcome = expression(**inputs)
    root = outcome if isinstance(outcome, Value) else Value(outcome)
    name_steps(root, {*inputs, *expression.constants})
    root.backward()
    result = Result(source.strip(), root, inputs, {name: CONSTANTS[name] for name in expression.constants})
    wrong = _check(expression, values) if options.check else None

    # a terminal without Chinese letters gets the text in English; the picture has its own fonts
    lang = options.lang if prints(WORDS[options.lang]["check"]) else "en"
    words = WORDS[lang]
    if options.json:
        say([as_json(result, options.paths, wrong)])
    else:
        say([*text(result, options.paths, lang), *(["", words["check"]] if wrong == "" else [])])
    if out is not None:
        _draw(root, out, options.lang)
        if not options.json:
            say(["", words["picture"].format(quoted(out, 200)[1:-1])])
    if wrong:
        raise GradientError(wrong)
    return 0


def _given(name: str, argv: list[str]) -> bool:
    """Whether there is an argument NAME=NUMBER, which makes an expression of a command's name."""
    return any((found := ASSIGNMENT.fullmatch(arg)) and found.group(1) == name for arg in argv)


def _check(expression: Expression, values: dict[str, float]) -> str:
    """What is wrong with the gradients, in the names of the variables; empty where nothing is."""
    names = list(values)
    try:
        if names:
            gradcheck(lambda *xs: expression(**dict(zip(names, xs, strict=True))), *values.values())
    except GradientError as error:
        return re.sub(r"argument (\d+)", lambda found: names[int(found.group(1))], str(error))
    return ""


def _version() -> str:
    try:
        return version("pathgrad")
    except PackageNotFoundError:
        return "(not installed)"


def _draw(root: Value, out: str, lang: str) -> None:
    try:
        write(draw_dot(root, lang=lang), out)
    except RenderError as error:
        raise OutputError(f"no picture: {error.advice.splitlines()[0]}; or write DOT text with --out graph.dot"
                           ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise OutputError(f"{quoted(out)} cannot be written: {reason}; choose another file with --out") from None
