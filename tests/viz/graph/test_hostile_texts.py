"""No text harms the command, DOT or SVG; inputs found by fuzzing are tried again."""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.support import hostile_pictures as hostile
from tests.support.hostile_texts import TARGETS, TEXTS, kept
from viz import text
from viz.graph import labels, truncate

FUZZ = Path(__file__).parents[2] / "tools" / "fuzz.py"
EXAMPLES = {"expression": 300, "dot": 150, "svg": 40}
MINUTES = 10


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("target", TARGETS)
def test_what_earlier_hunts_kept(target):
    inputs = kept(target)
    assert len(inputs) > 50
    for texts in inputs:
        hostile.CHECKS[target](texts)


@pytest.mark.parametrize("target", TARGETS)
def test_drawn_at_random(target):
    @settings(max_examples=EXAMPLES[target], deadline=None, suppress_health_check=list(HealthCheck))
    @given(TEXTS[target])
    def holds(texts):
        hostile.CHECKS[target](texts)

    holds()


@pytest.mark.parametrize("texts", [
    ["+".join("a" * 2_900), "a=1"], ["+".join("a" * 140), "a=1", "--out=x.svg"], ["9**9**9**9 + 9**-9**9**9"],
    ["prod(" + ",".join(f"v{i}" for i in range(200)) + ")", *(f"v{i}=2" for i in range(200)), "--check"],
    ["a", "a=" + "9" * 100_000], ["--check", "/".join(["(a - a)"] * 500), "a=1"], ["a<" * 2_000 + "a", "a=1"],
    ["where(" * 99 + "a" + ",a,a)" * 99, "a=1"], ["--json", "dot([" + "a," * 1_900 + "],[" + "b," * 1_900 + "])", "a=1",
                                                 "b=nan"], ["sum(" + "[" * 90, "a=1"], ["{0.__class__}%n%s"]],
    ids=range(11))
def test_long_and_deep(texts):
    hostile.check_expression(texts)


def test_labels_of_ten_thousand_characters():
    for name in ("x" * 10_000, "<b>" * 3_000, " \0" * 5_000, "\\N" * 5_000, "  " * 5_000 + "a", "&" * 10_000):
        hostile.check_dot(["", name, name, name])
        hostile.check_svg(["", name, name])


@pytest.mark.parametrize(("module", "name", "broken"), [
    (labels, "html", str), (text, "_printable", str), (labels, "number", lambda x: "7"),
    (truncate, "constants", lambda x: [])])
def test_the_checks_notice(module, name, broken, monkeypatch):
    """Without this the properties could hold because nobody looked."""
    monkeypatch.setattr(module, name, broken)

    def all_hold():
        for texts in kept("dot"):
            hostile.check_dot(texts)

    with pytest.raises((AssertionError, ElementTree.ParseError, ValueError)):
        all_hold()


@pytest.mark.campaign
@pytest.mark.parametrize("target", TARGETS)
def test_hunt(target, figure):
    done = subprocess.run([sys.executable, str(FUZZ), target, "--minutes", str(MINUTES)], capture_output=True,
                          text=True, check=False)
    found = done.stdout.strip().splitlines()[-1].removeprefix(f"{target}: ")
    figure(f"harm by {target}, {MINUTES} minutes", found)
    assert done.returncode == 0, done.stdout[-3000:]
    assert not found.startswith("0 executions")
