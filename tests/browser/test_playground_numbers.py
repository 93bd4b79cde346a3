"""The playground computes what CPython computes: 200 programs by a generator, typed into the page and run there."""

import json
import math
import re
import sys

import pytest

from tests.support.playground_page import FOLDER
from tests.support.playground_programs import program

# The C library of WebAssembly is another one; what does not call it has the same bits.
CALLS = re.compile(r"tanh|exp|sin|cos|sigmoid|softplus|log|atan|gelu|hypot|\*\* (?!2\b|3\b|-1\b)")


@pytest.fixture
def session(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER / "page"))
    import session
    yield session
    sys.modules.pop("session")


def test_the_same_numbers_as_cpython_for_200_programs(playground, session):
    opened = playground()
    compared = exact = 0
    for seed in range(200):
        text = program(seed)
        found = json.loads(session.run(text))
        expected = {row["name"]: (row["value"], row["gradient"]) for row in found["numbers"]}
        opened.run(text)
        assert opened.problem() == "", text
        shown = opened.numbers()
        assert list(shown) == list(expected), text
        same = not CALLS.search(text)
        for name, pair in expected.items():
            for here, there in zip(shown[name], pair, strict=True):
                compared += 1
                exact += here == there
                close = math.isclose(float(here), float(there), rel_tol=0 if same else 4e-15) or here == there
                assert close, (text, name, here, there)
    assert compared > 2500
    assert exact > 0.97 * compared
