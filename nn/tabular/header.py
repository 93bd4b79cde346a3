"""The header of a table: whether the first row has names or data, and the names where there are none."""

from collections.abc import Sequence

from autograd.quoting import quoted
from nn.tabular.bad_rows import DataError
from nn.tabular.cells import Row
from nn.tabular.dates import date_like
from nn.tabular.decimals import number_like
from nn.tabular.missing import is_missing
from nn.tabular.numbers import NUMBER

SAMPLE = 1000       # rows below the first that are looked at
YEARS = range(1900, 2101)


def numbered(columns: int) -> list[str]:
    """The names of columns without names.

    >>> numbered(3)
    ['column1', 'column2', 'column3']
    """
    return [f"column{i}" for i in range(1, columns + 1)]


def has_names(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a first row has names rather than data like the rows below it, which have as many cells.

    Data has numbers in all columns of numbers. Where there are other columns, it has in one of those a cell that occurs
    again, or a date, or a number that no column is called by, such as 5.1. Where there are none, years in order, and
    0, 1, 2, ... as pandas numbers columns, are names.

    >>> has_names(["5.1", "setosa"], [["4.9", "setosa"], ["6.3", "virginica"]])
    False
    >>> has_names(["country", "2023"], [["Chile", "4.5"]]), has_names(["2022", "2023"], [["1", "2"], ["3", "4"]])
    (True, True)
    """
    columns = [[cell for cell in column if not is_missing(cell)] for column in zip(*below, strict=True)] \
        or [[] for _ in first]
    numeric = [2 * sum(map(number_like, column)) > len(column) if below else number_like(cell)
               for cell, column in zip(first, columns, strict=True)]
    here = [cell for cell, numbers in zip(first, numeric, strict=True) if numbers]
    if not any(map(number_like, here)) or not all(number_like(cell) or is_missing(cell) for cell in here):
        return True
    if not all(numeric):
        as_below = any((cell in column or date_like(cell)) and not is_missing(cell)
                       for cell, numbers, column in zip(first, numeric, columns, strict=True) if not numbers)
        return not as_below and all(map(_short, filter(None, here)))
    return _numbers_as_names(first, below)


def check_names(path: str, header: Row, noticed: bool) -> None:
    """Raise a DataError unless each column has a name of its own. ``noticed``: nobody said that these are names."""
    where, advice = f"{quoted(path, 60)}, line {header.line}", "; if the line has data: --no-header" if noticed else ""
    for i, name in enumerate(header.cells, 1):
        if not name:
            raise DataError(f"{where}: column {i} has no name; give it one, or save without it (pandas: index=False)"
                            f"{advice}")
        if name in header.cells[:i - 1]:
            raise DataError(f"{where}: columns {header.cells.index(name) + 1} and {i} are both named {quoted(name)}; "
                            f"rename one{advice}")


def header_note(line: int, names: Sequence[str], unnamed: bool) -> list[str]:
    """A note on the choice where a user might see it otherwise."""
    if unnamed:
        return [f"line {line} has data like the rows below it, so the columns are named column1 to column{len(names)}; "
                "if it has names: --header"]
    number = next((name for name in names if NUMBER.fullmatch(name)), None)
    return [] if number is None else [f"line {line} has the names of the columns, such as {quoted(number)}; if it has "
                                      "data: --no-header"]


def names_without(target: str, columns: int) -> list[str]:
    """The names of so many columns without names, of which the target is not there.

    >>> names_without("column1", 3)
    ['column2', 'column3']
    """
    return [name for name in numbered(columns) if name != target]


def _numbers_as_names(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether they are years in order above other numbers, or 0, 1, 2, ..."""
    if not all(map(_short, first)):
        return False
    numbers = [int(cell) for cell in first]
    if len(numbers) > 2 and numbers == list(range(len(numbers))):
        return True
    years = {str(year) for year in YEARS}
    return {*first} <= years and numbers == sorted({*numbers}) and \
        any(cell not in years for row in below for cell in row)


def _short(cell: str) -> bool:
    """Whether it is a whole number that a column may be called by."""
    return cell.isascii() and cell.isdigit() and len(cell) < 5
