"""The quick selection: `pytest -m quick` covers each package, and leaves the long campaign out."""

from pathlib import Path

import pytest

import conftest

ROOT = Path(conftest.__file__).parent


@pytest.mark.parametrize("start", conftest.QUICK)
def test_every_file_of_the_quick_selection_exists(start):
    assert (ROOT / start).exists()


@pytest.mark.parametrize("package", ["autograd", "nn", "viz"])
def test_the_quick_selection_tests_each_package(package):
    assert any(start.startswith(f"tests/{package}/") for start in conftest.QUICK)
    assert f"{package}/" in conftest.QUICK      # its doctests


def test_marks_are_set_by_file(request):
    marked = {item.nodeid for item in request.session.items if item.get_closest_marker("quick")}
    assert all(name.startswith(conftest.QUICK) for name in marked)
    assert not any(item.get_closest_marker("campaign") for item in request.session.items if item.nodeid in marked)
    assert request.node.get_closest_marker("quick") is None


def test_readme_names_it():
    text = (ROOT / "README.md").read_text("utf-8")
    assert "`pytest -m quick`" in text
    assert text.count("```sh") == 2
