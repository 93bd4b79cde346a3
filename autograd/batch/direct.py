"""Direct calls: machine code takes the arguments of a small batch as they are, and makes the result.

A batch of some hundred rows runs in less time than Python needs to look at its arguments. So a call like an earlier one
goes to one function of machine code. Other calls get None from it, and go the usual way.
"""

import sys
from array import array
from collections.abc import Callable, Sequence
from ctypes import c_void_p
from itertools import count
from typing import Any

from autograd.batch.reader import Reader
from autograd.batch.results import Block, Totals
from autograd.batch.results import Layout as Results
from autograd.batch.run import Run
from autograd.batch.version import Version
from autograd.graph.value import Value
from autograd.lower.layout import BatchLayout, CallLayout, Fixed, Layout, Nested, Row, Table
from autograd.transforms.arrays import is_ndarray

MOST = 4            # kinds of calls
LARGE = 2**14       # numbers in the arguments and in the result, from which on their copies would take time


class UnfitError(Exception):
    """Machine code does not know an object of the call."""


class DirectCalls:
    """The functions for the kinds of calls that came more than once."""

    def __init__(self) -> None:
        self.calls: tuple[Callable[[tuple[Any, ...]], Any], ...] = ()
        self._seen: dict[Any, int] = {}

    def note(self, batched: Any, run: Run, args: Sequence[Any]) -> None:
        """A call goes the usual way; the second one of a kind gets its function."""
        root: Version = run.root
        if len(self.calls) >= MOST or len(self._seen) >= 8 * MOST or root.mentions or root.can_fail:
            return
        if batched.fast and batched.reduce and run.arguments.count > root.rows_of_a_sum():
            return
        if run.turn < run.arguments.count:      # Python has to see signals in between
            return
        kind = root, run.arguments.count, *map(type, args)
        times = self._seen[kind] = self._seen.get(kind, 0) + 1
        made = direct_call(batched, run, args) if times == 2 else None
        if made:
            self.calls += (made,)


def direct_call(batched: Any, run: Run, args: Sequence[Any]) -> Any:
    """The function for calls like this one; None where there is none."""
    make = getattr(run.root.lanes(), "batch", None)
    rows, outputs = run.arguments.count, len(run.root.trace.program.outputs)
    size = rows * sum([len(block.places) for block in run.layout.blocks]) + len(run.layout.sums)
    given = len(run.arguments.columns) // 2 - len(run.arguments.same)
    if make is None or not rows or rows * given > LARGE or size > LARGE:
        return None
    captured = run.root.captured
    try:
        places = Places(batched.in_axes, args, {})
        offset = _offset(captured)
        found = array("q", (-1, 0)) * outputs
        result = _Result(run.layout, rows, found).layout
    except UnfitError:
        return None
    layout = BatchLayout(CallLayout(Nested(tuple, places.args), result), places.columns, found, places.size, size,
                         len(run.layout.sums), rows, rows if batched.reduce == "mean" else 1)
    return make(layout, captured, offset)


def _offset(captured: Sequence[Value]) -> int:
    """Where Values hold their numbers, in bytes."""
    if not captured:
        return 0
    members = c_void_p.from_address(id(Value.__dict__["_data"]) + object.__basicsize__ + 24).value or 0
    offset = c_void_p.from_address(members + 16).value or 0     # of Python's PyMemberDef
    if not 0 < offset < Value.__basicsize__ or any(
            c_void_p.from_address(id(x) + offset).value != id(x._data) for x in captured):
        raise UnfitError
    return offset


class Places(Reader):
    """The places of the numbers of all arguments, one after the other.

    columns: for each number of a row its place in row 0, and how many places further it is in the next one.
    """

    def __init__(self, in_axes: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> None:
        self.columns, self.size = array("q"), 0
        super().__init__(in_axes, args, kwargs)

    def static(self, x: Any) -> Any:
        """No object without numbers."""
        raise UnfitError

    def share(self, x: Any, name: str) -> Layout:
        """Its layout."""
        first, found = self.size, self._layout(x)
        self.numbers += self.size - first
        for place in range(first, self.size):
            self.columns.extend((place, 0))
        return found

    def array(self, x: Any, axis: int, name: str) -> Layout:
        """Its layout."""
        return self._rows(x, axis, name)

    def list(self, x: Sequence[Any], axis: int, name: str) -> Layout:
        """Its layout."""
        return self._rows(x, axis, name)

    def buffer(self, x: Any, axis: int, name: str) -> Layout:
        """Not without NumPy."""
        raise UnfitError

    def together(self, x: Any, items: Sequence[Any]) -> Layout:
        """Only lists and tuples."""
        if type(x) not in (list, tuple):
            raise UnfitError
        return Nested(type(x), items)

    def _rows(self, x: Any, axis: int, name: str) -> Layout:
        first, found = self.size, self._layout(x)
        k = (self.size - first) // len(x)
        if axis != 0 or found.__class__ is int:
            raise UnfitError
        self.counts(len(x), k, name)
        for place in range(first, first + k):
            self.columns.extend((place, k))
        return found

    def _layout(self, x: Any) -> Layout:
        first = self.size
        if x.__class__ is float or x.__class__ is int:
            self.size += 1
            return first
        if is_ndarray(x) and x.dtype.kind in "iuf" and x.ndim and (x.ndim == 1 or x.flags.c_contiguous):
            self.size += x.size
            return Table(x.shape, first)
        if x.__class__ is not list and x.__class__ is not tuple:
            raise UnfitError
        if set(map(type, x)) <= {float, int}:
            self.size += len(x)
            return Row(x.__class__, len(x), first)
        return Nested(x.__class__, [self._layout(item) for item in x])


class _Result:
    """The layout of a batch's result: the sums, then the blocks of all rows; found: as of `BatchLayout`, is filled."""

    def __init__(self, results: Results, rows: int, found: "array[int]") -> None:
        self.rows, self.found, self.size = rows, found, len(results.sums)
        self.layout: Layout = self._lay(results._row, results.tree)

    def _lay(self, x: Any, tree: Any) -> Any:
        if tree.__class__ is Totals:
            return self._totals(*tree)
        if tree.__class__ is Block:
            return self._block(*tree)
        if type(x) in (list, tuple, dict):
            inside = x.values() if isinstance(x, dict) else x
            return Nested(type(x), [*map(self._lay, inside, tree.items)], [*x] if isinstance(x, dict) else ())
        if x is None or isinstance(x, str):
            return Fixed(x)
        raise UnfitError

    def _totals(self, places: Sequence[int], shape: tuple[int, ...] | None) -> Any:
        if shape == ():
            return places[0]
        if not isinstance(places, range):
            if shape is None:
                return Nested(list, places)
            raise UnfitError
        return Row(list, len(places), places[0]) if shape is None else Table(shape, places[0])

    def _block(self, places: Sequence[int], shape: tuple[int, ...]) -> Any:
        if "numpy" not in sys.modules:
            raise UnfitError
        first = self.size
        self.size += self.rows * len(places)
        for i, place in zip(count(first), places, strict=False):
            self.found[2 * place:2 * place + 2] = array("q", (i, len(places)))
        return Table((self.rows, *shape), first)
