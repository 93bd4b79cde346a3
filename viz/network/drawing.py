"""``draw_network``: circles for neurons, lines for weights, and the position of both."""

import math
from collections.abc import Sequence
from typing import Any

from viz.graph.digraph import Drawing
from viz.graph.dot import FONT
from viz.graph.labels import signs
from viz.graph.markup import TABLE, font, html, stacked
from viz.graph.translations import WORDS, Words
from viz.network.columns import Column, columns
from viz.palette import INK, PALE, SOFT, largest_magnitude, relative_size, sign_colour, tint
from viz.text import clean, number

MAX_NEURONS = 16        # of a layer; of more, the first and the last
MAX_WEIGHTS = 24        # with numbers at their lines
ALONG = 0.75            # position of a number on its line: near the neuron of the weight, where its lines fan out
ACROSS, DOWN, APART = 190.0, 62.0, 84.0     # points between layers, between neurons, between neurons with numbers


def draw_network(model: Any, *, lang: str = "en") -> Drawing:
    """The neurons of a model as circles and its weights as lines, as wide as they are large.

    model: an MLP, a Sequential of Linear layers and activations, or another module whose layers are of those kinds
        and follow one another. One call of a copy of the model checks that.
    lang: "en" or "zh".

    Blue is positive, orange negative, as in all pictures. A circle contains the bias, on a tint of its size. The
    lines of a small network have their weights beside them. Of more than 16 neurons in a layer, only the first and
    the last are drawn. The result is a ``graphviz.Digraph``, which shows itself in notebooks; ``viz.write`` saves it.

    >>> from nn import MLP
    >>> draw_network(MLP(2, [3, 1], "tanh", seed=0)).source.count(" -> ")
    9
    """
    if lang not in WORDS:
        raise ValueError(f"lang: expected 'en' or 'zh', not {lang!r}")
    return _draw(columns(model), WORDS[lang])


def drawn_neurons(n: int) -> list[int | None]:
    """The indices of the neurons that are drawn, of ``n``; None stands for those left out.

    >>> drawn_neurons(3), drawn_neurons(100)
    ([0, 1, 2], [0, 1, 2, 3, 4, 5, 6, 7, None, 93, 94, 95, 96, 97, 98, 99])
    """
    if n <= MAX_NEURONS:
        return list(range(n))
    return [*range(MAX_NEURONS // 2), None, *range(n - MAX_NEURONS // 2 + 1, n)]


def _draw(layers: Sequence[Column], words: Words) -> Drawing:
    sizes = [len(layers[0].weights[0]), *(column.size for column in layers)]
    largest_weight = largest_magnitude(w for column in layers for row in column.weights for w in row)
    largest_bias = largest_magnitude(b for column in layers for b in column.biases or ())
    drawing = Drawing(
        engine="neato",
        graph_attr={"bgcolor": "white", "fontname": FONT, "pad": "0.3", "splines": "line", "inputscale": "72",
                    "outputorder": "edgesfirst", "labelloc": "t", "label": _legend(words, largest_weight)},
        node_attr={"shape": "circle", "fixedsize": "shape", "width": "0.62", "margin": "0", "style": "filled",
                   "fillcolor": "white", "fontname": FONT, "fontcolor": INK, "color": INK, "penwidth": "1.4"},
        edge_attr={"fontname": FONT, "arrowhead": "none"})
    labelled = sum(len(row) for column in layers for row in column.weights) <= MAX_WEIGHTS
    down = APART if labelled else DOWN
    top = (max(len(drawn_neurons(size)) for size in sizes) - 1) * down / 2 + 58
    for i, size in enumerate(sizes):
        title = font(html(words.inputs_layer if i == 0 else clean(layers[i - 1].title, 30)), 13, SOFT)
        drawing.node(f"t{i}", label=f"<{title}>", shape="plaintext", style="", fixedsize="false",
                     pos=_at(i * ACROSS, top))
        places = drawn_neurons(size)
        for row, j in enumerate(places):
            pos = _at(i * ACROSS, ((len(places) - 1) / 2 - row) * down)
            if j is None:
                left_out = size - len(places) + 1
                drawing.node(f"n{i}_more", label=f"<{font('⋮', 22, SOFT)}<BR/>{font(f'+{left_out:,}', 10, SOFT)}>",
                             shape="plaintext", style="", pos=pos)
            else:
                drawing.node(f"n{i}_{j}", pos=pos, **_circle(layers[i - 1] if i else None, j, largest_bias))
    lines = [(column.weights[j][k], i, j, k) for i, column in enumerate(layers, 1) for j in drawn_neurons(column.size)
             for k in drawn_neurons(sizes[i - 1]) if j is not None and k is not None]
    for weight, i, j, k in sorted(lines, key=lambda line: relative_size(line[0], largest_weight)):   # the widest last
        drawing.edge(f"n{i - 1}_{k}", f"n{i}_{j}", **_line(weight, largest_weight, labelled))
        if labelled:
            y0, y1 = ((sizes[i - 1] - 1) / 2 - k) * down, ((sizes[i] - 1) / 2 - j) * down
            drawing.node(f"w{i}_{j}_{k}", label=_number(weight), shape="plaintext", style="", fixedsize="false",
                         width="0", height="0", margin="0",
                         pos=_at((i - 1 + ALONG) * ACROSS, y0 + ALONG * (y1 - y0)))
    return drawing


def _circle(column: Column | None, j: int, largest_bias: float) -> dict[str, str]:
    """The attributes of a neuron with its bias, or of an input with its number."""
    if column is None:
        return {"label": f"<{font(f'x{j + 1}', 13, INK)}>", "fillcolor": PALE, "color": SOFT}
    if column.biases is None:
        return {"label": ""}
    bias = column.biases[j]
    text = short(bias)
    size = 11 if len(text) < 6 else 8 if len(text) < 8 else 6
    return {"label": f"<{font(text, size, INK)}>", "fillcolor": tint(bias, largest_bias) if bias else "white"}


def _line(weight: float, largest_weight: float, labelled: bool) -> dict[str, str]:
    """The colour and width of a weight; among many, small weights are also transparent."""
    strength = relative_size(weight, largest_weight)
    alpha = "" if labelled else f"{round(255 * (0.15 + 0.85 * strength)):02x}"
    return {"color": sign_colour(weight) + alpha, "penwidth": f"{width(weight, largest_weight):.2f}"}


def _number(weight: float) -> str:
    text = font(short(weight), 10, sign_colour(weight))
    return f'<<{TABLE} CELLPADDING="1" BGCOLOR="white"><TR><TD>{text}</TD></TR></TABLE>>'


def width(weight: float, largest_weight: float) -> float:
    """The width of a line in points, which stays visible for a weight of 0."""
    return 0.5 + 4.5 * relative_size(weight, largest_weight)


def short(x: float) -> str:
    """``x`` in two digits, which fit into a circle.

    >>> short(-0.123456), short(12.0)
    ('−0.12', '12')
    """
    return number(float(f"{x:.2g}")) if math.isfinite(x) else number(x)


def _at(x: float, y: float) -> str:
    return f"{x:g},{y:g}!"


def _legend(words: Words, largest_weight: float) -> str:
    rows = [font(words.width.format(short(largest_weight)) + " ", 14, SOFT)
            + signs(words), font(words.circle, 14, SOFT)]
    return stacked(rows, 3, space=12)
