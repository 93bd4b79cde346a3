"""``draw_mistake``: the picture of `draw_dot`, with the wrong numbers in red beside the right ones."""

import math
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from autograd import Value, topological_order
from viz.graph import truncate
from viz.graph.cards import Card
from viz.graph.digraph import Drawing
from viz.graph.dot import drawing_of
from viz.graph.gradient_flow import Arrow
from viz.graph.labels import MAX_TERMS, Labels
from viz.graph.markup import BLANK, coloured_pair, font, html
from viz.graph.picture import Picture, picture
from viz.graph.way_back import way_back
from viz.mistakes.comparison import Comparison, compare
from viz.mistakes.steps import Step, same, seed
from viz.palette import INK, RED, SOFT
from viz.text import number, total
from viz.words.language import chosen
from viz.words.mistakes import WORDS
from viz.words.pictures import WORDS as PICTURE_WORDS

WRONG = "#fdeaea"           # behind a wrong number
CROSS = "✗"
SENTENCE = {"en": 84, "zh": 42}     # characters of a line above the picture


def draw_mistake(root: Value, name: str, *, lang: str | None = None, rankdir: str = "auto", labels: bool = True,
                 **options: Any) -> Drawing:
    """The graph of ``root`` as the engine of that name in `ENGINES` differentiates it, beside the right gradients.

    A wrong number is red and has a ✗; the right one stands beside it. The arrow that went wrong first is thick and
    red, and says so; those that carry on what is wrong are dashed. lang, rankdir, labels: as of `draw_dot`; options: as
    of `compare`. The result is a ``graphviz.Digraph``, which shows itself in notebooks; ``viz.write`` saves it.

    >>> from viz.mistakes import ENGINES
    >>> "right: 2 + 3 = 5" in draw_mistake(ENGINES["assign"].example(), "assign").source.replace("&#160;", "")
    True
    """
    lang = chosen(lang)
    if rankdir not in ("auto", *PICTURE_WORDS["en"].forward):
        raise ValueError(f"rankdir: expected 'auto', 'LR', 'RL', 'TB' or 'BT', not {rankdir!r}")
    return drawing(compare(root, name, labels=labels, **options), lang, rankdir)


def drawing(found: Comparison, lang: str, rankdir: str = "auto") -> Drawing:
    """The picture of a comparison."""
    names = {id(node): name for node, name in found.names.items()}
    shown = picture(found.root, truncate.too_large(topological_order(found.root)), variables=names)
    steps = _by_arrow(found.steps, shown)
    if found.arrow is not None:         # a later step may take the same arrow again
        steps |= _by_arrow([found.arrow], shown)
    terms = _terms(found)
    items = tuple(replace(item, gradient=found.beside[shown.nodes[item.key]], held=None,
                          terms=terms.get(shown.nodes[item.key], ())) if isinstance(item, Card) else item
                  for item in shown.items)
    arrows = tuple(_with_step(arrow, steps.get(_route(arrow, shown))) for arrow in shown.arrows)
    root = next((item for item in items if isinstance(item, Card) and item.key == shown.root.key), shown.root)
    drawn = replace(shown, items=items, arrows=arrows, root=root, seed=seed(found.root))

    def texts(picture: Picture, words: Any, rankdir: str) -> Labels:
        return MistakeLabels(picture, words, rankdir, found, steps, lang)

    return drawing_of(drawn, PICTURE_WORDS[lang], rankdir, texts)


def _terms(found: Comparison) -> dict[Value, tuple[float, ...]]:
    """The contributions that each right gradient is the sum of, in the order of `draw_dot`."""
    if found.sick:
        return {}
    times = way_back(found.root, topological_order(found.root), found.right)
    terms: dict[Value, tuple[float, ...]] = {}
    for step in sorted(found.right_steps, key=lambda step: times[step.consumer, step.place]):
        terms[step.operand] = (*terms.get(step.operand, ()), step.contribution)
    return terms


Route = tuple[str, str, int]        # the keys of consumer and operand, and which operand it is, from 0


def _by_arrow(steps: Iterable[Step], shown: Picture) -> dict[Route | None, Step]:
    """The steps by the arrow that they take, the last one of each, as far as the arrow is drawn."""
    keys = {node: key for key, node in shown.nodes.items()}
    return {(keys[step.consumer], keys[step.operand], step.place): step for step in steps
            if step.consumer in keys and step.operand in keys}


