"""``plot_map``: the sheet of a self-organising map among its data, in the plane of two features."""

from collections.abc import Mapping, Sequence
from typing import Any

from viz.charts import canvas
from viz.charts.numbers import in_order, read_columns, read_labels
from viz.palette import BLUE, INK
from viz.words.charts import CHARTS

JOINED = 1.01       # the distance on the map up to which two units are joined by a line
PANELS = 3          # in a row


@canvas.speaks
def plot_map(som: Any, X: Any = None, y: Sequence[Any] | None = None, *,  # noqa: N803
             features: tuple[int, int] = (0, 1), title: str = "The map among the data", lang: str = "en",
             names: Sequence[str] = ("first input", "second input")) -> Any:
    """The weights of a map's units as points, neighbours joined by lines, and the data behind them.

    som: a SOM, or a dict of titles and SOMs, each of which gets a panel: copies of one map, taken by the ``callback``
        of its ``fit``, show how the sheet unfolds.
    X, y: the data and, where given, its classes. features: the two columns of the data that are the axes. names: of
        these.

    Returns a matplotlib Figure. Needs matplotlib (extra ``train``).
    lang: of its words, "en" or "zh".

    >>> from nn import SOM
    >>> len(plot_map(SOM(2, (3, 4), seed=0)).axes[0].collections[0].get_segments())     # 3 * 3 + 2 * 4 lines
    17
    """
    maps = som if isinstance(som, Mapping) else {"": som}
    strange = [type(each).__name__ for each in maps.values() if not hasattr(each, "u_matrix")]
    if strange or not maps:
        raise TypeError("plot_map draws the units of a SOM, or of those in a dict, not of "
                        f"{f'a {strange[0]}' if strange else 'an empty dict'}")
    points = [] if X is None else read_columns(X, features, "X")
    labels = [CHARTS("data")] * len(points) if y is None else read_labels(y, len(points))
    across = min(len(maps), PANELS)
    down = -(-len(maps) // across)
    size = (7.0, 5.2) if len(maps) == 1 else (3.1 * across + 1.6, 3.0 * down + 0.6)
    drawn = canvas.figure(*size, title)
    panels = drawn.subplots(down, across, sharex=True, sharey=True, squeeze=False).ravel()
    for axes in panels[len(maps):]:
        axes.set_visible(False)
    for i, (axes, (name, each)) in enumerate(zip(panels, maps.items(), strict=False)):
        canvas.style(axes, name, names[0] if i >= len(maps) - across else "", names[1] if i % across == 0 else "")
        axes.tick_params(labelbottom=i >= len(maps) - across)
        handles = _data(axes, points, labels, y is not None)
        handles[CHARTS("units of the map")] = _sheet(axes, each, features, BLUE if y is None else INK)
    canvas.legend(panels[across - 1], list(handles.values()), handles)
    return drawn


def _data(axes: Any, points: Sequence[Sequence[float]], labels: Sequence[Any], classes: bool) -> dict[str, Any]:
    """Draw the points; returns the handles by the words of the legend."""
    handles = {}
    for label, ink in canvas.class_colours(in_order(labels)).items():
        mine = [point for point, other in zip(points, labels, strict=True) if other == label]
        handles[CHARTS("class {}", label) if classes else str(label)] = axes.scatter(
            [p[0] for p in mine], [p[1] for p in mine], color=ink, alpha=0.45, s=canvas.area(len(points)), linewidth=0)
    return handles


def _sheet(axes: Any, som: Any, features: tuple[int, int], ink: str) -> Any:
    """Draw units and the lines between neighbours; returns the handle of the units."""
    from matplotlib.collections import LineCollection
    units = read_columns([w for row in som.weights for w in row], features, "the weights")
    places = [complex(*place) for place in som.grid.places]
    joined = [(units[i], units[j]) for i in range(len(units)) for j in som.grid.neighbours(i)
              if i < j and abs(places[i] - places[j]) < JOINED]
    axes.add_collection(LineCollection(joined, colors=INK, linewidths=0.9, zorder=3))
    return axes.scatter([u[0] for u in units], [u[1] for u in units], s=22, color=ink, edgecolor="white", linewidth=0.6,
                        zorder=4)
