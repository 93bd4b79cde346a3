"""``plot_map``: the sheet of a self-organising map among its data, in the plane of two features."""

from collections.abc import Sequence
from typing import Any

from viz.charts import canvas
from viz.charts.numbers import in_order, read_columns, read_labels
from viz.palette import BLUE, INK

JOINED = 1.01       # the distance on the map up to which two units are joined by a line


def plot_map(som: Any, X: Any = None, y: Sequence[Any] | None = None, *,  # noqa: N803
             features: tuple[int, int] = (0, 1), title: str = "The map among the data",
             names: Sequence[str] = ("first input", "second input")) -> Any:
    """The weights of a map's units as points, neighbours joined by lines, and the data behind them.

    X, y: the data and, where given, its classes. features: the two columns of the data that are the axes. names: of
    these. Before training the sheet is crumpled; during it, it unfolds: draw it after ``fit(X, epochs=1)`` again and
    again. Returns a matplotlib Figure. Needs matplotlib (extra ``train``).

    >>> from nn import SOM
    >>> len(plot_map(SOM(2, (3, 4), seed=0)).axes[0].collections[0].get_segments())     # 3 * 3 + 2 * 4 lines
    17
    """
    from matplotlib.collections import LineCollection
    if not hasattr(som, "u_matrix"):
        raise TypeError(f"plot_map draws the units of a SOM, not of a {type(som).__name__}")
    units = read_columns([w for row in som.weights for w in row], features, "the weights")
    drawn = canvas.figure(7, 5.2, title)
    axes = drawn.subplots()
    canvas.style(axes, x=names[0], y=names[1])
    handles, words = [], []
    if X is not None:
        points = read_columns(X, features, "X")
        labels = ["data"] * len(points) if y is None else read_labels(y, len(points))
        for label, ink in canvas.class_colours(in_order(labels)).items():
            mine = [point for point, other in zip(points, labels, strict=True) if other == label]
            handles.append(axes.scatter([p[0] for p in mine], [p[1] for p in mine], s=canvas.area(len(points)),
                                        color=ink, alpha=0.45, linewidth=0))
            words.append(label if y is None else f"class {label}")
    places = som.grid.places
    joined = [(units[i], units[j]) for i in range(len(units)) for j in som.grid.neighbours(i)
              if i < j and abs(complex(*places[i]) - complex(*places[j])) < JOINED]
    axes.add_collection(LineCollection(joined, colors=INK, linewidths=0.9, zorder=3))
    handles.append(axes.scatter([u[0] for u in units], [u[1] for u in units], s=22, color=BLUE if X is None or y is None
                                else INK, edgecolor="white", linewidth=0.6, zorder=4))
    canvas.legend(axes, handles, [*words, "units of the map"])
    return drawn
