"""The figure, axes, lines and legend of all charts; without pyplot, so that threads can draw without a display."""

import io
import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache, wraps
from inspect import signature
from typing import Any, TypeVar

from viz.palette import BLUE, INK, LINE, ORANGE, SOFT
from viz.rendering import chart_fonts
from viz.rendering.formats import CHART_OPTIONS
from viz.text import clean
from viz.words.charts import CHARTS, chart_word
from viz.words.language import LANGUAGES, speaking

Plot = TypeVar("Plot", bound=Callable[..., Any])

# Okabe and Ito's colours, which colour-blind readers can distinguish; each class has its own marker as well.
CLASSES = (ORANGE, BLUE, "#009e73", "#cc79a7", "#e6b800", "#56b4e9", "#5b4636", "#9467bd", "#6b7280", "#111111")
MARKERS = "os^DvPX*<>"
LOG_RATIO = 50      # of the largest to the smallest number, from which an axis is logarithmic
OFF_AXIS: dict[str, Callable[[float], bool]] = {     # 0 only on a logarithmic axis
    "nan": math.isnan, "inf": lambda y: y == math.inf, "−inf": lambda y: y == -math.inf, "exactly 0": lambda y: y == 0}


@cache
def _chart() -> Any:
    """The constructor of charts: matplotlib Figures that a notebook shows even without pyplot."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError('pictures of training need matplotlib: pip install ".[train]" in a clone of pathgrad, or '
                          "pip install matplotlib") from error

    class Chart(Figure):
        """A chart. ``savefig`` saves it; a notebook shows it."""

        def savefig(self, fname: Any, **options: Any) -> None:
            chart_fonts.save(super().savefig, self, fname, options)

        def _repr_png_(self) -> bytes:
            out = io.BytesIO()
            self.savefig(out, format="png", **CHART_OPTIONS[".png"])
            return out.getvalue()

    def new(width: float, height: float) -> Any:
        made = Chart(figsize=(width, height), layout="constrained", facecolor="white")
        FigureCanvasAgg(made)
        return made

    return new


def speaks(plot: Plot) -> Plot:
    """The chart in the language of its argument ``lang``; titles and names of axes that are not given are words of
    ours."""
    given = signature(plot).parameters
    ours = {name: given[name].default for name in ("title", "names") if name in given and given[name].default}

    @wraps(plot)
    def in_language(*args: Any, lang: str = "en", **options: Any) -> Any:
        if lang not in LANGUAGES:
            raise ValueError(f"lang: expected 'en' or 'zh', not {lang!r}")
        with speaking(lang), chart_fonts.readable_letters():
            words = {name: CHARTS(x) if isinstance(x, str) else tuple(map(CHARTS, x)) for name, x in ours.items()}
            return plot(*args, **{**words, **options})

    return in_language      # type: ignore[return-value]


def figure(width: float, height: float, title: str) -> Any:
    """An empty chart. Its size is in inches."""
    made = _chart()(width, height)
    made.suptitle(plain(title, 80), fontsize=13, fontweight="bold", color=INK, parse_math=False)
    return made


def style(axes: Any, title: str = "", x: str = "", y: str = "") -> None:
    """Set the frame, the fonts and the titles that all charts share."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(SOFT)
    axes.tick_params(colors=INK, labelsize=10)
    axes.set_axisbelow(True)
    axes.grid(False)        # the user's settings may have one; `grid` draws ours
    axes.set_title(plain(title, 60), fontsize=11, color=INK, loc="left", parse_math=False)
    axes.set_xlabel(plain(x), fontsize=11, color=INK, parse_math=False)
    axes.set_ylabel(plain(y), fontsize=11, color=INK, parse_math=False)


def legend(axes: Any, handles: Sequence[Any], labels: Iterable[str]) -> None:
    """Draw a legend beside the axes, where it covers nothing. A $ in a label stays a $."""
    made = axes.legend(list(handles), [plain(label, 40) for label in labels], fontsize=10, labelcolor=INK,
                       frameon=False,
                       loc="upper left", bbox_to_anchor=(1.0, 1.0))
    for text in made.get_texts():
        text.set_parse_math(False)


def plain(label: str, longest: int = 40) -> str:
    """A user's label on one line, and with no underscore first: matplotlib would leave it out of a legend."""
    text = clean(str(label), longest)
    return " " + text if text.startswith("_") else text


def logarithmic(numbers: Iterable[float]) -> bool:
    """Whether the finite numbers are positive, and of so wide a range that a linear axis hides the small ones.

    >>> logarithmic([2.3, 0.02]), logarithmic([2.3, 0.2]), logarithmic([2.3, -0.02])
    (True, False, False)
    """
    finite = [x for x in numbers if math.isfinite(x)]
    return bool(finite) and min(finite) > 0 and max(finite) >= LOG_RATIO * min(finite)


def draw_line(axes: Any, xs: Sequence[float], ys: Sequence[float | None], label: str,
              **options: Any) -> list[tuple[Any, str]]:
    """Draw a line, and a mark at the edge for each number that has no place on the axis.

    Such a number breaks the line; None does not. Points are drawn if there are few, and at isolated numbers.
    Returns the handles and labels for the legend.
    """
    places = [(x, y) for x, y in zip(xs, ys, strict=True) if y is not None]
    off_axis = {CHARTS("{}: {}", label, chart_word(word)): [x for x, y in places if test(y)]
                for word, test in OFF_AXIS.items()
                if word != "exactly 0" or axes.get_yscale() == "log"}
    gone = {x for some in off_axis.values() for x in some}
    heights = [math.nan if x in gone else y for x, y in places]
    drawn = [y == y for y in heights]
    alone = [i for i, here in enumerate(drawn) if here and not any(drawn[max(0, i - 1):i] + drawn[i + 1:i + 2])]
    [line] = axes.plot([x for x, _ in places], heights, marker="o", markersize=3.5,
                       markevery=list(range(len(heights))) if len(heights) <= 30 else alone, **options)
    marks = [(_mark(axes, some, word, line.get_color()), word) for word, some in off_axis.items() if some]
    return [(line, label), *marks]


def class_colours(classes: Iterable[Any]) -> dict[Any, str]:
    """A colour for each class, in their order."""
    return {c: CLASSES[k % len(CLASSES)] for k, c in enumerate(dict.fromkeys(classes))}


def signs() -> Any:
    """The scale of numbers with a sign: from orange by white, which is 0, to blue."""
    from matplotlib.colors import LinearSegmentedColormap
    return LinearSegmentedColormap.from_list("signs", [ORANGE, "white", BLUE])


def area(points: int) -> float:
    """The area of a point's marker: less if they are many, so that they do not hide what is behind them."""
    return max(6.0, min(26.0, 3000 / max(1, points)))


def grid(axes: Any) -> None:
    """Faint lines behind the data."""
    axes.grid(True, which="major", color=LINE, linewidth=0.7)


def _mark(axes: Any, xs: Sequence[float], word: str, ink: Any) -> Any:
    low = word.endswith((CHARTS("exactly 0"), "−inf"))
    marker = "x" if word.endswith("nan") else "v" if low else "^"
    return axes.plot(xs, [0.02 if low else 0.98] * len(xs), linestyle="none", marker=marker, markersize=8, color=ink,
                     markeredgewidth=2 if marker == "x" else 1, transform=axes.get_xaxis_transform(), zorder=5)[0]
