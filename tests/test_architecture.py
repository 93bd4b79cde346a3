"""The rules of the house: which way imports point, what the engine needs, how long it is."""

import ast
import io
import subprocess
import sys
import tokenize
from importlib.util import find_spec
from pathlib import Path

import pytest

import autograd
from autograd import TABLE

ROOT = Path(__file__).parent.parent

# What each file may import of the engine, besides errors; a name stands for all that it may import too.
ARROWS = {
    "errors": [], "floats": [], "lines": [], "modes": ["lines"], "adjoints": [], "twofold": [], "folds": [],
    "files": [], "op": ["floats"], "ops": ["op", "twofold", "folds"], "operand": ["ops"],
    "mentions": ["operand"], "noted": ["mentions"], "formula": ["noted"],
    "value": ["operand", "formula", "modes", "adjoints"],
    "unlisted": ["ops"], "presence": ["arguments", "unlisted"],
    "hot": ["value"], "copies": ["value"], "arrays": [], "arguments": ["operand", "arrays", "modes"],
    "forms": ["arguments"], "cotangents": ["value", "arguments", "presence"], "reverse": ["cotangents", "forms"],
    "forward": ["forms", "presence"], "routes": ["value"], "measure": ["operand"],
    "check": ["value", "reverse", "forward", "measure"],
    "anomalies": ["hot", "forward", "cotangents", "lines"],
    "stubs": ["operand"],
    "program": ["formula"], "writer": ["formula"], "emitters": ["writer"],
    "truths": ["ops"], "selections": ["emitters", "program", "unlisted"], "sweeps": ["presence", "selections"],
    "building": ["emitters", "program", "truths", "unlisted"],
    "simplify": ["building"], "uncollected": [], "alone": [],
    "conditions": ["unlisted"], "differentiate": ["conditions", "sweeps", "uncollected"],
    "traced": ["hot", "copies", "lines", "unlisted"],
    "tracing": ["traced", "arguments", "program", "uncollected"],
    "recorded": ["cotangents", "differentiate", "traced"],
    "holders": [], "buffers": [], "reach": ["holders", "buffers", "lines", "value"], "draws": ["reach"],
    "readings": ["reach"],
    "environment": ["draws"],
    "transforms": ["tracing", "recorded", "simplify", "reverse", "draws"],
    "lower.order": ["program"], "lower.python": ["lower.order"], "lower.llvm": ["lower.order"],
    "lower.objects": [], "lower.entries": [], "lower.native": ["lower.llvm", "lower.objects", "lower.entries", "alone"],
    "lower.c": ["lower.order", "simplify"], "lower.numpy": ["lower.order", "simplify"],
    "lower.jax": ["lower.numpy"],
    "compiled": ["alone", "arguments", "simplify", "differentiate", "lower.python", "lower.native"],
    "calls": ["tracing"], "uncompiled": ["tracing", "reverse"], "bound": ["calls"],
    "versions": ["calls", "compiled", "uncompiled", "readings"], "methods": ["tracing"],
    "verify": ["transforms"], "compiler": ["transforms", "versions", "bound", "methods", "verify"],
}

# What is imported only where it is used, and is an extra.
LAZY = {"lower.native": "llvmlite", "lower.numpy": "numpy", "lower.jax": "jax"}


def below(name):
    return {"errors", *ARROWS[name], *(far for near in ARROWS[name] for far in below(near))}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


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


@pytest.mark.parametrize("package", ["nn", "viz"])
def test_other_packages_use_public_names_only(package):
    for path in files(package):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module.partition(".")[0] == "autograd":
                assert node.module == "autograd", f"{path.name}: import from autograd itself, not {node.module}"
                for alias in node.names:
                    assert hasattr(autograd, alias.name) or find_spec(f"autograd.{alias.name}")
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
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            docs.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    skipped = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    return {line for token in tokenize.generate_tokens(io.StringIO(source).readline) if token.type not in skipped
            for line in range(token.start[0], token.end[0] + 1)} - docs


def test_the_engine_can_be_read_in_an_evening():
    engine = ["errors", "ops", "operand", "value", "reverse", "forward", "routes", "check"]
    assert sum(len(code_lines(ROOT / "autograd" / f"{name}.py")) for name in engine) <= 980      # it may only fall


def test_stubs_are_what_the_table_says():
    from autograd.stubs import package_stub, value_stub
    assert (ROOT / "autograd" / "value.pyi").read_text() == value_stub(), "run python -m autograd.stubs"
    assert (ROOT / "autograd" / "__init__.pyi").read_text() == package_stub(), "run python -m autograd.stubs"


def test_every_op_is_public_and_written():
    for op in TABLE.values():
        assert getattr(autograd, op.name) is op.function
        assert op.function.__doc__
        assert op.function.__name__ == op.name
        assert op.latex.format(*"abcd")
        assert all(low < high for low, high in op.domain)
