"""The order in which contributions arrive on the way back, which is the order of the terms of a sum."""

from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush

from autograd import Value
from viz.graph.gradient_flow import Arrow

Times = Mapping[tuple[Value, int], int]     # by consumer and place of the operand, counted from 1


def way_back(root: Value, order: Sequence[Value], reached: Mapping[Value, float],
             youngest: bool = False) -> dict[tuple[Value, int], int]:
    """When each contribution arrives, one after another. reached: the nodes that gradient flows to.

    A node passes its gradient on when all its consumers have: of those that are ready, the one that was created first;
    or, where youngest is True, the last, as in the engine's own sweep.

    >>> a, b = Value(2.0), Value(1.0)
    >>> e = (a + b) * (b + 1)
    >>> c, d = e.args
    >>> times = way_back(e, [a, b, c, d, e], dict.fromkeys([a, b, c, d, e], 1.0))
    >>> [times[arrow] for arrow in ((e, 0), (e, 1), (c, 0), (c, 1), (d, 0))]
    [1, 2, 3, 4, 5]
    """
    number = {node: -i if youngest else i for i, node in enumerate(order)}
    waiting_for: dict[Value, int] = {}
    for node in order:
        for arg in node.args if node in reached else ():
            if isinstance(arg, Value):
                waiting_for[arg] = waiting_for.get(arg, 0) + 1
    times: dict[tuple[Value, int], int] = {}
    ready = [(number[root], root)]
    while ready:
        _, node = heappop(ready)
        for place, arg in enumerate(node.args):
            if isinstance(arg, Value):
                times[node, place] = len(times) + 1
                waiting_for[arg] -= 1
                if not waiting_for[arg] and arg in reached:
                    heappush(ready, (number[arg], arg))
    return times


class Arrivals:
    """When the arrows between cards bring their contributions; of many in one arrow, the last one."""

    def __init__(self, keys: Mapping[Value, str], times: Times) -> None:
        self._last: dict[tuple[str, str, int | None], int] = {}
        for node, key in keys.items():
            for place, arg in enumerate(node.args):
                operand = keys.get(arg) if isinstance(arg, Value) else None
                if operand is None or operand == key or (node, place) not in times:
                    continue
                at = times[node, place]
                for route in ((key, operand, place + 1), (key, operand, None)):
                    self._last[route] = max(at, self._last.get(route, 0))

    def of(self, arrow: Arrow, otherwise: int) -> int:
        """The moment of one arrow; ``otherwise`` where nothing arrives."""
        last, ends = self._last, (arrow.consumer, arrow.operand)
        return last.get((*ends, arrow.place), last.get((*ends, None), otherwise))

    def terms(self, arrows: Iterable[Arrow]) -> dict[str, list[float]]:
        """The contributions that arrive at each card, in the order in which they do."""
        found: dict[str, list[float]] = {}
        for arrow in sorted(arrows, key=lambda arrow: self.of(arrow, 0)):
            if arrow.contribution is not None and arrow.flows:
                found.setdefault(arrow.operand, []).append(arrow.contribution)
        return found
