"""The syntax of numbers and labels in cells, and the errors for other cells."""

import re
from collections.abc import Sequence

from autograd.quoting import quoted

# Possessive, as in ++: a long run of digits is looked at once.
NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?")
WHOLE = re.compile(r"([+-]?[0-9]++)(?:\.0*+)?")
NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
COMMA = re.compile(r"[+-]?[0-9.]*+,[0-9]++(?:[eE][+-]?[0-9]++)?")
PLAIN = re.compile(r"[0-9+\-.eE\n]++")      # of such text float makes a number just where NUMBER fits
LARGEST = 1e100     # whose square is still a number


class CellError(ValueError):
    """A cell cannot be used; the message ends a sentence that its column's name begins."""


def number(cell: str) -> float:
    """The number in a cell; CellError for other cells."""
    if not cell:
        raise CellError("is empty")
    if NOT_FINITE.fullmatch(cell):
        raise CellError(f"is {quoted(cell)}, and not a finite number")
    if not NUMBER.fullmatch(cell):
        comma = "; write a decimal point, as in the other rows" if COMMA.fullmatch(cell) else ""
        raise CellError(f"is {quoted(cell)}, and not a number{comma}")
    found = float(cell)
    if abs(found) > LARGEST:
        raise CellError(f"is {quoted(cell)}, and numbers go up to 1e100 here")
    return found


def plain_numbers(cells: Sequence[str]) -> list[float] | None:
    """The numbers in all cells, fast; None where `number` refuses one of them.

    >>> plain_numbers(["1", "-.5e3"]), plain_numbers(["1", ""]), plain_numbers(["nan"])
    ([1.0, -500.0], None, None)
    """
    if not PLAIN.fullmatch("\n".join(cells)):
        return None
    try:
        found = [*map(float, cells)]
    except ValueError:
        return None
    return found if min(found) >= -LARGEST and max(found) <= LARGEST else None


def label(cell: str) -> str:
    """The text of a cell, of which 1.0 and 1 are the same.

    >>> label("2.0"), label("2.50"), label("red")
    ('2', '2.50', 'red')
    """
    if not cell:
        raise CellError("is empty")
    whole = WHOLE.fullmatch(cell)
    return whole[1] if whole else cell


def looks_like_number(cell: str) -> bool:
    """Whether it is a number, be it finite or not."""
    return bool(NUMBER.fullmatch(cell) or NOT_FINITE.fullmatch(cell))
