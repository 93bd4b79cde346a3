"""vmap as a plain loop over rows: in traces and derivatives, with Values or Duals, and where rows differ in kind."""

import sys
from array import array
from collections.abc import Callable, Sequence
from functools import partial
from math import prod
from typing import Any

from autograd.batch.columns import axis_first
from autograd.batch.reader import Reader
from autograd.batch.results import Block, Layout, shaped
from autograd.compiler.derivatives import trace_and_differentiate
from autograd.compiler.interpreter import run_eagerly
from autograd.ops.ieee import number
from autograd.transforms.arrays import make_array
from autograd.transforms.containers import rebuilt
from autograd.transforms.pytree import flatten, innermost, unpack
from autograd.transforms.reverse import Transform

RowOf = Callable[[int], Any]


class RowsOf(Reader):
    """The arguments as functions that give what row i has; of no rows, what a row of ones has."""

    def row(self, i: int) -> tuple[list[Any], dict[str, Any]]:
        """A row as the function gets it."""
        return [part(i) for part in self.args], {key: part(i) for key, part in self.kwargs.items()}

    def static(self, x: Any) -> RowOf:
        """The same for each row."""
        return lambda i: x

    def share(self, x: Any, name: str) -> RowOf:
        """The same for each row."""
        self.numbers += len(flatten(x, argument=True)[0])
        return lambda i: x

    def together(self, x: Any, items: Sequence[RowOf]) -> RowOf:
        """A container of the items' rows."""
        def row(i: int) -> Any:
            parts = [part(i) for part in items]
            return tuple(parts) if type(x) is tuple else parts if isinstance(x, (list, range)) else \
                rebuilt(x, parts, argument=True)

        return row

    def array(self, x: Any, axis: int, name: str) -> RowOf:
        """Numbers or rows of the array."""
        x = x.transpose(axis_first(axis, x.shape, name))
        return self._rows(x.tolist() if x.ndim == 1 else x, name)

    def buffer(self, x: Any, axis: int, name: str) -> RowOf:
        """Numbers or nested lists."""
        return self.list(memoryview(x).tolist(), axis, name)

    def list(self, x: Sequence[Any], axis: int, name: str) -> RowOf:
        """Its items, or those along another axis."""
        if axis:
            shape, inner = [len(x)], x
            while inner and isinstance(inner[0], (list, tuple)):
                inner = inner[0]
                shape.append(len(inner))
            x = _transposed(x, axis_first(axis, shape, name)[0])
        return self._rows(x, name)

    def _rows(self, rows: Sequence[Any], name: str) -> RowOf:
        if not len(rows):
            shape = getattr(rows, "shape", (0,))[1:]
            ones = make_array([1.0] * prod(shape), shape) if shape else 1.0
        self.counts(len(rows), len(flatten(rows[0] if len(rows) else ones, argument=True)[0]), name)
        return rows.__getitem__ if len(rows) else lambda i: ones


def _transposed(x: Sequence[Any], axis: int) -> Sequence[Any]:
    """Nested lists with this axis first."""
    return [*map(list, zip(*[_transposed(row, axis - 1) for row in x], strict=True))] if axis else x


class RowResults:
    """The numbers of each row's result, and their layout.

    plain: without the Values that the function captures. compiled: the function that takes a row; else it runs eagerly.
    """

    def __init__(self, batched: Any, args: Sequence[Any], kwargs: dict[str, Any], plain: bool = False,
                 compiled: Any = None) -> None:
        f, rows = batched.function, RowsOf(batched.in_axes, args, kwargs)
        run = compiled or partial(run_eagerly, f)
        self.count = rows.count
        self.outs: list[list[Any]] = []
        try:
            kept = _kept(f, rows) if batched.reduce else frozenset[int]()
            first = run(*rows.row(0))
        except Exception as error:
            if rows.count:
                raise
            raise batched.without_rows(error) from error
        for i in range(max(rows.count, 1)):
            items, rebuild = unpack(run(*rows.row(i)) if i else first)
            summed = frozenset(range(len(items))) - kept if batched.reduce else kept
            layout = Layout(rebuild([float(k) for k in range(len(items))]), summed)
            if not i:
                self.layout = layout
            elif layout != self.layout:
                batched.refuse_structure(i)
            self.outs.append([number(innermost(x), "vmap") for x in items] if plain else
                             [float(x) if x.__class__ is bool else x for x in items])
        del self.outs[rows.count:]

    def blocks(self) -> list[Any]:
        """Arrays with a row for each row."""
        return [_block(block, [[items[place] for place in block.places] for items in self.outs])
                for block in self.layout.blocks]


def _kept(f: Any, rows: RowsOf) -> frozenset[int]:
    """The outputs that are derivatives by numbers that rows do not share."""
    f = getattr(f, "_traceable", f)
    if not isinstance(f, Transform):
        return frozenset()
    args, kwargs = rows.row(0)
    varying = frozenset(range(rows.numbers)) - rows.shared()
    by = trace_and_differentiate(f, args, kwargs).by      # a trace knows
    return frozenset([k for k, inputs in enumerate(by) if not inputs.isdisjoint(varying)])


def _block(block: Block, rows: list[list[Any]]) -> Any:
    """An array of numbers or of Values; without NumPy a buffer of numbers, or lists of Values."""
    items, shape = [x for row in rows for x in row], (len(rows), *block.shape)
    if "numpy" in sys.modules:
        return make_array(items, shape)
    if all(x.__class__ is float for x in items):
        return shaped(array("d", items), shape)
    for size in shape[:0:-1]:
        items = [items[i:i + size] for i in range(0, len(items), size)]
    return items
