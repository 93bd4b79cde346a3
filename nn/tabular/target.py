"""The type of the target: labels for classification, numbers for regression."""

from autograd.quoting import quoted
from nn.tabular.bad_rows import DataError
from nn.tabular.column_types import is_number, sorted_labels
from nn.tabular.columns import Column
from nn.tabular.conventions import decimal_sign
from nn.tabular.decimals import mostly_numbers, plain_number
from nn.tabular.missing import is_missing
from nn.tabular.numbers import CellError, number, plain_numbers
from nn.tabular.table import Table

CLASSES = 10        # different whole numbers of a target that names classes by them


def target_column(table: Table, name: str, task: str | None, impute: bool) -> Column:
    """The column as the target: with labels for classification, without for regression."""
    plain = table.numbers(name)     # the usual case of a regression, fast
    full = table.column(name) if plain else [cell for cell in table.column(name)
                                             if cell and not (impute and is_missing(cell))]
    where = f"{quoted(table.path, 60)}: the target {quoted(name)}"
    if not full:
        raise DataError(f"{where} is empty in every row")
    plain = plain or plain_numbers(full)
    numbers, sign = plain is not None or mostly_numbers(full), "."
    if numbers:
        sign = decimal_sign(table, name)
        full = full if plain else [_plain(cell, sign) for cell in full]
    if task == "regression" and not numbers:
        raise DataError(f"{where} is text, which only classification learns; leave out --task regression")
    if task is None and numbers:
        found = plain or [number(cell) for cell in full if is_number(cell)]
        task = "classification" if all(x.is_integer() for x in found) and \
            0 < len({*found}) <= min(CLASSES, len(found) // 3) else "regression"
        if task == "classification":
            full = [cell for cell in full if is_number(cell)]
    if task == "regression":
        return Column(name, decimal=sign)
    labels = sorted_labels(full)
    if len(labels) < 2:
        raise DataError(f"{where} is {quoted(labels[0])} in every row; classification needs two classes")
    if 2 * len(labels) > len(table.rows):
        raise DataError(f"{where} has {len(labels):,} classes in {len(table.rows):,} rows, such as "
                        f"{quoted(labels[-1], 20)}; it needs two rows of each, or numbers as 1.5 or -2e3")
    return Column(name, labels, decimal=sign)


def _plain(cell: str, sign: str) -> str:
    try:
        return plain_number(cell, sign)
    except CellError:       # its row is a bad one
        return cell
