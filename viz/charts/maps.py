"""``plot_u_matrix``, ``plot_hits``: the units of a self-organising map as cells, with distances and winners."""

from collections import Counter
from collections.abc import Sequence
from math import cos, pi, sin, sqrt
from typing import Any

from viz.charts import canvas
from viz.charts.numbers import in_order, read_labels, read_rows
from viz.palette import INK, PALE
from viz.words.charts import CHARTS

LARGEST = 0.42      # the radius of the most frequent winner's disc; cells are 1 wide
SMALLER, HIGHER = 0.34, 0.1     # the same, and how far up it moves, where its number stands below it
MANY = 300          # cells, above which the numbers would not be legible
CORNERS = {"rectangular": [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)],
           "hexagonal": [(sin(pi * k / 3) / sqrt(3), cos(pi * k / 3) / sqrt(3)) for k in range(6)]}


@canvas.speaks
def plot_u_matrix(som: Any, X: Any = None, y: Sequence[Any] | None = None, *,  # noqa: N803
                  title: str = "Distances between neighbouring units", lang: str = "en") -> Any:
    """The U-matrix of a map: a cell for each unit, darker the farther its weights are from its neighbours'.

    Light areas are clusters, dark lines between them borders. X, y: where given, discs as in `plot_hits` stand on the
    cells, without numbers. Returns a matplotlib Figure. Needs matplotlib (extra ``train``).
    lang: of its words, "en" or "zh".

    >>> from nn import SOM
    >>> len(plot_u_matrix(SOM(2, (3, 4), seed=0)).axes[0].collections[0].get_paths())
    12
    """
    drawn, axes = _map(som, title)
    from matplotlib.colors import LinearSegmentedColormap
    cells = _cells(axes, som)
    cells.set(array=[x for row in som.u_matrix() for x in row], edgecolor="face", clim=(0.0, None),
              cmap=LinearSegmentedColormap.from_list("distances", ["white", INK]))
    if X is not None:
        _discs(axes, som, X, y, counts=False)
    bar = drawn.colorbar(cells, ax=axes, shrink=0.7, pad=0.03, location="left")
    bar.set_label(CHARTS("mean distance to the neighbours' weights"), color=INK)
    bar.outline.set_visible(False)
    return drawn


@canvas.speaks
def plot_hits(som: Any, X: Any, y: Sequence[Any] | None = None, *,  # noqa: N803
              title: str = "Rows that each unit wins", lang: str = "en") -> Any:
    """The hit map: on each cell a disc as large as the number of rows that the unit wins.

    y: classes; each disc is divided by them. A cell without a disc wins no row. Returns a matplotlib Figure. Needs
    matplotlib (extra ``train``).
    lang: of its words, "en" or "zh".

    >>> from nn import SOM
    >>> som = SOM(1, (1, 2), seed=0).fit([[0.0], [1.0], [1.0]])
    >>> sorted(text.get_text() for text in plot_hits(som, [[0.0], [1.0], [1.0]]).axes[0].texts)
    ['1', '2']
    """
    drawn, axes = _map(som, title)
    _cells(axes, som).set(facecolor=PALE, edgecolor="white", linewidth=1.5)
    _discs(axes, som, X, y, counts=True)
    return drawn


def _map(som: Any, title: str) -> tuple[Any, Any]:
    """An empty chart of the map's proportions, the first row on top."""
    if not hasattr(som, "u_matrix"):
        raise TypeError(f"this chart draws the units of a SOM, not of a {type(som).__name__}")
    xs, ys = zip(*som.grid.places, strict=True)
    width, height = max(xs) - min(xs) + 1.2, max(ys) - min(ys) + 1.3
    scale = min(5.5 / width, 5.5 / height, 0.9)
    drawn = canvas.figure(max(4.0, scale * width) + 2.2, max(2.2, scale * height) + 1.0, title)
    drawn.set_layout_engine("compressed")       # cells keep their shape, and nothing leaves the picture
    axes = drawn.subplots()
    canvas.style(axes, x=CHARTS("column"), y=CHARTS("row"))
    axes.set(xlim=(min(xs) - 0.6, max(xs) + 0.6), ylim=(max(ys) + 0.65, min(ys) - 0.65), aspect="equal")
    rows, columns = som.shape
    step = 1 + max(rows, columns) // 20
    axes.set_xticks(range(0, columns, step))
    axes.set_yticks([som.grid.places[r * columns][1] for r in range(0, rows, step)],
                    [str(r) for r in range(0, rows, step)])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)
    return drawn, axes


def _cells(axes: Any, som: Any) -> Any:
    from matplotlib.collections import PolyCollection
    corners = CORNERS[som.grid.topology]
    return axes.add_collection(PolyCollection([[(x + u, y + v) for u, v in corners] for x, y in som.grid.places]))


def _discs(axes: Any, som: Any, X: Any, y: Sequence[Any] | None, *, counts: bool) -> None:  # noqa: N803
    """A disc for each winner, its area as the number of rows that it wins, divided by their classes."""
    from matplotlib.patches import Patch, Wedge
    rows = read_rows(X, "X")
    labels = [""] * len(rows) if y is None else read_labels(y, len(rows))
    inks = canvas.class_colours(in_order(labels))
    won: dict[tuple[int, int], Counter[Any]] = {}
    for winner, label in zip(som.winners(rows), labels, strict=True):
        won.setdefault(winner, Counter())[label] += 1
    most = max(own.total() for own in won.values())
    numbered = counts and len(som.grid.places) <= MANY
    largest, higher = (SMALLER, HIGHER) if numbered else (LARGEST, 0.0)
    for (r, c), own in won.items():
        across, down = som.grid.places[r * som.shape[1] + c]
        radius, start = largest * sqrt(own.total() / most), 90.0
        for label in inks:
            end = start + 360.0 * own[label] / own.total()
            if end > start:
                axes.add_patch(Wedge((across, down - higher), radius, start, end, facecolor=inks[label],
                                     edgecolor="white", linewidth=0.6))
            start = end
        if numbered:
            axes.text(across, down + 0.48, str(own.total()), ha="center", va="bottom", fontsize=8, color=INK)
    if y is not None:
        canvas.legend(axes, [Patch(facecolor=ink) for ink in inks.values()], [CHARTS("class {}", c) for c in inks])
