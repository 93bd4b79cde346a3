"""The task in a table: its target and features, and the rows to train on, to validate on and to hold out."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, replace
from shlex import quote

from autograd.quoting import quoted
from nn.tabular.bad_rows import DataError
from nn.tabular.column_types import feature_columns
from nn.tabular.columns import INDICATOR, Column, number_signs, read_columns
from nn.tabular.conventions import decimal_notes
from nn.tabular.imputation import filled, with_medians
from nn.tabular.missing import is_missing
from nn.tabular.numbers import label
from nn.tabular.splits import stratified_split
from nn.tabular.table import Table
from nn.tabular.target import target_column

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
    rows, wanted = _rows(table, columns, wanted, options, notes)
    classes = bool(wanted.labels)
    known, held_out = rows.split(classes, options.holdout, f"{options.seed}, held out")
    stops = options.patience > 0 and len(known) >= ENOUGH_TO_VALIDATE
    trained, validation = known.split(classes, VALIDATION if stops else 0.0, f"{options.seed}, validation")
    if len(trained) < 2 or (options.holdout and not held_out):
        raise DataError(f"{_file(table)}: {_rows_of(len(rows))} too few to train on some and to hold out "
                        f"{options.holdout:g} of them; add rows, or hold out none with --holdout 0")
    if options.impute:
        columns = with_medians(columns, trained.features)
        trained, validation, held_out = (Rows(filled(columns, part.features), part.targets)
                                         for part in (trained, validation, held_out))
    varied = {}
    for i, (column, numbers) in enumerate(zip(columns, zip(*trained.features, strict=True), strict=True)):
        if any(x != numbers[0] for x in numbers):
            varied[i] = column.fitted(numbers)
        elif column.part != INDICATOR:
            notes.append(f"{quoted(column.title)} is the same in every row that is trained on: left out")
    if not varied:
        reasons = f" ({notes[-1]})" if notes else ""
        raise DataError(f"{_file(table)}: no column is left to learn from{reasons}; add one that differs from row to "
                        "row")
    if len(varied) < len(columns):
        trained, validation, held_out = (Rows([[row[i] for i in varied] for row in part.features], part.targets)
                                         for part in (trained, validation, held_out))
    return Task([*varied.values()], wanted.fitted(trained.targets), trained, validation, held_out, notes)


def _columns(table: Table, options: Namespace) -> tuple[list[Column], Column, list[str]]:
    """The columns to learn from and the target, as all rows show them, and notes."""
    for name in (options.target, *options.drop):
        table.index(name)
    if options.target in options.drop:
        raise DataError(f"{quoted(options.target)} is the target, and cannot be dropped")
    wanted, columns = target_column(table, options.target, options.task, options.impute), []
    notes = [*table.notes, *(f"the target has the class {quoted(x)}; if it says that a value is missing: --impute"
                             for x in wanted.labels if is_missing(x))]
    for name in table.names:
        if name not in (options.target, *options.drop):
            found, more = feature_columns(table, name, options.impute)
            columns += found
            notes += more
            if found and not found[0].labels and _only_counts(table.column(name)):
                drop = quote(quoted(name)[1:-1])
                notes.append(f"{quoted(name)} only counts the rows; --drop {drop} leaves it out")
    return columns, wanted, [*notes, *decimal_notes(table, number_signs([*columns, wanted]))]


def _only_counts(cells: Sequence[str]) -> bool:
    """Whether they go 0, 1, 2, ... or 1, 2, 3, ... in `COUNTED` rows or more, so that it is no chance."""
    return len(cells) >= COUNTED and any(all(cell and label(cell) == str(i) for i, cell in enumerate(cells, start))
                                         for start in (0, 1))


def _rows(table: Table, columns: Sequence[Column], wanted: Column, options: Namespace,
          notes: list[str]) -> tuple[Rows, Column]:
    """The usable rows, and the target with the labels that these rows have."""
    found = read_columns(table, [*columns, wanted], table.bad_rows)
    advice = ", or fill what is missing: --impute" if not options.impute and _gaps(table, columns) else ""
    notes += table.bad_rows.left_out(table.count, options.skip_bad_rows, advice)
    targets = [row[-1] for row in found.values()]
    if wanted.labels:
        left = sorted({*targets})
        if len(left) < 2:
            raise DataError(f"{_file(table)}: all rows that can be used have the target "
                            f"{quoted(wanted.labels[int(left[0])])}; classification needs two classes")
        wanted = replace(wanted, labels=tuple(wanted.labels[int(x)] for x in left))
        targets = [left.index(x) for x in targets]
    return Rows([row[:-1] for row in found.values()], targets), wanted


def _gaps(table: Table, columns: Sequence[Column]) -> bool:
    """Whether a value to learn from is missing in a bad row."""
    if not table.bad_rows.reasons:
        return False
    places = {table.index(column.name) for column in columns}
    return any(row.line in table.bad_rows.reasons and any(is_missing(row.cells[i]) for i in places)
               for row in table.rows)


def _file(table: Table) -> str:
    return quoted(table.path, 60)


def _rows_of(n: int) -> str:
    return f"{n:,} row{' is' if n == 1 else 's are'}"
