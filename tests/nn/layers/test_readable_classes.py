"""Networks are written to be read: each class fits on a page, and says what it computes and where that is from."""

import ast
import inspect
from pathlib import Path

import pytest

import nn

LAYERS = Path(nn.__file__).parent / "layers"
CLASSES = [pytest.param(path, node, id=node.name) for path in sorted(LAYERS.glob("*.py"))
           for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef)]


@pytest.mark.parametrize(("path", "node"), CLASSES)
def test_every_class_of_a_network_has_at_most_100_lines_and_says_what_it_is(path, node):
    assert node.end_lineno - node.lineno < 100, path.name
    assert ast.get_docstring(node) or node.name.startswith("_"), path.name


@pytest.mark.parametrize("name", [
    "ART1", "Adagrad", "BatchNorm1d", "BatchNorm2d", "BoltzmannMachine", "CompetitiveLayer", "Conv1d", "Conv2d",
    "DBN", "Dropout", "Embedding", "FuzzyART", "FuzzyARTMAP", "GRU", "LSTM", "LayerNorm", "Maxout",
    "MultiheadAttention", "RBF", "RBM", "RNN", "SOM"])
def test_the_docstring_of_a_network_has_equations_and_their_source(name):
    text = " ".join(inspect.getdoc(part) or "" for part in getattr(nn, name).__mro__[:3]
                    if part is not nn.Module)
    assert any(sign in text for sign in ("=", "<-"))
    assert any(f", {year}" in text or f"({year})" in text for year in range(1943, 2026))
