"""A CSV file as a table: its names, and the rows that fit them."""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from autograd.quoting import quoted
from nn.tabular.bad_rows import BadRows, DataError
from nn.tabular.cells import QuoteError, Row, all_rows
from nn.tabular.decimals import UNLIKE_PYTHON, decimal_evidence, mostly_numbers
from nn.tabular.delimiters import choose_delimiter
from nn.tabular.encodings import Text, read_text
from nn.tabular.header import SAMPLE, check_names, has_names, header_note, numbered
from nn.tabular.missing import is_missing
from nn.tabular.numbers import plain_numbers


@dataclass(frozen=True)
class Table:
    """A file's rows that have as many cells as there are names; ``bad_rows`` has the others, ``count`` counts all."""

    path: str
    delimiter: str
    header: Row
    rows: list[Row]
    bad_rows: BadRows
    count: int
    file: Text
    unnamed: bool = False       # the header is no line of the file
    decimal: str = ""           # the sign, and the order of dates, that are asked for
    dates: str = ""
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return self.header.cells

    def index(self, name: str) -> int:
        """The index of this column; else a DataError with the closest name."""
        if name in self.names:
            return self.names.index(name)
        lower = {other.lower(): other for other in self.names}
        close = get_close_matches(name.lower(), lower, n=1)
        listed = ", ".join(quoted(other) for other in self.names[:8]) + (", ..." if len(self.names) > 8 else "")
        advice = f"did you mean {quoted(lower[close[0]])}?" if close and not self.unnamed else f"it has {listed}"
        if self.unnamed:
            advice += "; if its first line has names, give --header"
        elif name in numbered(len(self.names)):
            advice += "; if its first line has data, give --no-header"
        raise DataError(f"{quoted(self.path, 60)} has no column {quoted(name)}; {advice}")

    def column(self, name: str) -> list[str]:
        """Its cells; cached."""
        return self._columns[self.index(name)]

    @cached_property
    def _columns(self) -> list[list[str]]:
        return [*map(list, zip(*[row.cells for row in self.rows], strict=True))]

    def numbers(self, name: str) -> list[float] | None:
        """The `plain_numbers` in a column; cached."""
        known: dict[str, list[float] | None] = vars(self).setdefault("_numbers", {})
        if name not in known:
            known[name] = plain_numbers(self.column(name))
        return known[name]

    @cached_property
    def decimals(self) -> dict[str, tuple[str, str]]:
        """By column of numbers the `decimal_evidence`; empty where no number has more than a point in it."""
        unlike = any(self.numbers(name) is None and UNLIKE_PYTHON.search("\n".join(self.column(name)))
                     for name in self.names)
        return self.evidence if unlike else {}

    @cached_property
    def evidence(self) -> dict[str, tuple[str, str]]:
        """By column of numbers the `decimal_evidence`."""
        columns = {name: [cell for cell in self.column(name) if not is_missing(cell)] for name in self.names}
        return {name: decimal_evidence(cells) for name, cells in columns.items() if mostly_numbers(cells)}


def read_table(path: str, header: bool | None = None, decimal: str = "", dates: str = "",
               needed: Collection[str] | None = None) -> Table:
    """The table in a file whose values are separated by commas, semicolons, tabs or bars; DataError for other files.

    header: whether the first row has the names of the columns. None: with ``needed``, whether these names are in it,
        and else by the rows below it (`has_names`).
    decimal, dates: the sign "." or ",", and "day" or "month" for the first in 3/1/2024; "": as the cells show.
    """
    file = read_text(path)
    delimiter = choose_delimiter(file.text)
    rows = _records(path, file.text, delimiter)
    if not rows:
        raise DataError(f"{quoted(path, 60)} is empty; it needs a line with the names of the columns, and rows "
                        "under it")
    first, notes = rows[0], []
    width = len(first.cells)
    named = {*needed} <= {*first.cells} if header is None and needed is not None else header
    if named is None:
        named = has_names(first.cells, [row.cells for row in rows[1:SAMPLE + 1] if len(row.cells) == width])
        notes = header_note(first.line, first.cells, not named)
    if named:
        check_names(path, first, noticed=header is None)
        del rows[0]
    else:
        names = numbered(width)
        first = Row(first.line, names, names, first.end)
    bad_rows, found = BadRows(path), []
    for row in rows:
        if len(row.cells) == width:
            found.append(row)
        else:
            bad_rows.add(row.line, f"{_counted(len(row.cells), 'field')}, and line {first.line} has "
                                   f"{_counted(width, 'name' if named else 'field')}")
    if not found:
        bad_rows.left_out(len(bad_rows.reasons), skip=True)
        raise DataError(f"{quoted(path, 60)} has the names of columns, and no rows under them")
    return Table(path, delimiter, first, found, bad_rows, len(rows), file, not named, decimal, dates,
                 (*file.notes, *notes))


def _records(path: str, text: str, delimiter: str) -> list[Row]:
    """The rows, header included; a DataError for quotes that do not fit."""
    try:
        return all_rows(text, delimiter)
    except QuoteError as error:
        raise DataError(f"{quoted(path, 60)}, line {error.line}: {error}") from None


def _counted(n: int, what: str) -> str:
    return f"{n:,} {what}{'s' * (n != 1)}"
