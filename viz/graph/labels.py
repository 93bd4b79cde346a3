"""What is lettered on cards, arrows and above the picture: HTML-like labels, in one language."""

import math
from collections.abc import Iterable

from viz.graph.cards import Box, Card, Constant, Picture
from viz.graph.clusters import Frame
from viz.graph.gradient_flow import Arrow
from viz.graph.translations import Words
from viz.text import LONGEST, clean, number, total

INK, SOFT, FAINT, PALE, VALUE = "#1f2937", "#6b7280", "#aeb4bf", "#f3f4f6", "#0b7a3e"
# Blue and orange, not green and red: for colour vision, and because red means "up" in China.
BLUE, ORANGE, VIOLET = "#1d5fd6", "#d95f02", "#8b2fc9"
RED = "#c81e1e"     # kept for the one place where a nan or an infinity arises
DARK = {BLUE: "#143a8c", ORANGE: "#7c2d06", VIOLET: "#521a78", FAINT: "#143a8c"}
TERMS = 4           # terms of a gradient row that are spelled out
BLANK = "&#160;"
PLAIN = 'BORDER="0" CELLBORDER="0" CELLSPACING="0"'


def html(text: str) -> str:
    r"""Text inside an HTML-like label.

    >>> html("a<b\\N")
    'a&lt;b&#92;&#92;N'
    """
    # \N is the name of the node even here, and even where the backslash is an entity; \\N is not.
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\\", "&#92;&#92;")):
        text = text.replace(character, entity)
    return text


def colour(x: float) -> str:
    """Blue for positive, orange for negative, grey for zero, violet for nan."""
    return BLUE if x > 0 else ORANGE if x < 0 else FAINT if x == 0 else VIOLET


def tint(x: float, largest: float) -> str:
    """The colour of a row: the colour of ``x`` on white, stronger the closer to the largest.

    >>> tint(5.0, 5.0), tint(0.0, 5.0)
    ('#7ea4e8', '#f3f4f6')
    """
    if x == 0:
        return PALE
    strength = max(0.08, 0.57 * share(x, largest) ** 0.75)
    base = colour(x)
    mixed = (255 + (int(base[i:i + 2], 16) - 255) * strength for i in (1, 3, 5))
    return "#" + "".join(f"{round(channel):02x}" for channel in mixed)


def share(x: float, largest: float) -> float:
    """|x| as a part of the largest; 1 where it is not finite."""
    return abs(x) / largest if math.isfinite(x) and largest else 0.0 if x == 0 else 1.0


def font(text: str, size: int, ink: str, bold: bool = False) -> str:
    """Text, already escaped, in one size and colour; without any a blank, as Graphviz refuses ``<B></B>``."""
    text = f"<B>{text or BLANK}</B>" if bold else text or BLANK
    return f'<FONT POINT-SIZE="{size}" COLOR="{ink}">{text}</FONT>'


def largest(numbers: Iterable[float | None]) -> float:
    """The largest finite magnitude; 0 without any."""
    return max((abs(x) for x in numbers if x is not None and math.isfinite(x)), default=0.0)


