"""The units of a map in the plane: their places, their neighbours, and how far a winner's influence reaches."""

from math import exp, hypot, sqrt
from typing import Any

ROW_HEIGHT = {"rectangular": 1.0, "hexagonal": sqrt(3.0) / 2.0}
# the centres of adjacent units are at most so far apart: 1 and sqrt(2) in a square grid, 1 in a hexagonal one
ADJACENT = {"rectangular": 1.42, "hexagonal": 1.01}


class MapGrid:
    """Rows and columns of units; neighbours in a row are at distance 1.

    rectangular: unit (r, c) is at (c, r), and has up to eight neighbours. hexagonal: odd rows are shifted half a unit
    to the right, rows are sqrt(3)/2 apart, and a unit has up to six neighbours, all at distance 1. Units are counted
    row by row.

    >>> MapGrid(2, 2, "hexagonal").places
    [(0.0, 0.0), (1.0, 0.0), (0.5, 0.8660254037844386), (1.5, 0.8660254037844386)]
    """

    def __init__(self, rows: int, columns: int, topology: str) -> None:
        self.rows, self.columns, self.topology = rows, columns, topology
        shift = 0.5 if topology == "hexagonal" else 0.0
        self.places = [(c + shift * (r % 2), r * ROW_HEIGHT[topology]) for r in range(rows) for c in range(columns)]

    def adjacent(self, a: int, b: int) -> bool:
        """Whether units number a and b are neighbours."""
        (x, y), (u, v) = self.places[a], self.places[b]
        return a != b and hypot(x - u, y - v) < ADJACENT[self.topology]

    def neighbours(self, unit: int) -> list[int]:
        """The units around one; all of them lie in its row or in the next ones."""
        first, last = max(0, unit // self.columns - 1), min(self.rows, unit // self.columns + 2)
        return [other for other in range(first * self.columns, last * self.columns) if self.adjacent(unit, other)]

    def influence(self, winner: int, radius: float, neighbourhood: str) -> list[float]:
        """h of each unit, 1 of the winner: exp(-d² / 2 radius²), or in a bubble 1 up to the radius and 0 beyond it."""
        x, y = self.places[winner]
        squares = [(x - u) ** 2 + (y - v) ** 2 for u, v in self.places]
        if neighbourhood == "bubble":
            return [float(d <= radius * radius * (1.0 + 1e-12)) for d in squares]
        return [exp(-d / radius / radius / 2.0) for d in squares]       # radius² may be too small for a float

    def in_rows(self, numbers: list[Any]) -> list[list[Any]]:
        """One number per unit as [rows][columns]."""
        return [numbers[i:i + self.columns] for i in range(0, len(numbers), self.columns)]
