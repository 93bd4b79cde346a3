"""Tables and a folder for pathgrad train."""

from pathlib import Path
from unittest.mock import MagicMock

import nn
from tests.support.bad_tables import GOOD, HEAD
from viz.command import train as training

FAST = ["--epochs", "3", "--hidden", "3", "--quiet"]


def fill_folder():
    """Put a table, and things that are in the way, into the current folder."""
    Path("folder.json").mkdir()
    Path("plain.json").write_text("{}")
    nn.save({"weight": [1.0]}, "other.json")
    Path("data.csv").write_text(HEAD + GOOD)


def without_pictures(monkeypatch):
    """For tests of tables and models alone: half of the time would go into their pictures."""
    monkeypatch.setattr(training, "plot_loss", MagicMock())


def made(folder):
    return sorted({path.name for path in folder.iterdir()}
                  - {"folder.json", "plain.json", "other.json", "data.csv", "iris.csv"})
