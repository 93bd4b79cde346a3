"""The layout of the tests: short files, with a docstring, and a folder for each room of the source."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PACKAGES = ("autograd", "nn", "viz")
LONG = {"test_saving.py"}       # to be split
FILES = sorted(TESTS.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TESTS).as_posix())
def test_files_are_short_and_say_what_they_test(path):
    source = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(source))
    assert path.name in LONG or source.count("\n") <= 310


def test_folders_mirror_the_rooms():
    for package in PACKAGES:
        for folder in {path.parent.relative_to(TESTS) for path in (TESTS / package).rglob("test_*.py")}:
            assert (TESTS.parent / folder).is_dir(), folder
