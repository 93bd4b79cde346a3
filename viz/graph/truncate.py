"""Which nodes of a graph too large to read are drawn, and which disappear into a box."""

import math
from collections.abc import Mapping, Sequence

from autograd import Value

READABLE = 300          # cards; above, `collapse="auto"` folds
RANKS = 100             # columns; as many are 15 metres wide
CROSSED = 1000          # ranks that all arrows cross; twice as many take Graphviz seconds, ten times as many minutes
OPERATIONS = 12         # operations nearest to the root that stay
INPUTS = 16             # leaves that stay
TOGETHER = 4            # constants of one operation that share a card


def constants(node: Value) -> list[tuple[float, ...]]:
    """The constants among the operands of ``node``, by card: one each, or one for all of many."""
    values = tuple(arg for arg in node.args if not isinstance(arg, Value))
    return [values] if len(values) >= TOGETHER else [(value,) for value in values]


def large(order: Sequence[Value]) -> bool:
    """Whether the whole graph would take more cards, or many more arrows, than one can read."""
    if (len(order) > READABLE
            or sum(1 + len(constants(node)) for node in order) > READABLE
            or sum(len(set(map(id, node.args))) for node in order) > 3 * READABLE):
        return True
    ranks, crossed = _spread(order)
    return ranks > RANKS or crossed > CROSSED


def _spread(order: Sequence[Value]) -> tuple[int, int]:
    """How many ranks there are, and how many all arrows cross.

    a + a + ... + a has few cards, but an arrow from each sum to the first a.
    """
    rank: dict[Value, int] = {}
    for node in order:
        rank[node] = max((1 + rank[arg] for arg in node.args if isinstance(arg, Value)), default=0)
    arrows = {(node, arg) for node in order for arg in node.args if isinstance(arg, Value)}
    first = {arg: len(order) for _, arg in arrows if arg.op is None}      # a leaf stands just before its first user
    for node, arg in arrows:
        if arg in first:
            first[arg] = min(first[arg], rank[node] - 1)
    return 1 + max(rank.values()), sum(rank[node] - first.get(arg, rank[arg]) for node, arg in arrows)


def kept(order: Sequence[Value], adjoints: Mapping[Value, float]) -> set[Value]:
    """The nodes that stay: the youngest operations, and leaves that have a label or a large gradient.

    The youngest operations, and not those a few steps from the root: whatever uses one of them is
    younger and stays as well, so no route leaves the box and enters it again.
    """
    leaves = [node for node in order if node.op is None]
    operations = [node for node in order if node.op is not None]
    if len(operations) > OPERATIONS + 1:        # a box for a single one would be no shorter
        operations = operations[-OPERATIONS:]
    if len(leaves) > INPUTS + 1:
        leaves = sorted(leaves, key=lambda leaf: (not leaf.label, -_size(adjoints.get(leaf, 0.0))))[:INPUTS]
    return {*operations, *leaves}


def _size(x: float) -> float:
    return abs(x) if x == x else math.inf       # nan would leave the order to chance
