"""What the playground is made of, as far as it can be seen without a browser: words, versions, policy, the session."""

import json
import re
import runpy
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "docs" / "playground"
PAGE = FOLDER / "page"
WORDS = runpy.run_path(str(FOLDER / "words.py"))["words"]()
EXAMPLES = json.loads((PAGE / "examples.json").read_text("utf-8"))
SHARED = FOLDER.parents[1] / "viz" / "training" / "assets"
SCRIPTS = {path.name: path.read_text("utf-8") for path in [*PAGE.glob("*.js"), SHARED / "network.js"]}
PAGES = {path.name: path.read_text("utf-8") for path in PAGE.glob("*.html")}
INDEX = "".join(PAGES.values())
CODE = "".join(path.read_text("utf-8") for path in PAGE.glob("*.py"))
LOCKS = [FOLDER / "package-lock.json", Path(__file__).parent / "browser" / "package-lock.json"]


@pytest.fixture
def session(monkeypatch):
    monkeypatch.syspath_prepend(str(PAGE))
    import session
    yield session
    sys.modules.pop("session")
    sys.modules.pop("undo")


def run(session, program, lang="en"):
    return json.loads(session.run(program, lang))


def test_the_words_are_complete_in_both_languages():
    assert list(WORDS) == ["en", "zh"]
    assert list(WORDS["en"]) == list(WORDS["zh"])
    for key, english in WORDS["en"].items():
        chinese = WORDS["zh"][key]
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", chinese)), key
        assert re.search("[一-鿿]", chinese) or not re.search("[A-Za-z]{3}", re.sub(r"\{\w+\}", "", english)), key
        assert not re.search("[一-鿿][,;:!?]", chinese), f"{key}: full-width punctuation"


def test_every_word_is_used_and_every_used_word_is_there():
    used = set(re.findall(r'data-(?:word|label|title)="(\w+)"', INDEX))
    used |= {word for code in SCRIPTS.values() for word in re.findall(r'"(\w+)"|words\[lang\]\.(\w+)', code)
             for word in word if word}
    problems = set(re.findall(r'"problem": "(\w+)"|(?:told|RefusedError)\("(\w+)"', CODE))
    used |= {word for pair in problems for word in pair if word}
    assert set(WORDS["en"]) <= used
    assert {word for pair in problems for word in pair if word} <= set(WORDS["en"])
    assert set(re.findall(r'data-(?:word|label|title)="(\w+)"', INDEX)) <= set(WORDS["en"])
    assert set(re.findall(r'(?:say|status)\("(\w+)"', "".join(SCRIPTS.values()))) <= set(WORDS["en"])


def test_no_other_words_are_in_the_page():
    """But the names of languages and formats, and what is said where no script runs."""
    for text in PAGES.values():
        body = re.sub(r"<noscript>.*?</noscript>", "", text[text.index("<body>"):])
        found = set(re.findall(r">\s*([^<\s][^<]*)<", body))
        assert {word for word in found if re.search(r"[^\d +]", word)} <= {"English", "中文", "Python", "HTML", "SVG"}


@pytest.mark.parametrize("path", LOCKS, ids=["playground", "tests"])
def test_packages_are_pinned_and_no_registry_is_named(path):
    wanted = json.loads((path.parent / "package.json").read_text())
    lock = json.loads(path.read_text())
    for name, version in (wanted.get("dependencies", {}) | wanted.get("devDependencies", {})).items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    packages = [package for name, package in lock["packages"].items() if name]
    packages = [package for name, package in lock["packages"].items() if name]
    assert all("integrity" in package and "resolved" not in package for package in packages)
    assert "omit-lockfile-registry-resolved=true" in (path.parent / ".npmrc").read_text()


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_lets_nothing_in_or_out(name):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', PAGES[name])[1]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'self'"
    assert rules["worker-src"] == "blob:"       # such a worker obeys this policy; one from a file would have none
    assert {"base-uri", "form-action", "object-src"} <= {name for name, value in rules.items() if value == "'none'"}
    assert "unsafe-inline" not in rules["script-src"]      # styles of the player differ; they can fetch nothing
    assert "'unsafe-eval'" not in policy
    assert "http" not in policy
    assert not re.search(r"\son\w+=", INDEX)
    assert "https://" not in INDEX + "".join(SCRIPTS.values())
    for name, code in SCRIPTS.items():
        assert not re.search(r"innerHTML|insertAdjacent|document\.write|\beval\(|new Function", code), name


