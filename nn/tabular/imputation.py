"""Imputation: missing numbers become the median of the rows that are trained on."""

from collections.abc import Sequence
from dataclasses import replace
from math import isnan
from statistics import median

from nn.tabular.columns import Column


def with_medians(columns: Sequence[Column], trained: Sequence[Sequence[float]]) -> list[Column]:
    """The columns, each nan that stands in for missing values replaced by the median of the training rows.

    >>> with_medians([Column("x", fill=float("nan"))], [[1.0], [float("nan")], [2.0], [9.0]])[0].fill
    2.0
    """
    return [column if column.fill is None else replace(column, fill=_median([row[i] for row in trained]))
            for i, column in enumerate(columns)]


def filled(columns: Sequence[Column], rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """Rows of these columns' numbers, with the medians in place of nan."""
    fills = [column.fill for column in columns]
    return [[x if fill is None or not isnan(x) else fill for x, fill in zip(row, fills, strict=True)] for row in rows]


def _median(numbers: Sequence[float]) -> float:
    """The median of those that are not missing; 0 where all are, which is the same in every row."""
    return median([x for x in numbers if not isnan(x)] or [0.0])
