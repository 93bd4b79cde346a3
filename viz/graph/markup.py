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
    """A row of two cells, at the left and the right edge."""
    return f'<TR><TD ALIGN="LEFT">{left}</TD><TD ALIGN="RIGHT">{right}</TD></TR>'


def coloured_pair(background: str, left: str, right: str) -> str:
    """A `pair` in one cell of one colour; two coloured cells would show a seam."""
    return (f'<TR><TD COLSPAN="2" BGCOLOR="{background}" CELLPADDING="0"><{TABLE} CELLPADDING="5">{pair(left, right)}'
            "</TABLE></TD></TR>")


def shaded_row(left: str, middle: str, background: str, right: str) -> str:
    """A row of three cells; the last one has a colour."""
    return (f'<TR><TD COLSPAN="2" CELLPADDING="0"><{TABLE} CELLPADDING="5"><TR><TD ALIGN="LEFT">{left}</TD>'
            f'<TD ALIGN="RIGHT">{middle}</TD><TD ALIGN="RIGHT" BGCOLOR="{background}">{right}</TD></TR></TABLE>'
            "</TD></TR>")


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
    return f'<TR><TD COLSPAN="2" ALIGN="RIGHT">{text}</TD></TR>'


def card(heading: str, rows: Iterable[str], line: str) -> str:
    """The label of a card: its first row, a rule of the colour ``line``, and the other rows."""
    return f'<<{TABLE} CELLPADDING="5" COLOR="{line}">{heading}<HR/>{"".join(rows)}</TABLE>>'


def stacked(rows: Iterable[str], padding: int, space: int = 0) -> str:
    """A label of one row under the other, with ``space`` points below."""
    cells = "".join(f"<TR><TD>{row}</TD></TR>" for row in rows)
    below = f'<TR><TD HEIGHT="{space}"></TD></TR>' if space else ""
    return f'<<{TABLE} CELLPADDING="{padding}">{cells}{below}</TABLE>>'
