"""Beside HIPS autograd, which has the same import name, the error or warning names it."""

import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

ROOT = Path(__file__).parents[2]


def run(code, folder):
    return subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = {list(map(str, folder))}\n{code}"],
                          capture_output=True, text=True, check=False, cwd=folder[0])


@pytest.mark.parametrize("package", ["nn", "viz"])
@pytest.mark.parametrize(("content", "name"), [
    ("def grad(f): ...\ndef elementwise_grad(f): ...\n", "HIPS autograd"), ("", "another package of that name")])
def test_another_autograd_is_named(package, content, name, tmp_path):
    (tmp_path / "autograd").mkdir()
    (tmp_path / "autograd" / "__init__.py").write_text(content)
    last = run(f"import {package}", [tmp_path, ROOT]).stderr.splitlines()[-1]
    assert last == (f"ImportError: {package} needs pathgrad's own package autograd, but "
                    f"{tmp_path / 'autograd' / '__init__.py'} was imported, which is {name}; install pathgrad in an "
                    "environment without it")


def test_overwritten_files_are_told_at_import(tmp_path):
    copytree(ROOT / "autograd", tmp_path / "autograd", ignore=ignore_patterns("__pycache__"))
    assert run("import autograd", [tmp_path]).stderr == ""
    (tmp_path / "autograd" / "tracer.py").write_text("")
    found = run("import autograd; print(autograd.sin(0.0))", [tmp_path])
    assert found.stdout == "0.0\n"
    assert "RuntimeWarning: HIPS autograd is installed in the same environment, and pathgrad has overwritten its" \
        in found.stderr
    assert "uninstall both, and install them in different environments" in found.stderr
