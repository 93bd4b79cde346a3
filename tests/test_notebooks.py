"""What is committed of a notebook or its twin: whole, run from top to bottom, and nothing of the machine it ran on.

That they run is checked by `pytest --nbmake notebooks`.
"""

import json
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted([*FOLDER.glob("*.ipynb"), *FOLDER.glob("zh/*.ipynb")])
MACHINE = re.compile(r"(?<![\w.])/(home|root|tmp|work|usr|opt|var|Users)/|[A-Z]:\\\\?Users| at 0x[0-9a-f]{6}")
LARGEST = {"4_descent_and_losses": 700_000, "9_survey": 1_500_000, "5b_why_does_it_not_learn": 800_000}       # bytes
USUAL = 400_000         # of all others: a page that loads


def cells(path):
    return [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]


def outputs(path):
    return [output for cell in cells(path) for output in cell["outputs"]]


def words(output):
    """Everything an output says, without the pictures."""
    data = output.get("data", {})
    texts = [output.get("text", ""), *(data[kind] for kind in data if kind != "image/png")]
    return "".join(line for text in texts for line in text)


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: str(path.relative_to(FOLDER).with_suffix("")))
def path(request):
    return request.param


def test_it_ran_from_top_to_bottom_without_an_error(path):
    assert [cell["execution_count"] for cell in cells(path)] == list(range(1, 1 + len(cells(path))))
    assert {output["output_type"] for output in outputs(path)} <= {"stream", "display_data", "execute_result"}
    assert {output["name"] for output in outputs(path) if output["output_type"] == "stream"} <= {"stdout"}


def test_it_says_nothing_of_the_machine_it_ran_on(path):
    for output in outputs(path):
        assert not MACHINE.search(words(output))
    assert not any(cell["metadata"] for cell in cells(path))        # the times of execution would be there
    assert json.loads(path.read_text("utf-8"))["metadata"]["kernelspec"]["name"] == "python3"


def test_it_has_pictures_that_every_site_shows(path):
    assert sum("image/png" in output.get("data", {}) for output in outputs(path)) >= 1
    assert not any("image/svg+xml" in output.get("data", {}) for output in outputs(path))
    assert path.stat().st_size < LARGEST.get(path.stem, USUAL)


def test_folded_solutions_are_python(path):
    folded = [source for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "markdown"
              for source in re.findall(r"```python\n(.*?)```", "".join(cell["source"]), re.DOTALL)]
    for source in folded:
        compile(source, path.name, "exec")
    assert path.stem != "9_survey" or len(folded) == 12


def test_the_list_has_all_of_them_in_order():
    listed = re.findall(r"\]\((\w+\.ipynb)\)", (FOLDER / "README.md").read_text("utf-8"))
    assert listed == sorted(listed, key=lambda name: (int(re.match(r"\d+", name)[0]), name))      # 1, 1b, 2
    assert {path.name for path in NOTEBOOKS} == set(listed)         # the list of twins: test_notebook_twins.py


@pytest.mark.parametrize(("text", "found"), [
    ("in /tmp/x.py, line 3", True), ('File "C:\\Users\\x"', True), ("<Drawing at 0x7f0e45546290>", True),
    ("a/b/usr/c", False), ("input/output", False), ("1 at 0", False),
])
def test_what_gives_a_machine_away(text, found):
    assert bool(MACHINE.search(text)) == found
