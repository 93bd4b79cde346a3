"""Forward accumulation in floats over a recorded graph."""

from collections.abc import Sequence
from typing import Any


def forward_sweep(order: Sequence[Any], leaf: Any) -> dict[Any, float]:
    """The derivatives by ``leaf`` of the nodes in ``order``, operands before users; of those that depend on it."""
    tangents = {leaf: 1.0}
    get = tangents.get
    for node in order:
        total = None
        slope = node._da
        if slope is not None:
            tangent = get(node._a)
            if tangent is not None:
                total = tangent * slope
        elif node._a.__class__ is tuple:
            for operand, slope in zip(node._a, node._b):    # noqa: B905 (one per operand, by construction)
                if slope is not None:
                    tangent = get(operand)
                    if tangent is not None:
                        total = tangent * slope if total is None else total + tangent * slope
        slope = node._db
        if slope is not None:
            tangent = get(node._b)
            if tangent is not None:
                total = tangent * slope if total is None else total + tangent * slope
        if total is not None:
            tangents[node] = total
    return tangents
