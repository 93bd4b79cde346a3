"""Which nodes ``collapse="neuron"`` and ``collapse="layer"`` fold together on one module card."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from autograd import Value
from viz.graph.clusters import Path

MODES = ("neuron", "layer")
LINEAR = "w·x"          # the beginning of the formula of a neuron without activation
MAX_INPUTS = 4          # of a network that is folded by layer; more share a card
MAX_RESULT = 4          # operations after the last module; more share a card
INPUTS: Path = ("", "inputs")
RESULT: Path = ("", "result")
FEW_PLACES = 8          # of a kernel, which have a card each
SHARED = "weights"      # the title of a card of weights that several parts of one module use, as the steps of an RNN
MAX_SHARED = 4          # of such weights; more share the card
ACTIVATIONS = ("relu", "tanh", "sigmoid", "leaky_relu", "elu", "gelu", "silu", "softplus")


def is_network(weights: Mapping[Path, Collection[Value]]) -> bool:
    """Whether there are several neurons; the graph of one neuron is small enough to show each operation."""
    return sum(1 for leaves in weights.values() if leaves) > 1


def shares_weights(weights: Mapping[Path, Collection[Value]]) -> bool:
    """Whether one kernel is used at a few places, and nothing else: their arrows to its weights say what sharing is."""
    used = [set(leaves) for leaves in weights.values() if leaves]
    maps = {path[:-1] for path, leaves in weights.items() if leaves}
    return len(maps) == 1 and len(used) <= FEW_PLACES and bool(set.intersection(*used))


def collapsed_nodes(root: Value, order: Sequence[Value], groups: Mapping[Path, Iterable[Value]],
                    uses: Mapping[Path, Iterable[Value]], mode: str) -> dict[Value, Path]:
    """The path of the module card that each folded node belongs to.

    groups: the operations of each group that modules record or users name. uses: the weights of each group that
    modules record.
    """
    outer = {path[:depth] for path in uses for depth in range(1, len(path))}
    chosen: dict[Value, Path] = {}
    for path, inside in groups.items():
        if path in uses and path not in outer:
            chosen |= dict.fromkeys(inside, path[:-1] if mode == "layer" and len(path) > 1 else path)
    for path, inside in groups.items():         # a group that a user names folds if it contains no module
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
    if mode == "layer":
        chosen |= _shared_weights(sharing)
    if mode == "neuron":
        chosen |= _activation_modules(order, chosen, uses)
    inputs = [node for node in order if node.op is None and node not in sharing]
    if len(inputs) > MAX_INPUTS and mode == "layer":
        chosen |= dict.fromkeys(inputs, INPUTS)
    result = _after_modules(order, chosen)
    if len(result) > MAX_RESULT:
        chosen |= dict.fromkeys(result, RESULT)
        others = {arg for node in order if chosen.get(node) != RESULT for arg in node.args if isinstance(arg, Value)}
        # such as the Value(0.0) at which a sum starts
        chosen |= {node: RESULT for node in inputs if not node.label and node not in others}
    return chosen | _same_operations(root, order, chosen)


def _shared_weights(sharing: Mapping[Value, Collection[Path]]) -> dict[Value, Path]:
    """A card for the weights that several parts of one module share, where they are many."""
    found: dict[Path, list[Value]] = {}
    for weight, some in sharing.items():
        first, last = min(some), max(some)      # what these two have in common all have
        module = first[:next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]
        if len(some) > 1 and module:
            found.setdefault((*module, SHARED), []).append(weight)
    return {weight: path for path, weights in found.items() if len(weights) > MAX_SHARED for weight in weights}


def _after_modules(order: Sequence[Value], chosen: Mapping[Value, Path]) -> list[Value]:
    """The operations that no module needs, such as those of a loss that a user writes."""
    needed: set[Value] = set()
    for node in reversed(order):
        if node.op is not None and (node in chosen or node in needed or node.op.name in ACTIVATIONS):
            needed.update({node}, (arg for arg in node.args if isinstance(arg, Value)))
    return [node for node in order if node.op is not None and node not in chosen and node not in needed]


def _activation_modules(order: Sequence[Value], chosen: Mapping[Value, Path],
                        uses: Mapping[Path, object]) -> dict[Value, Path]:
    """Activations that are modules, as in a Sequential: each joins the linear neuron that it alone consumes."""
    consumers = Counter(arg for node in order for arg in node.args if isinstance(arg, Value))
    found: dict[Value, Path] = {}
    for node in order:
        below = [arg for arg in node.args if isinstance(arg, Value)]
        if node.op is None or node in chosen or node.op.name not in ACTIVATIONS or len(below) != 1:
            continue
        [z] = below
        path = chosen.get(z, ())
        if (path in uses and z.group is not None and z.group.path == path and consumers[z] == 1
                and path[-1].partition("  ")[2].startswith(LINEAR)):
            found[node] = path
    return found


def _same_operations(root: Value, order: Sequence[Value], chosen: Mapping[Value, Path]) -> dict[Value, Path]:
    """Operations that one card stands for: the same op on outputs of the same modules, such as the relus of a layer."""
    found: dict[Value, Path] = {}
    members: dict[Path, list[Value]] = {}
    for node in order:
        if node.op is None or node in chosen or node is root:
            continue
        near = {found.get(arg) or chosen.get(arg, ()) for arg in node.args if isinstance(arg, Value)} - {()}
        own = sorted(path for path in near if path in members and path[0] == node.op.name)
        rest = near.difference(own)
        if near:
            path = (node.op.name, *_path_names(rest))
            if own and (not rest or own[0][1:] == path[1:]):
                path = own[0]
            found[node] = path
            members.setdefault(path, []).append(node)
    return {node: path for node, path in found.items() if len(members[path]) > 1}


def _path_names(paths: Iterable[Path]) -> tuple[str, ...]:
    return tuple(sorted("\0".join(path) for path in paths))
