"""How the columns of one file write numbers and dates: the decimal sign, and the order of day and month.

What is asked for counts first, then what the column's cells show, then other columns of the file, then the model.
"""

from collections.abc import Mapping, Sequence

from autograd.quoting import quoted
from nn.tabular.bad_rows import DataError
from nn.tabular.dates import order_evidence
from nn.tabular.decimals import FORMS, has_thousands, plain_number
from nn.tabular.table import Table


def decimal_sign(table: Table, name: str, default: str = "") -> str:
    """The decimal sign of a column; a DataError where its numbers could have either and there is no default."""
    if table.decimal:
        return table.decimal
    evidence = table.evidence if default == "," else table.decimals     # points alone speak against a habit of commas
    shown, unclear = evidence.get(name, ("", ""))
    if shown or not unclear:
        return shown or default or "."
    others = {sign for sign, _ in evidence.values() if sign}
    if len(others) == 1:
        return others.pop()
    if default or "," not in unclear:
        return default or "."
    point, comma = unclear.replace(",", ""), unclear.replace(",", ".")
    raise DataError(f"{quoted(table.path, 60)}, line {_line(table, name, unclear)}: column {quoted(name)} has numbers "
                    f"such as {quoted(unclear, 20)}, which may be {point} or {comma}; give --decimal point or "
                    "--decimal comma")


def file_sign(table: Table) -> str:
    """The decimal sign of all columns that show one; "" where there is none, or both."""
    shown = {sign for sign, _ in table.decimals.values() if sign}
    return table.decimal or (shown.pop() if len(shown) == 1 else "")


def date_order(table: Table, name: str, default: str = "") -> str:
    """The order of day and month in a column of dates, "" where it needs none; a DataError where none is clear."""
    if table.dates:
        return table.dates
    day, month, either = order_evidence(table.column(name))
    where = f"{quoted(table.path, 60)}, line {{}}: column {quoted(name)} has "
    if day and month:
        raise DataError(where.format(_line(table, name, month)) + f"{quoted(month, 20)}, and {quoted(day, 20)} on line "
                        f"{_line(table, name, day)}, so that no order of day and month fits; write them as 2024-03-01, "
                        f"or leave the column out with --drop {quoted(name)}")
    found = "day" if day else "month" if month else default
    if either and not found:
        raise DataError(where.format(_line(table, name, either)) + f"the date {quoted(either, 20)}, and in no row a "
                        "day above 12, which would tell day from month; give --dates day-first or --dates month-first, "
                        "or write dates as 2024-03-01")
    return found


def decimal_notes(table: Table, signs: Mapping[str, str]) -> list[str]:
    """Notes on decimal commas and on thousands set apart, each with an example; ``signs`` has columns of numbers."""
    found: dict[str, dict[str, str]] = {"decimal commas": {}, "thousands set apart": {}}
    for name, sign in signs.items():
        cells = table.column(name)
        if sign == "." and table.numbers(name) is not None:
            continue
        for cell in filter(FORMS[sign].fullmatch, cells):
            if sign == "," and "," in cell:
                found["decimal commas"].setdefault(name, cell)
            if has_thousands(cell, sign):
                found["thousands set apart"].setdefault(name, cell)
    return [f"{_some([*cells])} {what}: {quoted(cell, 20)} is read as {plain_number(cell, signs[name])}"
            for what, cells in found.items() for name, cell in [*cells.items()][:1]]


def _some(names: Sequence[str]) -> str:
    return quoted(names[0]) + (f" and {len(names) - 1} more have" if len(names) > 1 else " has")


def _line(table: Table, name: str, cell: str) -> int:
    """The line on which this cell first stands in this column."""
    i = table.index(name)
    return next(row.line for row in table.rows if row.cells[i] == cell)
