"""Rows of a matrix: numbers that stand side by side are read together, others one by one, always those of the row."""

from typing import Any

import numpy as np
import pytest

from autograd import vmap

SIZES = range(1, 20)        # rows: parts of a vector, whole vectors, and some more


def weighted(row: Any) -> Any:
    """Each number counts in its own way."""
    total = 0.0
    for i, x in enumerate(row):
        total = total + (i + 1.0) * x
    return total


def turning(row: Any) -> Any:
    """Rows whose first number is negative leave the traced way."""
    return weighted(row) if row[0] > 0.0 else 0.5 - weighted(row)


def matrices(rows: int, columns: int) -> dict[str, Any]:
    """Equal shapes that lie in memory in different ways."""
    numbers = np.random.default_rng(rows).integers(-9, 9, (rows, columns)) + 0.5       # whose sums are exact
    wide, tall = np.empty((rows, 2 * columns + 2)), np.empty((2 * rows, columns))
    wide[:] = tall[:] = 1e9
    wide[:, 3:3 + columns], tall[::2] = numbers, -numbers
    return {"rows": numbers, "a part of wider rows": wide[:, 3:3 + columns], "every other number": wide[:, 2::2],
            "every other row": tall[::2], "upside down": numbers[::-1], "from right to left": numbers[:, ::-1],
            "columns": np.asfortranarray(numbers), "one row": np.broadcast_to(numbers[0], numbers.shape)}


@pytest.mark.parametrize("columns", [7, 8, 19])
@pytest.mark.parametrize("f", [weighted, turning])
def test_each_row_has_its_own_numbers(f: Any, columns: int) -> None:
    batched = vmap(f, fast=True)        # few rows that leave the way are compiled, too
    for rows in SIZES:
        for name, matrix in matrices(rows, columns).items():
            assert batched(matrix).tolist() == [f(row) for row in matrix.tolist()], (rows, name)


def test_columns_that_only_seem_to_stand_side_by_side() -> None:
    """Arguments of their own, one behind the other in memory, but with rows of other lengths."""
    numbers = np.arange(400.0)
    for by in range(8):
        starts = [numbers[i:][::9 + (i == by)][:30] for i in range(8)]
        batched = vmap(lambda *row: weighted(row))
        assert batched(*starts).tolist() == [weighted(row) for row in zip(*[x.tolist() for x in starts], strict=True)]
