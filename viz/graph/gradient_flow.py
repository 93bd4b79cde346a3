"""The gradients of one root, and the arrows that carry contributions from each operation to its operands."""

import math
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from autograd import Value

MAX_PARALLEL = 4    # arrows between the same two cards; more become one
INPUTS, OPERATIONS = "inputs", "operations"     # the keys of the boxes of folded nodes


@dataclass(frozen=True)
class Arrow:
    """One operand of one operation; or several operands, if one arrow stands for all between two cards."""

    consumer: str
    operand: str
    partial: float | None           # None for several
    upstream: float | None          # None before backward, and if no product was formed
    contribution: float | None      # None before backward, and for several into a box
    count: int = 1
    place: int | None = None        # which operand, from 1, if the consumer has this one several times
    flows: bool = True              # False if no gradient takes this way: no path contains it


def adjoints(root: Value, order: Sequence[Value], seed: float | None = None) -> dict[Value, float]:
    """The derivative of the root by each node that gradient flows to, times ``seed``: by default the root's ``grad``.

    Computed again and not read from ``grad``: a picture shows one root, while the ``grad`` of a leaf adds up over
    all calls of backward. Without a seed it is empty before the first call.
    """
    if seed is None and not root.has_grad:
        return {}
    found = {root: root.grad if seed is None else seed}
    for node in reversed(order):        # consumers before operands
        upstream = found.get(node)
        if upstream is None:
            continue
        for arg, slope in zip(node.args, node.partials, strict=True):
            if slope is not None and isinstance(arg, Value):
                found[arg] = found[arg] + upstream * slope if arg in found else upstream * slope
    return found


class GradientFlow:
    """The gradients of one root, and the arrows between cards.

    seed: the gradient of the root, where all gradients shall be known, also before the first backward.
    """

    def __init__(self, root: Value, order: Sequence[Value], seed: float | None = None) -> None:
        self.root, self.order, self.adjoints = root, order, adjoints(root, order, seed)
        self.seeded = seed is not None

    def reached(self, node: Value) -> bool:
        """Whether the gradient is known: backward has visited the node, or cannot reach it.

        Between the two a graph is drawn if code calls ``_backward()`` node by node, as the micrograd lecture does.
        """
        return self.seeded or (self.root.has_grad and (node.has_grad or node not in self.adjoints))

    def gradient(self, node: Value) -> float | None:
        """The derivative of the root by ``node``; 0 if no gradient flows to it, None if it is not known yet."""
        return self.adjoints.get(node, 0.0) if self.reached(node) else None

    def arrows(self, keys: Mapping[Value, str], folded: Container[str] = ()) -> list[Arrow]:
        """All arrows, ordered by creation of the consumer.

        keys: the key of each node's card; nodes without one are in a box. folded: the keys of module cards.
        """
        arrows: dict[tuple[str, str, int], Arrow] = {}
        bundles: dict[tuple[str, str, int], list[float]] = {}      # count, total
        targets: dict[tuple[str, str, int], set[Value]] = {}
        flowing: set[tuple[str, str, int]] = set()
        for node in self.order:
            consumer = _card_key(node, keys)
            uses = Counter(map(id, node.args))
            for place, (arg, slope) in enumerate(zip(node.args, node.partials, strict=True)):
                if not isinstance(arg, Value):
                    continue
                operand = _card_key(arg, keys)
                if consumer == operand:         # inside one box or card
                    continue
                single = (node in keys and arg in keys and uses[id(arg)] <= MAX_PARALLEL
                          and consumer not in folded and operand not in folded)
                route = consumer, operand, place if single else -1
                arrow = self._arrow(consumer, operand, node, arg, slope)
                if uses[id(arg)] > 1:
                    arrow = replace(arrow, place=place + 1)
                arrows.setdefault(route, arrow)
                if not single:
                    bundle = bundles.setdefault(route, [0, 0.0])
                    bundle[0] += 1
                    targets.setdefault(route, set()).add(arg)
                    if arrow.flows:
                        flowing.add(route)
                    # nan: one contribution that is not known yet makes the total unknown
                    bundle[1] += math.nan if arrow.contribution is None else arrow.contribution
        for route, (count, total) in bundles.items():
            if count > 1 or route[0] in folded:
                # contributions to different nodes of a box have no meaningful sum
                known = (route[1] not in (INPUTS, OPERATIONS) and len(targets[route]) == 1
                         and arrows[route].contribution is not None)
                arrows[route] = replace(arrows[route], partial=None, upstream=None, place=None, flows=route in flowing,
                                        contribution=total if known else None, count=int(count))
        return list(arrows.values())

    def _arrow(self, consumer: str, operand: str, node: Value, arg: Value, slope: float | None) -> Arrow:
        """The arrow from ``node`` to its operand ``arg``, with the local partial ``slope``."""
        if not self.reached(node) or not self.reached(arg):
            return Arrow(consumer, operand, slope, None, None, flows=slope is not None)
        upstream = self.adjoints.get(node)
        if slope is not None and upstream is not None:
            return Arrow(consumer, operand, slope, upstream, upstream * slope)
        return Arrow(consumer, operand, slope, None, 0.0, flows=False)      # 0, although inf × 0 is nan


def _card_key(node: Value, keys: Mapping[Value, str]) -> str:
    """The key of the node's card, or of its box."""
    return keys.get(node) or (INPUTS if node.op is None else OPERATIONS)
