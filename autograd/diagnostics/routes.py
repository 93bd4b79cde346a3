"""Paths of a gradient from an output back to an input: their number, and the largest ones first."""

import math
import sys
from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count, islice
from typing import Any, NamedTuple

from autograd.diagnostics.listed_paths import Path, Paths
from autograd.graph.value import Value, topological_order

DIGITS = 10     # of the logarithms that rank unfinished paths
HELD = 16       # finished paths that wait for others of equal size


def edges(node: Value) -> list[tuple[Value, float, int]]:
    """The operands that receive gradient from ``node``, with local partials and places; ``x + x`` has two."""
    return [(arg, slope, place) for place, (arg, slope) in enumerate(zip(node.args, node.partials, strict=True))
            if slope is not None and isinstance(arg, Value)]


def _check(output: Value, input: Value | None = None) -> None:
    for value in (output,) if input is None else (output, input):
        if not isinstance(value, Value):
            raise TypeError(f"paths: expected Values, not {type(value).__name__}")


def count_paths(output: Value, input: Value) -> int:
    """The exact number of paths from ``input`` to ``output``; takes time linear in the size of the graph.

    >>> y = x = Value(1.0)
    >>> for _ in range(1000):
    ...     y = y + y
    >>> count_paths(y, x) == 2**1000
    True
    """
    _check(output, input)
    ways = {output: 1}
    for node in reversed(topological_order(output)):
        if node is input:
            break
        count = ways.pop(node, 0)       # no longer needed, and it may have thousands of digits
        for arg, *_ in edges(node) if count else ():
            ways[arg] = ways.get(arg, 0) + count
    return ways.get(input, 0)


def paths(output: Value, input: Value, top: int | None = None, *, labels: bool = True) -> Paths:
    """The paths from ``input`` to ``output``, the largest product by magnitude first: a lazy sequence.

    It shows itself as text, gives ``[i]`` and slices, and may be iterated again and again; `next` gives one after
    another. ``print(path)`` is the line of the command.

    labels: whether the text calls Values without a label by the caller's variables; see `variable_names`.
    top: stop after this many. The products of all paths sum to the gradient. Best-first search: an unfinished path
    is ranked by its product times the largest product of any continuation, so the first k cost about k times the
    length of a path, however many paths there are.

    >>> a, b = Value(2), Value(1)
    >>> [path.product for path in paths((a + b) * (b + 1), b)]
    [3.0, 2.0]
    >>> x = Value(3)
    >>> y = x * x + x
    >>> paths(y, x)
    x -> * (operand 1) -> y   3 × 1 = 3
    x -> * (operand 2) -> y   3 × 1 = 3
    x -> y                            1
    """
    _check(output, input)
    if top is not None and (not isinstance(top, int) or top < 0):
        raise ValueError(f"paths: top={top!r}; give how many paths are wanted, or None for all")

    def total() -> int:
        found = count_paths(output, input)
        return found if top is None else min(found, top)

    most = None if top is None else min(top, sys.maxsize)
    return Paths(lambda: islice(_best_first(output, input), most), total, labels)


def _best_first(output: Value, input: Value) -> Iterator[Path]:
    reach = {input: 0.0}        # log of the largest |product| from input to the node
    for node in topological_order(output):
        for arg, slope, _ in edges(node) if node is not input else ():
            if arg in reach:
                reach[node] = max(reach.get(node, -math.inf), _add(_size(slope), reach[arg]))
    if output not in reach:
        return
    # (minus the bound, tie-breaker, node, log size so far, steps); a step is (node, partial, place, step before).
    # Bounds are sums of logarithms, so they are rounded; of equal ones the newest comes first, which leads straight to
    # the input. Some finished paths are held back, to be sorted by their products.
    largest = max((abs(size) for size in reach.values() if math.isfinite(size)), default=0.0)
    digits = DIGITS - len(str(int(largest)))
    newest = count(0, -1)
    unfinished: list[Any] = [(0.0, next(newest), output, 0.0, None)]
    finished: list[tuple[float, int, Path]] = []
    while unfinished or finished:
        while unfinished and len(finished) < HELD and (
                not finished or unfinished[0][0] <= finished[0][0] + 10.0 ** (1 - digits)):
            _, _, node, size, steps = heappop(unfinished)
            if node is input:
                path = _finish(input, steps)
                heappush(finished, (-_size(path.product) if path.product else -size, -next(newest), path))
                continue
            for arg, slope, place in reversed(edges(node)):     # the first operand is the newest
                if arg in reach:
                    grown = _add(size, _size(slope))
                    bound = _add(grown, reach[arg])
                    heappush(unfinished, (-round(bound, digits), next(newest), arg, grown,
                                          (node, slope, place, steps)))
        yield heappop(finished)[2]


def _finish(input: Value, steps: Any) -> Path:
    nodes, partials, operands = [input], [], []
    while steps is not None:
        node, slope, place, steps = steps
        nodes.append(node)
        partials.append(slope)
        operands.append(place)
    product = 1.0
    for slope in reversed(partials):    # from the output backwards, as the gradient itself
        product = product * slope
    return Path(tuple(nodes), tuple(partials), product, tuple(operands))


def _size(slope: float) -> float:
    """log |slope|, with nan ranked as infinite."""
    return -math.inf if slope == 0 else math.inf if math.isnan(slope) else math.log(abs(slope))


def _add(a: float, b: float) -> float:
    total = a + b
    return math.inf if math.isnan(total) else total     # 0 x inf is nan: rank it first


class Accumulation(NamedTuple):
    """The number of edges that forward and reverse accumulation visit."""

    forward: int
    reverse: int


def accumulation(output: Value) -> Accumulation:
    """Edges visited for the derivatives by every leaf: forward once per leaf below, reverse once.

    >>> a, b = Value(2), Value(1)
    >>> accumulation((a + b) * (b + 1))
    Accumulation(forward=6, reverse=5)
    """
    _check(output)
    below: dict[Value, int] = {}    # the leaves below a node, as bits
    leaves, forward, reverse = 0, 0, 0
    for node in topological_order(output):
        if node.op is None:
            below[node] = 1 << leaves
            leaves += 1
            continue
        below[node] = 0
        for arg, *_ in edges(node):
            below[node] |= below[arg]
            forward += below[arg].bit_count()
            reverse += 1
    return Accumulation(forward, reverse)
