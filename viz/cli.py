"""The command: in which order things happen, and how it ends."""

import os
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograd import ExpressionError, GradientError, Value, gradcheck
from viz.arguments import limit, match, parser, sort, split
from viz.dot import draw_dot
from viz.expression import CONSTANTS, Expression
from viz.render import SUFFIXES, RenderError, write
from viz.report import WORDS, Result, as_json, name_steps, text
from viz.scan import shown


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; its exit code."""
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except (ExpressionError, _OutputError) as error:
        return _fail(str(error), 2)
    except GradientError as error:
        return _fail(str(error), 1)
    except BrokenPipeError:     # head and the like have seen enough: quiet, with the status of other commands
        return 128 + 13
    except KeyboardInterrupt:
        return _fail("stopped", 130)


def _run(argv: list[str]) -> int:
    flags, arguments = split(argv)
    known = parser()
    options = known.parse_args(flags)
    if options.help:
        return _say([known.format_help().rstrip()])
    if options.version:
        return _say([f"pathgrad {_version()}"])
    if options.paths < 0:
        raise ExpressionError("--paths: write how many to list, as in --paths 10")
    out = options.out if options.out is not None or options.json else "graph.svg"
    if out is not None and Path(out).suffix.lower() not in SUFFIXES:
        raise ExpressionError(f"--out {shown(out)}: the name must end in {', '.join(SUFFIXES)}")

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
        if isinstance(error, BrokenPipeError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise _OutputError(f"standard output cannot be written: {reason}; send it to a file or a terminal") from None
    return 0


def _fail(message: str, code: int) -> int:
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            sys.stderr.write(f"pathgrad: {' '.join(message.split())}\n")
            sys.stderr.flush()
    return code
