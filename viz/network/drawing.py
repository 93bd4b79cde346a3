"""A network as its drawing in textbooks: circles for neurons, lines for weights, and how both are placed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograd import Value
from viz.graph.digraph import Drawing
from viz.graph.dot import FONT
from viz.graph.labels import BLUE, INK, ORANGE, PALE, PLAIN, SOFT, colour, font, html, largest, share, tint
from viz.graph.translations import WORDS, Words
from viz.model_layers import activation_name, layers, neurons
from viz.network.layer_chain import check_series
from viz.text import clean, number

SHOWN = 16              # neurons of a layer; of larger ones the first and the last
WRITTEN = 24            # lines whose weights are written at them
ALONG = 0.75            # where on its line: nearer to the neuron whose weight it is, where lines of one fan out
ACROSS, DOWN, APART = 190.0, 62.0, 84.0     # points between layers, between neurons, and where numbers need room


@dataclass(frozen=True)
class Column:
    """One layer: its title, and of each neuron the weights and the bias."""

    title: str
    weights: list[list[float]]
    biases: list[float] | None

    @property
    def size(self) -> int:
        return len(self.weights)


def draw_network(model: Any, *, lang: str = "en") -> Drawing:
    """The neurons of a model as circles and its weights as lines, as wide as they are large.

    model: an MLP, or a Sequential of Linear layers and activations, or anything else whose layers
        follow one another and are of those kinds; a copy of it is run once to see that they do. lang:
        "en" or "zh".

    Blue is positive, orange negative, as in all pictures; in each circle stands its bias, on a tint of
    its size, and at the lines of a small network their weights. Of a layer of more than 16 neurons the
    first and the last are drawn. The result shows itself in notebooks; ``viz.write`` saves it.

    >>> from nn import MLP
    >>> draw_network(MLP(2, [3, 1], "tanh", seed=0)).source.count(" -> ")
    9
    """
    if lang not in WORDS:
        raise ValueError(f"lang: expected 'en' or 'zh', not {lang!r}")
    return _draw(columns(model), WORDS[lang])


def columns(model: Any) -> list[Column]:
    """The layers with weights, in order; a module without any gives its name to the layer before it."""
    found: list[tuple[str, list[str], list[list[float]], list[float] | None]] = []
    kinds = layers(model)
    for name, layer in kinds.items():
        weights, biases = _matrix(layer)
        kind = type(layer).__name__
        if weights is None:
            if layer.parameters():
                raise ValueError(f"{name} is a {kind}; draw_network draws layers that have weights and biases: Neuron, "
                                 "Layer and Linear")
            if found:
                found[-1][1].append(kind)
            continue
        if found and len(weights[0]) != len(found[-1][2]):
            raise ValueError(f"{name} has {len(weights[0])} inputs, but the layer before it has {len(found[-1][2])} "
                             "outputs; draw_network draws layers that follow one another")
        activation = activation_name((neurons(layer) or [layer])[0])
        known = neurons(layer) or activation != "linear"        # else a module that follows may say more
        found.append((name, [activation] if known else [], weights, biases))
    if not found:
        raise ValueError("the model has no weights; there is nothing to draw")
    if len(found) > 1:
        check_series(model, [name for name, *_ in found], len(found[0][2][0]))
    return [Column(f"{name}: {', '.join(said or [type(kinds[name]).__name__])}", weights, biases)
            for name, said, weights, biases in found]


def _matrix(layer: Any) -> tuple[list[list[float]] | None, list[float] | None]:
    """Of each neuron the weights, and the biases; None where there are none."""
    inside = neurons(layer)
    if inside:
        return [[w.data for w in neuron.w] for neuron in inside], [neuron.b.data for neuron in inside]
    rows = getattr(layer, "weight", None)
    if not rows or not all(isinstance(row, list) and all(isinstance(w, Value) for w in row) for row in rows):
        return None, None
    bias = getattr(layer, "bias", None)
    return [[w.data for w in row] for row in rows], None if bias is None else [b.data for b in bias]


def shown(n: int) -> list[int | None]:
    """Which neurons of a layer are drawn; None stands for those left out.

    >>> shown(3), shown(100)
    ([0, 1, 2], [0, 1, 2, 3, 4, 5, 6, 7, None, 93, 94, 95, 96, 97, 98, 99])
    """
    if n <= SHOWN:
        return list(range(n))
    return [*range(SHOWN // 2), None, *range(n - SHOWN // 2 + 1, n)]


def _draw(layers: Sequence[Column], words: Words) -> Drawing:
    sizes = [len(layers[0].weights[0]), *(column.size for column in layers)]
    strongest = largest(w for column in layers for row in column.weights for w in row)
    deepest = largest(b for column in layers for b in column.biases or ())
    drawing = Drawing(
        engine="neato",
        graph_attr={"bgcolor": "white", "fontname": FONT, "pad": "0.3", "splines": "line", "inputscale": "72",
                    "outputorder": "edgesfirst", "labelloc": "t", "label": _legend(words, strongest)},
        node_attr={"shape": "circle", "fixedsize": "shape", "width": "0.62", "margin": "0", "style": "filled",
                   "fillcolor": "white", "fontname": FONT, "fontcolor": INK, "color": INK, "penwidth": "1.4"},
        edge_attr={"fontname": FONT, "arrowhead": "none"})
    few = sum(len(row) for column in layers for row in column.weights) <= WRITTEN
    down = APART if few else DOWN
    top = (max(len(shown(size)) for size in sizes) - 1) * down / 2 + 58
    for i, size in enumerate(sizes):
        title = font(html(words.inputs_layer if i == 0 else clean(layers[i - 1].title, 30)), 13, SOFT)
        drawing.node(f"t{i}", label=f"<{title}>", shape="plaintext", style="", fixedsize="false",
                     pos=_at(i * ACROSS, top))
        places = shown(size)
        for row, j in enumerate(places):
            pos = _at(i * ACROSS, ((len(places) - 1) / 2 - row) * down)
            if j is None:
                left_out = size - len(places) + 1
                drawing.node(f"n{i}_more", label=f"<{font('⋮', 22, SOFT)}<BR/>{font(f'+{left_out:,}', 10, SOFT)}>",
                             shape="plaintext", style="", pos=pos)
            else:
                drawing.node(f"n{i}_{j}", pos=pos, **_circle(layers[i - 1] if i else None, j, deepest))
    lines = [(column.weights[j][k], i, j, k) for i, column in enumerate(layers, 1) for j in shown(column.size)
             for k in shown(sizes[i - 1]) if j is not None and k is not None]
    for weight, i, j, k in sorted(lines, key=lambda line: share(line[0], strongest)):      # the widest on top
        drawing.edge(f"n{i - 1}_{k}", f"n{i}_{j}", **_line(weight, strongest, few))
        if few:
            y0, y1 = ((sizes[i - 1] - 1) / 2 - k) * down, ((sizes[i] - 1) / 2 - j) * down
            drawing.node(f"w{i}_{j}_{k}", label=_number(weight), shape="plaintext", style="", fixedsize="false",
                         width="0", height="0", margin="0",
                         pos=_at((i - 1 + ALONG) * ACROSS, y0 + ALONG * (y1 - y0)))
    return drawing


def _circle(column: Column | None, j: int, deepest: float) -> dict[str, str]:
    """A neuron with its bias, or an input with its number."""
    if column is None:
        return {"label": f"<{font(f'x{j + 1}', 13, INK)}>", "fillcolor": PALE, "color": SOFT}
    if column.biases is None:
        return {"label": ""}
    bias = column.biases[j]
    text = short(bias)
    size = 11 if len(text) < 6 else 8 if len(text) < 8 else 6
    return {"label": f"<{font(text, size, INK)}>", "fillcolor": tint(bias, deepest) if bias else "white"}


def _line(weight: float, strongest: float, few: bool) -> dict[str, str]:
    """The colour and width of a weight; among many the small ones are faint as well."""
    strength = share(weight, strongest)
    alpha = "" if few else f"{round(255 * (0.15 + 0.85 * strength)):02x}"
    return {"color": colour(weight) + alpha, "penwidth": f"{width(weight, strongest):.2f}"}


def _number(weight: float) -> str:
    text = font(short(weight), 10, colour(weight))
    return f'<<TABLE {PLAIN} CELLPADDING="1" BGCOLOR="white"><TR><TD>{text}</TD></TR></TABLE>>'


def width(weight: float, strongest: float) -> float:
    """Of a line, in points: thin for 0, and never so thin that it cannot be seen."""
    return 0.5 + 4.5 * share(weight, strongest)


def short(x: float) -> str:
    """Two digits, which a circle has room for.

    >>> short(-0.123456), short(12.0)
    ('−0.12', '12')
    """
    return number(float(f"{x:.2g}")) if math.isfinite(x) else number(x)


def _at(x: float, y: float) -> str:
    return f"{x:g},{y:g}!"


def _legend(words: Words, strongest: float) -> str:
    rows = [font(words.width.format(short(strongest)) + " ", 14, SOFT)
            + font(f"■ {words.positive}&#160;&#160;", 14, BLUE) + font(f"■ {words.negative}", 14, ORANGE),
            font(words.circle, 14, SOFT)]
    cells = "".join(f"<TR><TD>{row}</TD></TR>" for row in rows)
    return f'<<TABLE {PLAIN} CELLPADDING="3">{cells}<TR><TD HEIGHT="12"></TD></TR></TABLE>>'
