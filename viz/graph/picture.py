"""The content of a picture: which nodes get cards, in which order, and which arrows and frames join them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from autograd import Anomaly, Value, find_anomaly, topological_order
from viz.graph import truncate
from viz.graph.cards import Box, Card, Constant, boxes, value_cards
from viz.graph.clusters import Cluster, Path, nested_clusters, recorded_groups
from viz.graph.collapse import MODES, collapsed_nodes, is_network, shares_weights
from viz.graph.gradient_flow import Arrow, GradientFlow
from viz.graph.module_cards import ModuleCard, module_cards
from viz.graph.narrow import narrowed
from viz.graph.notation import TITLE, formula
from viz.graph.way_back import Arrivals, way_back
from viz.text import clean, distinct

Item = Card | Constant | Box | ModuleCard


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn, in drawing order."""

    root: Card
    seed: float | None              # the gradient of the root; None before backward
    title: str | None
    items: tuple[Item, ...]
    arrows: tuple[Arrow, ...]
    clusters: tuple[Cluster, ...]
    mode: str = ""                  # "neuron" or "layer", if cards stand for these
    nodes: Mapping[str, Value] = field(default_factory=dict)    # the Value of each `Card`, by its key


def picture(root: Value, collapse: bool | str = "auto", groups: Mapping[str, Iterable[Value]] | None = None,
            weights: Iterable[Value] = (), found: Anomaly | None = None,
            variables: Mapping[int, str] = MappingProxyType({})) -> Picture:
    """The picture of all nodes that ``root`` depends on, with the gradients of ``root`` by each of them.

    found: the anomaly to mark; by default the first one. variables: names of nodes without a label, by their ids.
    """
    order = topological_order(root)
    labelled = {node.label for node in order}
    # a second card called x would get an index, as if it were another x
    variables = {key: name for key, name in variables.items() if name not in labelled}
    flow = GradientFlow(root, order)
    found = found or find_anomaly(root, root.grad if root.has_grad else 1.0)
    enclosed, uses = recorded_groups(order)     # a weight that is drawn may belong to a module that is folded
    if collapse == "auto" and is_network(uses):
        collapse = "neuron" if shares_weights(uses) else "layer"
        if collapse == "layer":
            enclosed, uses = narrowed(order, enclosed, uses)
    enclosed |= {(name,): set(values) for name, values in (groups or {}).items()}
    owner = collapsed_nodes(root, order, enclosed, uses, str(collapse)) if collapse in MODES else {}
    rest = [node for node in order if node not in owner]
    folding = collapse is True or bool(owner) or (collapse == "auto" and truncate.too_large(order))
    kept = truncate.kept(rest, flow.adjoints) if folding else set(order)
    if found and found.node and found.node not in owner:
        kept.add(found.node)
    drawn = [node for node in order if node in kept]
    modules = module_cards(flow, owner, enclosed, found, root.label or variables.get(id(root), ""))
    keys = {node: f"n{i}" for i, node in enumerate(drawn, 1)}
    keys |= {node: modules[path].key for node, path in owner.items()}
    named = [*drawn, root] if root in owner else drawn
    names = dict(zip(named, distinct(node.label or variables.get(id(node), "") for node in named), strict=True))
    arrows = flow.arrows(keys, {module.key for module in modules.values()})
    terms = Arrivals(keys, way_back(root, order, flow.adjoints)).terms(arrows) if flow.adjoints else {}
    cards = value_cards(flow, {node: keys[node] for node in named}, names, terms, set(weights).union(*uses.values()),
                        found)
    items: list[Item] = [*boxes(flow, keys)]
    together: dict[Value, list[str]] = {}       # the keys of a card and of the constants beside it
    for node in reading_order(root, keys):
        key = keys[node]
        together[node] = [key]
        if node in owner:
            if node.op and modules[owner[node]] not in items:       # after the cards that feed it
                items.append(modules[owner[node]])
            continue
        beside = [Constant(f"{key}c{i}", values, key) for i, values in enumerate(truncate.constants(node), 1)]
        items += [*beside, cards[node]]
        together[node] = [constant.key for constant in beside] + [key]
    items += [module for module in modules.values() if module not in items]     # that hold only leaves
    members = {path: {key: None for node, some in together.items() if node in values for key in some}
               for path, values in enclosed.items()
               if not any(path[:depth] in modules for depth in range(1, 1 + len(path)))}
    if collapse == "layer":
        _enclose_between(members, items, arrows)
    return Picture(cards[root], flow.gradient(root), _title(root, order, names), tuple(items), tuple(arrows),
                   nested_clusters(members), str(collapse) if owner else "", {keys[node]: node for node in drawn})


def _enclose_between(members: Mapping[Path, dict[str, None]], items: Iterable[Item], arrows: Sequence[Arrow]) -> None:
    """Put the card of an operation into each frame that it lies between two cards of, as of a Tanh between two layers,
    or of the sum around a block: outside, it would bend the chain to one side at each frame."""
    operations = {item.key for item in items if (isinstance(item, Card) and item.kind == "operation")
                  or (isinstance(item, ModuleCard) and item.operations and not item.kind)}
    for keys in members.values():
        after, before = set(keys), set(keys)
        for arrow in arrows:            # by creation of the consumer
            if arrow.operand in after:
                after.add(arrow.consumer)
        for arrow in reversed(arrows):
            if arrow.consumer in before:
                before.add(arrow.operand)
        keys |= {item.key: None for item in items if item.key in operations & after & before}


def reading_order(root: Value, drawn: Mapping[Value, object]) -> list[Value]:
    """The operands of a node from first to last, each after all nodes that feed it, and then the node.

    Graphviz keeps this order from top to bottom as long as no arrows cross.
    """
    order: dict[Value, None] = {}
    waiting = [(root, False)]
    while waiting:
        node, complete = waiting.pop()
        if complete:
            order[node] = None
        elif node not in order:
            waiting.append((node, True))
            waiting += [(arg, False) for arg in reversed(node.args)
                        if isinstance(arg, Value) and arg in drawn and arg not in order]
    return [*order, *(node for node in drawn if node not in order)]


def _title(root: Value, order: Sequence[Value], names: Mapping[Value, str]) -> str | None:
    """The formula of the root by the leaves; None if nodes are folded or the formula is too long."""
    if root.op is None:
        return names[root]
    text = formula(root, order, names) if len(names) == len(order) else None
    return text and clean(f"{names[root]} = {text}", 2 * TITLE)
