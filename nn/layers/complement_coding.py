"""Complement coding: a row x in [0, 1] as (x, 1 - x), so that the weights of a category are a box."""

from collections.abc import Mapping
from typing import Any

from nn.layers.data_rows import COUNTED, read_rows
from nn.layers.resonance import Resonance

ROUNDING = 1e-12        # scaled columns may end at 1.0000000000000002


class ComplementCoded(Resonance):
    """A resonance network whose inputs are (x, 1 - x)."""

    def patterns(self, X: Any, name: str = "X") -> list[list[float]]:  # noqa: N803
        """Each row x of numbers in [0, 1] as (x, 1 - x)."""
        rows = read_rows(X, len(self.weights[0]) // 2 if self.weights else None, name)
        for i, row in enumerate(rows):
            other = next((x for x in row if not -ROUNDING <= x <= 1.0 + ROUNDING), None)
            if other is not None:
                raise ValueError(f"{name}, row {i} {COUNTED}, has the number {other}; {type(self).__name__} takes "
                                 "numbers from 0 to 1: scale each column by its smallest and largest number")
        rows = [[min(1.0, max(0.0, x)) for x in row] for row in rows]
        return [row + [1.0 - x for x in row] for row in rows]

    def _read_state(self, state: Mapping[str, Any]) -> dict[str, Any]:
        read = super()._read_state(state)
        if any(len(w) % 2 for w in read["weights"]):
            raise ValueError("load_state_dict: a category has an even number of weights: lower corner and complement")
        return read

    def boxes(self) -> list[tuple[list[float], list[float]]]:
        """The lower and the upper corner of each category: all rows that it learned fast lie between them."""
        return [(w[:len(w) // 2], [1.0 - x for x in w[len(w) // 2:]]) for w in self.weights]
