"""Reads the numbers of users and models: Values, lists, NumPy and pandas become floats."""

import math
from collections.abc import Callable, Iterable, Sequence
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


def read_columns(data: Any, features: Sequence[int], name: str) -> list[list[float]]:
    """Two columns of a table as points."""
    table = read_rows(data, name)
    if len(features) != 2 or not all(isinstance(f, int) and 0 <= f < len(table[0]) for f in features):
        raise ValueError(f"features: expected two columns of {name}, numbers from 0 to {len(table[0]) - 1}, not "
                         f"{features!r}")
    return [[row[f] for f in features] for row in table]


def read_labels(y: Iterable[Any], rows: int) -> list[Any]:
    """A class for each row, as text or number: 1, 1.0 and numpy's 1 are one class."""
    labels = [_label(c) for c in y]
    if len(labels) != rows:
        raise ValueError(f"X has {rows} rows and y has {len(labels)}; give one class for each point")
    return labels


def in_order(labels: Iterable[Any]) -> list[Any]:
    """The classes among these labels: numbers first, then texts."""
    return sorted(set(labels), key=lambda c: (isinstance(c, str), c))


def read_output(out: Any, name: str) -> list[float]:
    """The output of a model or layer, one number or a sequence, as a list."""
    if not isinstance(out, Value) and hasattr(out, "__len__"):
        return [read_number(x, name) for x in out]
    return [read_number(out, name)]


def call_model(model: Callable[[Any], Any], row: Sequence[float]) -> list[float]:
    """The output of a model or function for one row, without recording a graph."""
    with no_grad():
        return read_output(model(list(row)), "the model's output")


def _label(c: Any) -> Any:
    if isinstance(c, str):
        return c
    x = read_number(c, "y")
    if not math.isfinite(x):
        raise ValueError("y has classes that are not finite; leave those points out")
    return int(x) if x.is_integer() else x
