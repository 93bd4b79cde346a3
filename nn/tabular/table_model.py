"""TableModel: what nn.load makes of a file of ``pathgrad train``, a function of the cells of a row."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from nn.tabular.columns import Column
from nn.tabular.numbers import CellError
from nn.tabular.predictor import Predictor, predictor_of_state
from nn.tabular.scores import best_class


class TableModel(dict[str, Any]):
    """The state in the file, as a dict, and its predictions. ``model(row)``: the label, or the number, of one row.

    row: the cells by name, as in ``{"petal width": 0.2, ...}``, where other names do not matter, or in the order of
    ``columns``; numbers, dates, or text as it stands in a table; None and nan are missing values. ValueError for a row
    that has not what the model reads.
    """

    _made: tuple[dict[str, Any], Predictor] | None = None

    def __call__(self, row: Any) -> str | float:
        return self.predict([row])[0]

    @property
    def columns(self) -> list[str]:
        """The names of the columns that it reads, in their order."""
        return list(dict.fromkeys(column["name"] for column in self["columns"]))

    def predict(self, rows: Any) -> list[str | float]:
        """The label, or the number, of each row; rows may also be a table of pandas."""
        labels = self._predictor().target.labels
        return [labels[best_class(numbers)] if labels else numbers[0] for numbers in self._outputs(rows)]

    def probabilities(self, rows: Any) -> list[dict[str, float]]:
        """The probability of each label, for each row."""
        labels = self._predictor().target.labels
        if not labels:
            raise TypeError("this model predicts a number, which has no probabilities")
        return [dict(zip(labels, numbers, strict=True)) for numbers in self._outputs(rows)]

    def _outputs(self, rows: Any) -> list[list[float]]:
        predictor = self._predictor()
        listed: Iterable[Any] = rows.to_dict("records") if hasattr(rows, "to_dict") else rows
        return predictor.predict([_numbers(predictor.columns, i, row) for i, row in enumerate(listed)])

    def _predictor(self) -> Predictor:
        """The network, made once, and again where the state was changed."""
        if self._made is None or self._made[0] != self:
            self._made = deepcopy(dict(self)), predictor_of_state(self)
        return self._made[1]

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)


def _numbers(columns: Sequence[Column], i: int, row: Any) -> list[float]:
    """The numbers of a row's cells; ``i``: its place, for messages."""
    names = list(dict.fromkeys(column.name for column in columns))      # a date has several columns
    if isinstance(row, Mapping):
        missing = [name for name in names if name not in row]
        if missing:
            raise ValueError(f"row {i} (counted from 0) has no {missing[0]!r}; the model reads {', '.join(names)}")
        row = [row[name] for name in names]
    if isinstance(row, (str, bytes)) or not hasattr(row, "__len__") or len(row) != len(names):
        raise ValueError(f"row {i} (counted from 0): give the {len(names)} cells {', '.join(names)}, as a dict or "
                         "a list")
    cells, numbers = dict(zip(names, row, strict=True)), []
    for column in columns:
        cell = cells[column.name]
        try:
            if isinstance(cell, str):
                numbers.append(column.read(cell.strip()))
            else:       # of which the text is ours, and not the table's
                numbers.append(replace(column, decimal=".").read(_text(cell)))
        except (CellError, TypeError) as error:
            raise ValueError(f"row {i} (counted from 0): {column.name!r} {error}") from None
    return numbers


def _text(cell: Any) -> str:
    """A cell as it stands in a table: empty for None and nan."""
    if cell is None or cell != cell:
        return ""
    return str(cell.isoformat(" ")) if hasattr(cell, "hour") else str(cell) if hasattr(cell, "year") else \
        repr(float(cell))
