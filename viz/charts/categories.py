"""``plot_categories``: the categories of adaptive resonance networks as boxes over two features of the data."""

from collections.abc import Sequence
from typing import Any

from viz.charts import canvas
from viz.charts.numbers import in_order, read_columns, read_labels
from viz.palette import INK
from viz.words.charts import CHARTS

MANY = 40       # boxes, above which their numbers would cover them
POINT = 0.003   # the sides of a box that is hardly seen


@canvas.speaks
def plot_categories(art: Any, X: Any = None, y: Sequence[Any] | None = None, *,  # noqa: N803
                    features: tuple[int, int] = (0, 1), title: str = "Categories", lang: str = "en",
                    names: Sequence[str] = ("first input", "second input")) -> Any:
    """The boxes of a FuzzyART, or of a FuzzyARTMAP in the colours of their classes, and the data.

    X, y: the data and, where given, its classes; without them each point has the colour of the category, or class, that
    the network predicts. features: the two columns of the data that are the axes; names: of these. Each box has the
    number of its category at its upper left corner; one that learned a single point is a point. Returns a matplotlib
    Figure. Needs matplotlib (extra ``train``).
    lang: of its words, "en" or "zh".

    >>> from nn import FuzzyART
    >>> art = FuzzyART(0.8).fit([[0.1, 0.1], [0.9, 0.8], [0.2, 0.1]])
    >>> plot_categories(art)._suptitle.get_text()
    'Categories: 2 at vigilance 0.8'
    """
    from matplotlib.patches import Patch, Rectangle
    from matplotlib.patheffects import withStroke
    if not hasattr(art, "boxes"):
        raise TypeError(f"plot_categories draws the boxes of FuzzyART and FuzzyARTMAP; {type(art).__name__} has none")
    owners = list(getattr(art, "classes", range(len(art.weights))))     # of each box: its class, or its own number
    if not owners:
        raise ValueError("the network has no category yet; call its fit first")
    corners = [read_columns(corner, features, "the boxes") for corner in zip(*art.boxes(), strict=True)]
    points = [] if X is None else read_columns(X, features, "X")
    labels = [] if X is None else list(art.predict(X)) if y is None else read_labels(y, len(points))
    own_colours = y is None or hasattr(art, "classes")      # classes of the data are no numbers of categories
    inks = canvas.class_colours(in_order([*owners, *labels] if own_colours else labels))

    drawn = canvas.figure(7, 5.2, CHARTS("{}: {} at vigilance {}", canvas.plain(title, 48), len(owners),
                                         f"{art.vigilance:g}"))
    axes = drawn.subplots()
    canvas.style(axes, x=names[0], y=names[1])
    for i, ((left, bottom), (right, top), owner) in enumerate(zip(*corners, owners, strict=True)):
        ink = inks[owner] if own_colours else INK
        axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, facecolor=ink + "22", edgecolor=ink,
                                 linewidth=1.6, joinstyle="round", zorder=2))
        if max(right - left, top - bottom) < POINT:
            axes.plot([left], [bottom], marker="s", markersize=5, color=ink, zorder=2)
        if len(owners) <= MANY:
            axes.annotate(str(i), (left, top), xytext=(2, 2), textcoords="offset points", fontsize=8, color=INK,
                          zorder=5, path_effects=[withStroke(linewidth=2.5, foreground="white")])
    for label, ink in inks.items():
        mine = [point for point, other in zip(points, labels, strict=True) if other == label]
        axes.scatter([p[0] for p in mine], [p[1] for p in mine], s=canvas.area(len(points)), color=ink,
                     edgecolor="white", linewidth=0.4, zorder=3)
    axes.set(xlim=(-0.04, 1.04), ylim=(-0.04, 1.06))
    if y is not None or hasattr(art, "classes"):       # categories without classes have their numbers
        canvas.legend(axes, [Patch(facecolor=ink) for ink in inks.values()], [CHARTS("class {}", c) for c in inks])
    return drawn
