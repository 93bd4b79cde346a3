"""The type of each column, numbers or labels, and that of the target: classification or regression."""

from collections.abc import Sequence

from autograd.quoting import quoted
from nn.tabular.bad_rows import DataError
from nn.tabular.columns import Column
from nn.tabular.numbers import COMMA, CellError, label, looks_like_number, number
from nn.tabular.table import Table

LABELS = 20         # of a text column that is learned from
CLASSES = 10        # different whole numbers of a target that names classes by them


def feature_column(table: Table, name: str) -> Column | None:
    """The column as a feature; None where all its cells are empty."""
    cells = table.column(name)
    if not any(cells):
        return None
    if _mostly_numbers(table, name, cells):
        return Column(name)
    labels = _labels(cells)
    if len(labels) > LABELS:
        example = next(cell for cell in cells if cell and not _is_number(cell))
        raise DataError(f"{quoted(table.path, 60)}: column {quoted(name)} is text, such as {quoted(example, 20)}, with "
                        f"{len(labels):,} different values, and at most {LABELS} can be learned from; leave it out "
                        f"with --drop {quoted(name)}")
    return Column(name, labels)


def target_column(table: Table, name: str, task: str | None) -> Column:
    """The column as the target: with labels for classification, without for regression."""
    cells = table.column(name)
    if not any(cells):
        raise DataError(f"{quoted(table.path, 60)}: the target {quoted(name)} is empty in every row")
    numbers = _mostly_numbers(table, name, cells)
    if task == "regression" and not numbers:
        raise DataError(f"{quoted(table.path, 60)}: the target {quoted(name)} is text, which only classification "
                        "learns; "
                        "leave out --task regression")
    if task is None and numbers:
        found = table.numbers(name) or [number(cell) for cell in cells if _is_number(cell)]
        task = "classification" if all(x.is_integer() for x in found) and \
            0 < len({*found}) <= min(CLASSES, len(found) // 3) else "regression"
        if task == "classification":
            cells = [cell for cell in cells if _is_number(cell)]
    if task == "regression":
        return Column(name)
    labels = _labels(cells)
    if len(labels) < 2:
        raise DataError(f"{quoted(table.path, 60)}: the target {quoted(name)} is {quoted(labels[0])} in every row; "
                        "classification needs two classes")
    if 2 * len(labels) > len(cells):
        raise DataError(f"{quoted(table.path, 60)}: the target {quoted(name)} has {len(labels):,} classes in "
                        f"{len(cells):,} rows; it needs two rows of each")
    return Column(name, labels)


def _mostly_numbers(table: Table, name: str, cells: Sequence[str]) -> bool:
    """Whether more than half of the cells that are not empty are numbers, be they finite or not."""
    if table.numbers(name) is not None:
        return True
    full = [cell for cell in cells if cell]
    commas = [cell for cell in full if COMMA.fullmatch(cell)]
    if 2 * len(commas) > len(full):
        raise DataError(f"{quoted(table.path, 60)}: column {quoted(name)} has numbers with a comma, such as "
                        f"{quoted(commas[0], 20)}; write them with a decimal point")
    return 2 * sum(map(looks_like_number, full)) > len(full)


def _labels(cells: Sequence[str]) -> tuple[str, ...]:
    """The different ones, numbers by size and then text."""
    different = {label(cell) for cell in {*cells} if cell}
    return tuple(sorted(different, key=lambda x: (0, number(x), x) if _is_number(x) else (1, 0.0, x)))


def _is_number(cell: str) -> bool:
    try:
        number(cell)
    except CellError:
        return False
    return True
