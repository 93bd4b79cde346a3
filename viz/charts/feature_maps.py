"""``plot_feature_maps``: an image, the kernels of a convolution, and the map that each of them makes of it."""

import math
from collections.abc import Sequence
from typing import Any

from autograd import no_grad
from viz.charts import canvas
from viz.charts.numbers import read_rows
from viz.palette import FAINT, INK, LINE, largest_magnitude
from viz.words.charts import CHARTS

ACROSS = 4          # maps in a row, and planes in a row of one panel
MOST = 32           # maps; more are not drawn
NUMBERED = 4        # the longest row of a kernel that has its numbers written in
INCHES = 1.5        # of a panel
Plane = list[list[float]]


@canvas.speaks
def plot_feature_maps(image: Any, layer_or_maps: Any, *, title: str = "Feature maps", lang: str = "en") -> Any:
    """The image in grey, and its feature maps in colour: blue is positive, orange negative, white 0.

    image: ``[channels][height][width]``, or ``[channels][length]``, whose channels are strips. layer_or_maps: a Conv1d,
        a Conv2d, a pooling layer or another function of such an image, which is called without recording a graph; or
        the maps that it gave. The kernels of a convolution stand above their maps.

    Several channels of an image or a kernel stand side by side, in rows of four. All maps have one scale, and all
    kernels one, so that they compare; of more than 32 maps the first 32 are drawn. Grey cells are nan or infinite.
    Returns a matplotlib Figure. Needs matplotlib (extra ``train``).
    lang: of its words, "en" or "zh".

    >>> from nn import Conv2d
    >>> chart = plot_feature_maps([[[0.0, 0.5, 1.0], [0.0, 0.5, 1.0]]], Conv2d(1, 2, kernel_size=2, seed=0))
    >>> [axes.get_title(loc="left") for axes in chart.axes[:5]]
    ['image, 2 × 3', 'kernel 1', 'kernel 2', 'map 1, 1 × 2', 'map 2, 1 × 2']
    """
    given = _planes(image, "image")
    maps, kernels = layer_or_maps, []
    if callable(layer_or_maps):
        with no_grad():
            maps = layer_or_maps(image)
        if hasattr(layer_or_maps, "kernel_size") and hasattr(layer_or_maps, "weight"):
            kernels = [_planes(kernel, "weight") for kernel in layer_or_maps.weight[:MOST]]
    found = [[plane] for plane in _planes(maps, "maps")]
    if len(found) > MOST:
        title = CHARTS("{} (the first {} of {})", title, MOST, len(found))
    kinds = {"kernel": kernels, "map": found[:MOST]} if kernels else {"map": found[:MOST]}
    across = min(ACROSS, len(found))
    heights = [_height(panels) for _ in range(0, len(kinds["map"]), ACROSS) for panels in kinds.values()]
    drawn = canvas.figure(4.6 + INCHES * across, max(2.6, 0.7 + sum(INCHES * h + 0.45 for h in heights)), title)
    drawn.get_layout_engine().set(w_pad=0.1, h_pad=0.08)
    grid = drawn.add_gridspec(len(heights), across + 2, height_ratios=heights)
    _shade(drawn.add_subplot(grid[:, :2]), given, CHARTS("image, {}", _shape(given)), _greys(), None)
    bars = []
    for row, (kind, panels) in enumerate(kinds.items()):
        largest = largest_magnitude(x for planes in panels for plane in planes for line in plane for x in line) or 1.0
        for i, planes in enumerate(panels):
            axes = drawn.add_subplot(grid[len(kinds) * (i // ACROSS) + row, 2 + i % ACROSS])
            name = CHARTS("kernel {}", i + 1) if kind == "kernel" else CHARTS("map {}, {}", i + 1, _shape(planes))
            shown = _shade(axes, planes, name, canvas.signs(), largest)
            if kind == "kernel" and len(planes) == 1 and len(planes[0][0]) <= NUMBERED:
                _write_numbers(axes, planes[0], largest)
        bars.append((shown, CHARTS(f"{kind}s")))
    panels = list(drawn.axes)
    for shown, name in bars:
        bar = drawn.colorbar(shown, ax=panels, shrink=0.8, pad=0.02, aspect=30)
        bar.set_label(name, color=INK)
        bar.outline.set_visible(False)
    return drawn


def _planes(x: Any, name: str) -> list[Plane]:
    """Planes of one shape; those of a sequence have one row each."""
    planes = x.tolist() if hasattr(x, "tolist") else x
    if not isinstance(planes, (list, tuple)) or not planes:
        raise TypeError(f"{name}: expected [channels][height][width] or [channels][length] numbers, with a channel at "
                        "least")
    planes = [plane.tolist() if hasattr(plane, "tolist") else plane for plane in planes]
    strips = all(isinstance(plane, Sequence) and plane and not hasattr(plane[0], "__len__") for plane in planes)
    found = [read_rows([plane] if strips else plane, name) for plane in planes]
    if len({(len(plane), len(plane[0])) for plane in found}) > 1:
        raise ValueError(f"{name}: the planes have different shapes; give planes of one height and width")
    return found


def _shape(planes: Sequence[Plane]) -> str:
    channels = f"{len(planes)} × " if len(planes) > 1 else ""
    return f"{channels}{len(planes[0])} × {len(planes[0][0])}"


def _size(planes: Sequence[Plane]) -> tuple[int, int]:
    """Rows and columns of all planes side by side, in rows of four, with one cell between them."""
    down, across = -(-len(planes) // ACROSS), min(ACROSS, len(planes))
    return down * (len(planes[0]) + 1) - 1, across * (len(planes[0][0]) + 1) - 1


def _height(panels: Sequence[Sequence[Plane]]) -> float:
    """How high a panel is beside its width; strips keep a height at which they are seen."""
    rows, columns = _size(panels[0])
    return min(1.6, max(0.3, rows / columns))


def _shade(axes: Any, planes: Sequence[Plane], name: str, colours: Any, largest: float | None) -> Any:
    """Draw a cell for each number, from -``largest`` to ``largest`` or, where that is None, from the least on."""
    rows, columns = len(planes[0]), len(planes[0][0])
    finite = [x for plane in planes for row in plane for x in row if math.isfinite(x)] or [0.0]
    low, high = (min(finite), max(finite)) if largest is None else (-largest, largest)
    canvas.style(axes, name)
    for i, plane in enumerate(planes):
        top, left = (i // ACROSS) * (rows + 1), (i % ACROSS) * (columns + 1)
        numbers = [[x if math.isfinite(x) else math.nan for x in row] for row in plane]
        shown = axes.imshow(numbers, interpolation="nearest", cmap=colours.with_extremes(bad=FAINT), vmin=low,
                            vmax=high, extent=(left, left + columns, top + rows, top))
    down, across = _size(planes)
    axes.set(xticks=[], yticks=[], xlim=(0, across), ylim=(down, 0), aspect="equal" if rows > 1 else "auto")
    axes.spines[:].set(visible=len(planes) == 1, color=LINE)
    return shown


def _write_numbers(axes: Any, plane: Plane, largest: float) -> None:
    for i, row in enumerate(plane):
        for j, x in enumerate(row):
            text = f"{round(x, 1) + 0.0:.1f}".replace("-", "−")
            axes.text(j + 0.5, i + 0.5, text, ha="center", va="center", fontsize=8,
                      color="white" if abs(x) > 0.65 * largest else INK)


def _greys() -> Any:
    from matplotlib import colormaps
    return colormaps["gray"]
