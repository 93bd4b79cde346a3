"""``plot_landscape``: an energy or a loss of one or two numbers, and the paths of descents on it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd import no_grad
from viz.charts import canvas
from viz.charts.numbers import read_number
from viz.palette import INK, SOFT
from viz.words.charts import CHARTS

Points = list[tuple[float, ...]]
STEPS = {1: 300, 2: 60}     # of the grid, along each axis
MARGIN = 0.15


@canvas.speaks
def plot_landscape(energy: Callable[..., Any], paths: Mapping[str, Sequence[Any]], *,
                   x: tuple[float, float] | None = None, y: tuple[float, float] | None = None,
                   title: str = "Energy, and the paths on it", lang: str = "en") -> Any:
    """``energy``, a function of one number or of two, and on it the points of each path, from start to end.

    paths: from a name to the points in order: numbers, for which each path gets its own curve, or pairs, which share a
    map with lines of equal energy. A circle is the start, a star the end. x, y: the range that is drawn; by default
    that of the paths, with a margin. Returns a matplotlib Figure. Needs matplotlib (extra ``train``).
    lang: of its words, "en" or "zh".

    >>> axes, = plot_landscape(lambda x: (x - 1) ** 2, {"descent": [0.0, 0.5, 0.75]}).axes
    >>> axes.get_xlabel(), axes.get_title(loc="left")
    ('x', 'descent: 2 steps')
    """
    read = _read(paths)
    size = len(next(iter(read.values()))[0])
    spans = [given or _span([point[i] for points in read.values() for point in points])
             for i, given in zip(range(size), (x, y), strict=False)]
    axis = [[low + (high - low) * i / STEPS[size] for i in range(STEPS[size] + 1)] for low, high in spans]
    if size == 2:
        drawn = canvas.figure(8, 5.5, title)
        axes = drawn.subplots()
        canvas.style(axes, "", "x", "y")
        _map(drawn, axes, energy, *axis)
        lines = [_path(axes, list(zip(*points, strict=True)), i) for i, points in enumerate(read.values())]
        canvas.legend(axes, lines, [_named(*item) for item in read.items()])
        axes.get_legend().set_bbox_to_anchor((0.0, -0.12))
        return drawn
    drawn = canvas.figure(8, 0.8 + 2.4 * len(read), title)
    panels = drawn.subplots(len(read), sharex=True, squeeze=False)[:, 0]
    curve = [_height(energy, (at,)) for at in axis[0]]
    for i, (axes, (name, points)) in enumerate(zip(panels, read.items(), strict=True)):
        canvas.style(axes, _named(name, points), "x" if axes is panels[-1] else "", CHARTS("energy"))
        canvas.grid(axes)
        axes.plot(axis[0], curve, color=SOFT, linewidth=1.5)
        heights = [_height(energy, point) for point in points]
        _path(axes, ([at for at, in points], heights), i)
        low, high = min(curve), max(heights)        # the walls outside the paths would flatten the valleys
        axes.set_ylim(low - 0.12 * (high - low), high + 0.15 * (high - low))
    return drawn


def _read(paths: Any) -> dict[str, Points]:
    if not isinstance(paths, Mapping) or not paths:
        raise TypeError('paths: expected a mapping from names to points, as in {"descent": [0.0, 0.5]}')
    read = {str(name): [tuple(read_number(x, "paths") for x in (point if hasattr(point, "__len__") else [point]))
                        for point in points] for name, points in paths.items()}
    sizes = {len(point) for points in read.values() for point in points}
    if not all(read.values()) or len(sizes) != 1 or not sizes <= {1, 2}:
        raise ValueError("paths: give each path at least one point, and make all points numbers, or all pairs")
    return read


def _span(numbers: Sequence[float]) -> tuple[float, float]:
    low, high = min(numbers), max(numbers)
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _height(energy: Callable[..., Any], point: tuple[float, ...]) -> float:
    with no_grad():
        return read_number(energy(*point), "the energy")


def _map(drawn: Any, axes: Any, energy: Callable[..., Any], xs: Sequence[float], ys: Sequence[float]) -> None:
    heights = [[_height(energy, (x, y)) for x in xs] for y in ys]
    low, high = min(map(min, heights)), max(map(max, heights))
    levels = [low + (high - low or 1.0) * (i / 20) ** 2 for i in range(21)]       # dense where minima are
    filled = axes.contourf(xs, ys, heights, levels=levels, cmap="Greys", alpha=0.6)
    axes.contour(xs, ys, heights, levels=levels, colors=SOFT, linewidths=0.4)
    scale = drawn.colorbar(filled, ax=axes, fraction=0.04, ticks=levels[::4], format="%.2g")
    scale.set_label(CHARTS("energy"), fontsize=10, color=INK)


def _path(axes: Any, points: Sequence[Sequence[float]], number: int) -> Any:
    colour = canvas.CLASSES[number % len(canvas.CLASSES)]
    xs, ys = points
    line, = axes.plot(xs, ys, color=colour, linewidth=1.2, marker=".", markersize=5)
    axes.plot(xs[:1], ys[:1], color="white", marker="o", markersize=9, markeredgecolor=colour, markeredgewidth=2)
    axes.plot(xs[-1:], ys[-1:], color=colour, marker="*", markersize=16, markeredgecolor="white", zorder=5)
    return line


def _named(name: str, points: Points) -> str:
    return CHARTS("{}: {} step" if len(points) == 2 else "{}: {} steps", name, len(points) - 1)
