"""Pictures in which neurons or layers are one card each: its label, and the colour of a gradient's size."""

import math
from collections.abc import Sequence

from viz.graph.cards import Card, Picture
from viz.graph.gradient_flow import Arrow
from viz.graph.labels import INK, PALE, PLAIN, RED, SOFT, VALUE, Labels, font, html, largest, tint
from viz.graph.module_cards import Part
from viz.graph.translations import Words
from viz.text import number

# Darker is larger: one hue, so that it reads without colour, and none of blue and orange.
SHADES = ("#ec5f9c", "#f283b1", "#f6a2c2", "#f9bdd1", "#fbd3de", "#fde5ea", "#fff4f5")
STEP = 4.0              # by which factor; a layer of sigmoids makes a gradient at least so much smaller
SHOWN = 3               # numbers of one row that are spelled out
LABELLED = 30           # arrows; with more, the numbers at arrows push cards apart and themselves out of reach


def shade(size: float, largest: float) -> str:
    """The colour of a size: the first of the shades from a quarter of the largest on, and so forth.

    >>> [SHADES.index(shade(size, 1.0)) for size in (1.0, 0.25, 0.24, 0.05, 1e-9)]
    [0, 0, 1, 2, 6]
    """
    if size == 0 or not largest:
        return PALE
    if not math.isfinite(size):
        return tint(math.nan, 1.0)
    return next((colour for colour, least in zip(SHADES, bounds(largest), strict=False) if size >= least), SHADES[-1])


def bounds(largest: float) -> list[float]:
    """From which size on each shade but the last is used, in two digits, as the legend has them."""
    return [float(f"{largest / STEP**i:.2g}") for i in range(1, len(SHADES))]


class Heated(Labels):
    """The labels of a picture with parts: behind each gradient the colour of its size."""

    def __init__(self, picture: Picture, words: Words, rankdir: str) -> None:
        super().__init__(picture, words, rankdir)
        self.crowded = len(picture.arrows) > LABELLED
        self.hottest = largest(size for item in picture.items if isinstance(item, Part) for size in item.sizes)

    def card(self, card: Card | Part, line: str) -> str:
        """Of a part: what it gives, the gradient by that, and by its weights. One of leaves alone gives nothing."""
        if isinstance(card, Card):
            return super().card(card, line)
        words, root, many = self.words, self.names[self.picture.root.key], len(card.values)
        role = words.operations_of.format(f"{card.operations:,}") if card.operations else html(card.formula)
        rows = [f'<TR><TD ALIGN="LEFT">{font(html(card.name) or words.unnamed, 20, INK, bold=True)}</TD>'
                f'<TD ALIGN="RIGHT">{font("&#160;&#160;" + role, 14, SOFT)}</TD></TR><HR/>']
        if many:
            what, gives = (words.output, words.output) if many == 1 else \
                (words.outputs.format(f"{many:,}"), words.by_outputs)
            values = font(_list(card.values), 17 if many == 1 else 14, VALUE, bold=True)
            start = f"&#160;&#160;{font(words.start, 11, SOFT)}" if card.key == self.picture.root.key else ""
            rows += [f'<TR><TD ALIGN="LEFT">{font(what, 12, SOFT)}</TD><TD ALIGN="RIGHT">{values}</TD></TR>',
                     self.row(font(f"∂{root}/∂{gives}", 12, INK) + start, card.gradients)]
        if card.count:
            label = font(f"∂{root}/∂{words.by_weights} ({card.count:,})", 12, INK)
            rows.append(self.row(label, card.weights, spelled=False))
        if card.anomaly:
            rows.append(f'<TR><TD COLSPAN="2" ALIGN="RIGHT">'
                        f"{font(self.words.anomaly[card.anomaly], 12, RED, bold=True)}</TD></TR>")
        return f'<<TABLE {PLAIN} CELLPADDING="5" COLOR="{line}">{"".join(rows)}</TABLE>>'

    def row(self, label: str, gradients: Sequence[float] | None, spelled: bool = True) -> str:
        """Gradients on the colour of their size."""
        if gradients is None:
            ground, result = PALE, font("—", 17, SOFT)
        else:
            size, one = math.hypot(*gradients), len(gradients) == 1
            ground = shade(size, self.hottest)
            result = font(_list(gradients), 17 if one else 12, INK, bold=one) if one or spelled else ""
            if not one:
                result += font(f"&#160;&#160;{self.words.size} ", 12, INK) + font(number(size), 16, INK, bold=True)
        return (f'<TR><TD COLSPAN="2" BGCOLOR="{ground}" CELLPADDING="0"><TABLE {PLAIN} CELLPADDING="5"><TR>'
                f'<TD ALIGN="LEFT">{label}</TD><TD ALIGN="RIGHT">{result}</TD></TR></TABLE></TD></TR>')

    def arrow(self, arrow: Arrow, ink: str) -> str:
        return "" if self.crowded else super().arrow(arrow, ink)

    def ground(self, gradient: float) -> str:
        return shade(abs(gradient), self.hottest)

    def rows(self) -> list[str]:
        """The legend says what the shades mean: each from which size on."""
        if self.picture.seed is None:
            return [font(self.words.forward[self.rankdir], 14, SOFT),
                    font(self.words.pending.format(self.names[self.picture.root.key]), 14, SOFT)]
        cells = "".join(f'<TD BGCOLOR="{colour}">{font(f"&#160;≥ {number(least)}&#160;", 13, INK)}</TD>'
                        for colour, least in zip(SHADES, bounds(self.hottest), strict=False))
        last = f'<TD BGCOLOR="{SHADES[-1]}">{font(f"&#160;{self.words.smaller}&#160;", 13, INK)}</TD>'
        return [*super().rows(), f'<TABLE {PLAIN} CELLPADDING="3"><TR><TD>{font(self.words.heat, 14, SOFT)}</TD>'
                                 f"{cells}{last}</TR></TABLE>"]


def _list(numbers: Sequence[float]) -> str:
    return ", ".join(map(number, numbers[:SHOWN])) + (", …" if len(numbers) > SHOWN else "")
