"""The entry point of ``pathgrad``: the order of the steps for an expression, and the exit statuses."""

import gc
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from autograd import ExpressionError, GradientError, Value
from viz.command.arguments import (
    ASSIGNMENT,
    check_size,
    check_variables,
    option_parser,
    read_arguments,
    split_options,
)
from viz.command.check import gradient_errors
from viz.command.expression import Expression
from viz.command.functions import CONSTANTS
from viz.command.picture_file import draw_picture, picture_path
from viz.command.report import Result, as_json, as_text, name_steps
from viz.command.terminal import OutputError, can_tell, fail, print_lines, print_remarks
from viz.words.expressions import ERRORS, RESULT
from viz.words.language import asked_for, speaking


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    lang = asked_for(given)
    # a terminal that cannot encode Chinese gets English text; the picture has its own fonts
    with speaking(lang if can_tell(RESULT("check", lang=lang)) else "en"):
        return _status(given, argv is None)


def _status(argv: list[str], last: bool) -> int:
    try:
        return _run(argv)
    except (ExpressionError, OutputError) as error:
        return fail(str(error), 2)
    except GradientError as error:
        return fail(str(error), 1)
    except BrokenPipeError:     # the reader, such as head, has closed the pipe: no message, the usual status
        return 128 + 13
    except KeyboardInterrupt:
        return fail(RESULT("stopped"), 130)
    finally:
        if last:
            gc.freeze()     # the process ends: to look for garbage first takes 0.3 s behind a large table


def _run(argv: list[str]) -> int:
    if argv and argv[0] in ("train", "predict") and not _assigns(argv[0], argv):
        from viz.command.table_commands import run_table_command  # lazily: an expression does not need nn
        return run_table_command(argv[0], argv[1:])
    flags, arguments = split_options(argv)
    parser = option_parser()
    options = parser.parse_args(flags)
    if options.help:
        return print_lines([parser.format_help().rstrip()])
    if options.version:
        return print_lines([f"pathgrad {_version()}"])
    if options.paths < 0:
        raise ExpressionError(ERRORS("paths"))
    out = picture_path(options)

    source, values = read_arguments(arguments)
    expression = Expression(source, values)
    check_variables(expression, values)
    check_size(expression, options.check)
    inputs = {name: Value(x, label=name) for name, x in values.items()}
    outcome = expression(**inputs)
    root = outcome if isinstance(outcome, Value) else Value(outcome)
    name_steps(root, {*inputs, *expression.constants})
    root.backward()
    result = Result(source.strip(), root, inputs, {name: CONSTANTS[name] for name in expression.constants})
    wrong = gradient_errors(expression, values) if options.check else None

    if options.json:
        print_lines([as_json(result, options.paths, wrong)])
    else:
        print_lines([*as_text(result, options.paths), *(["", RESULT("check")] if wrong == "" else [])])
    if out is not None:
        line, remarks = draw_picture(root, out, options)
        if options.json:
            print_remarks(remarks)
        else:
            print_lines(["", line, *remarks])
    if wrong:
        raise GradientError(wrong)
    return 0


def _assigns(name: str, argv: list[str]) -> bool:
    """Whether an argument has the form ``name=NUMBER``; then ``name`` is a variable and not a subcommand."""
    return any((found := ASSIGNMENT.fullmatch(arg)) and found.group(1) == name for arg in argv)


def _version() -> str:
    try:
        return version("pathgrad")
    except PackageNotFoundError:
        return "(not installed)"
