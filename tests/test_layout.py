"""The layout of the tests: short files, with a docstring, and a folder for each room of the source."""

import ast
import io
import tokenize
import tomllib
from itertools import islice
from pathlib import Path

TESTS = Path(__file__).parent
PACKAGES = ("autograd", "nn", "viz")


def test_files_are_short_and_say_what_they_test():
    for path in TESTS.rglob("*.py"):
        source = path.read_text("utf-8")
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        text, end = islice((token for token in tokens if token.type not in (tokenize.COMMENT, tokenize.NL)), 2)
        assert (text.type, end.type) == (tokenize.STRING, tokenize.NEWLINE), path
        assert ast.literal_eval(text.string).strip(), path
        assert source.count("\n") <= 310, path


def test_folders_mirror_the_rooms():
    for package in PACKAGES:
        for folder in {path.parent.relative_to(TESTS) for path in (TESTS / package).rglob("test_*.py")}:
            assert (TESTS.parent / folder).is_dir(), folder


def test_every_room_is_installed():
    """A package that pyproject.toml leaves out is missing where the project is installed, and nowhere else."""
    root = TESTS.parent
    rooms = {".".join(path.parent.relative_to(root).parts) for name in PACKAGES
             for path in (root / name).rglob("__init__.py")}
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    assert sorted(settings["tool"]["setuptools"]["packages"]) == sorted(rooms)