def test_every_example_runs(session):
    for example in EXAMPLES:
        assert set(example["title"]) == {"en", "zh"}
        found = run(session, "\n".join(example["program"]))
        assert "problem" not in found, example
        assert found["svg"].startswith("<?xml")


def test_the_numbers_are_those_of_the_cards(session):
    found = run(session, "\n".join(EXAMPLES[0]["program"]))
    assert found["nodes"] == found["cards"] == 5
    assert {(row["name"], row["value"], row["gradient"]) for row in found["numbers"]} >= {
        ("a", "2.0", "2.0"), ("b", "1.0", "5.0")}


@pytest.mark.parametrize(("program", "gradient"), [
    ("y = x * x", 6.0), ("y = x * x\ny.backward()", 6.0), ("y = x * x\nz = 1.0\nprint(y.data, x.grad)", 6.0),
    ("y = x * x\nfor i in range(2):\n    y = y * 2", 24.0), ("def f(a):\n    return a * 5\n\nf(x)", 5.0),
    ("y = x * x\ny.backward(seed=2.0)\ny", 12.0), ("x", 1.0)])
def test_what_is_shown_is_the_last_line_or_the_last_computed_name(session, program, gradient):
    found = run(session, f"from autograd import Value\nx = Value(3.0, label='x')\n{program}")
    assert {row["name"]: float(row["gradient"]) for row in found["numbers"]}["x"] == gradient, found


def test_nothing_is_kept_of_an_earlier_program(session):
    run(session, "from autograd import Value\nx = Value(3.0)\nx * 2")
    assert run(session, "x")["kind"] == "NameError"


CHANGES = [
    "Value.__mul__ = Value.__add__", "Value.data = 1", "Value.extra = 5\ndel Value.__add__",
    "Value.__mul__.__code__ = (lambda self, other: self + other).__code__",
    "import session\nsession._shown = session._outcome = lambda *_: {'problem': 'nothing'}",
    "import autograd\nautograd.Value = autograd.topological_order = int", "import sys\nsys.modules['autograd'] = sys",
    "import builtins\nbuiltins.repr = builtins.float = len", "import json, time\njson.dumps = time.perf_counter = repr",
    "import viz\nviz.set_language('zh')", "import viz.graph.picture\nviz.graph.picture.picture = None",
    "from viz.words.player import WORDS\nWORDS.clear()", "from autograd.ops import table\nvars(table).clear()",
    "import session, undo\nundo.snapshot = session.snapshot = lambda: print"]


@pytest.mark.parametrize("change", CHANGES)
def test_a_program_changes_no_number_of_a_later_one(session, change):
    fine = "from autograd import Value\na = Value(3.0, label='a')\nb = a * a\nb"
    before = run(session, fine)
    assert before["numbers"][0] == {"name": "a", "formula": "", "value": "3.0", "gradient": "6.0"}
    run(session, f"from autograd import Value\n{change}")
    after = run(session, fine)
    assert before | {"seconds": 0} == after | {"seconds": 0}


def test_a_long_chain_is_freed_without_one_call_inside_the_other(session):
    import weakref

    from autograd import Value
    freed = []
    names = {"x": Value(1.0), "other": 1}
    for _ in range(50):
        names["x"] = names["x"] * 2.0
    try:
        weakref.finalize(names["x"], freed.append, 1)
    except TypeError:
        freed.append(1)
    session._forget(names)
    assert names == {}
    assert freed == [1]
