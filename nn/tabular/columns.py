"""A column's encoding: from its cells to numbers on the scale of the training rows, or to one of its labels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum, isfinite, sqrt
from typing import Any

from autograd.quoting import quoted
from nn.tabular.bad_rows import BadRows
from nn.tabular.numbers import CellError, label, number
from nn.tabular.table import Table


@dataclass(frozen=True)
class Column:
    """A column: its labels, or where it has none, its mean and its standard deviation."""

    name: str
    labels: tuple[str, ...] = ()
    center: float = 0.0
    scale: float = 1.0

    def read(self, cell: str) -> float:
        """The number in a cell, or the index of its label; CellError for other cells."""
        if not self.labels:
            return number(cell)
        found = label(cell)
        if found not in self.labels:
            known = ", ".join(quoted(x, 20) for x in self.labels[:5]) + (", ..." if len(self.labels) > 5 else "")
            raise CellError(f"is {quoted(found)}, and not one of {known}")
        return self.labels.index(found)

    def read_all(self, table: Table) -> list[float] | None:
        """`read` of all its cells, fast; None where one cannot be read."""
        if not self.labels:
            return table.numbers(self.name)
        cells = table.column(self.name)
        try:
            known = {cell: self.read(cell) for cell in {*cells}}
        except CellError:
            return None
        return [known[cell] for cell in cells]

    def inputs(self, x: float) -> list[float]:
        """The network's inputs for it: one scaled number, or the one-hot encoding of a label."""
        if self.labels:
            return [float(i == x) for i in range(len(self.labels))]
        return [(x - self.center) / self.scale]

    @property
    def width(self) -> int:
        return len(self.labels) or 1

    def fitted(self, numbers: Sequence[float]) -> "Column":
        """This column with the mean and the standard deviation of these numbers.

        >>> Column("x").fitted([1.0, 3.0])
        Column(name='x', labels=(), center=2.0, scale=1.0)
        """
        if self.labels:
            return self
        n = len(numbers)
        center = fsum([x / n for x in numbers])
        far = max(max(numbers) - center, center - min(numbers)) or 1.0      # or squares of tiny numbers would be 0
        return replace(self, center=center,
                       scale=far * sqrt(fsum([((x - center) / far)**2 for x in numbers]) / n) or 1.0)

    def state_dict(self) -> dict[str, Any]:
        return {"name": self.name, "labels": list(self.labels), "center": self.center, "scale": self.scale}

    @staticmethod
    def of_state(state: Any) -> "Column":
        """The column that ``state_dict`` described; ValueError for anything else."""
        name, labels, center, scale = (state[key] for key in ("name", "labels", "center", "scale"))
        texts = isinstance(labels, list) and all(isinstance(x, str) for x in (name, *labels))
        if not texts or len({*labels}) != len(labels) or not all(isinstance(x, float) and isfinite(x)
                                                                 for x in (center, scale)) or scale <= 0:
            raise ValueError(f"the column {quoted(str(name))} is damaged")
        return Column(name, tuple(labels), center, scale)


def read_columns(table: Table, columns: Sequence[Column], bad_rows: BadRows) -> dict[int, list[float]]:
    """Of each row that can be used, by its line, the numbers of these columns; the others become bad_rows."""
    columnwise = [column.read_all(table) for column in columns]
    if columns and None not in columnwise:
        return dict(zip((row.line for row in table.rows), map(list, zip(*columnwise, strict=True)), strict=True))
    places = [(table.index(column.name), column) for column in columns]
    found = {}
    for row in table.rows:
        try:
            numbers = []
            for i, column in places:
                name = column.name
                numbers.append(column.read(row.cells[i]))
            found[row.line] = numbers
        except CellError as error:
            bad_rows.add(row.line, f"{quoted(name)} {error}")
    return found
