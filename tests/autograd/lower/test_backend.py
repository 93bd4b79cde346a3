"""The protocol of a backend: found by its name, and the same results as the Program's own."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograd import grad, jacobian, jit, trace
from autograd.lower.backend import compile_program, find_backend

ROOT = Path(__file__).parents[3]


def test_backends_are_found_by_the_names_of_their_files():
    with pytest.raises(ValueError, match="choose 'llvm' or 'python'"):
        jit(abs, backend="numpy")


@pytest.mark.parametrize("name", ["llvm", "python"])
def test_every_backend_runs_a_program(name):
    if name == "llvm":
        pytest.importorskip("llvmlite")
    assert callable(find_backend(name).make_executable)
    program = trace(grad(lambda x, y: x * y + y), 2.0, 3.0)
    assert tuple(compile_program(program, name).run([2.0, 3.0])) == (3.0, 3.0)


def test_a_backend_that_cannot_be_imported_harms_no_other(tmp_path):
    """Nor one that follows no protocol: it is an error that names it."""
    shutil.copytree(ROOT / "autograd", tmp_path / "autograd")
    lower = tmp_path / "autograd" / "lower"
    (lower / "broken.py").write_text("import no_such_library\n")
    (lower / "other.py").write_text("def make_executable(program, layout):\n    return lambda inputs: 1.0\n")
    code = """
from autograd import jit
assert jit(lambda x: x * x, backend="python")(3.0) == 9.0
for name, error in (("broken", ModuleNotFoundError), ("other", TypeError)):
    try:
        jit(lambda x: x * x, backend=name)(3.0)
    except error as found:
        assert name in str(found) or "no_such_library" in str(found), found
    else:
        raise AssertionError(name)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_jacobian_of_a_jacobian_by_several_arguments_is_laid_out_as_eagerly():
    twice = jacobian(jacobian(lambda p, q: (p[0] * q * q, p[1] * p[1] + q)))
    assert jit(twice, backend="python")([2.0, 3.0], 4.0) == twice([2.0, 3.0], 4.0)
