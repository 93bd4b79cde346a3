"""Folds: which nodes of a large graph share a card that opens, by layer, by neuron, or by the order of creation."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograd import Anomaly, Value
from viz.graph import truncate
from viz.graph.clusters import Path
from viz.graph.collapse import MODES, collapsed_nodes, is_network
from viz.graph.gradient_flow import GradientFlow
from viz.graph.module_cards import ModuleCard, module_cards
from viz.text import clean

MOST_CARDS = 100        # that are drawn at once; a larger graph is folded
MOST_OF_NETWORK = 60    # the same of a network, whose layers are wide
PART_CARDS = 60         # of a part of a graph that has neither layers nor frames
MOST_PARTS = 24
PART_OF_PART = 1.6      # times as many cards as elsewhere, before a part has parts: two halves help nobody


@dataclass(eq=False)
class Fold:
    """A part of the graph, and the picture that its card opens; the whole graph is one without a card."""

    key: str
    nodes: list[Value]                  # all of them, in the order of creation
    card: ModuleCard | None = None
    path: Path = ()                     # of the frame that it stands for
    folds: list["Fold"] = field(default_factory=list)
    up: "Fold | None" = None

    @property
    def single(self) -> list[Value]:
        """The nodes that have a card each where this is open."""
        folded = {node for fold in self.folds for node in fold.nodes}
        return [node for node in self.nodes if node not in folded]


class Folding:
    """All folds of a graph; ``folds[0]`` is the whole."""

    def __init__(self, flow: GradientFlow, names: Mapping[Value, str], found: Anomaly | None,
                 groups: Mapping[Path, Collection[Value]], uses: Mapping[Path, Collection[Value]],
                 collapse: bool | str) -> None:
        self.flow, self.names, self.found, self.groups, self.uses = flow, names, found, groups, uses
        order = list(flow.order)
        self.number = {node: i for i, node in enumerate(order, 1)}
        self.consumers: dict[Value, list[Value]] = {}
        for node in order:
            for arg in dict.fromkeys(arg for arg in node.args if isinstance(arg, Value)):
                self.consumers.setdefault(arg, []).append(node)
        self.folds = [Fold("f0", order)]
        top = self.folds[0]
        if collapse in MODES:
            self._by_module(top, str(collapse))
        elif collapse is not False and (collapse is True or self._large(order)):
            self._divide(top, "layer")
        for fold in self.folds:             # grows meanwhile: parts of parts
            if fold.up and self._large(fold.nodes, 1.0 if fold.path else PART_OF_PART):
                self._divide(fold, "neuron")

    def _large(self, nodes: Sequence[Value], factor: float = 1.0) -> bool:
        most = MOST_OF_NETWORK if is_network(self.uses) else MOST_CARDS
        return sum(1 + len(truncate.constants(node)) for node in nodes) > factor * most

    def _divide(self, fold: Fold, mode: str) -> None:
        """By modules or frames where there are several, else into parts of about equal size."""
        if is_network(self.uses) or any(len(path) == 1 and path not in self.uses for path in self.groups):
            self._by_module(fold, mode)
        if len(fold.folds) < 2 and not self._opens_smaller(fold):
            self.folds = [other for other in self.folds if other not in fold.folds]
            fold.folds = []
        rest = fold.single
        if not fold.folds or self._large(rest):
            self._in_parts(fold, rest)

    def _opens_smaller(self, fold: Fold) -> bool:
        return any(len(inner.nodes) < 0.9 * len(fold.nodes) for inner in fold.folds)

    def _by_module(self, fold: Fold, mode: str) -> None:
        owner = collapsed_nodes(self.flow.root, self.flow.order, self.groups, self.uses, mode)
        cards = module_cards(self.flow, owner, self.groups, self.found)
        members: dict[Path, list[Value]] = {}
        for node in fold.nodes:
            if node in owner:
                members.setdefault(owner[node], []).append(node)
        whole = {path: sum(1 for other in owner.values() if other == path) for path in members} if fold.up else {}
        for path, nodes in members.items():
            if len(nodes) > 1 and len(nodes) < len(fold.nodes) and len(nodes) >= whole.get(path, 0):
                self._add(fold, nodes, cards[path], path)

    def _add(self, fold: Fold, nodes: list[Value], card: ModuleCard, path: Path) -> None:
        key = f"f{len(self.folds)}"
        inner = Fold(key, nodes, replace(card, key=key), path, up=fold)
        fold.folds.append(inner)
        self.folds.append(inner)

    def _in_parts(self, fold: Fold, nodes: Iterable[Value]) -> None:
        """Operations that were created one after another; so no two parts feed each other."""
        inside = set(nodes)
        operations = [node for node in fold.nodes if node in inside and node.op is not None]
        count = min(MOST_PARTS, math.ceil(len(operations) / PART_CARDS))
        if count < 2:
            return
        size = math.ceil(len(operations) / count)
        for i in range(0, len(operations), size):
            some = operations[i:i + size]
            part = set(some)
            leaves = [leaf for leaf in dict.fromkeys(arg for node in some for arg in node.args
                                                     if isinstance(arg, Value) and arg.op is None and arg in inside)
                      if part.issuperset(self.consumers[leaf])]
            if len(some) > 1:
                self._add(fold, sorted([*leaves, *some], key=self.number.__getitem__), self._part_card(some), ())

    def _part_card(self, some: Sequence[Value]) -> ModuleCard:
        part = set(some)
        outputs = [node for node in some
                   if node is self.flow.root or any(user not in part for user in self.consumers.get(node, ()))]
        gradients = [self.flow.gradient(node) for node in outputs]
        known = None if None in gradients else tuple(x for x in gradients if x is not None)
        return ModuleCard("", clean(f"{self.names[some[0]]} … {self.names[some[-1]]}", 40), "", len(some),
                          tuple(node.data for node in outputs), known, None, 0,
                          anomaly=self.found.direction if self.found and self.found.node in part else None)

