"""The layout of batched results: a number becomes a column, a list or an array another axis behind that of the rows.

Tuples, dicts, NamedTuples, dataclasses and registered classes stay what they are, with batched items; so does a list
of these, or of items of different shapes. With NumPy loaded columns and tables are NumPy arrays; else columns are
``array("d")`` and tables memoryviews of doubles with their shape.
"""

import sys
from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.ops.operand import Operand
from autograd.transforms.arrays import is_array, make_array
from autograd.transforms.containers import exact, is_container, opened, rebuilt
from autograd.transforms.pytree import unpack


class Block(NamedTuple):
    """Outputs that become one array: which, and their shape in a row."""

    places: tuple[int, ...]
    shape: tuple[int, ...]


class Totals(NamedTuple):
    """Outputs that are summed over the rows: their places among these; shape: () of one, None of a list of numbers."""

    places: Sequence[int]
    shape: tuple[int, ...] | None


class Node(NamedTuple):
    """A container of others; key: what else tells two of them apart."""

    kind: type
    key: Any
    items: tuple[Any, ...]


class Layout:
    """The layout of a result, from the result of a row with the place of an output for each number.

    summed: the outputs that are summed; sums: the same in their order. ``==`` compares layouts.
    """

    def __init__(self, row: Any, summed: frozenset[int] = frozenset()) -> None:
        self._row, self.summed, self.sums = row, summed, sorted(summed)
        self._among = {place: i for i, place in enumerate(self.sums)}
        self.order: list[float] = unpack(row)[0]        # the places of a row's numbers, in the order of the result
        self.tree = self._lay(row)
        self.blocks: list[Block] = []
        self._note(self.tree)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Layout) and self.tree == other.tree

    __hash__ = None     # type: ignore[assignment]

    def _lay(self, x: Any) -> Any:
        if x.__class__ is float:
            return Totals((self._among[int(x)],), ()) if int(x) in self.summed else Block((int(x),), ())
        if is_array(x):
            places = tuple(map(int, x.ravel().tolist()))
            if self.summed and not self.summed.isdisjoint(places):
                if not self.summed.issuperset(places):
                    raise ValueError("vmap: reduce: an array holds derivatives by what the rows share and by what they "
                                     "do not; give these as arguments of their own")
                return Totals(_consecutive([self._among[place] for place in places]), x.shape)
            return Block(places, x.shape)
        if is_container(x) or type(x) is tuple:
            items, key = (x, ()) if type(x) is tuple else opened(x, argument=False)
            return Node(type(x), key, tuple(map(self._lay, items)))
        if isinstance(x, (list, tuple)):
            parts = tuple(map(self._lay, x))
            shapes = {part.shape if part.__class__ is Block else None for part in parts}
            if not parts and not self.summed:
                return Block((), (0,))
            if parts and all(part.__class__ is Totals and part.shape == () for part in parts):
                return Totals(_consecutive([part.places[0] for part in parts]), None)
            if len(shapes) == 1 and None not in shapes:
                return Block(tuple([place for part in parts for place in part.places]), (len(parts), *parts[0].shape))
            return Node(type(x), (), parts)
        return Node(type(x), (exact(x), x), ())

    def _note(self, tree: Any) -> None:
        if tree.__class__ is Block:
            self.blocks.append(tree)
        elif tree.__class__ is Node:
            for item in tree.items:
                self._note(item)

    def rebuilt(self, blocks: Sequence[Any], sums: Any = ()) -> Any:
        """The result, of its blocks and of the sums, which are a buffer or a list."""
        if self.tree.__class__ is Block:
            return blocks[0]
        return self._rebuilt(self._row, self.tree, iter(blocks), sums)

    def _rebuilt(self, x: Any, tree: Any, blocks: Any, sums: Any) -> Any:
        if tree.__class__ is Block:
            return next(blocks)
        if tree.__class__ is Totals:
            return _totals(sums, *tree)
        if not tree.items:
            return x
        inside = x if isinstance(x, list) or type(x) is tuple else opened(x, argument=False)[0]
        items = [self._rebuilt(item, part, blocks, sums) for item, part in zip(inside, tree.items, strict=True)]
        return items if isinstance(x, list) else tuple(items) if type(x) is tuple else rebuilt(x, items, argument=False)


def _consecutive(places: list[int]) -> Sequence[int]:
    """The places, as a range where they are one."""
    whole = range(places[0], places[0] + len(places))
    return whole if [*whole] == places else tuple(places)


def _totals(sums: Any, places: Sequence[int], shape: tuple[int, ...] | None) -> Any:
    if shape == ():
        found = sums[places[0]]
        return found if isinstance(found, Operand) else float(found)
    some = sums[places.start:places.stop] if isinstance(places, range) else [sums[i] for i in places]
    if isinstance(some, list):
        some = [x if isinstance(x, Operand) else float(x) for x in some]
        return some if shape is None else make_array(some, shape)
    return some.tolist() if shape is None else sys.modules["numpy"].array(some).reshape(shape)


class Blocks:
    """Memory for the blocks of a result of so many rows."""

    def __init__(self, layout: Layout, count: int, outputs: int) -> None:
        self.arrays: list[Any] = []
        self.found = array("q", bytes(16 * outputs))
        numpy = sys.modules.get("numpy")
        for places, shape in layout.blocks:
            k = len(places)
            if numpy:
                made = numpy.empty((count, *shape))
                start = made.__array_interface__["data"][0] if made.size else 0
            else:
                made = array("d", bytes(8 * count * k))
                start = made.buffer_info()[0] if made else 0
            self.arrays.append(made if numpy else shaped(made, (count, *shape)))
            if not start:
                continue
            if k == 1:
                self.found[2 * places[0]], self.found[2 * places[0] + 1] = start, 8
                continue
            for i, place in enumerate(places):
                self.found[2 * place], self.found[2 * place + 1] = start + 8 * i, 8 * k


def shaped(made: "array[float]", shape: tuple[int, ...]) -> Any:
    """A buffer of doubles as a table of this shape."""
    return memoryview(made).cast("B").cast("d", shape) if len(shape) > 1 and made else made
