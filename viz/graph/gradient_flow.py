"""What flows back along each operand of each operation, and how much of it arrives."""

import math
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from autograd import Value

PARALLEL = 4        # arrows between the same two cards that are drawn one by one
INPUTS, OPERATIONS = "inputs", "operations"     # the boxes of what is folded away


@dataclass(frozen=True)
class Arrow:
    """One operand of one operation; or several between the same two cards, drawn as one."""

    consumer: str
    operand: str
    partial: float | None           # None for several
    upstream: float | None          # None before backward, and where no product was formed
    contribution: float | None      # None before backward, and for several into a box
    count: int = 1


def adjoint(root: Value, order: Sequence[Value]) -> dict[Value, float]:
    """The gradient of the root by each node that it flows to, times the root's own ``grad``.

    Recomputed and not read from ``grad``, because a picture is about one root, while a leaf's
    ``grad`` adds up over all backward calls. Empty before the first.
    """
    if not root.has_grad:
        return {}
    adjoints = {root: root.grad}
    for node in reversed(order):        # users before operands, as backward goes
        upstream = adjoints.get(node)
        if upstream is None:
            continue
        for arg, slope in zip(node.args, node.partials, strict=True):
            if slope is not None and isinstance(arg, Value):
                adjoints[arg] = adjoints[arg] + upstream * slope if arg in adjoints else upstream * slope
    return adjoints


class Flow:
    """The gradients of one root, and the arrows that carry them between cards."""

    def __init__(self, root: Value, order: Sequence[Value], adjoints: Mapping[Value, float]) -> None:
        self.root, self.order, self.adjoints = root, order, adjoints

    def reached(self, node: Value) -> bool:
        """Whether its gradient is known: backward came here, or cannot come here.

        Code of the well-known lecture calls ``_backward()`` node by node and draws in between.
        """
        return self.root.has_grad and (node.has_grad or node not in self.adjoints)

    def gradient(self, node: Value) -> float | None:
        """The gradient by ``node``; 0 where nothing flows, None where it is not known yet."""
        return self.adjoints.get(node, 0.0) if self.reached(node) else None

    def arrows(self, keys: Mapping[Value, str], folded: Container[str] = ()) -> list[Arrow]:
        """Every arrow, by creation of the consumer, which is how a gradient row adds up.

        keys: the key of each card; what has none is in a box. folded: the keys of cards of many nodes.
        """
        arrows: dict[tuple[str, str, int], Arrow] = {}
        bundles: dict[tuple[str, str, int], list[float]] = {}      # count, total
        targets: dict[tuple[str, str, int], set[Value]] = {}
        for node in self.order:
            consumer = key(node, keys)
            often = Counter(map(id, node.args)) if len(node.args) > PARALLEL else {}
            for place, (arg, slope) in enumerate(zip(node.args, node.partials, strict=True)):
                if not isinstance(arg, Value):
                    continue
                operand = key(arg, keys)
                if consumer == operand:         # inside the box
                    continue
                single = (node in keys and arg in keys and often.get(id(arg), 1) <= PARALLEL
                          and consumer not in folded and operand not in folded)
                route = consumer, operand, place if single else -1
                arrow = self.arrow(consumer, operand, node, arg, slope)
                arrows.setdefault(route, arrow)
                if not single:
                    bundle = bundles.setdefault(route, [0, 0.0])
                    bundle[0] += 1
                    targets.setdefault(route, set()).add(arg)
                    # nan: one that is not known yet leaves the total unknown
                    bundle[1] += math.nan if arrow.contribution is None else arrow.contribution
        for route, (count, total) in bundles.items():
            if count > 1 or route[0] in folded:
                # contributions to different nodes, which a box holds, do not add up to anything
                known = (route[1] not in (INPUTS, OPERATIONS) and len(targets[route]) == 1
                         and arrows[route].contribution is not None)
                arrows[route] = replace(arrows[route], partial=None, upstream=None,
                                        contribution=total if known else None, count=int(count))
        return list(arrows.values())

    def arrow(self, consumer: str, operand: str, node: Value, arg: Value, slope: float | None) -> Arrow:
        """What flows from ``node`` to one of its operands, by the local partial ``slope``."""
        local = slope or 0.0
        if not self.reached(node) or not self.reached(arg):
            return Arrow(consumer, operand, local, None, None)
        upstream = self.adjoints.get(node)
        if slope is not None and upstream is not None:
            return Arrow(consumer, operand, local, upstream, upstream * slope)
        upstream = upstream or 0.0      # nothing flows, and that is 0 where inf × 0 is not
        return Arrow(consumer, operand, local, upstream if upstream * local == 0.0 else None, 0.0)


def key(node: Value, keys: Mapping[Value, str]) -> str:
    """The key of its card, or of the box that it is in."""
    return keys.get(node) or (INPUTS if node.op is None else OPERATIONS)
