"""When each value, and each contribution to a gradient, arrives: the order of the steps of a lesson."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from autograd import Value


@dataclass(frozen=True)
class Timeline:
    """Moments, counted from 0, at which the inputs are there and nothing else.

    First the operations are computed, one at each moment, then the root gets its gradient, then one arrow after
    another brings a contribution, and ``end`` is the moment after the last.
    """

    values: Mapping[Value, int]                     # 0 of an input
    seed: int
    arrows: Mapping[tuple[Value, int], int]         # by consumer and place of the operand; none where nothing arrives
    complete: Mapping[Value, int]                   # when the last contribution has arrived
    end: int


def timeline(root: Value, order: Sequence[Value], reached: Mapping[Value, float], youngest: bool = False) -> Timeline:
    """The moments of all steps. reached: the nodes that gradient flows to; youngest: whether the youngest of the nodes
    that are ready comes first, as in the engine's own sweep.

    Backward, a node passes its gradient on when all its consumers have: of those that are ready, the one that was
    created first. So the terms of a sum mostly arrive in the order in which the card writes them.

    >>> a, b = Value(2.0), Value(1.0)
    >>> e = (a + b) * (b + 1)
    >>> c, d = e.args
    >>> found = timeline(e, [a, b, c, d, e], dict.fromkeys([a, b, c, d, e], 1.0))
    >>> found.seed, [found.arrows[arrow] for arrow in ((e, 0), (e, 1), (c, 0), (c, 1), (d, 0))]
    (4, [5, 6, 7, 8, 9])
    """
    values, now = {}, 0
    for node in order:
        now += node.op is not None
        values[node] = now if node.op is not None else 0
    seed = now = now + 1
    number = {node: -i if youngest else i for i, node in enumerate(order)}
    waiting_for: dict[Value, int] = {}
    for node in order:
        for arg in node.args if node in reached else ():
            if isinstance(arg, Value):
                waiting_for[arg] = waiting_for.get(arg, 0) + 1
    arrows, complete = {}, {root: seed}
    ready = [(number[root], root)]
    while ready:
        _, node = heappop(ready)
        for place, (arg, slope) in enumerate(zip(node.args, node.partials, strict=True)):
            if not isinstance(arg, Value):
                continue
            now += 1
            arrows[node, place] = now
            if slope is not None:
                complete[arg] = now
            waiting_for[arg] -= 1
            if not waiting_for[arg] and arg in reached:
                heappush(ready, (number[arg], arg))
    return Timeline(values, seed, arrows, complete, now + 1)
