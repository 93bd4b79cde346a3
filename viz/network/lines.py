"""The lines of a network's drawing: which weights each one stands for, its number, width and colour."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from viz.graph.markup import font, stacked
from viz.network.columns import Column
from viz.network.labels import on_line
from viz.network.layout import Layout
from viz.network.propagation import Propagation
from viz.palette import SOFT, largest_magnitude, relative_size, sign_colour


class Line(NamedTuple):
    """A weight between two circles; or all weights between two columns, if one of them is a box."""

    column: int
    j: int
    k: int
    shown: float            # what width and colour show
    label: str
    mixed: bool             # whether ``shown`` is a root mean square


def network_lines(layers: Sequence[Column], ran: Propagation | None, layout: Layout, by: str) -> Iterator[Line]:
    """All lines, column by column. by: "weight" or "gradient"."""
    gradients = ran.gradients if ran is not None else None
    largest = largest_magnitude(g for layer in gradients or () for row in layer for g in row)
    for i, column in enumerate(layers, 1):
        shown = gradients[i - 1] if by == "gradient" and gradients else column.weights
        for j, some in _ends(layout, i):
            for k, inside in _ends(layout, i - 1):
                numbers = [shown[a][b] or 0.0 for a in some for b in inside]
                if j < 0 or k < 0:
                    label = stacked([font(f"× {len(numbers):,}", 11, SOFT)], 2) if j == k else ""
                    yield Line(i, j, k, math.hypot(*numbers) / math.sqrt(len(numbers)), label, True)
                else:
                    gradient = gradients[i - 1][j][k] if gradients else None
                    label = on_line(column.weights[j][k], gradient, largest, by) if layout.labelled else ""
                    yield Line(i, j, k, numbers[0], label, False)


def _ends(layout: Layout, column: int) -> list[tuple[int, Sequence[int]]]:
    """The circles of a column, or its one box, with the neurons that each stands for."""
    every = range(layout.sizes[column])
    return [(-1, every)] if layout.is_bundle(column) else [(j, [j]) for j in every]


def style(line: Line, largest: float, labelled: bool) -> dict[str, str]:
    """The colour and width of a line; among many, thin lines are also transparent."""
    alpha = "" if labelled else f"{round(255 * (0.15 + 0.85 * relative_size(line.shown, largest))):02x}"
    ink = SOFT if line.mixed else sign_colour(line.shown)
    return {"color": ink + alpha, "penwidth": f"{width(line.shown, largest):.2f}"}


def width(weight: float, largest_weight: float) -> float:
    """The width of a line in points, which stays visible for a weight of 0."""
    return 0.5 + 4.5 * relative_size(weight, largest_weight)
