"""Frames around cards: the groups that modules record or users name, and how the frames nest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograd import Value

Path = tuple[str, ...]      # the titles of the frames around a frame, and its own title


@dataclass(frozen=True)
class Cluster:
    """A frame: its cards, and the frames inside it."""

    path: Path
    keys: tuple[str, ...]
    clusters: tuple["Cluster", ...] = ()

    @property
    def all_keys(self) -> list[str]:
        """The keys of its cards, and of those in the frames inside it."""
        return [*self.keys, *(key for inner in self.clusters for key in inner.all_keys)]


def recorded_groups(order: Iterable[Value]) -> tuple[dict[Path, set[Value]], dict[Path, set[Value]]]:
    """The operations inside each ``Value.group``, by every beginning of its path; and its weights, by its whole path.

    Weights are the leaves that operations inside use.

    >>> from autograd import Group
    >>> x, w = Value(1.0), Value(2.0)
    >>> y = w * x + 1
    >>> y.group = Group(("layer 1", "neuron 1"), (x,))
    >>> groups, weights = recorded_groups([x, w, *y.args[:1], y])
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


def nested_clusters(groups: Mapping[Path, Mapping[str, object]]) -> tuple[Cluster, ...]:
    """The frames as a tree: a group whose cards all lie in a larger group is drawn inside it.

    Each card is drawn once, in the smallest group that has it.

    >>> neuron, layer = {"n1": 1, "n2": 1}, {"n1": 1, "n2": 1, "n3": 1}
    >>> [outer] = nested_clusters({("layer",): layer, ("neuron",): neuron})
    >>> outer.path, outer.keys, outer.clusters
    (('layer',), ('n3',), (Cluster(path=('neuron',), keys=('n1', 'n2'), clusters=()),))
    """
    paths = sorted((path for path in groups if groups[path]), key=lambda path: -len(groups[path]))
    parent: dict[Path, Path | None] = {}
    owner: dict[str, Path] = {}
    for i, path in enumerate(paths):            # larger ones first
        keys = groups[path].keys()
        parent[path] = next((other for other in reversed(paths[:i]) if keys <= groups[other].keys()), None)
        owner.update(dict.fromkeys(keys, path))
    clusters: dict[Path, Cluster] = {}
    for path in reversed(paths):
        inside = tuple(clusters[other] for other in groups if parent.get(other) == path)
        clusters[path] = Cluster(path, tuple(key for key in groups[path] if owner[key] == path), inside)
    return tuple(clusters[path] for path in groups if path in clusters and parent[path] is None)
