"""In which order nodes were created, and which nodes feed others."""

from collections.abc import Iterable
from itertools import count
from operator import attrgetter
from typing import Any

from autograd.ops.operand import Operand

serials = count(1)              # of creation: an operand is always older than what uses it


def feeding(roots: Iterable[Any], since: int = 0) -> list[Any]:
    """Every Value that feeds one of ``roots``, in order of creation; only those created at ``since`` or later."""
    order: list[Any] = list(dict.fromkeys(roots))
    found = set(order)
    for node in order:          # grows as it is read
        for arg in node.args:       # Values and floats
            if isinstance(arg, Operand) and arg not in found and arg._serial >= since:     # type: ignore[attr-defined]
                found.add(arg)
                order.append(arg)
    return sorted(order, key=attrgetter("_serial"))


def reassigned(nodes: Iterable[Any]) -> set[Any]:
    """The leaves that were given another number after one of ``nodes`` had been computed from them."""
    return {arg for node in nodes for arg in node.args
            if isinstance(arg, Operand) and arg.assigned_since(node)}       # type: ignore[attr-defined]
