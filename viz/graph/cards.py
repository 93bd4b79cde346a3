"""The cards of a picture: one per Value, per constant, and per box of folded nodes; no words, no colours."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograd import Anomaly, Value
from viz.graph.gradient_flow import INPUTS, OPERATIONS, GradientFlow
from viz.graph.notation import Text, constant, written
from viz.text import clean


@dataclass(frozen=True)
class Card:
    """One Value."""

    key: str
    kind: str                       # input, weight or operation
    name: str
    formula: str
    value: float
    gradient: float | None          # None before backward
    terms: tuple[float, ...]        # contributions that add up to it, as they arrive
    held: float | None              # .grad of an input, if it differs from the gradient
    changed: bool                   # whether the input was assigned after other nodes had used it
    anomaly: str | None = None      # of the first nan or infinity: forward or backward


@dataclass(frozen=True)
class Constant:
    """One number, or several numbers beside one operation, that have no gradient."""

    key: str
    values: tuple[float, ...]
    consumer: str


@dataclass(frozen=True)
class Box:
    """All folded operations, or all folded inputs."""

    key: str                        # inputs or operations
    count: int
    gradient: float | None          # of inputs: the largest in magnitude


def value_cards(flow: GradientFlow, keys: Mapping[Value, str], names: Mapping[Value, str],
                terms: Mapping[str, list[float]], weights: set[Value], found: Anomaly | None) -> dict[Value, Card]:
    """The card of each node in ``keys``. terms: the contributions by the card that they arrive at."""
    cards = {}
    changed = {arg for node in keys for arg in node.args if isinstance(arg, Value) and arg.assigned_since(node)}
    for node, key in keys.items():
        gradient = flow.gradient(node)
        agrees = node.op is not None or gradient is None or gradient == node.grad or gradient != gradient
        formula = "= " + clean(_one_operation(node, names), 48) if node.op else ""
        kind = "operation" if node.op else "weight" if node in weights else "input"
        cards[node] = Card(key, kind, names[node], formula, node.data, gradient, tuple(terms.get(key, ())),
                           None if agrees else node.grad, node in changed,
                           found.direction if found and found.node is node else None)
    return cards


def _one_operation(node: Value, names: Mapping[Value, str]) -> str:
    """The operation of the node, on the names of its operands; folded operands have no name."""
    operands = [Text(names.get(arg, "…")) if isinstance(arg, Value) else constant(arg) for arg in node.args]
    text = re.sub(r"…([ ,·+]*…)+", "…", written(node, operands).text)
    return f"{node.op.name}(…)" if text == "…" and node.op else text


def boxes(flow: GradientFlow, keys: Mapping[Value, str]) -> Iterator[Box]:
    """A box for the inputs that have no card, and one for the operations."""
    folded = [node for node in flow.order if node not in keys]
    inputs = [node for node in folded if node.op is None]
    gradients = [flow.gradient(node) or 0.0 for node in inputs] if flow.root.has_grad else []
    if inputs:
        yield Box(INPUTS, len(inputs), max(gradients, key=abs, default=None))
    if len(folded) > len(inputs):
        yield Box(OPERATIONS, len(folded) - len(inputs), None)
