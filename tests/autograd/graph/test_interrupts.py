"""KeyboardInterrupt at random moments among threads that enter modes, trace and compile: no hang, no mode left on."""

import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "tests" / "support" / "interrupted_process.py"


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers here")
@pytest.mark.parametrize("count", [200, pytest.param(5000, marks=pytest.mark.campaign)])
def test_interrupts_among_threads(count, figure):
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run([sys.executable, SCRIPT, str(count), "1"], capture_output=True, text=True,
                          check=False, timeout=120 + count / 5, env={**os.environ, "PYTHONPATH": paths})
    assert done.returncode == 0, done.stderr
    if count == 5000:
        figure(f"Ctrl-C at random moments among threads with no_grad, anomaly, tracing, Python "
               f"{'.'.join(platform.python_version_tuple()[:2])}", f"{done.stdout.strip()}: no hang, no mode left on")
