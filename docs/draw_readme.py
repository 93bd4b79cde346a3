"""Draws the pictures of README.md and README.zh-CN.md: docs/expression.svg, docs/neurons.png and their Chinese twins.

python docs/draw_readme.py

neurons.zh.png needs an installed font with Chinese, such as that of the package fonts-noto-cjk, and scikit-learn.
"""

import sys
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))      # it runs in a plain checkout, too

from PIL import Image

import nn
from autograd import Value
from viz import MissingFontWarning, draw_dot, plot_neurons, write

DOCS = Path(__file__).parent


def expression(lang: str) -> Any:
    """The graph of the first example."""
    a, b = Value(2), Value(1)
    c = a + b
    d = b + 1
    e = c * d
    e.backward()
    return draw_dot(e, lang=lang)


def neurons(lang: str) -> Any:
    """What each neuron of a network answers that tells one species of iris from the other two by its petals."""
    from sklearn.datasets import load_iris
    iris = load_iris()
    petals, versicolor = iris.data[:, 2:], (iris.target == 1).astype(float).tolist()
    petals = ((petals - petals.min(0)) / (petals.max(0) - petals.min(0))).tolist()
    model = nn.MLP(2, [4, 2, 1], "tanh", output_activation="sigmoid", seed=0)
    nn.fit(model, nn.binary_cross_entropy, petals, versicolor, nn.Adam(model.parameters(), lr=0.05), epochs=200,
           batch_size=30, progress=False)
    title, names = {"en": ("Versicolor? What each neuron answers", ("petal length", "petal width")),
                    "zh": ("是变色鸢尾吗？每个神经元的回答", ("花瓣长度", "花瓣宽度"))}[lang]
    return plot_neurons(model, petals, versicolor, title=title, names=names, lang=lang)


if __name__ == "__main__":
    warnings.simplefilter("error", MissingFontWarning)
    for lang, end in (("en", ""), ("zh", ".zh")):
        write(expression(lang), DOCS / f"expression{end}.svg")
        path = DOCS / f"neurons{end}.png"
        neurons(lang).savefig(path, dpi=90, metadata={"Software": None})
        Image.open(path).convert("RGB").quantize(256).save(path, optimize=True)
