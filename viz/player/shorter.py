"""Shapes and texts of an SVG in fewer characters: relative coordinates, and attributes that are inherited."""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

from viz.palette import SOFT
from viz.player.cells import Run

INHERITED = {"font-size": "12", "fill": SOFT}       # of the group around all elements of a scene


def numbers(text: str) -> list[float]:
    """The numbers in a path or in points."""
    return [float(x) for x in re.findall(r"-?\d+(?:\.\d+)?", text)]


def line(start: Sequence[float], end: Sequence[float]) -> str:
    """A straight line.

    >>> line((86.7, -409537.0), (85.8, -409529.0))
    'M86.7-409537l-0.9 8'
    """
    x, y, p, q = (round(10 * at) for at in (*start, *end))
    return f"M{_joined([x, y])}l{_joined([p - x, q - y])}"


def curve(path: str) -> str:
    """A path of Graphviz, which is one of Bézier curves, to a tenth of a point.

    >>> curve("M46.5,-8.4C46.5,-8.4 27.94,-8.4 27.9,-8.4 21.9,-8.4 15.9,-2.4 15.9,3.6")
    'M46.5-8.4h-18.6c-6 0-12 6-12 12'
    """
    places = [round(10 * x) for x in numbers(path)]
    corners = list(zip(places[::2], places[1::2], strict=True))
    x, y = corners[0]
    out, last = f"M{_joined([x, y])}", ""
    for i in range(1, len(corners) - 2, 3):
        (a, b), (c, d), (p, q) = corners[i:i + 3]
        if b == d == q == y:
            letter, steps = "h", [p - x]
        elif a == c == p == x:
            letter, steps = "v", [q - y]
        else:
            letter, steps = "c", [a - x, b - y, c - x, d - y, p - x, q - y]
        text = _joined(steps)
        again = letter == last == "c"       # then the letter may be left out
        out += ("" if again and text[0] == "-" else " " if again else letter) + text
        (x, y), last = (p, q), letter
    return out


def area(points: str) -> str:
    """A polygon of Graphviz, whose last point is its first, as a path.

    >>> area("22.2,-3716.2 22.2,-3747.2 296.4,-3747.2 296.4,-3716.2 22.2,-3716.2")
    'M22.2-3716.2v-31h274.2v31z'
    """
    places = [round(10 * x) for x in numbers(points)]
    x, y = places[:2]
    out = f"M{_joined([x, y])}"
    for p, q in zip(places[2:-2:2], places[3:-2:2], strict=True):
        letter, steps = ("h", [p - x]) if q == y else ("v", [q - y]) if p == x else ("l", [p - x, q - y])
        if any(steps):
            out += letter + _joined(steps)
        x, y = p, q
    return out + "z"


def _joined(tenths: Sequence[int]) -> str:
    out = ""
    for x in tenths:
        text = f"{x / 10:g}" if abs(x) < 10**6 else f"{x / 10:.1f}".removesuffix(".0")
        out += text if not out or text[0] == "-" else f" {text}"
    return out


def spans(runs: Sequence[Run]) -> tuple[str, str]:
    """The attributes that all runs of a text have, and the runs, each with its own ones."""
    fonts = [{"font-size": run.size, "fill": run.ink} | ({"font-weight": "bold"} if run.bold else {})
             | ({"font-style": "italic"} if run.italic else {}) for run in runs]
    shared = {name: value for name, value in fonts[0].items() if all(font.get(name) == value for font in fonts)}
    texts = [escape(run.text.replace(" ", "\u00a0") if i in (0, len(runs) - 1) else run.text)
             for i, run in enumerate(runs)]
    return _written(shared, {}), "".join(
        f"<tspan{own}>{text}</tspan>" if (own := _written(font, shared)) else text
        for font, text in zip(fonts, texts, strict=True))


def _written(font: dict[str, str], around: dict[str, str]) -> str:
    known = INHERITED | around
    return "".join(f' {name}="{value}"' for name, value in font.items() if known.get(name) != value)
