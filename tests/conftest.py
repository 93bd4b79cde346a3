"""The table of what the long campaign found; jit with each of its backends."""

import datetime
import platform
from functools import partial
from pathlib import Path

import pytest

import autograd

CAMPAIGN = Path(__file__).with_name("campaign.md")
HEAD = """# The long campaign

`pytest -m campaign` runs it and writes here what it found; a part of it (`-k`) renews its own rows.

| what | found | when, Python, processor |
|---|---|---|
"""
FIGURES = pytest.StashKey()


@pytest.fixture(params=["python", "llvm"])
def jit(request):
    """jit with one of the backends."""
    if request.param == "llvm":
        pytest.importorskip("llvmlite")
    return partial(autograd.jit, backend=request.param)


@pytest.fixture
def figure(request):
    """``figure(what, found)`` makes a row of campaign.md."""
    rows = request.config.stash.setdefault(FIGURES, {})

    def record(what, found):
        where = f"{datetime.date.today()}, {platform.python_version()}, {platform.machine()}"
        rows[what] = f"| {what} | {found} | {where} |"

    return record


def pytest_sessionfinish(session):
    found = session.config.stash.get(FIGURES, {})
    if found:
        lines = CAMPAIGN.read_text().splitlines() if CAMPAIGN.exists() else []
        rows = {line.split(" | ")[0].removeprefix("| "): line for line in lines if line.startswith("| ")}
        rows.pop("what", None)
        rows.update(found)
        CAMPAIGN.write_text(HEAD + "\n".join(rows[what] for what in sorted(rows)) + "\n")
