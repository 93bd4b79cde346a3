"""Views: the picture of the whole graph or of one open fold, with the cards outside that its arrows lead to."""

import copy
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from autograd import Anomaly, Value
from viz.graph import truncate
from viz.graph.cards import Card, Constant, value_cards
from viz.graph.clusters import Cluster, Path, nested_clusters
from viz.graph.gradient_flow import INPUTS, OPERATIONS, GradientFlow
from viz.graph.module_cards import ModuleCard
from viz.graph.notation import TITLE, formula
from viz.graph.picture import Item, Picture, reading_order
from viz.graph.way_back import Arrivals
from viz.player.folding import Fold, Folding
from viz.player.timeline import Timeline
from viz.text import clean


@dataclass(frozen=True)
class View:
    """One picture of a lesson."""

    fold: Fold
    picture: Picture
    keys: Mapping[Value, str]           # of each node that the picture shows, alone or in a fold
    nodes: Mapping[str, Value]          # the Value of each card of one Value
    folds: Mapping[str, Fold]           # the fold of each card that opens
    outside: frozenset[str]             # cards that are not part of the fold, and stand where its arrows lead


def view(fold: Fold, folding: Folding, groups: Mapping[Path, Collection[Value]], weights: set[Value],
         found: Anomaly | None, title: str | None, time: Timeline) -> View:
    """The picture of an open fold. time: when contributions arrive, which the terms of sums stand in the order of."""
    flow, names = folding.flow, folding.names
    owner: dict[Value, Fold] = {node: inner for inner in fold.folds for node in inner.nodes}
    inside = set(fold.nodes)
    around = [user for node in fold.nodes for user in folding.consumers.get(node, ()) if user not in inside]
    around += [arg for node in fold.nodes for arg in node.args if isinstance(arg, Value) and arg not in inside]
    if around:
        outer = _cards_around(fold)
        owner |= {node: outer[node] for node in around if node in outer}
    part = sorted({*around, *fold.nodes}, key=folding.number.__getitem__)
    single = [node for node in part if node not in owner]
    keys = {node: f"n{folding.number[node]}" for node in single}
    keys |= {node: inner.key for node, inner in owner.items()}
    some = copy.copy(flow)
    some.order = part
    arrows = some.arrows(keys, {inner.key for inner in owner.values()})
    own = {keys[node] for node in fold.nodes}
    arrows = [arrow for arrow in arrows if (arrow.consumer in own or arrow.operand in own)
              and not {arrow.consumer, arrow.operand} & {INPUTS, OPERATIONS}]
    terms = Arrivals(keys, time.arrows).terms(arrow for arrow in arrows if arrow.operand in own)
    root = flow.root
    drawn = {node: keys[node] for node in single} | {root: keys.get(root, "root")}
    cards = {node: card if node.has_grad or card.held is None else replace(card, held=None)
             for node, card in value_cards(some, drawn, names, terms, weights, found).items()}
    items: list[Item] = []
    together: dict[Value, list[str]] = {}
    folds = {inner.key: inner for inner in owner.values()}
    for node in reading_order(root if root in keys else part[-1], keys):
        together[node] = [keys[node]]
        if node in owner:
            card = owner[node].card
            if card and card not in items and (node.op or all(n.op is None for n in owner[node].nodes)):
                items.append(card)
            continue
        beside = [Constant(f"{keys[node]}c{i}", values, keys[node])
                  for i, values in enumerate(truncate.constants(node), 1)] if node in inside else []
        items += [*beside, cards[node]]
        together[node] = [constant.key for constant in beside] + [keys[node]]
    items += [inner.card for inner in folds.values() if inner.card and inner.card not in items]
    folded = {inner.path for inner in fold.folds if inner.path}
    members = {path: {key: None for node, mine in together.items() if node in values and node in inside for key in mine}
               for path, values in groups.items()
               if not any(path[:depth] in folded for depth in range(1, 1 + len(path))) and path != fold.path}
    frames = {path: keys for path, keys in members.items() if keys and (not fold.path or keys.keys() != own)}
    clusters = nested_clusters(frames)
    mode = "layer" if any(isinstance(item, ModuleCard) for item in items) else ""
    inner = {other.key for other in fold.folds}
    side_by_side = not any({arrow.consumer, arrow.operand} <= inner for arrow in arrows)
    if fold.up and len(inner) > 1 and not frames and side_by_side:
        # the neurons of a layer, which Graphviz would shuffle: a row of them in their order
        mode, clusters = "neuron", (Cluster(("row",), tuple(other.key for other in fold.folds)),)
    picture = Picture(cards[root], flow.gradient(root), title, tuple(items), tuple(arrows), clusters, mode)
    nodes = {keys[node]: node for node in single}
    return View(fold, picture, keys, nodes, folds, frozenset({item.key for item in items if isinstance(
        item, (Card, ModuleCard))} - own))


def _cards_around(fold: Fold) -> dict[Value, Fold]:
    """The fold that shows each node outside ``fold``, as the pictures above it do."""
    found: dict[Value, Fold] = {}
    inner, up = fold, fold.up
    while up is not None:
        for other in up.folds:
            if other is not inner:
                found |= dict.fromkeys(other.nodes, other)
        inner, up = up, up.up
    return found


def title_of(root: Value, flow: GradientFlow, names: Mapping[Value, str]) -> str | None:
    """The formula of the root by the inputs; None where it is long."""
    if root.op is None:
        return names[root]
    text = formula(root, flow.order, names)
    return text and clean(f"{names[root]} = {text}", 2 * TITLE)
