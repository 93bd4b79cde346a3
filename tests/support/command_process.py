"""The command in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def command(*argv, flags=(), **options):
    """What `python -m viz` with these arguments prints and returns."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | options.pop("env", {})
    return subprocess.run([sys.executable, *flags, "-m", "viz", *argv], env=env, timeout=60, check=False,
                          **{"capture_output": True, **options})
