"""Which of the commands on tables is run, and where it prints."""

from collections.abc import Sequence

from viz.command.predict import predict
from viz.command.table_options import parse, predict_parser, train_parser
from viz.command.terminal import remark, say
from viz.command.train import train


def learn(command: str, argv: Sequence[str]) -> int:
    """Run ``pathgrad train`` or ``pathgrad predict``; 0, or an exception that says how it ends."""
    parser = train_parser() if command == "train" else predict_parser()
    options = parse(parser, argv)
    if options is None:
        say([parser.format_help().rstrip()])
    elif command == "train":
        train(options, (lambda lines: None) if options.quiet else say)
    else:
        predict(options, say, remark)
    return 0
