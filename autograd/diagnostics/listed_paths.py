"""Path and Paths: a path with its text, and the sequence of all paths, which finds each when it is asked for."""

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, zip_longest
from typing import NamedTuple, overload

from autograd.diagnostics.caller_names import variable_names
from autograd.graph.value import Value

MAX_NODES = 12  # nodes of a path that its text names
SHOWN = 10      # paths in the text of all


class _Fields(NamedTuple):
    nodes: tuple[Value, ...]
    partials: tuple[float, ...]
    product: float
    operands: tuple[int, ...] = ()


class Path(_Fields):
    """One path: its nodes from input to output, the local partial of each step, and their product.

    operands: which operand of its consumer each node is, from 0. It tells the two paths of ``x * x`` apart.
    names: of the nodes, for the text; an empty one is the label, the sign of the operation or the number.
    """

    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        route, factors, product = self.columns()
        return f"{route}   {factors}{product}"

    def columns(self, place: str = " (operand {})") -> tuple[str, str, str]:
        """The route, the partials and their product as text; of a long path the first and the last nodes.

        place: written behind a node that has the node before it as several operands. A single partial is the product,
        and is not written twice.

        >>> x = Value(3.0, label="x")
        >>> y = x * x
        >>> Path((x, y), (3.0,), 3.0, (1,)).columns(), Path((x, y, y + 1.0), (3.0, 1.0), 3.0, (0, 0)).columns()
        (('x -> * (operand 2)', '', '3'), ('x -> * (operand 1) -> +', '3 × 1 = ', '3'))
        """
        steps = [name or _title(node) for name, node in zip_longest(self.names, self.nodes)]
        for i, (arg, node, operand) in enumerate(zip(self.nodes, self.nodes[1:], self.operands, strict=False), 1):
            if sum(other is arg for other in node.args) > 1:
                steps[i] += place.format(operand + 1)
        factors = _elided([_digits(x) for x in self.partials], " × ") + " = " if len(self.partials) > 1 else ""
        return _elided(steps, " -> "), factors, _digits(self.product)


def _title(node: Value) -> str:
    """The label of a node, else its op or its number."""
    return node.label or (node.op.infix or node.op.name if node.op else _digits(node._data))


def _digits(x: float) -> str:
    return f"{x + 0.0:.10g}"


def _elided(items: Sequence[str], sign: str) -> str:
    if len(items) > MAX_NODES:
        items = [*items[:MAX_NODES // 2], "...", *items[1 - MAX_NODES // 2:]]
    return sign.join(items)


class Paths(Sequence[Path]):
    """The paths between two nodes, each found when it is asked for; `next` gives one after another."""

    def __init__(self, search: Callable[[], Iterator[Path]], count: Callable[[], int], labels: bool = True) -> None:
        """search: begins to find them, the first one first. count: of all. labels: name Values as the caller."""
        variables = variable_names() if labels else {}

        def named() -> Iterator[Path]:
            for path in search():
                path.names = tuple(node.label or variables.get(id(node), "") for node in path.nodes)
                yield path

        self._begin, self._count = named if variables else search, count
        self._search = self._begin()    # for indices, and its paths so far
        self._found: list[Path] = []
        self._given = 0                 # by `next`

    def __iter__(self) -> Iterator[Path]:
        return self._begin()

    def __len__(self) -> int:
        return self.total

    def __bool__(self) -> bool:
        return self.total > 0

    @property
    def total(self) -> int:
        """How many there are; ``len`` says so too, but not beyond 2**63."""
        return self._count()

    @overload
    def __getitem__(self, index: int) -> Path: ...
    @overload
    def __getitem__(self, index: slice) -> list[Path]: ...

    def __getitem__(self, index: int | slice) -> Path | list[Path]:
        if isinstance(index, slice):
            chosen = range(*index.indices(self.total))
            if chosen:
                self._check(max(chosen[0], chosen[-1]))
            return [self[i] for i in chosen]
        place = index if index >= 0 else index + self.total
        self._check(place)
        if 0 <= place < sys.maxsize:
            self._found += islice(self._search, max(0, place + 1 - len(self._found)))
        if not 0 <= place < len(self._found):
            raise IndexError(f"paths: there is no path {index} among {self.total}")
        return self._found[place]

    def _check(self, place: int) -> None:
        if sys.maxsize <= place < self.total:
            raise OverflowError("paths: to find this one, all before it are found first, which are more than a list "
                                "can hold; take the largest ones, as paths(...)[:10], and their number as .total")

    def __next__(self) -> Path:
        try:
            path = self[self._given]
        except IndexError:
            raise StopIteration from None
        self._given += 1
        return path

    def __repr__(self) -> str:
        rows = [path.columns() for path in islice(self, SHOWN)]
        widths = [max(len(row[i]) for row in rows) for i in (0, 1)] if rows else []
        lines = [f"{route:{widths[0]}}   {factors:>{widths[1]}}{product}" for route, factors, product in rows]
        total = self.total
        if total > len(rows):
            # Python writes no number of more than 4300 digits
            shown = total if total < 10**15 else f"about 10**{int(math.log10(total))}"
            lines.append(f"... {shown} in all")
        return "\n".join(lines) or "no path: no gradient flows"
