"""The options of ``pathgrad train`` and ``pathgrad predict``: names, allowed values, defaults and help."""

import argparse
import math
from collections.abc import Callable, Sequence
from pathlib import Path

from autograd.quoting import quoted
from nn.tabular.dates import ORDERS
from nn.tabular.decimals import SIGNS
from nn.tabular.predictor import ACTIVATIONS, SUFFIXES
from viz.command.arguments import Parser

LEARNING_RATES = {"adam": 0.01, "sgd": 0.1}
PICTURES = (".png", ".svg", ".pdf")
MAX_NEURONS = 10_000     # of one layer


def train_parser() -> Parser:
    """The options of ``pathgrad train``."""
    made = Parser(
        prog="pathgrad train",
        usage="pathgrad train data.csv --target COLUMN [options]",
        description="Train a network to predict one column of a table from the others.",
        epilog="""\
The data: values separated by commas, semicolons, tabs or |, with the names of the
columns on the first line, or without names. UTF-8, UTF-16 and Western European
(cp1252, Latin-1) are read. Numbers may have decimal commas; where 1,234 could be
either, --decimal says so. Columns of text with at most 20 different values are
learned from, too, and dates as year, month, day, weekday and hour; other text is
left out. A target of text, or of at most 10 different whole numbers, is classified;
any other gets regression. What is done with a column is printed.

With --impute, missing numbers (empty, NA, N/A, nan, null, ? and -) become the median
of the rows that are trained on, and a further input says where; in text they are a
category. pathgrad predict does the same. A row without a target is a bad row.

Some rows are held out, of each class its share, and measured at the end only. With
40 rows or more to train on, a fifth of those is for validation instead: training
stops when their loss has had no new lowest for --patience epochs, and the model is
that of the lowest. Numbers are scaled by the mean and standard deviation of the rows
that are trained on. With 10,000 rows or more to train on, the lines on epochs have
losses only. The same command gives the same model.

The report has, of the rows held out, the score and that of always the same guess, for
classes the balanced accuracy and the confusion matrix, and how far the score falls
where one column is shuffled, which shows what the model goes by.

Files that are there already are overwritten, each once the new one is whole.
Exit code: 0; 1 where data cannot be used; 2 where an option cannot be understood or
a file not written.

example:
  pathgrad train iris.csv --target species --hidden 16,16""")
    add = made.add_argument
    add("data", metavar="data.csv", help="the table to learn from")
    add("--target", metavar="COLUMN", required=True, help="the column to predict")
    add("--task", choices=("classification", "regression"), help="(default: by the target, see below)")
    add("--drop", metavar="COLUMN", action="append", default=[], help="leave a column out; may be given several times")
    add("--hidden", metavar="N,N", type=_layer_sizes, default=(16, 16),
        help="neurons of each hidden layer, or 0 for no such layer (default: 16,16)")
    add("--activation", choices=sorted(ACTIVATIONS), default="tanh", help="of the hidden layers (default: tanh)")
    add("--epochs", metavar="N", type=_whole_number(1, 1_000_000), default=200, help="at most so many (default: 200)")
    add("--patience", metavar="N", type=_whole_number(0, 1_000_000), default=30,
        help="epochs to wait for a new lowest, see below; 0: train all epochs, without validation (default: 30)")
    add("--batch-size", metavar="N", type=_whole_number(1, 1_000_000),
        help="rows per step (default: 32, and 200 with 10,000 rows or more to train on)")
    add("--optimizer", choices=sorted(LEARNING_RATES), default="adam", help="(default: adam)")
    add("--lr", metavar="X", type=_number(0, math.inf, open=True), help="learning rate (default: adam 0.01, sgd 0.1)")
    add("--weight-decay", metavar="X", type=_number(0, math.inf), default=0.0,
        help="of the weights, not of the biases (default: 0)")
    add("--class-weight", metavar="W", type=_class_weight, default={},
        help="how much each class counts in the loss: balanced, for rare ones as much as common ones together, or "
             "CLASS=W,CLASS=W, others 1 (default: 1 each)")
    add("--holdout", metavar="X", type=_number(0, 1), default=0.2, help="part of the rows to hold out (default: 0.2)")
    add("--seed", metavar="N", type=_whole_number(0, 2**63), default=0,
        help="of all that is drawn by chance (default: 0)")
    add("--impute", action="store_true", help="fill missing values, see below")
    add("--skip-bad-rows", action="store_true", help="go on without rows that cannot be used")
    add("--header", action="store_true", default=None, help="the first line has names, even if they are numbers")
    add("--no-header", dest="header", action="store_false", help="it has data: name the columns column1, column2, ...")
    _add_conventions(add)
    add("--out", metavar="FILE", type=_file_name(SUFFIXES), default="model.json",
        help="the model, as .json or .safetensors (default: model.json)")
    add("--plot", metavar="FILE", type=_file_name(PICTURES),
        help="the losses as .png, .svg or .pdf (default: beside the model, as model-loss.png); needs matplotlib")
    add("--quiet", action="store_true", help="print errors only")
    add("-h", "--help", action="store_true", help="print this")
    return made


