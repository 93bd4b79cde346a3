"""Which parts of layers share a card where a card for each would make a network's picture too wide for a screen."""

import re
from collections.abc import Iterable, Mapping, Sequence

from autograd import Value
from viz.graph.clusters import Path

STEP = re.compile(r"step \d+")
ENDS = 1                # of a sequence, steps at each end that keep cards; of several sequences none
MAX_SIDE_BY_SIDE = 2    # parts of one kind that do not feed each other; more share a card


def narrowed(order: Iterable[Value], *groups: Mapping[Path, Iterable[Value]]) -> list[dict[Path, set[Value]]]:
    """The groups and their weights, as `recorded_groups` gives them, with fewer parts: their Values by shorter paths.

    Of one sequence the steps between the first and the last are one part, of several sequences all steps of each, and
    of more than two both directions of a layer. So are more than two parts of one kind side by side, such as the heads
    of an attention, the maps of a convolution or the networks of an ensemble, layer by layer.
    """
    parts = list(dict.fromkeys(path[:-1] if len(path) > 1 else path for path in groups[-1]))
    sequences: dict[Path, list[Path]] = {}
    alike: dict[tuple[Path, str], list[Path]] = {}
    for path in parts:
        if len(path) > 1 and STEP.fullmatch(path[-1]):
            sequences.setdefault(path[:-1], []).append(path)
    stepwise = {parent[:n] for parent in sequences for n in range(1, len(parent) + 1)}
    for part in dict.fromkeys(path[:n] for path in parts for n in range(1, len(path) + 1)):
        if part not in stepwise and part[:-1] not in sequences:
            alike.setdefault((part[:-1], re.sub(r"\d+", "", part[-1])), []).append(part)
    shorter: dict[Path, Path] = {}
    for parent, steps in sequences.items():
        if len(sequences) > 1:
            layer, reverse, _ = parent[-1].partition(", reverse")
            both = len(sequences) > 2 and (reverse or (*parent[:-1], f"{layer}, reverse") in sequences)
            shorter |= dict.fromkeys(steps, (*parent[:-1], f"{layer}, both ways") if both else parent)
        elif len(steps) > 2 * ENDS + 1:
            inner = steps[ENDS:-ENDS]
            shorter |= dict.fromkeys(inner, (*parent, _range(inner)))
    for (parent, _), some in alike.items():
        if len(some) > MAX_SIDE_BY_SIDE and _side_by_side(order, [set(groups[0][path]) for path in some]):
            shorter |= dict.fromkeys(some, (*parent, _range(some)))
    found: list[dict[Path, set[Value]]] = []
    for given in groups:
        found.append({})
        for path, nodes in given.items():
            old = next((path[:n] for n in range(1, len(path) + 1) if path[:n] in shorter), ())
            rest = path[len(old):]
            if old in shorter:          # which of the networks of an ensemble it is in, its frame says
                rest = tuple(title.removeprefix(f"{old[-1]}.") for title in rest)
            found[-1].setdefault(shorter.get(old, ()) + rest, set()).update(nodes)
    return found


def _range(paths: Sequence[Path]) -> str:
    """The title of parts that share a card.

    >>> _range([("rnn", "step 2"), ("rnn", "step 3")]), _range([("p.0  Linear(2, 1)",), ("p.1  Linear(2, 1)",)])
    ('steps 2 to 3', 'p.0 to p.1  2 × Linear(2, 1)')
    """
    (first, _, kind), (last, _, other) = (path[-1].partition("  ") for path in (paths[0], paths[-1]))
    word, _, number = first.rpartition(" ")
    title = f"{word}s {number} to {last.rpartition(' ')[2]}" if word and number.isdigit() else f"{first} to {last}"
    return f"{title}  {len(paths)} × {kind}" if kind and kind == other else title


def _side_by_side(order: Iterable[Value], parts: Sequence[set[Value]]) -> bool:
    """Whether no part feeds another one."""
    own = {node: 1 << i for i, part in enumerate(parts) for node in part}
    above: dict[Value, int] = {}        # the parts that feed a node, as bits
    for node in order:
        fed = 0
        for arg in node.args:
            if isinstance(arg, Value):
                fed |= above.get(arg, 0)
        bit = own.get(node, 0)
        if bit and fed & ~bit:
            return False
        if fed | bit:
            above[node] = fed | bit
    return True
