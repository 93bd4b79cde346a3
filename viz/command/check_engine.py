"""``pathgrad check-engine FILE.py``: grades the engine of a file, as text, JSON and picture."""

import os
from collections.abc import Sequence
from pathlib import Path

from autograd import ExpressionError
from autograd.quoting import printable, quoted
from viz.command.arguments import Parser
from viz.command.terminal import OutputError, can_print, print_lines, print_remarks
from viz.engine_check.report import Report
from viz.engine_check.student_file import TIMEOUT, check_file
from viz.rendering.formats import SUFFIXES, RenderError, write
from viz.words.engine_check import WORDS

NAME = "check-engine"


def parser() -> Parser:
    """The options, and the help."""
    made = Parser(
        prog=f"pathgrad {NAME}", usage=f"pathgrad {NAME} FILE.py [options]",
        description="Grade the class named Value in a file: an engine with micrograd's interface (data, grad,\n"
                    "+ - * / **, relu, backward). Finds the smallest expression on which it is wrong, and says\n"
                    "which mistake explains that. The file runs in a process of its own.",
        epilog="Exit code: 0 right, 1 wrong, 2 cannot be used. What is not written yet is listed, and not wrong;\n"
               "a second backward on one graph is graded apart.")
    add = made.add_argument
    add("file", nargs="?", metavar="FILE.py", help="the student's file")
    add("--json", action="store_true", help="print JSON only, for graders: verdict, score, points, counterexample")
    add("--out", metavar="PICTURE", help="draw the expression that is wrong, as .svg, .png, .pdf or .dot")
    add("--timeout", metavar="SECONDS", type=float, default=TIMEOUT,
        help=f"of the student's file, all in all (default: {TIMEOUT:g})")
    add("--lang", choices=sorted(WORDS), default="en", help="language of text and picture")
    add("-h", "--help", action="store_true", help="print this")
    return made


def run_check_engine(argv: Sequence[str]) -> int:
    """Run the subcommand with these arguments. Returns the exit status."""
    made = parser()
    options = made.parse_args(argv)
    if options.help:
        return print_lines([made.format_help().rstrip()])
    if options.file is None:
        raise ExpressionError(f"give a file, as in pathgrad {NAME} engine.py")
    if options.out is not None and Path(options.out).suffix.lower() not in SUFFIXES:
        raise ExpressionError(f"--out {quoted(options.out)}: the name must end in {', '.join(SUFFIXES)}")
    if not 0 < options.timeout < 1e6:
        raise ExpressionError("--timeout: write a number of seconds, as in --timeout 30")
    report = check_file(options.file, options.timeout)
    # a terminal that cannot encode Chinese gets English text; the picture has its own fonts
    lang = options.lang if can_print(WORDS[options.lang].missing) else "en"
    print_lines([report.as_json()] if options.json else report.text(lang).splitlines())
    if options.out is not None and (line := _draw(report, options.out, options.lang, lang)):
        print_remarks([line]) if options.json else print_lines([line])
    return report.status


def _draw(report: Report, out: str, picture_lang: str, lang: str) -> str:
    """Write the picture. Returns a line with its name; empty where nothing is wrong that could be drawn."""
    picture = report.picture(picture_lang)
    if picture is None:
        return ""
    try:
        write(picture, out)
    except RenderError as error:
        raise OutputError(f"no picture: {error.advice.splitlines()[0]}; or write DOT text with --out graph.dot"
                          ) from None
    except OSError as error:
        raise OutputError(f"{quoted(out)} cannot be written: {error.strerror}; choose another file with --out"
                          ) from None
    return WORDS[lang].picture.format(printable(os.fspath(out), 200))
