"""The type of each column: numbers, labels, or parts of dates; and what no network can learn from."""

from collections.abc import Sequence

from autograd.quoting import quoted
from nn.tabular.columns import INDICATOR, Column
from nn.tabular.conventions import date_order, decimal_sign
from nn.tabular.dates import PARTS, date_like, read_date
from nn.tabular.decimals import mostly_numbers, number_like
from nn.tabular.missing import is_missing
from nn.tabular.numbers import CellError, label, number
from nn.tabular.table import Table

LABELS = 20             # of a text column that is learned from
NEARLY_ALL = 0.9        # the part of different cells from which on they are names rather than categories,
ROWS_OF_NAMES = 10      # in as many rows or more


def feature_columns(table: Table, name: str, impute: bool) -> tuple[list[Column], list[str]]:
    """The columns to learn from that this one gives, which may be none, and notes."""
    cells = table.column(name)
    plain = table.numbers(name) is not None     # the usual case, fast
    full = cells if plain else [cell for cell in cells if not (is_missing(cell) if impute else cell == "")]
    gaps = len(cells) - len(full)
    if not full:
        return [], [f"{quoted(name)} is empty in every row: left out"]
    notes: list[str] = []
    if plain or mostly_numbers(full):
        found = [Column(name, decimal=decimal_sign(table, name))]
    elif _mostly_dates(full):
        found, notes = _date_columns(table, name, full)
    elif _numbers_with_gaps(full):
        found = [Column(name, decimal=decimal_sign(table, name))]
    else:
        labels = sorted_labels(full)
        if len(labels) > LABELS or (len(full) >= ROWS_OF_NAMES and len(labels) > NEARLY_ALL * len(full)):
            example = next((cell for cell in full if not number_like(cell)), full[0])
            most = f", and at most {LABELS} can be learned from" if len(labels) > LABELS else ""
            return [], [f"{quoted(name)} is text with {len(labels):,} different values, such as "
                        f"{quoted(example, 20)}{most}: left out"]
        if not impute or not gaps:
            return [Column(name, labels)], []
        return [Column(name, ("", *labels))], [f"{quoted(name)} is missing in {_rows(gaps)}: a category of its own"]
    if impute:
        found = [Column(x.name, part=x.part, decimal=x.decimal, order=x.order, fill=float("nan")) for x in found]
        if gaps:
            found.append(Column(name, part=INDICATOR))
            notes = [*notes, f"{quoted(name)} is missing in {_rows(gaps)}: filled by the median of the rows that are "
                             f"trained on, and {quoted(found[-1].title)} says where"]
    return found, notes


def sorted_labels(cells: Sequence[str]) -> tuple[str, ...]:
    """The different labels of cells that are not empty, numbers by size and then text."""
    different = {label(cell) for cell in {*cells}}
    return tuple(sorted(different, key=lambda x: (0, number(x), x) if is_number(x) else (1, 0.0, x)))


def is_number(cell: str) -> bool:
    """Whether it is a finite number."""
    try:
        number(cell)
    except CellError:
        return False
    return True


def _numbers_with_gaps(full: Sequence[str]) -> bool:
    """Whether they are too many for labels, and numbers but for marks of missing values."""
    there = [cell for cell in full if not is_missing(cell)]
    return len({*full}) > LABELS and mostly_numbers(there)


def _mostly_dates(full: Sequence[str]) -> bool:
    return 2 * sum(map(date_like, full)) > len(full)


def _date_columns(table: Table, name: str, full: Sequence[str]) -> tuple[list[Column], list[str]]:
    order = date_order(table, name)
    dates = [date for date in (read_date(cell, order) for cell in full) if date]
    timed = any((date.hour, date.minute, date.second) != (0, 0, 0) for date in dates)
    parts = PARTS if timed else PARTS[:-1]
    told = f" with the {order} first" if order else ""
    return [Column(name, part=part, order=order) for part in parts], \
        [f"{quoted(name)} has dates{told}: learned from as {', '.join(parts[:-1])} and {parts[-1]}"]


def _rows(n: int) -> str:
    return f"{n:,} row{'s' * (n != 1)}"
