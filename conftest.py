"""Settings that every test shares."""

from importlib.util import find_spec

import pytest
from hypothesis import settings

# what a test runs as a program of its own, and what needs an extra that is not there
collect_ignore = ["tests/support/jax_process.py"]
if not find_spec("llvmlite"):
    collect_ignore.append("autograd/lower/llvm/native.py")

# the same examples on every machine; the long campaigns draw their own
settings.register_profile("suite", derandomize=True, database=None)
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(monkeypatch, tmp_path, request):
    """Doctests may write files, such as the README's graph.svg."""
    if isinstance(request.node, pytest.DoctestItem):
        monkeypatch.chdir(tmp_path)
