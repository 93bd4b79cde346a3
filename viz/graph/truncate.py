"""Which nodes of a graph that is too large to read stay, while all others are folded into boxes."""

import math
from collections.abc import Mapping, Sequence

from autograd import Value

MAX_CARDS = 300         # a larger graph folds with `collapse="auto"`
MAX_RANKS = 100         # columns; so many are 15 metres wide
MAX_CROSSED = 1000      # ranks that all arrows cross; twice as many take Graphviz seconds, ten times as many minutes
KEPT_OPERATIONS = 12    # the youngest
KEPT_LEAVES = 16
MIN_TOGETHER = 4        # constants of one operation that share a card


def constants(node: Value) -> list[tuple[float, ...]]:
    """The constants among the operands of ``node``, card by card: one each, or all on one card if they are many."""
    values = tuple(arg for arg in node.args if not isinstance(arg, Value))
    return [values] if len(values) >= MIN_TOGETHER else [(value,) for value in values]


def too_large(order: Sequence[Value]) -> bool:
    """Whether the graph would take more cards, arrows or columns than a reader or Graphviz can handle."""
    if (len(order) > MAX_CARDS
            or sum(1 + len(constants(node)) for node in order) > MAX_CARDS
            or sum(len(set(map(id, node.args))) for node in order) > 3 * MAX_CARDS):
        return True
    ranks, crossed = _ranks(order)
    return ranks > MAX_RANKS or crossed > MAX_CROSSED


def _ranks(order: Sequence[Value]) -> tuple[int, int]:
    """The number of ranks, and how many ranks all arrows cross together.

    a + a + ... + a has few cards, but a long arrow from each sum to the first a.
    """
    rank: dict[Value, int] = {}
    for node in order:
        rank[node] = max((1 + rank[arg] for arg in node.args if isinstance(arg, Value)), default=0)
    arrows = {(node, arg) for node in order for arg in node.args if isinstance(arg, Value)}
    first = {arg: len(order) for _, arg in arrows if arg.op is None}      # a leaf stands just before its first consumer
    for node, arg in arrows:
        if arg in first:
            first[arg] = min(first[arg], rank[node] - 1)
    return 1 + max(rank.values()), sum(rank[node] - first.get(arg, rank[arg]) for node, arg in arrows)


def kept(order: Sequence[Value], adjoints: Mapping[Value, float]) -> set[Value]:
    """The nodes that stay: the youngest operations, and leaves with a label or a large gradient.

    The youngest operations, instead of those a few steps from the root: every consumer of one of them is younger
    and stays as well, so no path leaves the box and enters it again.
    """
    leaves = [node for node in order if node.op is None]
    operations = [node for node in order if node.op is not None]
    if len(operations) > KEPT_OPERATIONS + 1:       # a box for a single operation saves nothing
        operations = operations[-KEPT_OPERATIONS:]
    if len(leaves) > KEPT_LEAVES + 1:
        leaves = sorted(leaves, key=lambda leaf: (not leaf.label, -_size(adjoints.get(leaf, 0.0))))[:KEPT_LEAVES]
    return {*operations, *leaves}


def _size(x: float) -> float:
    return abs(x) if x == x else math.inf       # nan has no order
