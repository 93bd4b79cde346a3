"""The architecture: the direction of imports, the dependencies of the engine, the size of rooms and files."""

import ast
import io
import subprocess
import sys
import tokenize
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

import autograd
from autograd import TABLE
from tests.support.arrows import ARROWS

ROOT = Path(__file__).parent.parent

# Which rooms each room may look into; a name stands for all that it may look into, too. The files beside the rooms
# (errors, source_lines, locks, files, quoting, former_names) are the ground, on which all of them stand.
ROOMS = {
    "ops": [], "graph": ["ops"], "transforms": ["graph"], "diagnostics": ["transforms"], "program": ["transforms"],
    "lower": ["program"], "lower.llvm": ["lower"], "compiler": ["transforms", "lower"], "batch": ["compiler"],
}
GROUND = {"errors", "source_lines", "locks", "files", "quoting", "former_names"}

# The same of nn and viz, between their rooms and the files beside them.
OTHERS = {
    "nn": {"modules": ["nested"], "module": ["modules"], "validators": [], "init": ["validators"], "frames": [],
           "nested": [],
           "losses": ["frames", "module", "validators", "nested"], "metrics": ["nested"],
           "layers": ["module", "init", "validators", "frames", "nested"],
           "optim": ["module", "validators"], "serialization": [], "training": ["optim", "serialization", "nested"],
           "tabular": ["training", "layers", "metrics"], "loading": ["serialization", "tabular"],
           "sklearn": ["training", "layers", "losses"]},
    "viz": {"words": [], "text": [], "rendering": ["words"], "palette": [], "model_layers": [],
            "graph": ["text", "rendering", "palette", "words"],
            "charts": ["text", "rendering", "palette", "model_layers", "words"], "network": ["graph", "model_layers"],
            "mistakes": ["graph"], "player": ["mistakes"], "training": ["player", "charts"],
            "engine_check": ["mistakes"], "command": ["graph", "charts", "player", "engine_check"]},
}


# What is imported only where it is used, and is an extra.
LAZY = {"lower.llvm.native": "llvmlite", "lower.llvm.processor": "llvmlite", "lower.llvm.symbols": "llvmlite",
        "lower.numpy": "numpy", "lower.jax": "jax",
        **dict.fromkeys(["lower.jax_steps", "lower.jax_loops", "lower.jax_replay", "lower.jax_blocks"], "jax")}


def below(name, arrows=ARROWS):
    found, waiting = set(), [name]
    while waiting:
        near = set(arrows[waiting.pop()]) - found
        found |= near
        waiting += near
    return found | {"errors"}


def statements(path):
    """Of a file, also those inside of others; expressions, of which there are many more, are left out."""
    found = [ast.parse(path.read_text("utf-8"))]
    for node in found:
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            found += getattr(node, part, ())
    return found


@cache
def imports(path):
    found = []
    for node in statements(path):
        if isinstance(node, ast.ImportFrom):
            found.append(node.module)
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
    return found


def files(package):
    return sorted(path for path in (ROOT / package).rglob("*.py") if path.stem not in ("__init__", "__main__"))


def name(path):
    """As it is imported, without the package: lower.python."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts[1:])


def test_every_engine_file_has_its_arrows():
    assert {name(path) for path in files("autograd")} == set(ARROWS)


@pytest.mark.parametrize("path", files("autograd"), ids=name)
def test_imports_of_the_engine_point_one_way(path):
    for module in imports(path):
        top, _, rest = module.partition(".")
        if top == "autograd":
            assert rest in below(name(path)), f"{name(path)} may not import {rest}"
        elif top != LAZY.get(name(path)):
            assert top in sys.stdlib_module_names, f"the engine needs nothing but the standard library, not {top}"


def room(module):
    """Of a module's name without the package."""
    return module.rpartition(".")[0] or module


@pytest.mark.parametrize("path", files("autograd"), ids=name)
def test_rooms_of_the_engine_look_one_way(path):
    here = room(name(path))
    for module in imports(path):
        top, _, rest = module.partition(".")
        if top == "autograd" and rest not in GROUND and here in ROOMS:
            assert room(rest) in {here, *below(here, ROOMS)}, f"{here} may not look into {room(rest)}"


@pytest.mark.parametrize("package", ["nn", "viz"])
def test_rooms_of_other_packages_look_one_way(package):
    arrows = OTHERS[package]
    for path in files(package):
        here = room(name(path))
        for module in imports(path):
            top, _, rest = module.partition(".")
            if top == package and rest and here != "":
                assert room(rest) in {here, *below(here, arrows)}, f"{name(path)} may not look into {rest}"


@pytest.mark.parametrize("package", ["autograd", "nn", "viz"])
def test_every_room_says_what_lives_there(package):
    for init in (ROOT / package).rglob("__init__.py"):
        doc = ast.get_docstring(ast.parse(init.read_text()))
        assert doc, init
        assert init.parent == ROOT / package or "Begin" in doc, f"{init}: say where to begin reading"


@pytest.mark.parametrize(("package", "most"), [("autograd", 8), ("nn", 8), ("viz", 6)])
def test_few_files_stand_beside_the_rooms(package, most):
    assert len(list((ROOT / package).glob("*.py"))) <= most


@pytest.mark.parametrize("package", ["nn", "viz"])
def test_other_packages_use_public_names_only(package):
    for path in files(package):
        for node in statements(path):
            if isinstance(node, ast.ImportFrom) and node.module.partition(".")[0] == "autograd":
                assert node.module in ("autograd", "autograd.quoting"), f"{path.name}: import from autograd itself"
                for alias in node.names:
                    assert hasattr(import_module(node.module), alias.name) or find_spec(f"{node.module}.{alias.name}")
            if isinstance(node, ast.ImportFrom):
                assert package == "viz" or node.module.partition(".")[0] != "viz"


def test_importing_the_engine_loads_the_standard_library_only():
    code = ("import sys, sysconfig; sysconfig.get_config_vars(); before = set(sys.modules); import autograd;"
            "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))")
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert set(out.stdout.split()) - {"autograd"} <= set(sys.stdlib_module_names)


def code_lines(path):
    """Lines that hold code: not blank, not comment, not docstring."""
    source = path.read_text()
    docs = set()
    for node in statements(path):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            docs.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    skipped = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    return {line for token in tokenize.generate_tokens(io.StringIO(source).readline) if token.type not in skipped
            for line in range(token.start[0], token.end[0] + 1)} - docs


def test_the_engine_can_be_read_in_an_evening():
    engine = ["errors", "ops/table", "ops/operand", "graph/value", "transforms/reverse", "transforms/forward",
              "transforms/dual", "diagnostics/routes", "diagnostics/gradient_check"]
    # only new ops may add
    assert sum(len(code_lines(ROOT / "autograd" / f"{name}.py")) for name in engine) <= 1200


def test_stubs_are_what_the_table_says():
    from autograd.stubs import package_stub, value_stub
    assert (ROOT / "autograd" / "graph" / "value.pyi").read_text() == value_stub(), "run python -m autograd.stubs"
    assert (ROOT / "autograd" / "__init__.pyi").read_text() == package_stub(), "run python -m autograd.stubs"


def test_every_op_is_public_and_written():
    for op in TABLE.values():
        assert getattr(autograd, op.name) is op.function
        assert op.function.__doc__
        assert op.function.__name__ == op.name
        assert op.latex.format(*"abcd")
        assert all(low <= high for low, high in op.domain)      # equal: the argument counts something
