"""The text on cards, arrows and frames, and the legend, in one language."""

from collections.abc import Iterable

from viz.graph import markup
from viz.graph.cards import Box, Card, Constant
from viz.graph.clusters import Cluster
from viz.graph.gradient_flow import Arrow
from viz.graph.markup import BLANK, font, html
from viz.graph.picture import Picture
from viz.palette import BLUE, DARK, INK, ORANGE, PALE, RED, SOFT, VALUE, largest_magnitude, sign_colour, tint
from viz.text import LONGEST, clean, number, total
from viz.words.pictures import Words

MAX_TERMS = 4       # of a sum of contributions that is written
MAX_CONSTANTS = 3   # numbers on the card of several constants


class Labels:
    """The labels of one picture."""

    def __init__(self, picture: Picture, words: Words, rankdir: str) -> None:
        self.picture, self.words, self.rankdir = picture, words, rankdir
        self.marks: dict[str, str] = {}     # by the key of a card, what else stands at its end, in the font of a label
        self.names = {item.key: html(item.name) for item in picture.items if isinstance(item, Card)}
        self.names[picture.root.key] = html(picture.root.name)      # a module card may contain the root
        self.largest = largest_magnitude(item.gradient for item in picture.items if isinstance(item, (Card, Box)))

    # ---- cards ----

    def card(self, card: Card, line: str) -> str:
        """Name, operation, value, gradient, and notes."""
        role = html(card.formula) or getattr(self.words, card.kind)
        rows = [markup.pair(font(self.words.value, 12, SOFT), font(html(number(card.value)), 17, VALUE, bold=True)),
                self.gradient_row(card)]
        notes = [self.words.held.format(number(card.held))] if card.held is not None else []
        notes += [self.words.changed] if card.changed else []
        rows += [markup.note(font(html(text), 10, SOFT)) for text in notes]
        rows += [markup.note(self.marks[card.key])] if card.key in self.marks else []
        return markup.card(self.heading(self.names[card.key], role), rows + self.anomaly_rows(card.anomaly), line)

    def heading(self, name: str, role: str) -> str:
        """The first row of a card."""
        return markup.pair(font(name, 20, INK, bold=True), font(2 * BLANK + role, 14, SOFT))

    def anomaly_rows(self, direction: str | None) -> list[str]:
        """The note on the card with the first nan or infinity; no row on other cards."""
        return [markup.note(font(self.words.anomaly[direction], 12, RED, bold=True))] if direction else []

    def gradient_row(self, card: Card) -> str:
        """The derivative of the root by this node; a sum, if several contributions arrive."""
        label = font(self.derivative(card.key), 12, INK)
        if card.gradient is None:
            background, result = PALE, font("—", 17, SOFT)
        else:
            background = self.background(card.gradient)
            result = font(number(card.gradient), 17, DARK[sign_colour(card.gradient)], bold=True)
            if len(card.terms) > 1:
                terms = total(card.terms[:MAX_TERMS])
                terms += f" + … ({len(card.terms)})" if len(card.terms) > MAX_TERMS else ""
                result = font(f"{BLANK}{terms} = ", 14, INK) + result
        if card is self.picture.root:
            label += font(2 * BLANK + self.words.start, 11, SOFT)
        return markup.coloured_pair(background, label, result)

    def background(self, gradient: float) -> str:
        """The colour behind a gradient."""
        return tint(gradient, self.largest)

    def derivative(self, key: str) -> str:
        """The derivative along all paths in a gradient row, for example de/da; times the seed if that is not 1."""
        seed = self.picture.seed
        factor = "" if seed is None or seed == 1.0 else f"{number(seed)} "
        return factor + along_all_paths(self.names[self.picture.root.key], self.names[key])

    def constant(self, constant: Constant) -> str:
        """The first numbers, and how many there are."""
        count = len(constant.values)
        word = self.words.constant if count == 1 else self.words.constants.format(count)
        return markup.stacked([font(listed(constant.values, MAX_CONSTANTS), 17, SOFT), font(word, 11, SOFT)], 3)

    def box(self, box: Box) -> str:
        """How many nodes are folded, and the largest gradient of folded inputs."""
        text = getattr(self.words, box.key).format(f"{box.count:,}")
        rows = [font(text, 16, INK, bold=True)]
        if box.gradient is not None:
            rows.append(font(self.words.reach.format(number(abs(box.gradient))), 12, SOFT))
        return "<" + "<BR/>".join(rows) + ">"

    def cluster(self, cluster: Cluster) -> str:
        """The title of a frame. A module's has two spaces between its name and its formula."""
        name, gap, formula = cluster.path[-1].partition("  ")
        title = html(clean(name, 3 * LONGEST)) + (2 * BLANK if gap else "") + html(clean(formula, 3 * LONGEST))
        return f"<{font(title, 13, SOFT)}>"

    # ---- arrows ----

    def arrow(self, arrow: Arrow, ink: str) -> str:
        """The local partial, and under it upstream × local = contribution."""
        rows = []
        if arrow.count > 1:
            rows.append(font(self.words.arrows.format(f"{arrow.count:,}"), 12, SOFT))
        elif arrow.partial is not None and arrow.consumer in self.names and arrow.operand in self.names:
            place = "" if arrow.place is None else self.words.place.format(arrow.place)
            partial = f"∂{self.names[arrow.consumer]}/∂{self.names[arrow.operand]}{place} = {number(arrow.partial)}"
            rows.append(font(partial, 12, SOFT))
        if not arrow.flows:
            rows.append(font(self.words.nothing, 12, SOFT))
        elif arrow.contribution is not None:
            product = ""
            if arrow.upstream is not None and arrow.partial is not None:
                product = f"{number(arrow.upstream)} × {number(arrow.partial)} = "
            rows.append(font(f"{product}<B>{number(arrow.contribution)}</B>", 15, ink))
        # blanks keep the text off its own arrow
        return markup.stacked([BLANK + row + BLANK for row in rows], 1) if rows else ""

    def line(self, arrow: Arrow) -> dict[str, str]:
        """What is special about the line of this arrow, as attributes of DOT."""
        return {}

    # ---- title and legend ----

    def legend(self) -> str:
        """The title, and the meaning of arrows and colours."""
        return markup.stacked(self.legend_rows(), 3, space=16)

    def legend_rows(self) -> list[str]:
        """The title, if the picture has one, and the lines that explain what is drawn, and nothing else."""
        words = self.words
        rows = [font(html(self.picture.title), 24, INK, bold=True)] if self.picture.title else []
        arrows = [self.arrow(arrow, INK) for arrow in self.picture.arrows]
        forward = font(words.forward[self.rankdir], 14, SOFT)
        symbols = font(" ".join([*([words.one_step] if any(">∂" in text for text in arrows) else []), words.all_paths,
                                 words.rounded]), 14, SOFT)
        if self.picture.seed is None:
            return [*rows, forward, symbols, self.pending()]
        flows = [arrow.contribution for arrow in self.picture.arrows if arrow.flows and arrow.contribution is not None]
        products = any(" × " in text for text in arrows)
        if products:
            back = (font(words.back + " ", 14, SOFT) + font(words.contribution, 14, INK, bold=True)
                    + font(words.stop, 14, SOFT))
        else:
            back = font(words.carry, 14, SOFT) if any(arrow.flows for arrow in self.picture.arrows) else ""
        # a picture from top to bottom is narrow
        rows += [forward, *([back] if back else [])] if self.rankdir in ("TB", "BT") else \
            [forward + (font(" ", 14, SOFT) + back if back else "")]
        if any(flows):
            added = words.sum + " " if products else ""
            rows.append(font(f"{added}{words.thickness} ", 14, SOFT) + signs(words, flows))
        return [*rows, symbols]

    def pending(self) -> str:
        """The line that tells how to compute gradients, before the first backward."""
        return font(self.words.pending.format(self.names[self.picture.root.key]), 14, SOFT)


def along_all_paths(root: str, name: str) -> str:
    """The derivative of the root along all paths, with an upright d; ∂ is the sign of one step alone.

    >>> along_all_paths("e", "a")
    'd<I>e</I>/d<I>a</I>'
    """
    return f"d<I>{root or BLANK}</I>/d<I>{name or BLANK}</I>"


def signs(words: Words, drawn: Iterable[float] = (1.0, -1.0)) -> str:
    """The legend of the two colours of numbers, as far as numbers of that sign are drawn."""
    numbers = list(drawn)
    positive = font(f"■ {words.positive}{2 * BLANK}", 14, BLUE) if any(x > 0 for x in numbers) else ""
    return positive + (font(f"■ {words.negative}", 14, ORANGE) if any(x < 0 for x in numbers) else "")


def listed(numbers: tuple[float, ...], most: int) -> str:
    """The first ``most`` numbers.

    >>> listed((1.0, 2.5, 3.0), 2)
    '1, 2.5, …'
    """
    return ", ".join(map(number, numbers[:most])) + (", …" if len(numbers) > most else "")
