"""``pathgrad check-engine FILE.py``: grades the engine of a file, as text, JSON and picture."""

from collections.abc import Sequence
from pathlib import Path

from autograd import ExpressionError
from autograd.quoting import quoted
from viz.command.arguments import Parser
from viz.command.picture_file import write_picture
from viz.command.terminal import print_lines, print_remarks
from viz.engine_check.student_file import TIMEOUT, check_file
from viz.rendering.formats import SUFFIXES
from viz.words.engine_command import TEXTS
from viz.words.expressions import HELP
from viz.words.files import TEXTS as FILES
from viz.words.language import LANGUAGES, spoken


def parser() -> Parser:
    """The options, and the help."""
    made = Parser(prog="pathgrad check-engine", usage=TEXTS("usage"), description=TEXTS("description"),
                  epilog=TEXTS("rest"))
    add = made.add_argument
    add("file", nargs="?", metavar="FILE.py", help=TEXTS("file"))
    add("--json", action="store_true", help=TEXTS("json"))
    add("--out", metavar="PICTURE", help=TEXTS("out"))
    add("--timeout", metavar="N", type=float, default=TIMEOUT, help=TEXTS("timeout", f"{TIMEOUT:g}"))
    add("--lang", choices=LANGUAGES, default="en", help=HELP("lang"))
    add("-h", "--help", action="store_true", help=HELP("help"))
    return made


def run_check_engine(argv: Sequence[str]) -> int:
    """Run the subcommand with these arguments. Returns the exit status."""
    made = parser()
    options = made.parse_args(argv)
    if options.help:
        return print_lines([made.format_help().rstrip()])
    if options.file is None:
        raise ExpressionError(TEXTS("no_file"))
    if options.out is not None and Path(options.out).suffix.lower() not in SUFFIXES:
        raise ExpressionError(FILES("suffix", quoted(options.out), ", ".join(SUFFIXES)))
    if not 0 < options.timeout < 1e6:
        raise ExpressionError(TEXTS("bad_timeout"))
    report = check_file(options.file, options.timeout)
    print_lines([report.as_json()] if options.json else report.text(spoken()).splitlines())
    if options.out is not None and (picture := report.picture(options.lang)) is not None:
        (print_remarks if options.json else print_lines)(write_picture(picture, options.out))
    return report.status
