"""How named groups of cards nest as frames."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Frame:
    """Cards that are framed together, and the frames inside the frame."""

    name: str
    keys: tuple[str, ...]
    frames: tuple["Frame", ...] = ()


def nested(groups: Mapping[str, Mapping[str, object]]) -> tuple[Frame, ...]:
    """Frames as a tree: a group whose cards all lie in a larger one is drawn inside it.

    Each card is drawn once, in the smallest of the groups that ask for it.

    >>> neuron, layer = {"n1": 1, "n2": 1}, {"n1": 1, "n2": 1, "n3": 1}
    >>> nested({"layer": layer, "neuron": neuron})
    (Frame(name='layer', keys=('n3',), frames=(Frame(name='neuron', keys=('n1', 'n2'), frames=()),)),)
    """
    names = sorted((name for name in groups if groups[name]), key=lambda name: -len(groups[name]))
    parent: dict[str, str | None] = {}
    owner: dict[str, str] = {}
    for i, name in enumerate(names):            # larger ones first
        keys = groups[name].keys()
        parent[name] = next((other for other in reversed(names[:i]) if keys <= groups[other].keys()), None)
        owner.update(dict.fromkeys(keys, name))
    frames: dict[str, Frame] = {}
    for name in reversed(names):
        inside = tuple(frames[other] for other in groups if parent.get(other) == name)
        frames[name] = Frame(name, tuple(key for key in groups[name] if owner[key] == name), inside)
    return tuple(frames[name] for name in groups if name in frames and parent[name] is None)
