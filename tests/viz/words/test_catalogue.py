"""The room of words: each language has every text, with the same places, and nothing is said that is not there."""

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest

from viz.words.language import LANGUAGES, Texts, speaking, spoken
from viz.words.library import numbered, translated

ROOT = Path(__file__).parents[3]
SUBJECTS = [path.stem for path in sorted((ROOT / "viz" / "words").glob("*.py"))
            if path.stem not in ("__init__", "language", "library_tables")]
HAN = re.compile("[\u4e00-\u9fff]")
SENTENCE = re.compile(r"[A-Za-z]{2,}(?:,? [a-z]{2,}){2,}")      # three words in a row


def texts(words, at=""):
    """Every text of a catalogue by where it stands."""
    if isinstance(words, str):
        return {at: words}
    items = words._asdict() if hasattr(words, "_asdict") else words
    return {place: text for key, inner in items.items() for place, text in texts(inner, f"{at}/{key}").items()}


def places(text):
    return sorted(name for _, name, _, _ in Formatter().parse(numbered(text)) if name is not None)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_each_language_is_complete(subject):
    words = import_module(f"viz.words.{subject}").WORDS
    assert tuple(words) == LANGUAGES
    english, chinese = (texts(words[lang]) for lang in LANGUAGES)
    assert english.keys() == chinese.keys()
    for place, text in english.items():
        assert places(text) == places(chinese[place]), place
        for told in () if subject.startswith("library") else (text, chinese[place]):    # str.format mixes no {} and {0}
            assert len({name.isdigit() for _, name, _, _ in Formatter().parse(told) if name is not None}) <= 1, told
        assert not HAN.search(text) or place == "/language", place      # a switch is named in the other language
        if re.search("[a-z]{4,}", re.sub(r"\{.*?\}|--[a-z-]+|[a-z]+\(.*?\)", "", text)):
            assert HAN.search(chinese[place]), f"{place} is not in Chinese: {chinese[place]}"
        told = re.sub(r"'.*?'|\".*?\"", "", chinese[place])
        assert not re.search(f"{HAN.pattern}[,;:?!]|[,;!] ?{HAN.pattern}", told), f"half-width signs: {told}"


def strings(path):
    """The texts in the code of a file, without docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(node.body[0].value) for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None}
    return [(node.value, node.lineno) for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs]


@pytest.mark.parametrize("path", sorted((ROOT / "viz" / "command").glob("*.py")), ids=lambda path: path.stem)
def test_the_command_has_no_sentence_of_its_own(path):
    known = set(import_module("viz.words.expressions").ERRORS.words["en"])
    elsewhere = import_module("viz.command.functions")._ELSEWHERE
    names = {name for call, names in elsewhere.items() for name in (*names, call)}
    found = [(text, line) for text, line in strings(path)
             if SENTENCE.search(text) and text not in known and not names.issuperset(text.split())]
    assert found == []


def test_every_sentence_of_a_table_has_its_translation():
    known = "\n".join(import_module("viz.words.library_tables").TABLES)
    ours = {"table_model", "numbers"}         # numbers: read by the function of a row, too
    for path in sorted((ROOT / "nn" / "tabular").glob("*.py")):
        for text, line in strings(path) if path.stem not in ours else ():
            if SENTENCE.search(text):
                parts = [part.strip(" ,;:") for part in re.split(r"\{\}", text)]
                assert all(part in known for part in parts), f"{path.stem}, line {line}: {text!r}"


@cache
def calls():
    """Each call of Texts in viz: the file, the name of the Texts and the key."""
    found = []
    for path in sorted((ROOT / "viz").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                counts = isinstance(node.func, ast.Attribute) and node.func.attr == "counted"
                called = node.func.value if counts else node.func
                if isinstance(called, ast.Name) and called.id.isupper():
                    found.append((path, called.id, node))
    return found


def test_every_key_is_in_the_catalogue():
    seen = 0
    for path, name, node in calls():
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        found = getattr(module, name, None)
        if isinstance(found, Texts):
            for leaf in ast.walk(node.args[0]):
                if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and leaf.value in found.words["en"]:
                    seen += 1
                    break
            else:
                assert not isinstance(node.args[0], ast.Constant) or node.func.attr == "counted", \
                    f"{path.name}, line {node.lineno}: {ast.unparse(node)}"
    assert seen > 150


def test_the_language_ends_with_its_block():
    with speaking("zh"):
        assert spoken() == "zh"
        with speaking("en"):
            assert spoken() == "en"
        assert translated("No such file or directory") == "没有这个文件或文件夹"
    assert translated("No such file or directory") == "No such file or directory"
    with speaking("zh"):
        assert translated("something new") == "something new"
