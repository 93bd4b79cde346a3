"""Which cards are framed together: what modules recorded and users asked for, and how frames nest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograd import Value

Path = tuple[str, ...]      # a frame's title, preceded by those of the frames around it


@dataclass(frozen=True)
class Frame:
    """Cards that are framed together, and the frames inside the frame."""

    path: Path
    keys: tuple[str, ...]
    frames: tuple["Frame", ...] = ()


def recorded(order: Iterable[Value]) -> tuple[dict[Path, set[Value]], dict[Path, set[Value]]]:
    """What each ``Value.group`` encloses, under every part of its path; and under the whole path its weights.

    Weights are the leaves that are used inside.

    >>> from autograd import Group
    >>> x, w = Value(1.0), Value(2.0)
    >>> y = w * x + 1
    >>> y.group = Group(("layer 1", "neuron 1"), (x,))
    >>> groups, weights = recorded([x, w, *y.args[:1], y])
    >>> [(path, len(inside)) for path, inside in groups.items()], weights == {("layer 1", "neuron 1"): {w}}
    ([(('layer 1',), 2), (('layer 1', 'neuron 1'), 2)], True)
    """
    nodes = dict.fromkeys(order)
    groups: dict[Path, set[Value]] = {}
    weights: dict[Path, set[Value]] = {}
    for node in nodes:
        if node.group is None:
            continue
        met = {arg for arg in node.group.inputs if isinstance(arg, Value)}
        inside: set[Value] = set()
        leaves = weights.setdefault(node.group.path, set())
        waiting = [node]
        while waiting:
            member = waiting.pop()
            if member in met or member not in nodes:
                continue
            met.add(member)
            (inside if member.op else leaves).add(member)
            waiting += [arg for arg in member.args if isinstance(arg, Value)]
        for depth in range(1, len(node.group.path) + 1):
            groups.setdefault(node.group.path[:depth], set()).update(inside)
    return groups, weights


def nested(groups: Mapping[Path, Mapping[str, object]]) -> tuple[Frame, ...]:
    """Frames as a tree: a group whose cards all lie in a larger one is drawn inside it.

    Each card is drawn once, in the smallest of the groups that ask for it.

    >>> neuron, layer = {"n1": 1, "n2": 1}, {"n1": 1, "n2": 1, "n3": 1}
    >>> [frame] = nested({("layer",): layer, ("neuron",): neuron})
    >>> frame.path, frame.keys, frame.frames
    (('layer',), ('n3',), (Frame(path=('neuron',), keys=('n1', 'n2'), frames=()),))
    """
    paths = sorted((path for path in groups if groups[path]), key=lambda path: -len(groups[path]))
    parent: dict[Path, Path | None] = {}
    owner: dict[str, Path] = {}
    for i, path in enumerate(paths):            # larger ones first
        keys = groups[path].keys()
        parent[path] = next((other for other in reversed(paths[:i]) if keys <= groups[other].keys()), None)
        owner.update(dict.fromkeys(keys, path))
    frames: dict[Path, Frame] = {}
    for path in reversed(paths):
        inside = tuple(frames[other] for other in groups if parent.get(other) == path)
        frames[path] = Frame(path, tuple(key for key in groups[path] if owner[key] == path), inside)
    return tuple(frames[path] for path in groups if path in frames and parent[path] is None)
