"""Reads the numbers of users and models: Values, lists, NumPy and pandas become floats."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd import Value, no_grad


def read_number(x: Any, name: str) -> float:
    """A number or a Value as a float. ``name`` stands in the error."""
    try:
        return float(x.data if isinstance(x, Value) else x)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: expected numbers, not {type(x).__name__}") from None


def read_rows(data: Any, name: str) -> list[list[float]]:
    """A table as rows of floats, all of one length."""
    data = data.to_numpy() if hasattr(data, "to_numpy") else data       # a DataFrame iterates over its columns
    try:
        table = [[read_number(x, name) for x in row] for row in data]
    except TypeError as error:
        raise TypeError(f"{name}: expected rows of numbers, as in [[0.0, 1.0], [1.0, 0.0]]") from error
    if not table or not table[0]:
        raise ValueError(f"{name} is empty; give at least one row")
    other = next((len(row) for row in table if len(row) != len(table[0])), None)
    if other is not None:
        raise ValueError(f"{name} has rows of {len(table[0])} and of {other} numbers; give every row the same length")
    return table


def read_output(out: Any, name: str) -> list[float]:
    """The output of a model or layer, one number or a sequence, as a list."""
    if not isinstance(out, Value) and hasattr(out, "__len__"):
        return [read_number(x, name) for x in out]
    return [read_number(out, name)]


def call_model(model: Callable[[Any], Any], row: Sequence[float]) -> list[float]:
    """The output of a model or function for one row, without recording a graph."""
    with no_grad():
        return read_output(model(list(row)), "the model's output")
