"""The labels of a picture with module cards: behind each gradient lies a shade that stands for its size."""

import math

from viz.graph import markup
from viz.graph.cards import Card
from viz.graph.clusters import Cluster
from viz.graph.gradient_flow import Arrow
from viz.graph.labels import Labels, along_all_paths, listed, signs
from viz.graph.markup import BLANK, TABLE, font, html
from viz.graph.module_cards import ModuleCard
from viz.graph.picture import Picture
from viz.palette import (
    BLUE,
    DARK,
    INK,
    ORANGE,
    PALE,
    SOFT,
    VALUE,
    VIOLET,
    largest_magnitude,
    sign_colour,
    tint,
)
from viz.text import LONGEST, number
from viz.words.pictures import Words

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
        self.modules = {item.key for item in picture.items if isinstance(item, ModuleCard)}
        self.shades: set[str] = set()       # that are drawn
        self.counted: set[float] = set()    # the signs that stand beside a number of gradients
        self.crowded = len(picture.arrows) > MAX_LABELLED
        self.kinds = dict(filter(None, map(self._first_of_untitled, self._frames())))
        self.largest_size = largest_magnitude(
            size for item in picture.items if isinstance(item, ModuleCard) for size in item.gradient_sizes)

    def card(self, card: Card | ModuleCard, line: str) -> str:
        """Of a module card: outputs, gradients by outputs and by weights. One that holds only leaves has no output."""
        if isinstance(card, Card):
            return super().card(card, line)
        words, root, outputs = self.words, self.names[self.picture.root.key], len(card.values)
        role = words.operations_of.format(f"{card.operations:,}") if card.operations else \
            html(card.formula or self.kinds.get(card.key, ""))
        rows = []
        if outputs:
            title, by = (words.output, words.output) if outputs == 1 else \
                (words.outputs.format(f"{outputs:,}"), words.by_outputs)
            values = font(listed(card.values, MAX_NUMBERS), 17 if outputs == 1 else 14, VALUE, bold=True)
            start = 2 * BLANK + font(words.start, 11, SOFT) if card.key == self.picture.root.key else ""
            rows += [markup.pair(font(title, 12, SOFT), values),
                     self.gradients_row(font(along_all_paths(root, by), 12, INK) + start, card.gradients)]
        if card.weight_count:
            by = words.inputs_layer if card.kind else words.by_weights
            label = font(f"{along_all_paths(root, by)} ({card.weight_count:,})", 12, INK)
            rows.append(self.gradients_row(label, card.weight_gradients))
        rows += self.anomaly_rows(card.anomaly)
        name = {"inputs": words.inputs_layer, "result": words.result}.get(card.kind, words.unnamed)
        return markup.card(self.heading(html(card.name) or name, role), rows, line)

    def gradients_row(self, label: str, gradients: tuple[float, ...] | None) -> str:
        """One gradient; or of several the signs, and the root of the sum of their squares on the shade of that size."""
        if gradients is None:
            return markup.coloured_pair(PALE, label, font("—", 17, SOFT))
        size = math.hypot(*gradients)
        shade_of_it = shade(size, self.largest_size)
        self.shades.add(shade_of_it)
        if len(gradients) == 1:
            ink = DARK[sign_colour(gradients[0])]
            return markup.coloured_pair(shade_of_it, label, font(number(gradients[0]), 17, ink, bold=True))
        if len(gradients) <= MAX_NUMBERS:
            each = ", ".join(font(number(x), 13, sign_colour(x), bold=True) for x in gradients)
        else:
            self.counted.update(x if x != x else (x > 0) - (x < 0) for x in gradients)
            kinds = ((BLUE, sum(x > 0 for x in gradients)), (ORANGE, sum(x < 0 for x in gradients)),
                     (SOFT, sum(x == 0 for x in gradients)), (VIOLET, sum(x != x for x in gradients)))
            each = (2 * BLANK).join(font(f"■ {count:,}", 13, ink) for ink, count in kinds if count)
        text = font(f"{self.words.size} ", 12, INK) + font(number(size), 16, INK, bold=True)
        return markup.shaded_row(label, each, shade_of_it, text)

    def cluster(self, cluster: Cluster) -> str:
        """The title of a frame; empty where arrows would strike it through and the cards say it."""
        return "" if self._first_of_untitled(cluster) else super().cluster(cluster)

    def _frames(self) -> list[Cluster]:
        found = [*self.picture.clusters]
        for frame in found:             # grows meanwhile
            found += frame.clusters
        return found

    def _first_of_untitled(self, cluster: Cluster) -> tuple[str, str] | None:
        """The first card of a frame with one card, or with several that arrows leave, all of its name; and its kind."""
        keys, (name, _, kind) = set(cluster.all_keys), cluster.path[-1].partition("  ")
        cards = [item for item in self.picture.items if isinstance(item, ModuleCard) and item.key in keys
                 and not item.operations]
        left = {arrow.operand for arrow in self.picture.arrows if arrow.operand in keys and arrow.consumer not in keys}
        if (len(left) > 1 or len(keys) == 1) and cards and all(card.name.startswith(name) for card in cards):
            first = min((card.key for card in cards), key=lambda key: int(key[1:]))
            return first, kind if len(kind) <= LONGEST else kind.partition("(")[0]
        return None

    def arrow(self, arrow: Arrow, ink: str) -> str:
        return "" if self.crowded else super().arrow(arrow, ink)

    def background(self, gradient: float) -> str:
        found = shade(abs(gradient), self.largest_size)
        self.shades.add(found)
        return found

    def legend_rows(self) -> list[str]:
        """The rows of every legend, the meaning of the squares, and the smallest size of each shade that is drawn."""
        rows = super().legend_rows()
        if self.picture.seed is None:
            return rows
        for item in self.picture.items:         # notes what is drawn
            if isinstance(item, (Card, ModuleCard)):
                self.card(item, "")
        if self.counted:
            rows.append(font(self.words.many_signs + " ", 14, SOFT) + signs(self.words, self.counted)
                        + (font(f"{2 * BLANK}■ {self.words.zero}", 14, SOFT) if 0.0 in self.counted else ""))
        least = [f"≥ {number(x)}" for x in bounds(self.largest_size)] + [self.words.smaller]
        cells = "".join(f'<TD BGCOLOR="{colour}">{font(BLANK + text + BLANK, 12, INK)}</TD>'
                        for colour, text in zip(SHADES, least, strict=True) if colour in self.shades)
        heat = f'<{TABLE} CELLPADDING="3"><TR><TD>{font(self.words.heat, 14, SOFT)}</TD>{cells}</TR></TABLE>'
        return [*rows, heat] if cells else rows
