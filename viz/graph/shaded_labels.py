"""The labels of a picture with module cards: behind each gradient lies a shade that stands for its size."""

import math

from viz.graph import markup
from viz.graph.cards import Card
from viz.graph.gradient_flow import Arrow
from viz.graph.labels import Labels, along_all_paths, listed
from viz.graph.markup import BLANK, TABLE, font, html
from viz.graph.module_cards import ModuleCard
from viz.graph.picture import Picture
from viz.graph.translations import Words
from viz.palette import INK, PALE, SOFT, VALUE, largest_magnitude, tint
from viz.text import number

# Darker is larger. One hue, which reads without colour, and neither blue nor orange.
SHADES = ("#ec5f9c", "#f283b1", "#f6a2c2", "#f9bdd1", "#fbd3de", "#fde5ea", "#fff4f5")
STEP = 4.0              # factor between shades; a layer of sigmoids makes a gradient smaller by at least that
MAX_NUMBERS = 3         # of one row
MAX_LABELLED = 30       # arrows; more numbers at arrows would push the cards apart


def shade(size: float, largest: float) -> str:
    """The shade of a size: the first shade down to a quarter of the largest, and so on.

    >>> [SHADES.index(shade(size, 1.0)) for size in (1.0, 0.25, 0.24, 0.05, 1e-9)]
    [0, 0, 1, 2, 6]
    """
    if size == 0 or not largest:
        return PALE
    if not math.isfinite(size):
        return tint(math.nan, 1.0)
    return next((colour for colour, least in zip(SHADES, bounds(largest), strict=False) if size >= least), SHADES[-1])


def bounds(largest: float) -> list[float]:
    """The smallest size of each shade but the last, in two digits as in the legend."""
    return [float(f"{largest / STEP**i:.2g}") for i in range(1, len(SHADES))]


class ShadedLabels(Labels):
    """The labels of a picture with module cards."""

    def __init__(self, picture: Picture, words: Words, rankdir: str) -> None:
        super().__init__(picture, words, rankdir)
        self.crowded = len(picture.arrows) > MAX_LABELLED
        self.largest_size = largest_magnitude(
            size for item in picture.items if isinstance(item, ModuleCard) for size in item.gradient_sizes)

    def card(self, card: Card | ModuleCard, line: str) -> str:
        """Of a module card: outputs, gradients by outputs and by weights. One that holds only leaves has no output."""
        if isinstance(card, Card):
            return super().card(card, line)
        words, root, outputs = self.words, self.names[self.picture.root.key], len(card.values)
        role = words.operations_of.format(f"{card.operations:,}") if card.operations else html(card.formula)
        rows = []
        if outputs:
            title, by = (words.output, words.output) if outputs == 1 else \
                (words.outputs.format(f"{outputs:,}"), words.by_outputs)
            values = font(listed(card.values, MAX_NUMBERS), 17 if outputs == 1 else 14, VALUE, bold=True)
            start = 2 * BLANK + font(words.start, 11, SOFT) if card.key == self.picture.root.key else ""
            rows += [markup.pair(font(title, 12, SOFT), values),
                     self.gradients_row(font(along_all_paths(root, by), 12, INK) + start, card.gradients)]
        if card.weight_count:
            label = font(f"{along_all_paths(root, words.by_weights)} ({card.weight_count:,})", 12, INK)
            rows.append(self.gradients_row(label, card.weight_gradients, size_only=True))
        rows += self.anomaly_rows(card.anomaly)
        return markup.card(self.heading(html(card.name) or words.unnamed, role), rows, line)

    def gradients_row(self, label: str, gradients: tuple[float, ...] | None, size_only: bool = False) -> str:
        """Gradients and the root of the sum of their squares, on the shade of that size."""
        if gradients is None:
            return markup.coloured_pair(PALE, label, font("—", 17, SOFT))
        size, one = math.hypot(*gradients), len(gradients) == 1
        text = font(listed(gradients, MAX_NUMBERS), 17 if one else 12, INK, bold=one) if one or not size_only else ""
        if not one:
            text += font(f"{2 * BLANK}{self.words.size} ", 12, INK) + font(number(size), 16, INK, bold=True)
        return markup.coloured_pair(shade(size, self.largest_size), label, text)

    def arrow(self, arrow: Arrow, ink: str) -> str:
        return "" if self.crowded else super().arrow(arrow, ink)

    def background(self, gradient: float) -> str:
        return shade(abs(gradient), self.largest_size)

    def legend_rows(self) -> list[str]:
        """The rows of every legend, and the smallest size of each shade. Without gradients: two rows, no title."""
        if self.picture.seed is None:
            return [font(self.words.forward[self.rankdir], 14, SOFT), self.pending()]
        cells = "".join(f'<TD BGCOLOR="{colour}">{font(f"{BLANK}≥ {number(least)}{BLANK}", 13, INK)}</TD>'
                        for colour, least in zip(SHADES, bounds(self.largest_size), strict=False))
        last = f'<TD BGCOLOR="{SHADES[-1]}">{font(BLANK + self.words.smaller + BLANK, 13, INK)}</TD>'
        return [*super().legend_rows(), f'<{TABLE} CELLPADDING="3"><TR><TD>{font(self.words.heat, 14, SOFT)}</TD>'
                                        f"{cells}{last}</TR></TABLE>"]
