"""The places of circles, names and numbers in a network's drawing, in points."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

MAX_NEURONS = 16        # of a layer; a larger one is one box
MAX_WEIGHTS = 24        # with numbers at their lines
LINE_HEIGHT = 15.0      # of a number at a line
WIDEST = 720.0          # of all columns of neurons
SCREEN = 1050.0         # of all columns of a deep network, names at its left apart: 1,600 pixels in all
APART = 140.0           # columns whose titles have room side by side
CLOSEST = 72.0          # from one column to the next


@dataclass(frozen=True)
class Layout:
    """Columns of circles, each column centred."""

    sizes: tuple[int, ...]
    labelled: bool          # whether lines have numbers
    under: bool             # whether circles have numbers under them
    end: float = 120.0      # from the last neurons to their targets, and on to the loss

    @property
    def diameter(self) -> float:
        return 52.0 if self.labelled else 36.0

    @property
    def across(self) -> float:
        """From one column of neurons to the next."""
        gaps = len(self.sizes) - 1
        least = 120.0 if any(map(self.is_bundle, range(gaps + 1))) else CLOSEST     # a box is wider than a circle
        return max(least, min(150.0, (SCREEN - 2 * self.end) / gaps),
                   min(240.0 if self.labelled else 200.0, WIDEST / gaps))

    @property
    def too_deep(self) -> bool:
        """Whether it is wider than a screen even with the columns as close as they can be."""
        return (len(self.sizes) - 1) * self.across + 2 * self.end > max(SCREEN, WIDEST + 2 * self.end) + 1.0

    def title_height(self, column: int) -> float:
        """Where the title of a column is: of close columns every other one is higher."""
        return self.top + (18.0 if self.across < APART and column % 2 else 0.0)

    @property
    def down(self) -> float:
        """From one circle to the next."""
        return self.diameter + (44 if self.under else 34 if self.labelled else 5)

    def left(self, column: int) -> float:
        """Where a column is; the columns after the neurons are closer together."""
        last = len(self.sizes) - 1
        return min(column, last) * self.across + max(0, column - last) * self.end

    def at(self, column: int, y: float, right: float = 0.0) -> str:
        """A position, ``right`` points beside a column. Graphviz takes it over unchanged."""
        return position(self.left(column) + right, y)

    def on_line(self, column: int, j: int, k: int, along: float, up: float = 0.0) -> str:
        """A position on the line from circle ``k`` of the column before to circle ``j``."""
        a, b = self.height(column - 1, k), self.height(column, j)
        return position(self.left(column - 1) + along * self.across, a + along * (b - a) + up)

    def height(self, column: int, j: int) -> float:
        """Of a circle's centre; 0 is the middle. A box is in the middle."""
        return 0.0 if self.is_bundle(column) else ((self.sizes[column] - 1) / 2 - j) * self.down

    def is_bundle(self, column: int) -> bool:
        return self.sizes[column] > MAX_NEURONS

    @property
    def box(self) -> float:
        """The height of a box."""
        return max(3.0, *(min(size, MAX_NEURONS // 2) for size in self.sizes)) * self.down

    @property
    def top(self) -> float:
        """Where the titles of columns are."""
        rows = [size for i, size in enumerate(self.sizes) if not self.is_bundle(i)]
        inside = (max(rows) - 1) * self.down + self.diameter if rows else 0.0
        return max(inside, self.box if len(rows) < len(self.sizes) else 0.0) / 2 + 30

    def along(self, column: int) -> float:
        """Where on the lines to a column their numbers are, as a share of the way: where they are farthest apart."""
        ends = [(self.height(column - 1, k), self.height(column, j))
                for k in range(self.sizes[column - 1]) for j in range(self.sizes[column])]
        return max((0.01 * share for share in range(75, 29, -1)),
                   key=lambda t: _least_gap([a + t * (b - a) for a, b in ends]))


def position(x: float, y: float) -> str:
    """A position in Graphviz's form.

    >>> position(1.0, -2.5)
    '1,-2.5!'
    """
    return f"{x:.6g},{y:.6g}!"


def _least_gap(places: Sequence[float]) -> float:
    """The least distance of two of ``places``, as far as it matters."""
    ordered = sorted(places)
    gaps = (b - a for a, b in pairwise(ordered))
    return round(min(min(gaps, default=LINE_HEIGHT), 2 * LINE_HEIGHT), 6)
