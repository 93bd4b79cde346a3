"""What a picture shows: its cards, its arrows and the numbers on both; no word, no colour."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograd import Anomaly, Value, find_anomaly, topological_order
from viz.graph import truncate
from viz.graph.clusters import Frame, nested, recorded
from viz.graph.gradient_flow import INPUTS, OPERATIONS, Arrow, Flow, adjoint
from viz.graph.module_cards import MODES, Part, owners, parts
from viz.graph.notation import TITLE, Text, constant, formula, written
from viz.text import clean, distinct


@dataclass(frozen=True)
class Card:
    """One Value."""

    key: str
    kind: str                       # input, weight or operation
    name: str
    formula: str
    value: float
    gradient: float | None          # None before backward
    terms: tuple[float, ...]        # what adds up to it, by creation of the consumers
    held: float | None              # what .grad of an input holds, where that is something else
    changed: bool                   # whether it was given its value after the others had been computed
    anomaly: str | None = None      # forward or backward: where the first nan or infinity arose


@dataclass(frozen=True)
class Constant:
    """One number, or several beside one operation, that no gradient is asked for."""

    key: str
    values: tuple[float, ...]
    consumer: str


@dataclass(frozen=True)
class Box:
    """The operations, or the inputs, that are folded away."""

    key: str                        # inputs or operations
    count: int
    gradient: float | None          # of inputs, the largest in magnitude


Item = Card | Constant | Box | Part


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn, in drawing order."""

    root: Card
    seed: float | None              # the root's gradient; None before backward
    title: str | None
    items: tuple[Item, ...]
    arrows: tuple[Arrow, ...]
    frames: tuple[Frame, ...]


def picture(root: Value, collapse: bool | str = "auto", groups: Mapping[str, Iterable[Value]] | None = None,
            weights: Iterable[Value] = (), found: Anomaly | None = None) -> Picture:
    """The picture of everything that feeds ``root``, with the gradients of ``root`` by all of it.

    found: the anomaly to mark; by default the first there is.
    """
    order = topological_order(root)
    flow = Flow(root, order, adjoint(root, order))
    found = found or find_anomaly(root, root.grad if root.has_grad else 1.0)
    enclosed, uses = recorded(order)       # a drawn weight may belong to a module that is folded away
    enclosed |= {(name,): set(values) for name, values in (groups or {}).items()}
    owner = owners(root, order, enclosed, uses, str(collapse)) if collapse in MODES else {}
    rest = [node for node in order if node not in owner]
    folding = collapse is True or bool(owner) or (collapse == "auto" and truncate.large(order))
    shown = truncate.kept(rest, flow.adjoints) if folding else set(order)
    if found and found.node and found.node not in owner:
        shown.add(found.node)
    drawn = [node for node in order if node in shown]
    folded = parts(flow, owner, enclosed, found)
    keys = {node: f"n{i}" for i, node in enumerate(drawn, 1)}
    keys |= {node: folded[path].key for node, path in owner.items()}
    named = [*drawn, root] if root in owner else drawn
    names = dict(zip(named, distinct(node.label for node in named), strict=True))
    arrows = flow.arrows(keys, {part.key for part in folded.values()})
    terms: dict[str, list[float]] = {}
    for arrow in arrows:
        if arrow.contribution is not None:
            terms.setdefault(arrow.operand, []).append(arrow.contribution)
    cards = _cards(flow, {node: keys[node] for node in named}, names, terms, set(weights).union(*uses.values()), found)
    items: list[Item] = _boxes(flow, keys)
    together: dict[Value, list[str]] = {}       # a card, and the constants beside it
    for node in _reading_order(root, keys):
        key = keys[node]
        together[node] = [key]
        if node in owner:
            if node.op and folded[owner[node]] not in items:        # after what feeds it
                items.append(folded[owner[node]])
            continue
        beside = [Constant(f"{key}c{i}", values, key) for i, values in enumerate(truncate.constants(node), 1)]
        items += [*beside, cards[node]]
        together[node] = [constant.key for constant in beside] + [key]
    items += [part for part in folded.values() if part not in items]        # of leaves alone
    members = {path: {key: None for node, some in together.items() if node in values for key in some}
               for path, values in enclosed.items()
               if not any(path[:depth] in folded for depth in range(1, 1 + len(path)))}
    return Picture(cards[root], flow.gradient(root), _title(root, order, names), tuple(items), tuple(arrows),
                   nested(members))


def _reading_order(root: Value, drawn: Mapping[Value, object]) -> list[Value]:
    """The operands of a node, first to last, each with all that feeds it, and then the node.

    Graphviz keeps to this order from top to bottom where no arrow would cross another.
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


def _cards(flow: Flow, keys: Mapping[Value, str], names: Mapping[Value, str], terms: Mapping[str, list[float]],
           weights: set[Value], found: Anomaly | None) -> dict[Value, Card]:
    cards = {}
    changed = {arg for node in keys for arg in node.args if isinstance(arg, Value) and arg.assigned_since(node)}
    for node, key in keys.items():
        gradient = flow.gradient(node)
        agrees = node.op is not None or gradient is None or gradient == node.grad or gradient != gradient
        text = "= " + clean(_step(node, names), 48) if node.op else ""
        kind = "operation" if node.op else "weight" if node in weights else "input"
        cards[node] = Card(key, kind, names[node], text, node.data, gradient, tuple(terms.get(key, ())),
                           None if agrees else node.grad, node in changed,
                           found.direction if found and found.node is node else None)
    return cards


def _step(node: Value, names: Mapping[Value, str]) -> str:
    """The one operation that made it, in terms of its operands; those in a box have no name."""
    operands = [Text(names.get(arg, "…")) if isinstance(arg, Value) else constant(arg) for arg in node.args]
    text = re.sub(r"…([ ,·+]*…)+", "…", written(node, operands).text)
    return f"{node.op.name}(…)" if text == "…" and node.op else text


def _title(root: Value, order: Sequence[Value], names: Mapping[Value, str]) -> str | None:
    if root.op is None:
        return names[root]
    text = formula(root, order, names) if len(names) == len(order) else None
    return text and clean(f"{names[root]} = {text}", 2 * TITLE)


def _boxes(flow: Flow, keys: Mapping[Value, str]) -> list[Item]:
    folded = [node for node in flow.order if node not in keys]
    inputs = [node for node in folded if node.op is None]
    gradients = [flow.gradient(node) or 0.0 for node in inputs] if flow.root.has_grad else []
    boxes: list[Item] = []
    if inputs:
        boxes.append(Box(INPUTS, len(inputs), max(gradients, key=abs, default=None)))
    if len(folded) > len(inputs):
        boxes.append(Box(OPERATIONS, len(folded) - len(inputs), None))
    return boxes
