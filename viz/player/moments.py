"""When each part of a view is seen: the moments of its cards and arrows, and the stages of a growing sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from autograd import Value
from viz.graph.cards import Card
from viz.graph.labels import MAX_TERMS
from viz.graph.module_cards import ModuleCard
from viz.graph.way_back import Arrivals
from viz.player.timeline import Timeline
from viz.player.views import View
from viz.text import total


@dataclass(frozen=True)
class Stage:
    """What a gradient row shows from one contribution to the next."""

    since: int
    until: int | None       # None: until the end
    total: float            # of the contributions so far
    terms: str              # written as a sum, where there are several


@dataclass(frozen=True)
class Step:
    """What happens at one moment in a view."""

    at: int
    kind: str               # value, seed, arrow
    card: str = ""          # the key of the card that is computed
    arrow: int = -1


class Moments:
    """The moments of one view."""

    def __init__(self, view: View, time: Timeline) -> None:
        self.view, self.time = view, time
        arrivals = Arrivals(view.keys, time.arrows)
        seen = {node for node in view.keys if view.keys[node] in view.nodes}
        self._members: dict[str, Sequence[Value]] = {key: fold.nodes for key, fold in view.folds.items()}
        self._members |= {view.keys[node]: [node] for node in seen}
        self._arrived = [arrivals.of(arrow, time.end) for arrow in view.picture.arrows]
        self._incoming: dict[str, list[int]] = {}
        for i, arrow in enumerate(view.picture.arrows):
            if arrow.flows and arrow.contribution is not None:
                self._incoming.setdefault(arrow.operand, []).append(i)

    def computed(self, key: str) -> int:
        """When the value of a card is known; of a fold, the last one."""
        return max((self.time.values[node] for node in self._members[key]), default=0)

    def arrived(self, arrow: int) -> int:
        """When the contribution of an arrow has arrived; of many in one arrow, the last one."""
        return self._arrived[arrow]

    def complete(self, key: str) -> int:
        """When the gradient of a card is known; where none arrives, at the end."""
        return max((self.time.complete.get(node, 0) for node in self._members[key]), default=0) or self.time.end

    def noted(self, card: Card) -> int:
        """When the notes of a card are seen: they are about gradients, but for that of the first bad value."""
        return self.computed(card.key) if card.anomaly == "forward" or card.changed else self.complete(card.key)

    def stages(self, card: Card | ModuleCard) -> list[Stage]:
        """What the gradient row of a card shows, one stage after another."""
        whole = Stage(self.complete(card.key), None, getattr(card, "gradient", None) or 0.0, "")
        incoming = [] if isinstance(card, ModuleCard) or card.key in self.view.outside else \
            sorted(self._incoming.get(card.key, ()), key=self.arrived)
        if len(incoming) < 2 or len(incoming) != len(getattr(card, "terms", ())):
            return [whole]
        stages, sum, written = [], 0.0, list[float]()
        for i, j in pairwise(incoming):
            contribution = self.view.picture.arrows[i].contribution or 0.0
            sum = sum + contribution if written else contribution
            written.append(contribution)
            terms = total(written[:MAX_TERMS]) + (f" + … ({len(written)})" if len(written) > MAX_TERMS else "")
            stages.append(Stage(self.arrived(i), self.arrived(j), sum, terms if len(written) > 1 else ""))
        return [*stages, Stage(self.arrived(incoming[-1]), None, whole.total, "")]

    def steps(self) -> list[Step]:
        """What happens inside the fold, in order."""
        view = self.view
        found = [Step(self.computed(key), "value", key) for key in self._members
                 if key not in view.outside and self.computed(key)]
        found += [Step(at, "arrow", arrow=i) for i, at in enumerate(self._arrived)]
        if view.picture.root.key in self._members:
            found.append(Step(self.time.seed, "seed", view.picture.root.key))
        return sorted(found, key=lambda step: step.at)
