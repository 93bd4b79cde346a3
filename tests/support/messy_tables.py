"""Tables for the tests of messy tables, in the current folder, and the commands on them."""

from pathlib import Path

from viz.command.cli import main

FORMATS = ["m.json", "m.safetensors"]


def train(*options, out="m.json", data="t.csv"):
    return main(["train", data, "--epochs", "3", "--hidden", "3", "--out", out, *options])


def predict(data, model="m.json", *options):
    """The predicted cells, the first column of each row, as the file has them."""
    assert main(["predict", model, data, "--out", "p.csv", *options]) == 0
    return Path("p.csv").read_bytes()