def _route(arrow: Arrow, shown: Picture) -> Route | None:
    """None for an arrow that stands for several, or ends in a box."""
    consumer, operand = shown.nodes.get(arrow.consumer), shown.nodes.get(arrow.operand)
    if arrow.count > 1 or consumer is None or operand is None:
        return None
    place = next(i for i, arg in enumerate(consumer.args) if arg is operand) if arrow.place is None else arrow.place - 1
    return arrow.consumer, arrow.operand, place


def _with_step(arrow: Arrow, step: Step | None) -> Arrow:
    """The arrow with the numbers of the wrong engine."""
    if step is None:
        return arrow
    return replace(arrow, partial=step.partial, upstream=step.upstream, contribution=step.contribution, flows=True)


class MistakeLabels(Labels):
    """The labels of a picture whose arrows have the numbers of a wrong engine, and whose cards have both."""

    def __init__(self, picture: Picture, words: Any, rankdir: str, found: Comparison,
                 steps: Mapping[Route | None, Step], lang: str) -> None:
        super().__init__(picture, words, rankdir)
        self.found, self.steps, self.own, self.lang = found, steps, WORDS[lang], lang
        self.true = _by_arrow(found.right_steps, picture)
        self.sick = found.sick

    def gradient_row(self, card: Card) -> str:
        """The wrong number in red with a cross, and under it the right one; one number where it is right."""
        node = self.picture.nodes.get(card.key)
        if node is None or not self.found.differs(node) or card.gradient is None:
            return super().gradient_row(card)
        label = font(self.derivative(card.key), 12, INK)
        wrong = font(f"{CROSS} {html(number(self.found.wrong[node]))}", 17, RED, bold=True)
        terms = ""
        if len(card.terms) > 1:
            more = f" + … ({len(card.terms)})" if len(card.terms) > MAX_TERMS else ""
            terms = f"{total(card.terms[:MAX_TERMS])}{more} = "
        beside = (self.own.awake if self.sick else self.own.engine_right).format(terms + number(card.gradient))
        return coloured_pair(WRONG, label, wrong) + coloured_pair("white", "", font(html(beside), 13, INK))

    def arrow(self, arrow: Arrow, ink: str) -> str:
        """As ever; a contribution of another size than the right one is red and has a cross."""
        wrong = self._wrong(arrow)
        text = super().arrow(arrow, RED if wrong else ink)
        if wrong:
            text = text.replace("<B>", f"{CROSS} <B>", 1)
        if text and self._first(arrow):
            row = f"<TR><TD>{BLANK}{font(f'<B>{html(self.own.arrow)}</B>', 13, RED)}{BLANK}</TD></TR>"
            text = text.replace("</TABLE>", f"{row}</TABLE>")
        return text

    def line(self, arrow: Arrow) -> dict[str, str]:
        """A thick red line where it went wrong first, a dashed one where a wrong contribution goes on."""
        if self._first(arrow):
            return {"color": RED, "penwidth": "5", "arrowsize": "1"}
        return {"color": RED, "style": "dashed"} if self._wrong(arrow) else {}

    def _first(self, arrow: Arrow) -> bool:
        return self.found.arrow is not None and self.steps.get(_route(arrow, self.picture)) is self.found.arrow

    def _wrong(self, arrow: Arrow) -> bool:
        step = self.steps.get(route := _route(arrow, self.picture))
        if step is None or self.sick:
            return False
        return route not in self.true or not same(step.contribution, self.true[route].contribution)

    def legend_rows(self) -> list[str]:
        """The mistake and its sentence above the lines that each picture has."""
        rows = super().legend_rows()
        title = [font(html(f"{CROSS} {self.found.engine.title(self.lang)}"), 20, RED, bold=True)]
        said = self.found.reason(self.lang)
        lines = math.ceil(len(said) / SENTENCE[self.lang])      # of about one length: no word alone on the last
        reason = [font(html(line), 15, INK) for line in textwrap.wrap(said, math.ceil(len(said) / lines) + 6)]
        shown = [self.own.marks, *([self.own.marked] if self.found.arrow else [])]
        marks = self.own.sick_marks if self.sick else (" " if self.lang == "en" else "").join(shown)
        behind = 1 if self.picture.title else 0
        red = [font(html(marks), 14, SOFT)] if any(map(self.found.differs, self.found.right)) else []
        return [*rows[:behind], *title, *reason, *rows[behind:], *red]
