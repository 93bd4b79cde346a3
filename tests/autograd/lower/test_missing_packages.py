"""Without its package a backend says what to install."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(("package", "code", "what", "extra"), [
    ("llvmlite", "jit(lambda x: x * x, backend='llvm')(2.0)", 'jit: backend="llvm"', "jit"),
    ("numpy", "from autograd.lower.numpy import lower; lower(trace(lambda x: x * x, 2.0))", "autograd.lower.numpy",
     "numpy"),
    ("jax", "from autograd.lower.jax import lower; lower(trace(lambda x: x * x, 2.0))", "autograd.lower.jax", "jax")])
def test_without_the_package_it_says_what_to_install(package, code, what, extra):
    code = f"import sys; sys.modules[{package!r}] = None\nfrom autograd import jit, trace\n{code}"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert out.returncode == 1
    assert out.stderr.splitlines()[-1] == (
        f'ImportError: {what} needs {package}: pip install ".[{extra}]" in a clone of pathgrad, or pip install '
        f"{package}")


def test_left_out_the_backend_is_python():
    code = "import sys; sys.modules['llvmlite'] = None\nfrom autograd import jit\nprint(jit(lambda x: x * x)(3.0))"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (out.stdout, out.stderr) == ("9.0\n", "")
