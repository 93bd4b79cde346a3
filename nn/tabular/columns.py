"""A column's encoding: from its cells to numbers on the scale of the training rows, or to one of its labels."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from math import fsum, isfinite, sqrt
from typing import Any

from autograd.quoting import quoted
from nn.tabular.bad_rows import BadRows
from nn.tabular.conventions import date_order, decimal_sign
from nn.tabular.dates import ORDERS, PARTS, date_part
from nn.tabular.decimals import FORMS, plain_number
from nn.tabular.missing import is_missing
from nn.tabular.numbers import CellError, label, number
from nn.tabular.table import Table

INDICATOR = "missing"      # the part of a column that says where it has no value


@dataclass(frozen=True)
class Column:
    """A column: its labels, or where it has none, its mean and its standard deviation.

    A label "" is the category of missing values. ``part`` is what is read from each cell, where that is not all of it:
    a part of a date, or whether it is missing. ``fill`` stands in for missing values. ``decimal`` and ``order`` are how
    the cells write numbers, and day and month.
    """

    name: str
    labels: tuple[str, ...] = ()
    center: float = 0.0
    scale: float = 1.0
    part: str = ""
    fill: float | None = None
    decimal: str = "."
    order: str = ""

    @property
    def title(self) -> str:
        """The name with the part, which no other column of a table has.

        >>> Column("sold", part="month").title
        'sold.month'
        """
        return f"{self.name}.{self.part}" if self.part else self.name

    def read(self, cell: str) -> float:
        """The number in a cell, or the index of its label; CellError for other cells."""
        if self.part == INDICATOR:
            return float(is_missing(cell))
        if self.fill is not None and is_missing(cell):
            return self.fill
        if self.part:
            return date_part(cell, self.part, self.order)
        return self._label(cell) if self.labels else number(plain_number(cell, self.decimal))

    def _label(self, cell: str) -> float:
        if "" in self.labels and is_missing(cell):
            return self.labels.index("")
        found = label(cell)
        if found not in self.labels:
            found = label(plain_number(cell, self.decimal))
        if found not in self.labels:
            known = ", ".join(quoted(x, 20) for x in self.labels[:5]) + (", ..." if len(self.labels) > 5 else "")
            raise CellError(f"is {quoted(found)}, and not one of {known}")
        return self.labels.index(found)

    def read_all(self, table: Table) -> list[float] | None:
        """`read` of all cells of a table, fast; None where one cannot be read."""
        if not self.labels and not self.part and self.decimal == ".":
            found = table.numbers(self.name)
            if found is not None:
                return found
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
        Column(name='x', labels=(), center=2.0, scale=1.0, part='', fill=None, decimal='.', order='')
        """
        if self.labels:
            return self
        n = len(numbers)
        center = fsum([x / n for x in numbers])
        far = max(max(numbers) - center, center - min(numbers)) or 1.0      # or squares of tiny numbers would be 0
        return replace(self, center=center,
                       scale=far * sqrt(fsum([((x - center) / far)**2 for x in numbers]) / n) or 1.0)

    def state_dict(self) -> dict[str, Any]:
        """Its fields; those that few columns need only where they are not as always."""
        state = {**asdict(self), "labels": list(self.labels)}
        return {key: x for key, x in state.items() if key not in _OPTIONAL or x != _OPTIONAL[key]}

    @staticmethod
    def of_state(state: Any) -> "Column":
        """The column that ``state_dict`` described; ValueError for anything else."""
        name, labels, center, scale = (state[key] for key in ("name", "labels", "center", "scale"))
        part, fill, decimal, order = (state.get(key, x) for key, x in _OPTIONAL.items())
        texts = isinstance(labels, list) and all(isinstance(x, str) for x in (name, *labels))
        if not texts or len({*labels}) != len(labels) or not all(isinstance(x, float) and isfinite(x)
                                                                 for x in (center, scale)) or scale <= 0:
            raise ValueError(f"the column {quoted(str(name))} is damaged")
        known = part in ("", INDICATOR, *PARTS) and decimal in FORMS and order in ("", *ORDERS.values())
        if not known or not (fill is None or (isinstance(fill, float) and isfinite(fill))) or (labels and part):
            raise ValueError(f"the column {quoted(str(name))} is damaged")
        return Column(name, tuple(labels), center, scale, part, fill, decimal, order)


_OPTIONAL = {field.name: field.default for field in fields(Column)[4:]}       # which older files lack


def as_written(table: Table, columns: Sequence[Column]) -> list[Column]:
    """The columns with the decimal sign, and the order of dates, that they have in this table."""
    dates = {column.name: column.order for column in columns if column.part in PARTS}
    orders = {name: date_order(table, name, order) for name, order in dates.items()}
    return [replace(column, order=orders[column.name]) if column.part in PARTS
            else column if column.part else replace(column, decimal=_sign(table, column)) for column in columns]


def _sign(table: Table, column: Column) -> str:
    """Its decimal sign. A point is no habit: the numbers that were learned from may have had none."""
    return decimal_sign(table, column.name, column.decimal if column.labels or column.decimal == "," else "")


def number_signs(columns: Sequence[Column]) -> dict[str, str]:
    """The decimal signs of the columns of numbers, labels that are numbers with a comma among them, by name."""
    return {column.name: column.decimal for column in columns
            if not column.part and (not column.labels or column.decimal == ",")}


def read_columns(table: Table, columns: Sequence[Column], bad_rows: BadRows) -> dict[int, list[float]]:
    """Of each row that can be used, by its line, the numbers of these columns; the others become bad_rows."""
    columns = as_written(table, columns)
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
