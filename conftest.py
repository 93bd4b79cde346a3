"""Settings of all tests and doctests; the quick selection; jit with each backend; the table of the long campaign."""

import datetime
import gc
import os
import platform
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

import autograd
from autograd.compiler import version_budget

# scripts that tests start in a process of their own, and modules whose extra is not installed
collect_ignore = ["tests/support/jax_process.py", "tests/support/jax_loops.py"]
if not find_spec("llvmlite"):
    collect_ignore += [f"autograd/lower/llvm/{name}.py" for name in ("native", "native_lanes", "processor", "symbols")]
if not find_spec("sklearn"):
    collect_ignore += ["nn/sklearn", "tests/nn/sklearn"]

gc.disable()        # until thousands of tests are collected, all of which stay

# Every version is compiled: a call that runs uncompiled would compare eager with eager. The budget has its own tests.
version_budget.FREE = 10**9

# the same examples on every machine; `pytest --hypothesis-profile=long` draws forty times as many, others in each run
settings.register_profile("suite", derandomize=True, database=None, max_examples=50)
settings.register_profile("long", database=None, max_examples=2_000, deadline=None)
settings.load_profile("suite")

# `pytest -m quick`: the doctests, worked examples, and of each room the tests that say what its functions do
QUICK = (
    "README.md", "autograd/", "nn/", "viz/", "tests/textbooks/", "tests/autograd/diagnostics/",
    *(f"tests/{name}.py" for name in (
        "autograd/ops/test_edges", "autograd/ops/test_table", "autograd/graph/test_contexts",
        "autograd/graph/test_no_grad", "autograd/graph/test_operators", "autograd/transforms/test_containers",
        "autograd/transforms/test_has_aux", "autograd/transforms/test_reverse", "autograd/program/test_program",
        "autograd/lower/test_backend", "autograd/compiler/test_jitted", "autograd/compiler/test_specializations",
        "nn/layers/test_activations", "nn/layers/test_linear", "nn/layers/test_sequential", "nn/optim/test_optimizer",
        "nn/test_losses", "nn/test_module", "viz/graph/test_flow", "viz/graph/test_symbols",
        "viz/command/test_expression", "viz/command/test_functions")))

EVERYTHING = "not campaign and not browser"     # the marks that addopts in pyproject.toml selects
CAMPAIGN = Path(__file__).with_name("tests") / "campaign.md"
HEAD = """# The long campaign

`pytest -m campaign` runs it and writes here what it found; a part of it (`-k`) renews its own rows.

| what | found | when, Python, processor |
|---|---|---|
"""
FIGURES = pytest.StashKey()


def pytest_xdist_auto_num_workers(config):
    """All tests run side by side, up to four; what is named, by a path or a mark, runs in one process."""
    everything = config.args_source == pytest.Config.ArgsSource.TESTPATHS and config.option.markexpr == EVERYTHING
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, 4) if everything and processors > 1 else 0


def pytest_collection_modifyitems(items):
    for item in items:
        if item.nodeid.startswith(QUICK) and not item.get_closest_marker("campaign"):
            item.add_marker(pytest.mark.quick)


def pytest_collection_finish():
    gc.collect()
    gc.freeze()     # thousands of tests stay, and each collection would look at all of them
    gc.enable()
    gc.set_threshold(20_000, 20, 20)     # what tests before have left is looked at less often


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(request):
    """Doctests may write files, such as the README's graph.svg. Other tests ask for a folder where they need one."""
    if isinstance(request.node, pytest.DoctestItem):
        request.getfixturevalue("monkeypatch").chdir(request.getfixturevalue("tmp_path"))


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
