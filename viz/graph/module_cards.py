"""Module cards: one card for a neuron or a layer, or for the same operation done many times."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from autograd import Anomaly, Value
from viz.graph.clusters import Path
from viz.graph.collapse import INPUTS, RESULT, SHARED
from viz.graph.gradient_flow import GradientFlow
from viz.text import clean

LONG = 16       # characters of a layer's name before the titles of its parts


@dataclass(frozen=True)
class ModuleCard:
    """Many nodes on one card."""

    key: str
    name: str
    formula: str
    operations: int | None              # the number of equal operations; None of a neuron or a layer
    values: tuple[float, ...]           # of the outputs: nodes with a consumer outside, and the root
    gradients: tuple[float, ...] | None             # by the outputs; None before backward
    weight_gradients: tuple[float, ...] | None      # by the leaves on this card
    weight_count: int
    kind: str = ""                      # "inputs" or "result": what is before the modules, and what is after them
    anomaly: str | None = None          # forward or backward, if the first nan or infinity arises on this card

    @property
    def gradient_sizes(self) -> list[float]:
        """The norms of the gradient by the outputs and by the weights."""
        return [math.hypot(*some) for some in (self.gradients, self.weight_gradients) if some]


def module_cards(flow: GradientFlow, owner: Mapping[Value, Path], groups: Mapping[Path, Collection[Value]],
                 found: Anomaly | None = None, result: str = "") -> dict[Path, ModuleCard]:
    """The card of each path in ``owner``, in the order of creation. result: the name of the root, if it has one."""
    members: dict[Path, list[Value]] = {}
    for node in flow.order:
        if node in owner:
            members.setdefault(owner[node], []).append(node)
    used = {arg for node in flow.order for arg in node.args
            if isinstance(arg, Value) and arg in owner and owner[arg] != owner.get(node)} | {flow.root}
    cards = {}
    for i, (path, nodes) in enumerate(members.items(), 1):
        outputs = [node for node in nodes if node in used and node.op is not None]
        weights = [node for node in nodes if node.op is None]
        kind = path[1] if path in (INPUTS, RESULT) else ""
        titled = path in groups or path[-1] == SHARED
        operations = None if titled or path == INPUTS else sum(node.op is not None for node in nodes)
        title, _, rest = path[0 if operations or kind else -1].partition("  ")
        outside = {node.op.name for node in nodes if node.op and path in groups and node not in groups[path]}
        if len(outside) == 1:       # the activation of a linear neuron
            rest = f"{outside.pop()}({rest})"
        layer = path[-2].partition("  ")[0] if titled and len(path) > 1 else ""
        if not title.startswith(layer) and (len(layer) <= LONG or path[-1] == SHARED):      # else its frame says it
            title = f"{layer}: {title}"
        if kind == "result":
            title = result
        elif operations and nodes[0].op:
            title = nodes[0].op.name
        cards[path] = ModuleCard(
            f"p{i}", clean(title, 40), clean(rest or _formula(path, groups), 48), operations,
            tuple(node.data for node in outputs), _gradients(flow, outputs), _gradients(flow, weights), len(weights),
            kind, found.direction if found and found.node in nodes else None)
    return cards


def _gradients(flow: GradientFlow, nodes: Sequence[Value]) -> tuple[float, ...] | None:
    """The gradients by ``nodes``; None if one is not known yet."""
    gradients = [flow.gradient(node) for node in nodes]
    return None if None in gradients else tuple(x for x in gradients if x is not None)


def _formula(path: Path, groups: Mapping[Path, object]) -> str:
    """The formula of the neurons of a layer; empty if they differ."""
    inner = [other[-1].partition("  ")[2] for other in groups if len(other) > len(path) and other[:len(path)] == path]
    if not inner or len(set(inner)) > 1:
        return ""
    return f"{len(inner)} × {inner[0]}" if len(inner) > 1 and inner[0] else inner[0]
