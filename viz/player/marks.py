"""Marks: what a wrong engine of the gallery gives on each card, and the arrow at which it went wrong."""

import math
from collections.abc import Mapping
from typing import Any

from autograd import Value
from viz.graph.gradient_flow import Arrow
from viz.mistakes.comparison import Comparison
from viz.text import number
from viz.words.mistakes import WORDS

CROSS = "\u2717"


class Marks:
    """The wrong numbers of one lesson."""

    def __init__(self, found: Comparison) -> None:
        self.found = found

    def of_card(self, node: Value) -> str:
        """The wrong gradient of a card, with a cross; empty where it is right."""
        return f"{CROSS} {number(self.found.wrong[node])}" if self.found.differs(node) else ""

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
            "wrong": {place[node]: x if math.isfinite(x) else str(x) for node, x in found.wrong.items()
                      if found.differs(node)},
            "first": None if step is None else arrows.get((place[step.consumer], place[step.operand], step.place))}
