"""Call layouts: where each number of a call's arguments and of its result stands, in which Python objects."""

from collections.abc import Sequence
from typing import Any, NamedTuple


class Row(NamedTuple):
    """The layout of numbers one after the other, in a list or a tuple."""

    kind: type
    size: int
    first: int                              # the place of the first number


class Table(NamedTuple):
    """The layout of numbers one after the other, in a NumPy array."""

    shape: tuple[int, ...]
    first: int
    strides: tuple[int, ...] | None = None  # of the array of 8-byte items with this memory order; None for row-major


class Nested(NamedTuple):
    """A list, a tuple or, in results, a dict of other layouts."""

    kind: type
    parts: Sequence[Any]
    keys: Sequence[Any] = ()                # of a dict


class Fixed(NamedTuple):
    """An object that holds no number: an argument has to be this one, a result holds it as it is."""

    value: Any


Layout = int | Row | Table | Nested | Fixed     # an int is one number: its place


class CallLayout(NamedTuple):
    """The layout of a call's Python objects; arguments: of the tuple of all of them."""

    arguments: Row | Nested
    result: Layout


class BatchLayout(NamedTuple):
    """The layout of a call for many rows.

    columns: two numbers for each input of a row, the place of row 0's among the numbers of the arguments, and how many
    places further the next row's is; found: the same for each output among the numbers of the result, -1 and 0 for a
    summed one. The sums stand first in the result.
    """

    call: CallLayout
    columns: Sequence[int]
    found: Sequence[int]
    inputs: int                             # how many numbers the arguments have
    outputs: int                            # how many the result has
    sums: int                               # how many of these are sums
    rows: int
    over: int                               # what all numbers of the result are divided by


def holds_objects(layout: CallLayout | None) -> bool:
    """Whether the user's own objects are part of the layout: code for it may not serve another function."""
    waiting: list[Any] = [layout.arguments, layout.result] if layout else []
    while waiting:
        found = waiting.pop()
        if isinstance(found, Fixed):
            return True
        if isinstance(found, Nested):
            waiting += [*found.parts, *map(Fixed, found.keys)]
    return False
