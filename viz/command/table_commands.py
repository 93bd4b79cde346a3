"""Runs ``pathgrad train`` and ``pathgrad predict``; only this file and the files it imports load nn."""

import gc
from collections.abc import Sequence

from nn.tabular.bad_rows import DataError
from viz.command.predict import predict
from viz.command.table_options import parse, predict_parser, train_parser
from viz.command.terminal import fail, print_lines, print_remarks
from viz.command.train import train
from viz.words.library import translated


def run_table_command(command: str, argv: Sequence[str]) -> int:
    """Run ``train`` or ``predict`` with these arguments. Returns the exit status."""
    parser = train_parser() if command == "train" else predict_parser()
    options = parse(parser, argv)
    collecting = gc.isenabled()
    gc.disable()    # passes over the lists of all rows, none of which is garbage, took a quarter of the time
    try:
        if options is None:
            print_lines([parser.format_help().rstrip()])
        elif command == "train":
            train(options, (lambda lines: None) if options.quiet else print_lines)
        else:
            predict(options, print_lines, print_remarks)
    except DataError as error:
        return fail(translated(str(error)), 1, [*map(translated, error.rows)])
    finally:
        if collecting:
            gc.enable()
    return 0
