"""Machine code that finds no memory raises MemoryError and leaks nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def run(what):
    """In a process of its own, which a fault in machine code ends."""
    script = HERE.parents[1] / "support" / "without_memory.py"
    done = subprocess.run([sys.executable, script, what], cwd=HERE.parents[2], check=False,
                          capture_output=True, text=True, env={"PYTHONPATH": str(HERE.parents[2])}, timeout=300)
    assert done.returncode == 0, f"{done.returncode} after {done.stdout.splitlines()[-1:]}:\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.mark.parametrize("what", ["some", pytest.param("positions", marks=pytest.mark.campaign)])
def test_every_allocation_that_fails_is_a_memory_error(what):
    """Of a list or a tuple that could not be made, items were set: a segmentation fault."""
    pytest.importorskip("llvmlite")
    pytest.importorskip("_testcapi", reason="only the _testcapi of CPython's own tests lets allocations fail")
    assert "allocations failed" in run(what)


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS bounds a process on Linux only")
def test_a_process_at_its_limit_raises_memory_error():
    """The room for many numbers was written to without a look at whether there is any."""
    pytest.importorskip("llvmlite")
    assert run("limit") == "MemoryError\n"
