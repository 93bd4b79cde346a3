"""The layout of the tests: short files, with a docstring, and a folder for each room of the source."""

import ast
import tomllib
from pathlib import Path

TESTS = Path(__file__).parent
PACKAGES = ("autograd", "nn", "viz")


def test_files_are_short_and_say_what_they_test():
    for path in TESTS.rglob("*.py"):
        source = path.read_text("utf-8")
        assert ast.get_docstring(ast.parse(source)), path
        assert source.count("\n") <= 310, path


def test_folders_mirror_the_rooms():
    for package in PACKAGES:
        for folder in {path.parent.relative_to(TESTS) for path in (TESTS / package).rglob("test_*.py")}:
            assert (TESTS.parent / folder).is_dir(), folder


def test_every_room_is_installed():
    listed = tomllib.loads((TESTS.parent / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    rooms = {".".join(path.parent.relative_to(TESTS.parent).parts) for package in PACKAGES
             for path in (TESTS.parent / package).rglob("__init__.py")}
    assert set(listed) == rooms
