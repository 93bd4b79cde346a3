"""A release can be made: one version everywhere, and a change log that its readers can use."""

import datetime
import re
import tomllib
from pathlib import Path

import autograd
from viz.command.cli import main

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CHANGES = (ROOT / "CHANGELOG.md").read_text("utf-8")
HEADINGS = re.findall(r"^## (.+)$", CHANGES, re.MULTILINE)


def test_the_package_has_the_version():
    """Semantic versioning: three numbers, and for a candidate a suffix that pip understands."""
    assert re.fullmatch(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?", autograd.__version__)
    assert SETTINGS["project"]["dynamic"] == ["version"]
    assert SETTINGS["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "autograd.__version__"}


def test_the_command_prints_it(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"pathgrad {autograd.__version__}\n"


def test_the_change_log_begins_with_it():
    version, _, when = HEADINGS[0].partition(" ")
    assert version == autograd.__version__
    assert when == "(unreleased)" or datetime.date.fromisoformat(when.strip("()"))
    assert all(datetime.date.fromisoformat(heading.partition(" ")[2].strip("()")) for heading in HEADINGS[1:])


def test_a_released_version_has_no_unsorted_lines():
    released = "(unreleased)" not in HEADINGS[0]
    assert not (released and "### Newest, not sorted yet" in CHANGES)


def test_lines_of_the_change_log_are_there_once():
    lines = re.findall(r"^- .+$", CHANGES, re.MULTILINE)
    assert len(lines) == len(set(lines)) > 170


def test_the_steps_of_a_release_name_files_that_exist():
    page = (ROOT / "docs" / "releasing.md").read_text("utf-8")
    for path in re.findall(r"`((?:[\w.]+/)*[\w.]+\.(?:py|md|toml))`|`(\.ci/run)`", page):
        assert (ROOT / "".join(path)).exists(), path


def test_the_readme_has_sections_for_all_networks_and_for_batches():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "### Many kinds of networks" in readme
    assert "### One formula, a million points" in readme
    assert "vmap" in readme
