"""Graphviz's HTML-like labels: escaped text, fonts, and the tables that cards and legends are made of."""

import re
from collections.abc import Iterable

TABLE = 'TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0"'
BLANK = "&#160;"
FONT_TEXT = re.compile('<FONT POINT-SIZE="(\\d+)"[^>]*>(.*?)</FONT>')
TAG, ENTITY = re.compile("<[^>]*>"), re.compile("&[^;]*;")


def html(text: str) -> str:
    r"""Escaped text for an HTML-like label.

    >>> html("a<b\\N")
    'a&lt;b&#92;&#92;N'
    """
    # Graphviz replaces \N by the name of the node even here, and even if the backslash is an entity; \\N it keeps.
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\\", "&#92;&#92;")):
        text = text.replace(character, entity)
    return text


def font(text: str, size: int, ink: str, bold: bool = False) -> str:
    """Escaped text in one size and colour. Empty text becomes a blank, because Graphviz rejects ``<B></B>``."""
    text = f"<B>{text or BLANK}</B>" if bold else text or BLANK
    return f'<FONT POINT-SIZE="{size}" COLOR="{ink}">{text}</FONT>'


def pair(left: str, right: str) -> str:
    """A row with a text at the left and one at the right edge.

    A table of its own: two columns of the whole card would be as wide as its longest name beside its longest number.
    """
    return _row(_two(left, right))


def coloured_pair(background: str, left: str, right: str) -> str:
    """A `pair` in one cell of one colour; two coloured cells would show a seam."""
    return _row(_two(left, right), f' BGCOLOR="{background}"')


def shaded_row(left: str, middle: str, background: str, right: str) -> str:
    """A row of three cells; the last one has a colour."""
    return _row(f'{_two(left, middle)}<TD ALIGN="RIGHT" BGCOLOR="{background}">{right}</TD>')


def _two(left: str, right: str) -> str:
    return f'<TD ALIGN="LEFT">{left}</TD><TD ALIGN="RIGHT">{right}</TD>'


def _row(cells: str, background: str = "") -> str:
    return f'<TR><TD{background} CELLPADDING="0"><{TABLE} CELLPADDING="5"><TR>{cells}</TR></TABLE></TD></TR>'


def text_width(label: str) -> float:
    """About the width of a label in points, by the number and size of its characters.

    >>> round(text_width(card(pair(font("abc", 10, "red"), font("de", 10, "red")), [], "red")))
    51
    """
    widths = [sum(0.62 * int(size) * len(ENTITY.sub("x", TAG.sub("", text))) for size, text in FONT_TEXT.findall(row))
              for row in label.split("<TR>")]
    return 20.0 + max(widths)


def note(text: str) -> str:
    """A row at the right edge, as wide as a pair."""
    return f'<TR><TD ALIGN="RIGHT">{text}</TD></TR>'


def card(heading: str, rows: Iterable[str], line: str) -> str:
    """The label of a card: its first row, a rule of the colour ``line``, and the other rows."""
    return f'<<{TABLE} CELLPADDING="5" COLOR="{line}">{heading}<HR/>{"".join(rows)}</TABLE>>'


def stacked(rows: Iterable[str], padding: int, space: int = 0) -> str:
    """A label of one row under the other, with ``space`` points below."""
    cells = "".join(f"<TR><TD>{row}</TD></TR>" for row in rows)
    below = f'<TR><TD HEIGHT="{space}"></TD></TR>' if space else ""
    return f'<<{TABLE} CELLPADDING="{padding}">{cells}{below}</TABLE>>'
