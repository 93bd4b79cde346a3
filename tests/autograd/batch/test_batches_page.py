"""docs/batches.md: its examples are right."""

import doctest
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "batches.md"


def test_the_page_is_right():
    pytest.importorskip("numpy")
    test = doctest.DocTestParser().get_doctest(PAGE.read_text(encoding="utf-8"), {}, "batches", str(PAGE), 0)
    assert doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(test).failed == 0
