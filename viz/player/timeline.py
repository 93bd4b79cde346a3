"""When each value, and each contribution to a gradient, arrives: the order of the steps of a lesson."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograd import Value
from viz.graph.way_back import way_back


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
    """The moments of all steps. reached, youngest: as of `way_back`, which has the order of contributions.

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
    seed = now + 1
    arrows = {arrow: seed + at for arrow, at in way_back(root, order, reached, youngest).items()}
    complete = {root: seed}
    for (node, place), at in arrows.items():        # later ones last
        arg = node.args[place]
        if isinstance(arg, Value) and node.partials[place] is not None:
            complete[arg] = at
    return Timeline(values, seed, arrows, complete, seed + len(arrows) + 1)
