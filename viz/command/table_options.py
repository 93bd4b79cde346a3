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
from viz.words.language import LANGUAGES
from viz.words.tables import HELP, OPTIONS

LEARNING_RATES = {"adam": 0.01, "sgd": 0.1}
PICTURES = (".png", ".svg", ".pdf")
MAX_NEURONS = 10_000     # of one layer


def train_parser() -> Parser:
    """The options of ``pathgrad train``."""
    made = Parser(prog="pathgrad train", usage=HELP("train_usage"), description=HELP("train"),
                  epilog=HELP("train_rest"))
    add = made.add_argument
    add("data", metavar="data.csv", help=HELP("data"))
    add("--target", metavar="COLUMN", required=True, help=HELP("target"))
    add("--task", choices=("classification", "regression"), help=HELP("task"))
    add("--drop", metavar="COLUMN", action="append", default=[], help=HELP("drop"))
    add("--hidden", metavar="N,N", type=_layer_sizes, default=(16, 16), help=HELP("hidden"))
    add("--activation", choices=sorted(ACTIVATIONS), default="tanh", help=HELP("activation"))
    add("--epochs", metavar="N", type=_whole_number(1, 1_000_000), default=200, help=HELP("epochs"))
    add("--patience", metavar="N", type=_whole_number(0, 1_000_000), default=30, help=HELP("patience"))
    add("--batch-size", metavar="N", type=_whole_number(1, 1_000_000), help=HELP("batch_size"))
    add("--optimizer", choices=sorted(LEARNING_RATES), default="adam", help=HELP("optimizer"))
    add("--lr", metavar="X", type=_number(0, math.inf, open=True), help=HELP("lr"))
    add("--weight-decay", metavar="X", type=_number(0, math.inf), default=0.0, help=HELP("weight_decay"))
    add("--class-weight", metavar="W", type=_class_weight, default={}, help=HELP("class_weight"))
    add("--holdout", metavar="X", type=_number(0, 1), default=0.2, help=HELP("holdout"))
    add("--seed", metavar="N", type=_whole_number(0, 2**63), default=0, help=HELP("seed"))
    add("--impute", action="store_true", help=HELP("impute"))
    add("--skip-bad-rows", action="store_true", help=HELP("skip"))
    add("--header", action="store_true", default=None, help=HELP("header"))
    add("--no-header", dest="header", action="store_false", help=HELP("no_header"))
    _add_conventions(add)
    add("--out", metavar="FILE", type=_file_name(SUFFIXES), default="model.json", help=HELP("out"))
    add("--plot", metavar="FILE", type=_file_name(PICTURES), help=HELP("plot"))
    add("--quiet", action="store_true", help=HELP("quiet"))
    add("--lang", choices=LANGUAGES, default="en", help=HELP("lang"))
    add("-h", "--help", action="store_true", help=HELP("help"))
    return made


def predict_parser() -> Parser:
    """The options of ``pathgrad predict``."""
    made = Parser(prog="pathgrad predict", usage=HELP("predict_usage"), description=HELP("predict"),
                  epilog=HELP("predict_rest"))
    add = made.add_argument
    add("model", metavar="model.json", help=HELP("model_file"))
    add("data", metavar="data.csv", help=HELP("table"))
    add("--out", metavar="FILE", help=HELP("predictions"))
    add("--skip-bad-rows", action="store_true", help=HELP("skip"))
    _add_conventions(add)
    add("--escape-formulas", action="store_true", help=HELP("escape"))
    add("--lang", choices=LANGUAGES, default="en", help=HELP("lang"))
    add("-h", "--help", action="store_true", help=HELP("help"))
    return made


def parse(parser: Parser, argv: Sequence[str]) -> argparse.Namespace | None:
    """The options of train or predict, or None if the arguments ask for help."""
    return None if {"-h", "--help"} & {*argv} else parser.parse_args(argv)


def _add_conventions(add: Callable[..., object]) -> None:
    """The options on numbers and dates that could be read in two ways."""
    add("--decimal", choices=sorted(SIGNS), help=HELP("decimal"))
    add("--dates", choices=sorted(ORDERS), help=HELP("dates"))


def _whole_number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 20 or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(OPTIONS("whole", quoted(text), low, high))
        return int(text)
    return read


def _number(low: float, high: float, open: bool = False) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            x = float(text)
        except ValueError:
            x = math.nan
        if not (low <= x < high) or (open and x == low):
            key = ("above" if open else "from") + "_below" * (high < math.inf)
            raise argparse.ArgumentTypeError(OPTIONS(key, quoted(text), low, *([high] if high < math.inf else [])))
        return x
    return read


def _layer_sizes(text: str) -> tuple[int, ...]:
    if text.strip() == "0":
        return ()
    try:
        return tuple(_whole_number(1, MAX_NEURONS)(size.strip()) for size in text.split(","))
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(OPTIONS("layers", quoted(text), f"{MAX_NEURONS:,}")) from None


def _class_weight(text: str) -> dict[str, float] | str:
    if text == "balanced":
        return text
    found: dict[str, float] = {}
    for part in text.split(","):
        name, sign, weight = part.rpartition("=")
        if not sign or not name.strip() or name.strip() in found:
            raise argparse.ArgumentTypeError(OPTIONS("class_weight", quoted(text)))
        found[name.strip()] = _number(0, 1e6)(weight)
    return found


def _file_name(suffixes: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if Path(text).suffix.lower() not in suffixes:
            raise argparse.ArgumentTypeError(OPTIONS("ending", quoted(text), ", ".join(suffixes)))
        return text
    return read
