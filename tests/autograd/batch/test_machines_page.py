"""The recipes of docs/machines.md, each as a file of its own beside the functions that they share."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SHARED, *RECIPES = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "machines.md").read_text(), re.S)
FOREIGN = "dask", "joblib", "ray", "jax"


def needs(recipe):
    return [name for name in FOREIGN if re.search(rf"^(from|import) {name}\b", recipe, re.M)]


def result(recipe, folder):
    (folder / "prices.py").write_text(SHARED)
    (folder / "recipe.py").write_text(recipe)
    done = subprocess.run([sys.executable, "recipe.py"], cwd=folder, capture_output=True, text=True, check=False,
                          timeout=120, env=os.environ | {
                              "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)]),
                              "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0", "JAX_PLATFORMS": "cpu",
                              "XLA_FLAGS": "--xla_force_host_platform_device_count=4"})
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    return result("from prices import *\nprint(shown(*batched()(*options(100_000))))", tmp_path_factory.mktemp("alone"))


@pytest.mark.parametrize("recipe", [pytest.param(
    recipe, marks=[pytest.mark.campaign] if needs(recipe) else [],      # which take seconds to start
    id=f"{i}: {', '.join(needs(recipe)) or 'Python'}") for i, recipe in enumerate(RECIPES)])
def test_every_recipe_gives_what_one_process_gives(recipe, alone, tmp_path):
    for name in needs(recipe):
        if find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    assert result(recipe, tmp_path) in ("True", alone)
