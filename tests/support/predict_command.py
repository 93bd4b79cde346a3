"""Tables, and models trained on them by the command, for pathgrad predict."""

import csv
from pathlib import Path

import pytest

import nn
from tests.support.train_command import without_pictures
from viz.command.cli import main

CLASSES = "a,colour,b,y\n" + "".join(f"{i},{['red', 'blue', 'tan'][i % 3]},{i * i % 11},{'yes' if i % 4 else 'no'}\n"
                                     for i in range(24))
NUMBERS = "a,b,y\n" + "".join(f"{i},{i * i % 11},{3 * i + 0.5}\n" for i in range(24))


def write_tables():
    """Put both tables into the current folder."""
    Path("classes.csv").write_text(CLASSES)
    Path("numbers.csv").write_text(NUMBERS)


_models = {}


def trained(name, *options):
    """The state of a model of this table; of an equal table and options it is trained once."""
    model, key = Path(f"{name}.json"), (name, options, Path(f"{name}.csv").read_bytes())
    if key not in _models:
        with pytest.MonkeyPatch.context() as patch:
            if "--plot" not in options:
                without_pictures(patch)
            assert main(["train", f"{name}.csv", "--target", "y", "--epochs", "4", "--hidden", "3,2", "--quiet",
                         "--out", str(model), *options]) == 0
        _models[key] = model.read_bytes()
    model.write_bytes(_models[key])
    return nn.load(model)


def predicted(name, data, *options):
    assert main(["predict", f"{name}.json", data, "--out", "p.csv", *options]) == 0
    with open("p.csv", newline="") as file:
        return list(csv.DictReader(file))
