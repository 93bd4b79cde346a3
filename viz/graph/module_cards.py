"""Which nodes are folded into one card each, by neuron or by layer, and what such a card shows."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograd import Anomaly, Value
from viz.graph.clusters import Path
from viz.graph.gradient_flow import Flow
from viz.graph.notation import Text, written
from viz.text import clean

MODES = ("neuron", "layer")
LINEAR = "w·x"          # how the formula of a neuron without an activation begins
ACTIVATIONS = ("relu", "tanh", "sigmoid", "leaky_relu", "elu", "gelu", "silu", "softplus")


@dataclass(frozen=True)
class Part:
    """Many nodes on one card: a neuron or a layer, or the same operation done many times."""

    key: str
    name: str
    formula: str
    operations: int | None              # of the same operation, how many; None of a neuron or a layer
    values: tuple[float, ...]           # of what others use
    gradients: tuple[float, ...] | None     # by those; None before backward
    weights: tuple[float, ...] | None   # gradients by the weights folded away
    count: int                          # of weights
    anomaly: str | None = None          # forward or backward: whether the first nan or infinity arose in here

    @property
    def sizes(self) -> list[float]:
        """How large the gradient is by what it gives, and by its weights."""
        return [math.hypot(*some) for some in (self.gradients, self.weights) if some]


def owners(root: Value, order: Sequence[Value], groups: Mapping[Path, Iterable[Value]],
           uses: Mapping[Path, Iterable[Value]], mode: str) -> dict[Value, Path]:
    """The part that each folded node is in.

    groups: what modules recorded, and users asked for; uses: the weights, by those of the innermost
    groups that modules recorded.
    """
    outer = {path[:depth] for path in uses for depth in range(1, len(path))}
    chosen: dict[Value, Path] = {}
    for path, inside in groups.items():
        if path in uses and path not in outer:
            chosen |= dict.fromkeys(inside, path[:-1] if mode == "layer" and len(path) > 1 else path)
    for path, inside in groups.items():         # a user's groups fold where they hold no module
        some = list(inside)
        if path not in uses and path not in outer and not any(node in chosen for node in some):
            chosen |= dict.fromkeys(some, path)
    if not chosen:
        raise ValueError(f"collapse={mode!r}: there is no {mode} in this graph; build it of nn's modules, or name the "
                         "parts yourself, as in groups={'neuron 1': [...]}")
    sharing: dict[Value, set[Path]] = {}
    for path, weights in uses.items():
        for weight in weights:
            sharing.setdefault(weight, set()).add(path[:-1] if mode == "layer" and len(path) > 1 else path)
    chosen |= {weight: next(iter(some)) for weight, some in sharing.items() if len(some) == 1}
    if mode == "neuron":
        chosen |= _activations(order, chosen, uses)
    return chosen | _alike(root, order, chosen)


def _activations(order: Sequence[Value], chosen: Mapping[Value, Path],
                 uses: Mapping[Path, object]) -> dict[Value, Path]:
    """Activations that are modules of their own, as in a Sequential: each belongs to the neuron that only it uses."""
    users = Counter(arg for node in order for arg in node.args if isinstance(arg, Value))
    found: dict[Value, Path] = {}
    for node in order:
        below = [arg for arg in node.args if isinstance(arg, Value)]
        if node.op is None or node in chosen or node.op.name not in ACTIVATIONS or len(below) != 1:
            continue
        [z] = below
        path = chosen.get(z, ())
        if (path in uses and z.group is not None and z.group.path == path and users[z] == 1
                and path[-1].partition("  ")[2].startswith(LINEAR)):
            found[node] = path
    return found


def _alike(root: Value, order: Sequence[Value], chosen: Mapping[Value, Path]) -> dict[Value, Path]:
    """The same operation on many outputs of the same parts: a layer's relus, a batch's squares and their sum."""
    found: dict[Value, Path] = {}
    members: dict[Path, list[Value]] = {}
    for node in order:
        if node.op is None or node in chosen or node is root:
            continue
        near = {found.get(arg) or chosen.get(arg, ()) for arg in node.args if isinstance(arg, Value)} - {()}
        own = sorted(path for path in near if path in members and path[0] == node.op.name)
        rest = near.difference(own)
        if near:
            name = own[0] if own and (not rest or own[0][1:] == _names(rest)) else (node.op.name, *_names(rest))
            found[node] = name
            members.setdefault(name, []).append(node)
    return {node: path for node, path in found.items() if len(members[path]) > 1}


def _names(paths: Iterable[Path]) -> tuple[str, ...]:
    return tuple(sorted("\0".join(path) for path in paths))


def parts(flow: Flow, owner: Mapping[Value, Path], groups: Mapping[Path, Collection[Value]],
          found: Anomaly | None = None) -> dict[Path, Part]:
    """The card of each part, in the order of creation."""
    members: dict[Path, list[Value]] = {}
    for node in flow.order:
        if node in owner:
            members.setdefault(owner[node], []).append(node)
    used = {arg for node in flow.order for arg in node.args
            if isinstance(arg, Value) and arg in owner and owner[arg] != owner.get(node)} | {flow.root}
    made = {}
    for i, (path, nodes) in enumerate(members.items(), 1):
        outputs = [node for node in nodes if node in used and node.op is not None]
        weights = [node for node in nodes if node.op is None]
        alike = None if path in groups else len(nodes)
        title, _, rest = path[0 if alike else -1].partition("  ")
        outside = {node.op.name for node in nodes if node.op and path in groups and node not in groups[path]}
        if len(outside) == 1:       # the activation of a linear neuron
            rest = f"{outside.pop()}({rest})"
        if alike:
            title = written(nodes[0], [Text("…")] * len(nodes[0].args)).text
        made[path] = Part(f"p{i}", clean(title, 40), clean(rest or _formula(path, groups), 48), alike,
                          tuple(node.data for node in outputs), _gradients(flow, outputs), _gradients(flow, weights),
                          len(weights), found.direction if found and found.node in nodes else None)
    return made


def _gradients(flow: Flow, nodes: Sequence[Value]) -> tuple[float, ...] | None:
    gradients = [flow.gradient(node) for node in nodes]
    return None if None in gradients else tuple(x for x in gradients if x is not None)


def _formula(path: Path, groups: Mapping[Path, object]) -> str:
    """What the neurons of a layer compute, where all compute the same."""
    inner = [other[-1].partition("  ")[2] for other in groups if len(other) > len(path) and other[:len(path)] == path]
    if not inner or len(set(inner)) > 1:
        return ""
    return f"{len(inner)} × {inner[0]}" if len(inner) > 1 and inner[0] else inner[0]
