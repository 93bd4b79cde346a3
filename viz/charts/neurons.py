"""``plot_neurons``: for a network of two inputs, a tile for each neuron with its output over the plane."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from viz.charts import canvas
from viz.charts.grid import Rows, plane
from viz.charts.neuron_outputs import NeuronLayer, neuron_outputs
from viz.charts.numbers import in_order, read_labels
from viz.palette import INK, SOFT, largest_magnitude, relative_size, sign_colour
from viz.words.charts import CHARTS

MOST = 8            # tiles of a layer, above which they would be too small
WIDE, TALL = 9.5, 7.5       # inches of the largest picture
LAST, GAP, ABOVE, BELOW = 1.7, 0.75, 0.75, 0.45     # in tiles: the last layer's tiles, gaps between layers; margins
MEANING = "blue: above the middle, which is 0, of sigmoid and softmax 1/2; orange: below    lines: weights"


class _Tile(NamedTuple):
    """The lower left corner of a tile and its side, in inches."""

    x: float
    y: float
    side: float


@canvas.speaks
def plot_neurons(model: Any, X: Any, y: Sequence[Any] | None = None, *, steps: int = 40,  # noqa: N803
                 title: str = "What each neuron answers", lang: str | None = None,
                 names: Sequence[str] = ("first input", "second input")) -> Any:
    """A tile for each neuron, layer by layer: its output at each point of the plane, with the rows of ``X``.

    model: a module of two inputs, made of modules. An activation that is a module of its own belongs to the layer
        before it. X, y: the points and, where given, their classes, at most 10.
    steps: the number of points across a tile. names: of the inputs.

    Blue is an output above the middle, orange one below, and on the line between them the neuron changes sides; the
    middle is 0, for sigmoid and softmax 1/2. The tiles of a layer have one scale. Lines are weights, blue if positive,
    wider the larger they are in their layer, and stand where a layer reads the outputs of the one before as they are.
    Of a layer with more than 8 neurons the first 8 are drawn. Returns a matplotlib Figure. Needs matplotlib (extra
    ``train``).
    lang: of its words, "en" or "zh"; by default what `viz.set_language` says.

    >>> from nn import MLP
    >>> drawn = plot_neurons(MLP(2, [3, 1], "tanh", seed=0), [[0.0, 1.0], [1.0, 0.0]], [0, 1], steps=5)
    >>> len(drawn.axes)         # two inputs and four neurons
    6
    """
    points, xs, ys = plane(X, steps, names)
    labels = [CHARTS("points")] * len(points) if y is None else read_labels(y, len(points))
    if len(set(labels)) > len(canvas.CLASSES):
        raise ValueError(f"y has {len(set(labels))} different numbers; the colours of points stand for at most "
                         f"{len(canvas.CLASSES)} classes: leave y out")
    places = [[x, y] for y in ys for x in xs]
    layers = [(NeuronLayer("", None), places), *neuron_outputs(model, points, places)]
    sizes = [min(MOST, len(outputs[0])) for _, outputs in layers]
    tiles, width, height = _places(sizes)
    drawn = canvas.figure(width, height, title)
    drawn.set_layout_engine("none")
    inks = dict.fromkeys(labels, INK) if y is None else canvas.class_colours(in_order(labels))
    for (layer, outputs), column, below in zip(layers, tiles, [[], *tiles], strict=False):
        for j, tile in enumerate(column):
            axes = drawn.add_axes((tile.x / width, tile.y / height, tile.side / width, tile.side / height))
            _field(axes, xs, ys, [row[j] for row in outputs], _limits(layer, outputs, len(column)))
            for label, ink in inks.items():
                some = [row for row, other in zip(points, labels, strict=True) if other == label]
                axes.scatter([a for a, _ in some], [b for _, b in some], s=canvas.area(len(points)) * tile.side / 5,
                             color=ink, edgecolor="white", linewidth=0.4, zorder=3)
            if not layer.title:
                axes.set_ylabel(canvas.plain(names[j], 16), fontsize=9, color=INK, parse_math=False)
        if layer.title:
            left, more = len(outputs[0]) - len(column), column[-1]
            drawn.text((column[0].x + column[0].side / 2) / width, (column[0].y + column[0].side + 0.08) / height,
                       canvas.plain(layer.title, 24), fontsize=9, color=INK, ha="center", parse_math=False)
            if left:
                drawn.text((more.x + more.side / 2) / width, (more.y - 0.05) / height, CHARTS("and {} more", left),
                           fontsize=9, color=SOFT, ha="center", va="top")
        if layer.weights:
            _lines(drawn, layer.weights, below, column)
    drawn.text(0.5, 0.12 / height, CHARTS(MEANING), fontsize=9, color=SOFT, ha="center")
    return drawn


def _places(sizes: Sequence[int]) -> tuple[list[list[_Tile]], float, float]:
    """The tiles of each layer, and width and height of the picture; all in inches."""
    gaps = len(sizes) - 1
    down = max(*(1.15 * size for size in sizes[:-1]), LAST * 1.1 * sizes[-1])
    side = min(1.2, (WIDE - 0.8) / (gaps + LAST + GAP * gaps), (TALL - ABOVE - BELOW) / down)
    gap = min(1.3, (WIDE - 0.8 - side * (gaps + LAST)) / gaps)
    across = side * (gaps + LAST) + gap * gaps
    width, height = max(6.4, across + 0.8), down * side + ABOVE + BELOW
    left, middle, found = (width - across) / 2 + 0.1, BELOW + down * side / 2, []
    for i, size in enumerate(sizes):
        large = side * (LAST if i == len(sizes) - 1 else 1.0)
        pitch = large * (1.1 if i == len(sizes) - 1 else 1.15)
        top = middle + (size - 1) / 2 * pitch - large / 2
        found.append([_Tile(left, top - j * pitch, large) for j in range(size)])
        left += side + gap
    return found, width, height


def _limits(layer: NeuronLayer, outputs: Rows, shown: int) -> tuple[float, float]:
    """The ends of a layer's scale of colours, with the middle between them."""
    if layer.middle:
        return 0.0, 1.0
    largest = largest_magnitude(x for row in outputs for x in row[:shown]) or 1.0
    return -largest, largest


