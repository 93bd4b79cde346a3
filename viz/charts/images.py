"""``plot_features`` and ``plot_reconstructions``: weights and data of a layer as small images."""

from collections.abc import Sequence
from typing import Any

from viz.charts import canvas
from viz.charts.numbers import call_model, read_number, read_rows
from viz.palette import INK, LINE, largest_magnitude
from viz.words.charts import CHARTS

TILE = 0.7      # inches of an image's longer side
GAP = 1         # pixels between images


@canvas.speaks
def plot_features(layer: Any, shape: tuple[int, int], *, columns: int = 10, title: str = "Features",
                  lang: str = "en") -> Any:
    """The weights of each unit of ``layer`` as an image: blue where an input turns it on, orange where off.

    layer: an RBM, a Linear or another module whose ``weight`` has a row for each unit. shape: height and width of the
    images. All images have one scale, which stands beside them. Returns a matplotlib Figure. Needs matplotlib (extra
    ``train``).
    lang: of its words, "en" or "zh".

    >>> from nn import RBM
    >>> len(plot_features(RBM(6, 4, seed=0), (2, 3)).axes[0].images)
    4
    """
    rows = [[read_number(w, "weight") for w in row] for row in getattr(layer, "weight", ())]
    if not rows:
        raise TypeError(f"plot_features draws a layer whose weight has a row for each unit, not {type(layer).__name__}")
    largest = largest_magnitude(w for row in rows for w in row) or 1.0
    tiles = [rows[i:i + columns] for i in range(0, len(rows), columns)]
    drawn, axes = _tiled(tiles, shape, canvas.signs(), -largest, largest, title)
    scale = drawn.colorbar(axes.images[0], ax=axes, aspect=30, fraction=0.05, pad=0.02)
    scale.set_label(CHARTS("weight"), fontsize=10, color=INK)
    scale.outline.set_visible(False)
    return drawn


@canvas.speaks
def plot_reconstructions(model: Any, X: Any, shape: tuple[int, int], *, columns: int = 10,  # noqa: N803
                         title: str = "Data, and their reconstructions", lang: str = "en") -> Any:
    """Each row of ``X`` as an image, and below it what ``model.reconstruct`` makes of it, from white (0) to black (1).

    model: an RBM, a DBN, or another object with ``reconstruct``. shape: height and width of the images. Returns a
    matplotlib Figure. Needs matplotlib (extra ``train``).
    lang: of its words, "en" or "zh".

    >>> from nn import RBM
    >>> drawn = plot_reconstructions(RBM(4, 2, seed=0), [[0, 1, 1, 0], [1, 1, 0, 0]], (2, 2))
    >>> [text.get_text() for text in drawn.axes[0].get_yticklabels()]
    ['data', 'model']
    """
    if not hasattr(model, "reconstruct"):
        raise TypeError(f"plot_reconstructions draws a model that has reconstruct, not {type(model).__name__}")
    rows = read_rows(X, "X")
    tiles = []
    for some in (rows[i:i + columns] for i in range(0, len(rows), columns)):
        tiles += [some, [call_model(model.reconstruct, row) for row in some]]
    drawn, axes = _tiled(tiles, shape, "Greys", 0.0, 1.0, title)
    axes.set_yticks([(i + 0.5) * (shape[0] + GAP) - GAP / 2 for i in range(len(tiles))],
                    [CHARTS("data"), CHARTS("model")] * (len(tiles) // 2))
    return drawn


def _tiled(tiles: Sequence[Sequence[Sequence[float]]], shape: tuple[int, int], colours: Any, low: float, high: float,
           title: str) -> tuple[Any, Any]:
    """A chart with lines of images, each of ``shape``, on one scale of colours from ``low`` to ``high``."""
    from matplotlib.patches import Rectangle
    height, width = shape
    across, down = max(map(len, tiles)) * (width + GAP) - GAP, len(tiles) * (height + GAP) - GAP
    inches = TILE / max(shape)
    drawn = canvas.figure(max(3.5, across * inches + 1.2), down * inches + 0.8, title)
    axes = drawn.subplots()
    for i, line in enumerate(tiles):
        for j, numbers in enumerate(line):
            if height * width != len(numbers):
                raise ValueError(f"shape: {height} x {width} pixels are {height * width}, but there are {len(numbers)} "
                                 "numbers")
            left, top = j * (width + GAP), i * (height + GAP)
            axes.imshow([numbers[k * width:(k + 1) * width] for k in range(height)], cmap=colours, vmin=low, vmax=high,
                        extent=(left, left + width, top + height, top))
            axes.add_patch(Rectangle((left, top), width, height, fill=False, edgecolor=LINE, linewidth=0.8))
    axes.set_xlim(-0.1, across + 0.1)
    axes.set_ylim(down + 0.1, -0.1)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.tick_params(length=0, labelsize=10, labelcolor=INK)
    axes.spines[:].set_visible(False)
    axes.grid(False)
    return drawn, axes
