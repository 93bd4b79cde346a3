"""What the notebooks teach: answers that can be found, sources, exercises whose solutions run, faults with their cause.

All solutions of all notebooks: `python tests/tools/run_solutions.py`.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import run_solutions

FOLDER = Path(__file__).parent.parent / "notebooks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
OLAH = "https://colah.github.io/posts/2015-08-Backprop/"
MAZUR = "https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/"
KARPATHY = "https://www.youtube.com/watch?v=VMj-3S1tku0"


def sources(name):
    return ["".join(cell["source"]) for cell in cells(name, "code")]


def cells(name, kind):
    book = json.loads((FOLDER / f"{name}.ipynb").read_text("utf-8"))
    return [cell for cell in book["cells"] if cell["cell_type"] == kind]


def prose(name):
    return "\n\n".join("".join(cell["source"]) for cell in cells(name, "markdown"))


def printed(name):
    outputs = [output for cell in cells(name, "code") for output in cell["outputs"]]
    return "".join(line for output in outputs for line in output.get("text", ()))


@pytest.mark.parametrize(("question", "words"), [
    ("What is on the arrow?", ["upstream", "local", "contribution"]),
    ("What is in the card?", ["value", "gradient", "sum"]),
    ("Why 5?", ["two paths", "1 × 2 = 2", "1 × 3 = 3", "2 + 3 = 5"]),
    ("Why this order?", ["only when all arrows into it have brought their part"]),
    ("What is `zero_grad` for?", ["back to 0", "next step"]),
])
def test_the_first_notebook_answers_in_one_sentence(question, words):
    [answer] = re.findall(rf"\*\*{re.escape(question)}\*\* (.*?)\.(?:\s|$)", prose("1_chain_rule"), re.DOTALL)
    answer = " ".join(answer.split())
    assert all(word in answer for word in words), answer
    assert "." not in answer
    assert len(answer) < 250


@pytest.mark.parametrize(("name", "links"), [
    ("1_chain_rule", [OLAH]), ("2_neural_networks", [OLAH, MAZUR]), ("3_backpropagation_illustrated", [MAZUR]),
    ("3b_build_this_engine", [KARPATHY]), ("6_from_micrograd", [KARPATHY]), ("README", [OLAH, MAZUR, KARPATHY])])
def test_public_sources_are_linked(name, links):
    text = (FOLDER / "README.md").read_text("utf-8") if name == "README" else prose(name)
    assert all(link in text for link in links)


@pytest.mark.parametrize("name", NAMES)
def test_every_notebook_has_exercises_with_folded_solutions(name):
    text = prose(name)
    assert re.search(r"^## .*[Ee]xercises|\*\*Exercise\.\*\*", text, re.MULTILINE)
    assert text.count("<details><summary>") == text.count("</details>") >= 2
    assert all(re.search(r"\n```\n|\w", part) for part in re.findall(r"</summary>\n\n(.*?)</details>", text, re.DOTALL))


def test_solutions_run():
    """In a process of its own, since notebooks define primitives."""
    names = [f"{name}.ipynb" for name in ("1_chain_rule", "1b_one_neuron_to_delta")]
    ran = subprocess.run([sys.executable, run_solutions.__file__, *names], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.splitlines() == [f"{name}: no failures" for name in names]


def test_a_solution_that_fails_is_found(tmp_path):
    book = tmp_path / "x.ipynb"
    text = "<details><summary>Solution</summary>\n\n```python\nassert x == {}\n```\n</details>"
    book.write_text(json.dumps({"cells": [
        {"cell_type": "code", "source": ["x = 1\n", "print(x)"]}, {"cell_type": "markdown", "source": [text.format(2)]},
        {"cell_type": "markdown", "source": [text.format(1)]}]}), "utf-8")
    [found] = run_solutions.failures(book)
    assert found.startswith("assert x == 2")
    assert "AssertionError" in found


def test_the_third_notebook_does_not_repeat_the_second():
    second, third = ("".join(sources(name)) for name in ("2_neural_networks", "3_backpropagation_illustrated"))
    figures, again = (set(re.findall(r"\d\.\d{6,}", code)) for code in (second, third))
    assert len(figures) > 15
    assert len(figures & again) < 10
    assert "class Mistaken" in second
    assert "class Mistaken" not in third


def test_the_engine_has_sixty_lines_and_each_stage_is_checked():
    code = sources("3b_build_this_engine")
    assert len([source for source in code if "class Value:" in source][-1].splitlines()) <= 60
    assert sum("check_engine(Value)" in source for source in code) >= 9
    reports = printed("3b_build_this_engine")
    for mistake in ("instead of +=", "once per arrow", "too early", "local partial", "second backward"):
        assert mistake in reports, mistake
    assert reports.count("right on every expression that was tried") >= 5


def test_each_broken_training_has_a_cause_and_is_mended():
    sections = re.split(r"^##+ (?=\d+ · )", prose("5b_why_does_it_not_learn"), flags=re.MULTILINE)[1:]
    assert [int(section.split()[0]) for section in sections] == list(range(1, 14))
    for section in sections:
        assert "**Cause.**" in section
        assert "**Mended" in section
    pictures = [cell for cell in cells("5b_why_does_it_not_learn", "code") if any(
        "image/png" in output.get("data", {}) for output in cell["outputs"])]
    assert len(pictures) >= 2 * len(sections)