def _field(axes: Any, xs: Sequence[float], ys: Sequence[float], numbers: Sequence[float],
           limits: tuple[float, float]) -> None:
    rows = [numbers[i * len(xs):(i + 1) * len(xs)] for i in range(len(ys))]
    axes.imshow(rows, cmap=canvas.signs(), vmin=limits[0], vmax=limits[1], alpha=0.55, origin="lower", aspect="auto",
                extent=(xs[0], xs[-1], ys[0], ys[-1]), interpolation="bilinear")
    middle = sum(limits) / 2
    if min(numbers) < middle < max(numbers):
        axes.contour(xs, ys, rows, levels=[middle], colors=[INK], linewidths=0.8)
    axes.grid(False)
    axes.set(xticks=[], yticks=[], xlim=(xs[0], xs[-1]), ylim=(ys[0], ys[-1]))
    axes.spines[:].set(color=SOFT, visible=True)


def _lines(drawn: Any, weights: Sequence[Sequence[float]], below: Sequence[_Tile], column: Sequence[_Tile]) -> None:
    """A curve from each tile of the layer before to each of this one, as wide as its weight."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path
    width, height = drawn.get_size_inches()     # fractions of it also hold where a notebook crops the picture
    largest = largest_magnitude(w for row in weights for w in row)
    for row, end in zip(weights, column, strict=False):
        for w, start in zip(row, below, strict=False):
            x0, y0, x1, y1 = start.x + start.side, start.y + start.side / 2, end.x, end.y + end.side / 2
            middle = (x0 + x1) / 2
            corners = [(x / width, y / height) for x, y in ((x0, y0), (middle, y0), (middle, y1), (x1, y1))]
            path = Path(corners, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
            drawn.add_artist(PathPatch(path, facecolor="none", edgecolor=sign_colour(w), alpha=0.8,
                                       linewidth=0.3 + 4.0 * relative_size(w, largest),
                                       transform=drawn.transFigure))
