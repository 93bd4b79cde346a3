"""Reads tests/accuracy.md."""

from pathlib import Path
from typing import NamedTuple

PATH = Path(__file__).resolve().parents[1] / "accuracy.md"


class Row(NamedTuple):
    """The largest errors that were measured of a part of an op, and where that of default code is."""

    worst: float
    fast: list[float]           # of lanes and of scalar code; none of a second derivative
    place: tuple[float, ...]    # () for an n-ary op


def read() -> dict[tuple[str, str], Row]:
    """The rows by op and part, as "value" or "d/dx"; an exact op's is "everything"."""
    found = {}
    for line in PATH.read_text().splitlines():
        op, what, *cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("| ") else ("", "")
        if cells and cells[0][0].isdigit():
            worst, _, *fast, place = cells
            at = () if "numbers" in place or not place else tuple(map(float, place.split(",")))
            found[op, what.rstrip("*")] = Row(float(worst), [float(x) for x in fast if x], at)
    return found
