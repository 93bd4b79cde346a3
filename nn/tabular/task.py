"""The task in a table: its target and features, and the rows to train on, to validate on and to hold out."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, replace
from shlex import quote

from autograd.quoting import quoted
from nn.tabular.bad_rows import DataError
from nn.tabular.column_types import feature_column, target_column
from nn.tabular.columns import Column, read_columns
from nn.tabular.numbers import label
from nn.tabular.splits import stratified_split
from nn.tabular.table import Table

VALIDATION = 0.2            # the part of the training rows that early stopping goes by
ENOUGH_TO_VALIDATE = 40     # rows that this needs
COUNTED = 10                # rows from which on a column that numbers them is noted


@dataclass(frozen=True)
class Rows:
    """Some rows: the numbers of their columns, and the target's number."""

    features: list[list[float]]
    targets: list[float]

    def __len__(self) -> int:
        return len(self.targets)

    def split(self, classes: bool, part: float, seed: str) -> tuple["Rows", "Rows"]:
        kept, others = stratified_split(self.targets if classes else [0] * len(self), part, seed)
        return self._part(kept), self._part(others)

    def _part(self, rows: Sequence[int]) -> "Rows":
        return Rows([self.features[i] for i in rows], [self.targets[i] for i in rows])


@dataclass(frozen=True)
class Task:
    """The columns, the target and the three parts of the rows, with notes on their choice for the user."""

    columns: list[Column]
    target: Column
    trained: Rows
    validation: Rows
    held_out: Rows
    notes: list[str]


def read_task(table: Table, options: Namespace) -> Task:
    """The task that the options name in a table; a DataError where there is none."""
    columns, wanted, notes = _columns(table, options)
    rows, wanted = _rows(table, columns, wanted, options.skip_bad_rows, notes)
    classes = bool(wanted.labels)
    known, held_out = rows.split(classes, options.holdout, f"{options.seed}, held out")
    stops = options.patience > 0 and len(known) >= ENOUGH_TO_VALIDATE
    trained, validation = known.split(classes, VALIDATION if stops else 0.0, f"{options.seed}, validation")
    if len(trained) < 2 or (options.holdout and not held_out):
        raise DataError(f"{_file(table)}: {_rows_of(len(rows))} too few to train on some and to hold out "
                        f"{options.holdout:g} of them; add rows, or hold out none with --holdout 0")
    varied = {}
    for column, numbers in zip(columns, zip(*trained.features, strict=True), strict=True):
        if len({*numbers}) > 1:
            varied[column.name] = column.fitted(numbers)
        else:
            notes.append(f"{quoted(column.name)} is the same in every row that is trained on: left out")
    if not varied:
        raise DataError(f"{_file(table)}: no column is left to learn from; add one that differs from row to row")
    kept = [i for i, column in enumerate(columns) if column.name in varied]
    if len(kept) < len(columns):
        trained, validation, held_out = (Rows([[row[i] for i in kept] for row in part.features], part.targets)
                                         for part in (trained, validation, held_out))
    return Task([*varied.values()], wanted.fitted(trained.targets), trained, validation, held_out, notes)


def _columns(table: Table, options: Namespace) -> tuple[list[Column], Column, list[str]]:
    """The columns to learn from and the target, as all rows show them, and notes."""
    for name in (options.target, *options.drop):
        table.index(name)
    if options.target in options.drop:
        raise DataError(f"{quoted(options.target)} is the target, and cannot be dropped")
    wanted, columns, notes = target_column(table, options.target, options.task), [], []
    for name in table.names:
        if name not in (options.target, *options.drop):
            column = feature_column(table, name)
            if column is None:
                notes.append(f"{quoted(name)} is empty in every row: left out")
            else:
                columns.append(column)
                if not column.labels and _only_counts(table.column(name)):
                    drop = quote(quoted(name)[1:-1])
                    notes.append(f"{quoted(name)} only counts the rows; --drop {drop} leaves it out")
    return columns, wanted, notes


def _only_counts(cells: Sequence[str]) -> bool:
    """Whether they go 0, 1, 2, ... or 1, 2, 3, ... in `COUNTED` rows or more, so that it is no chance."""
    return len(cells) >= COUNTED and any(all(cell and label(cell) == str(i) for i, cell in enumerate(cells, start))
                                         for start in (0, 1))


def _rows(table: Table, columns: Sequence[Column], wanted: Column, skip: bool,
          notes: list[str]) -> tuple[Rows, Column]:
    """The usable rows, and the target with the labels that these rows have."""
    found = read_columns(table, [*columns, wanted], table.bad_rows)
    notes += table.bad_rows.left_out(table.count, skip)
    targets = [row[-1] for row in found.values()]
    if wanted.labels:
        left = sorted({*targets})
        if len(left) < 2:
            raise DataError(f"{_file(table)}: all rows that can be used have the target "
                            f"{quoted(wanted.labels[int(left[0])])}; classification needs two classes")
        wanted = replace(wanted, labels=tuple(wanted.labels[int(x)] for x in left))
        targets = [left.index(x) for x in targets]
    return Rows([row[:-1] for row in found.values()], targets), wanted


def _file(table: Table) -> str:
    return quoted(table.path, 60)


def _rows_of(n: int) -> str:
    return f"{n:,} row{' is' if n == 1 else 's are'}"
