"""The words and numbers of a network's drawing: circles, lines, bundles and the legend."""

import math
from collections.abc import Sequence

from viz.graph.labels import signs
from viz.graph.markup import BLANK, TABLE, font, html, stacked
from viz.palette import DARK, INK, SOFT, VALUE, sign_colour, tint
from viz.text import number
from viz.words.networks import Words
from viz.words.pictures import WORDS


def short(x: float) -> str:
    """``x`` in two digits, which fit into a circle.

    >>> short(-0.123456), short(12.0)
    ('−0.12', '12')
    """
    return number(float(f"{x:.2g}")) if math.isfinite(x) else number(x)


def in_circle(text: str, ink: str, large: bool) -> str:
    """A number, smaller if it is long. large: whether it stands in a large circle."""
    size = (12, 10, 8) if large else (9, 8, 6)
    return font(text, size[0] if len(text) < 6 else size[1] if len(text) < 8 else size[2], ink)


def output_and_delta(output: float | None, delta: float | None, pending: bool, large: bool) -> str:
    """The label of a neuron through which an example ran."""
    rows = [in_circle("—" if output is None else short(output), VALUE, large)]
    if not pending:
        text = "—" if delta is None else short(delta)
        rows.append(in_circle(f"δ {text}" if large else text, _dark(delta), large))
    return stacked(rows, 1)


def on_line(weight: float, gradient: float | None, largest_gradient: float, bold: str) -> str:
    """A weight, and beside it its gradient."""
    cells = f"<TD>{font(short(weight), 10, sign_colour(weight), bold == 'weight' and gradient is not None)}</TD>"
    if gradient is not None:
        text = font(short(gradient), 10, _dark(gradient), bold == "gradient")
        cells += f'<TD BGCOLOR="{tint(gradient, largest_gradient)}">{text}</TD>'
    return f'<<{TABLE} CELLPADDING="2" BGCOLOR="white"><TR>{cells}</TR></TABLE>>'


def _dark(x: float | None) -> str:
    return DARK[sign_colour(x)] if x else SOFT


def name(text: str, edge: str) -> str:
    """A name that begins at the left edge of its cell, or ends at the right one."""
    return f'<<{TABLE}><TR><TD ALIGN="{edge}" WIDTH="{room(text)}">{font(html(text), 12, INK)}</TD></TR></TABLE>>'


def room(text: str) -> int:
    """Points that hold a name, at 12 points; Chinese characters are as wide as high."""
    return 8 * len(text) + 5 * sum(not c.isascii() for c in text) + 4


def bundle(size: int, outputs: Sequence[float | None], deltas: Sequence[float | None], words: Words) -> str:
    """The label of a layer that is drawn as one box: its size, and the range of its numbers."""
    rows = [font(f"{size:,}", 24, INK, bold=True)]
    known = [x for x in outputs if x is not None]
    if known:
        rows.append(font(f"{short(min(known))} … {short(max(known))}", 10, VALUE))
    flowing = [x for x in deltas if x is not None]
    if flowing:
        rows.append(font(f"δ {words.size} {short(math.hypot(*flowing))}", 10, INK))
    return stacked(rows, 3)


def legend(rows: Sequence[str], words: Words) -> str:
    """The lines above a drawing; the first one ends in the colours of signs."""
    first, *rest = [font(html(row), 14, SOFT) for row in rows]
    return stacked([first + font(2 * BLANK, 14, SOFT) + signs(WORDS[words.lang]), *rest], 3, space=12)
