"""How a chart is made with matplotlib: lazily, without pyplot, so that it works without a display and in threads."""

import io
import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from viz.graph.labels import BLUE, INK, ORANGE, SOFT
from viz.text import clean

# Okabe and Ito's colours, told apart also with colour-blind eyes; each class has a marker of its own as well.
CLASSES = (ORANGE, BLUE, "#009e73", "#cc79a7", "#e6b800", "#56b4e9", "#5b4636", "#9467bd", "#6b7280", "#111111")
MARKERS = "os^DvPX*<>"
LOG = 50            # times as large as the smallest: from here on an axis is logarithmic
GRID = "#d4d7df"
DPI = 144
NO_PLACE: dict[str, Callable[[float], bool]] = {     # exactly 0 has one, except on a logarithmic axis
    "nan": math.isnan, "inf": lambda y: y == math.inf, "−inf": lambda y: y == -math.inf, "exactly 0": lambda y: y == 0}


@cache
def _chart() -> Any:
    """A matplotlib Figure that a notebook shows, whether or not pyplot has been imported there."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError('pictures of training need matplotlib: pip install ".[train]" in a clone of pathgrad, or '
                          "pip install matplotlib") from error

    class Chart(Figure):
        """What the ``plot_`` functions return: save it with ``savefig``, or let a notebook show it."""

        def _repr_png_(self) -> bytes:
            out = io.BytesIO()
            self.savefig(out, format="png", dpi=DPI, metadata={"Software": None})
            return out.getvalue()

    def new(width: float, height: float) -> Any:
        made = Chart(figsize=(width, height), layout="constrained", facecolor="white")
        FigureCanvasAgg(made)
        return made

    return new


def figure(width: float, height: float, title: str) -> Any:
    """An empty chart of a size in inches."""
    made = _chart()(width, height)
    made.suptitle(plain(title, 80), fontsize=13, fontweight="bold", color=INK, parse_math=False)
    return made


def style(axes: Any, title: str = "", x: str = "", y: str = "") -> None:
    """The frame, grid and letters that all charts share."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(SOFT)
    axes.tick_params(colors=INK, labelsize=10)
    axes.set_axisbelow(True)
    axes.set_title(plain(title, 60), fontsize=11, color=INK, loc="left", parse_math=False)
    axes.set_xlabel(plain(x), fontsize=11, color=INK, parse_math=False)
    axes.set_ylabel(plain(y), fontsize=11, color=INK, parse_math=False)


def legend(axes: Any, handles: Sequence[Any], labels: Iterable[str]) -> None:
    """A legend of exactly these, beside the axes, where it covers nothing; a $ in a label is a $."""
    made = axes.legend(list(handles), [plain(label, 40) for label in labels], fontsize=10, labelcolor=INK,
                       frameon=False,
                       loc="upper left", bbox_to_anchor=(1.0, 1.0))
    for text in made.get_texts():
        text.set_parse_math(False)


def plain(label: str, longest: int = 40) -> str:
    """A user's label on one line; matplotlib leaves out of a legend what begins with an underscore."""
    text = clean(str(label), longest)
    return " " + text if text.startswith("_") else text


def logarithmic(numbers: Iterable[float]) -> bool:
    """Whether the finite ones are positive and their range so wide that a linear axis hides the small ones.

    >>> logarithmic([2.3, 0.02]), logarithmic([2.3, 0.2]), logarithmic([2.3, -0.02])
    (True, False, False)
    """
    finite = [x for x in numbers if math.isfinite(x)]
    return bool(finite) and min(finite) > 0 and max(finite) >= LOG * min(finite)


def draw_line(axes: Any, xs: Sequence[float], ys: Sequence[float | None], label: str,
              **options: Any) -> list[tuple[Any, str]]:
    """A line through what was measured, and a mark at the edge for each number that has no place on the axis.

    Such a number breaks the line; None does not. Points show where they are few or alone. Gives what
    the legend shall explain.
    """
    places = [(x, y) for x, y in zip(xs, ys, strict=True) if y is not None]
    lost = {f"{label}: {word}": [x for x, y in places if test(y)] for word, test in NO_PLACE.items()
            if word != "exactly 0" or axes.get_yscale() == "log"}
    gone = {x for some in lost.values() for x in some}
    shown = [math.nan if x in gone else y for x, y in places]
    whole = [y == y for y in shown]
    alone = [i for i, here in enumerate(whole) if here and not any(whole[max(0, i - 1):i] + whole[i + 1:i + 2])]
    [line] = axes.plot([x for x, _ in places], shown, marker="o", markersize=3.5,
                       markevery=list(range(len(shown))) if len(shown) <= 30 else alone, **options)
    marks = [(_mark(axes, some, word, line.get_color()), word) for word, some in lost.items() if some]
    return [(line, label), *marks]


def grid(axes: Any) -> None:
    """Faint lines behind the data."""
    axes.grid(True, which="major", color=GRID, linewidth=0.7)


def _mark(axes: Any, xs: Sequence[float], word: str, ink: Any) -> Any:
    low = word.endswith(("exactly 0", "−inf"))
    marker = "x" if word.endswith("nan") else "v" if low else "^"
    return axes.plot(xs, [0.02 if low else 0.98] * len(xs), linestyle="none", marker=marker, markersize=8, color=ink,
                     markeredgewidth=2 if marker == "x" else 1, transform=axes.get_xaxis_transform(), zorder=5)[0]