class Labels:
    """The labels of one picture."""

    def __init__(self, picture: Picture, words: Words, rankdir: str) -> None:
        self.picture, self.words, self.rankdir = picture, words, rankdir
        self.names = {item.key: html(item.name) for item in picture.items if isinstance(item, Card)}
        self.names[picture.root.key] = html(picture.root.name)      # the root may be on a card of many nodes
        self.strongest = largest(item.gradient for item in picture.items if isinstance(item, (Card, Box)))

    # ---- cards ----

    def card(self, card: Card, line: str) -> str:
        role = html(card.formula) or getattr(self.words, card.kind)
        value = font(html(number(card.value)), 17, VALUE, bold=True)
        rows = [f'<TR><TD ALIGN="LEFT">{font(self.names[card.key], 20, INK, bold=True)}</TD>'
                f'<TD ALIGN="RIGHT">{font("&#160;&#160;" + role, 14, SOFT)}</TD></TR><HR/>',
                f'<TR><TD ALIGN="LEFT">{font(self.words.value, 12, SOFT)}</TD><TD ALIGN="RIGHT">{value}</TD></TR>',
                self.gradient(card)]
        notes = [self.words.held.format(number(card.held))] if card.held is not None else []
        notes += [self.words.changed] if card.changed else []
        rows += [f'<TR><TD COLSPAN="2" ALIGN="RIGHT">{font(html(note), 10, SOFT)}</TD></TR>' for note in notes]
        if card.anomaly:
            note = font(self.words.anomaly[card.anomaly], 12, RED, bold=True)
            rows.append(f'<TR><TD COLSPAN="2" ALIGN="RIGHT">{note}</TD></TR>')
        return f'<<TABLE {PLAIN} CELLPADDING="5" COLOR="{line}">{"".join(rows)}</TABLE>>'

    def gradient(self, card: Card) -> str:
        """The row of the gradient, with the sum that it is where several contributions arrive."""
        label = font(self.by(card.key), 12, INK)
        if card.gradient is None:
            ground, result = PALE, font("—", 17, SOFT)
        else:
            ground = self.ground(card.gradient)
            result = font(number(card.gradient), 17, DARK[colour(card.gradient)], bold=True)
            if len(card.terms) > 1:
                shown = total(card.terms[:TERMS]) + (f" + … ({len(card.terms)})" if len(card.terms) > TERMS else "")
                result = font(f"&#160;{shown} = ", 14, INK) + result
        if card is self.picture.root:
            label += font(f"&#160;&#160;{self.words.start}", 11, SOFT)
        # one cell of one colour around the two: beside each other they would show a seam
        return (f'<TR><TD COLSPAN="2" BGCOLOR="{ground}" CELLPADDING="0"><TABLE {PLAIN} CELLPADDING="5"><TR>'
                f'<TD ALIGN="LEFT">{label}</TD><TD ALIGN="RIGHT">{result}</TD></TR></TABLE></TD></TR>')

    def ground(self, gradient: float) -> str:
        """The colour behind a gradient."""
        return tint(gradient, self.strongest)

    def by(self, key: str) -> str:
        """The derivative that a row holds, for example ∂e/∂a; times the seed where that is not 1."""
        seed = self.picture.seed
        factor = "" if seed is None or seed == 1.0 else f"{number(seed)} "
        return f"{factor}∂{self.names[self.picture.root.key]}/∂{self.names[key]}"

    def constant(self, constant: Constant) -> str:
        many = len(constant.values)
        shown = ", ".join(map(number, constant.values[:3])) + (", …" if many > 3 else "")
        word = self.words.constant if many == 1 else self.words.constants.format(many)
        return (f'<<TABLE {PLAIN} CELLPADDING="3"><TR><TD>{font(shown, 17, SOFT)}</TD></TR>'
                f"<TR><TD>{font(word, 11, SOFT)}</TD></TR></TABLE>>")

    def box(self, box: Box) -> str:
        text = getattr(self.words, box.key).format(f"{box.count:,}")
        rows = [font(text, 16, INK, bold=True)]
        if box.gradient is not None:
            rows.append(font(self.words.reach.format(number(abs(box.gradient))), 12, SOFT))
        return "<" + "<BR/>".join(rows) + ">"

    def frame(self, frame: Frame) -> str:
        name, gap, rest = frame.path[-1].partition("  ")        # a module's name, and what it computes
        title = html(clean(name, 3 * LONGEST)) + ("&#160;&#160;" if gap else "") + html(clean(rest, 3 * LONGEST))
        return f"<{font(title, 13, SOFT)}>"

    # ---- arrows ----

    def arrow(self, arrow: Arrow, ink: str) -> str:
        """The local partial, and under it upstream × local = contribution."""
        rows = []
        if arrow.count > 1:
            rows.append(font(self.words.arrows.format(f"{arrow.count:,}"), 12, SOFT))
        elif arrow.partial is not None and arrow.consumer in self.names and arrow.operand in self.names:
            slope = f"∂{self.names[arrow.consumer]}/∂{self.names[arrow.operand]} = {number(arrow.partial)}"
            rows.append(font(slope, 12, SOFT))
        if arrow.contribution is not None:
            product = ""
            if arrow.upstream is not None and arrow.partial is not None:
                product = f"{number(arrow.upstream)} × {number(arrow.partial)} = "
            rows.append(font(f"{product}<B>{number(arrow.contribution)}</B>", 15, ink))
        cells = "".join(f"<TR><TD>&#160;{row}&#160;</TD></TR>" for row in rows)     # clear of its own arrow
        return f'<<TABLE {PLAIN} CELLPADDING="1">{cells}</TABLE>>' if rows else ""

    # ---- title and legend ----

    def legend(self) -> str:
        cells = "".join(f"<TR><TD>{row}</TD></TR>" for row in self.rows())
        return f'<<TABLE {PLAIN} CELLPADDING="3">{cells}<TR><TD HEIGHT="16"></TD></TR></TABLE>>'

    def rows(self) -> list[str]:
        """The title, and what the signs mean."""
        words, rows = self.words, []
        if self.picture.title:
            rows.append(font(html(self.picture.title), 24, INK, bold=True))
        forward = words.forward[self.rankdir]
        if self.picture.seed is None:
            rows += [font(forward + " " + words.local, 14, SOFT),
                     font(words.pending.format(self.names[self.picture.root.key]), 14, SOFT)]
        else:
            rows += [font(f"{forward} {words.back} ", 14, SOFT) + font(words.contribution, 14, INK, bold=True)
                     + font(words.stop, 14, SOFT),
                     font(words.sum + " ", 14, SOFT) + font(f"■ {words.positive}&#160;&#160;", 14, BLUE)
                     + font(f"■ {words.negative}", 14, ORANGE)]
        return rows