def predict_parser() -> Parser:
    """The options of ``pathgrad predict``."""
    made = Parser(
        prog="pathgrad predict",
        usage="pathgrad predict model.json data.csv [options]",
        description="Predict a column of a table with a model that pathgrad train wrote.",
        epilog="""\
The table needs the columns that the model was trained on, in any order. Behind all its
columns come predicted_COLUMN and, for classes, the probability of each, with a number
(predicted_COLUMN_2) where the table has such a name. With --out, cells and line ends are
kept to the letter; blank lines are left out. Where the target is there as well, how
good the predictions are is printed, too: after the file has been written, or to
standard error where the table goes to standard output.
Rows that the model was trained on are predicted better than new ones.

The table may have another delimiter, encoding or decimal sign than the one that was
learned from; the predictions are written as the table is. Columns without names go
by their place, as in training; the target may be missing among them.

Text that begins with =, +, -, @ or a tab is kept, too, and a spreadsheet that opens
the predictions runs it as a formula. For a table that you do not trust, give
--escape-formulas, which puts an apostrophe before it; numbers stay as they are.

A file that is there already is overwritten, once the new one is whole.
Exit code: 0; 1 where data or model cannot be used; 2 where an option cannot be
understood or a file not written.

example:
  pathgrad predict model.json iris.csv --out predictions.csv""")
    add = made.add_argument
    add("model", metavar="model.json", help="what pathgrad train wrote")
    add("data", metavar="data.csv", help="the table, as for pathgrad train")
    add("--out", metavar="FILE", help="the table with predictions (default: print it)")
    add("--skip-bad-rows", action="store_true", help="go on without rows that cannot be used")
    _add_conventions(add)
    add("--escape-formulas", action="store_true", help="put an apostrophe before text that looks like a formula")
    add("-h", "--help", action="store_true", help="print this")
    return made


def parse(parser: Parser, argv: Sequence[str]) -> argparse.Namespace | None:
    """The options of train or predict, or None if the arguments ask for help."""
    return None if {"-h", "--help"} & {*argv} else parser.parse_args(argv)


def _add_conventions(add: Callable[..., object]) -> None:
    """The options on numbers and dates that could be read in two ways."""
    add("--decimal", choices=sorted(SIGNS), help="the decimal sign (default: as the numbers of the file show)")
    add("--dates", choices=sorted(ORDERS), help="the order of 3/1/2024 (default: as days above 12 show)")


def _whole_number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 20 or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{quoted(text)} is not a whole number from {low} to {high}")
        return int(text)
    return read


def _number(low: float, high: float, open: bool = False) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            x = float(text)
        except ValueError:
            x = math.nan
        if not (low <= x < high) or (open and x == low):
            bounds = f"from {low}" if not open else f"above {low}"
            raise argparse.ArgumentTypeError(f"{quoted(text)} is not a number {bounds}"
                                             + (f" and below {high}" if high < math.inf else ""))
        return x
    return read


def _layer_sizes(text: str) -> tuple[int, ...]:
    if text.strip() == "0":
        return ()
    try:
        return tuple(_whole_number(1, MAX_NEURONS)(size.strip()) for size in text.split(","))
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"{quoted(text)} is not a list of whole numbers from 1 to "
                                         f"{MAX_NEURONS:,}, such as 16,16") from None


def _class_weight(text: str) -> dict[str, float] | str:
    if text == "balanced":
        return text
    found: dict[str, float] = {}
    for part in text.split(","):
        name, sign, weight = part.rpartition("=")
        if not sign or not name.strip() or name.strip() in found:
            raise argparse.ArgumentTypeError(f"{quoted(text)} is neither balanced nor a list such as yes=5,no=1")
        found[name.strip()] = _number(0, 1e6)(weight)
    return found


def _file_name(suffixes: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if Path(text).suffix.lower() not in suffixes:
            raise argparse.ArgumentTypeError(f"{quoted(text)} has to end in {', '.join(suffixes)}")
        return text
    return read
