"""docs/architecture.md: its files exist and define the names behind them, walks are short, the picture is current."""

import ast
import re
import runpy
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests import test_architecture

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text()
FILE = r"`((?:[\w.]+/)*\w+\.py)`"
# `autograd/ops/table.py`: `mul`, `sigmoid`
CLAIMS = [(file, re.findall(r"`([\w.]+)`", names)) for file, names in
          re.findall(FILE + r"(?::\s(`[\w.]+`(?:,\s`[\w.]+`)*))?", PAGE)]
MOST = {"a * b": 4, "a formula": 9, "jit(": 16}     # files of each walk


def walks():
    return dict(re.findall(r"\n### Walk: `?(.+?)\n(.+?)(?=\n###? )", PAGE, re.DOTALL))


@cache
def defined(file):
    """The names that a file defines, with Class.method for members of classes."""
    found = set()
    waiting = [("", ast.parse((ROOT / file).read_text()).body)]
    while waiting:
        prefix, body = waiting.pop()
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found.add(prefix + node.name)
                if isinstance(node, ast.ClassDef):
                    waiting.append((f"{node.name}.", node.body))
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found |= {prefix + name.id for target in targets for name in ast.walk(target)
                          if isinstance(name, ast.Name)}
    return found


@pytest.mark.parametrize(("file", "names"), CLAIMS, ids=[file for file, _ in CLAIMS])
def test_files_on_the_page_exist_and_define_what_it_says(file, names):
    assert (ROOT / file).exists()
    assert set(names) <= defined(file)


def test_every_claim_on_the_page_is_checked():
    assert sum(bool(names) for _, names in CLAIMS) == len(re.findall(r"\.py`:", PAGE)) > 90


def test_the_page_in_chinese_says_the_same_of_the_same_files():
    twin = (ROOT / "docs" / "architecture.zh.md").read_text("utf-8")
    found = [(file, re.findall(r"`([\w.]+)`", names)) for file, names in
             re.findall(FILE + r"(?:：(`[\w.]+`(?:、`[\w.]+`)*))?", twin)]
    assert sorted(found) == sorted(CLAIMS)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/decisions.md", "benchmarks/README.md"])
def test_files_that_other_pages_name_exist(page):
    named = set(re.findall(r"\b(?:autograd|nn|viz|tests|benchmarks|docs)(?:/\w+)+\.\w+\b", (ROOT / page).read_text()))
    assert named
    assert all((ROOT / file).exists() for file in named), named


@pytest.mark.parametrize("start", MOST)
def test_walks_are_short(start):
    walk, = [text for title, text in walks().items() if title.startswith(start)]
    files = set(re.findall(FILE, walk))
    assert 1 < len(files) <= MOST[start]
    assert len(files) == len(re.findall(r"^\d+\. ", walk, re.MULTILINE))


def test_every_room_has_a_paragraph():
    headings = set(re.findall(r"^### `(.+)/`$", PAGE, re.MULTILINE))
    folders = {path.parent.relative_to(ROOT).as_posix() for package in ("autograd", "nn", "viz")
               for path in (ROOT / package).rglob("__init__.py")}
    assert headings == folders - {"autograd"}


def test_each_question_is_answered_with_a_file():
    section = PAGE.partition("## Where does it go?")[2]
    answers = dict(re.findall(r"\*\*(.+?)\.\*\* (.+?)(?=\n\n|\Z)", section, re.DOTALL))
    assert set(answers) == {"An op", "A backend", "An optimiser", "A layer", "A picture", "A transform",
                            "A sentence that people see"}
    assert all(re.search(FILE, answer) for answer in answers.values())


def test_the_picture_is_that_of_the_tables():
    drawing = runpy.run_path(str(ROOT / "docs" / "draw_architecture.py"))["plan"](vars(test_architecture))
    assert (ROOT / "docs" / "architecture.dot").read_text() == drawing.source, "run python docs/draw_architecture.py"
    svg = ElementTree.parse(ROOT / "docs" / "architecture.svg")
    shown = {"".join(text.itertext()).strip() for text in svg.iter("{http://www.w3.org/2000/svg}text")}
    tables = test_architecture.ROOMS, *test_architecture.OTHERS.values()
    rooms = {room.replace(".", "/") for table in tables for room in table}
    assert rooms <= {text.removesuffix("/").removesuffix(".py") for text in shown}


def test_the_list_of_files_is_current():
    listing = runpy.run_path(str(ROOT / "docs" / "draw_architecture.py"))["listing"]()
    assert (ROOT / "docs" / "files.md").read_text() == listing, "run python docs/draw_architecture.py"
