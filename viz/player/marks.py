"""Marks: what a wrong engine of the gallery gives on each card, and the arrow at which it went wrong."""

import math
from collections.abc import Mapping
from typing import Any

from autograd import Value
from viz.graph.gradient_flow import Arrow
from viz.graph.markup import font, html
from viz.mistakes.comparison import Comparison
from viz.palette import RED, SOFT
from viz.text import number
from viz.words.mistakes import WORDS

CROSS = "\u2717"
MARK = "15"             # the size of its font, which no other note has


class Marks:
    """The wrong numbers of one lesson."""

    def __init__(self, found: Comparison) -> None:
        self.found = found

    @property
    def ink(self) -> str:
        """The colour of what stands at the end of a card."""
        return SOFT if self.found.sick else RED

    def of_card(self, node: Value) -> str:
        """The wrong gradient of a card, with a cross; of a sick neuron, where the engine is right, in brackets what a
        lively one would pass. Empty where both agree."""
        if not self.found.differs(node):
            return ""
        if self.found.sick:
            return f"({number(self.found.beside[node])})"
        return f"{CROSS} {number(self.found.wrong[node])}"

    def of_cards(self, nodes: Mapping[str, Value]) -> dict[str, str]:
        """The texts of cards by their keys, as parts of labels: inside a card no arrow runs through them."""
        return {key: font(html(text), int(MARK), self.ink, bold=True)
                for key, node in nodes.items() if (text := self.of_card(node))}

    def is_first(self, arrow: Arrow, nodes: Mapping[str, Value]) -> bool:
        """Whether this arrow went wrong first."""
        step = self.found.arrow
        return step is not None and nodes.get(arrow.consumer) is step.consumer and \
            nodes.get(arrow.operand) is step.operand and arrow.place in (None, step.place + 1)

    def data(self, place: Mapping[Value, int], arrows: Mapping[tuple[Any, ...], int]) -> dict[str, Any]:
        """The texts and wrong numbers for the page; nodes and arrows by their numbers."""
        found, step = self.found, self.found.arrow
        return {
            "said": {lang: [found.engine.title(lang), found.engine.why(lang), found.reason(lang)] for lang in WORDS},
            "sick": found.sick,
            "wrong": {place[node]: x if math.isfinite(x) else str(x)
                      for node, x in (found.beside if found.sick else found.wrong).items()
                      if found.differs(node)},
            "first": None if step is None else arrows.get((place[step.consumer], place[step.operand], step.place))}
