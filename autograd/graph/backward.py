"""Reverse accumulation in floats: the one loop that has to be fast."""

from typing import Any


def sweep(root: Any, seed: float) -> tuple[dict[Any, float], dict[Any, float]]:
    """The adjoints of the computed nodes that feed ``root``, and those of the leaves.

    Newest first is a topological order: whoever uses a node is younger than the node. The nodes
    met but not yet finished wait under their serials; we count downwards, and where the serials
    have a long gap, jump to the youngest. Nothing is sorted, marked or written to a node.
    """
    if root._a is None:
        return {}, {root: seed}
    adjoints = {root: seed}
    leaves: dict[Any, float] = {}     # -0.0 + x is x, to the sign of zero
    waiting: dict[int, Any] = {}
    get, pop = leaves.get, waiting.pop
    node: Any = root
    adjoint, serial = seed, root._serial - 1
    following, misses = None, 0
    while True:
        slope = node._da
        if slope is not None:
            operand = node._a
            if operand._a is None:
                leaves[operand] = get(operand, -0.0) + adjoint * slope
            elif operand in adjoints:
                adjoints[operand] += adjoint * slope
            else:
                adjoints[operand] = part = adjoint * slope
                if operand._serial == serial:
                    following, flow = operand, part         # the usual case, without a detour over `waiting`
                else:
                    waiting[operand._serial] = operand
        elif node._a.__class__ is tuple:
            for operand, slope in zip(node._a, node._b):    # noqa: B905 (one per operand, by construction)
                if slope is None:
                    continue
                if operand._a is None:
                    leaves[operand] = get(operand, -0.0) + adjoint * slope
                elif operand in adjoints:
                    adjoints[operand] += adjoint * slope
                else:
                    adjoints[operand] = adjoint * slope
                    waiting[operand._serial] = operand
        slope = node._db
        if slope is not None:
            operand = node._b
            if operand._a is None:
                leaves[operand] = get(operand, -0.0) + adjoint * slope
            elif operand in adjoints:
                adjoints[operand] += adjoint * slope
                if operand is following:        # x * x
                    flow = adjoints[operand]
            else:
                adjoints[operand] = part = adjoint * slope
                if operand._serial == serial:
                    following, flow = operand, part
                else:
                    waiting[operand._serial] = operand
        if following is not None:
            node, adjoint = following, flow
            serial -= 1
            following = None
            continue
        if not waiting:
            return adjoints, leaves
        node = pop(serial, None)
        while node is None:
            misses += 1
            if misses > len(waiting):       # as many steps as a look at all of them would cost
                serial, misses = max(waiting), 0
            else:
                serial -= 1
            node = pop(serial, None)
        adjoint = adjoints[node]
        serial -= 1
