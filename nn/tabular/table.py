"""A CSV file as a table: its encoding, delimiter and header, and the rows that fit them."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from autograd.quoting import quoted
from nn.tabular.bad_rows import BadRows, DataError
from nn.tabular.cells import QuoteError, Row, parse_rows
from nn.tabular.numbers import NUMBER, plain_numbers

DELIMITERS = (",", ";", "\t")
MARK = "\ufeff"      # with which Excel knows UTF-8
BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PAR1", b"%PDF")     # spreadsheets, gzip, Parquet, PDF


@dataclass(frozen=True)
class Table:
    """A file's rows that have as many cells as there are names; ``bad_rows`` has the others, ``count`` counts all."""

    path: str
    delimiter: str
    header: Row
    rows: list[Row]
    bad_rows: BadRows
    count: int
    mark: str       # the byte order mark before the text, if there is one

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
        advice = f"did you mean {quoted(lower[close[0]])}?" if close else f"it has {listed}"
        raise DataError(f"{quoted(self.path, 60)} has no column {quoted(name)}; {advice}")

    def column(self, name: str) -> list[str]:
        """Its cells; cached."""
        known: dict[str, list[str]] = vars(self).setdefault("_cells", {})
        if name not in known:
            i = self.index(name)
            known[name] = [row.cells[i] for row in self.rows]
        return known[name]

    def numbers(self, name: str) -> list[float] | None:
        """The numbers in a column, None where one of its cells has none; cached."""
        known: dict[str, list[float] | None] = vars(self).setdefault("_numbers", {})
        if name not in known:
            known[name] = plain_numbers(self.column(name))
        return known[name]


def read_table(path: str) -> Table:
    """The table in a file of comma, semicolon or tab separated values in UTF-8; DataError for other files."""
    text = _text(path)
    mark = text[:1] if text.startswith(MARK) else ""
    text = text[len(mark):]
    delimiter = max(DELIMITERS, key=lambda sign: _count_columns(text, sign))
    records = _records(path, text, delimiter)
    header = next(records, None)
    if header is None:
        raise DataError(f"{quoted(path, 60)} is empty; it needs a line with the names of the columns, and rows "
                        "under it")
    _check_names(path, header)
    names, bad_rows, found = header.cells, BadRows(path), []
    for row in records:
        if len(row.cells) == len(names):
            found.append(row)
        else:
            bad_rows.add(row.line, f"{_counted(len(row.cells), 'field')}, and line {header.line} has "
                                 f"{_counted(len(names), 'name')}")
    if not found:
        bad_rows.left_out(len(bad_rows.reasons), skip=True)
        raise DataError(f"{quoted(path, 60)} has the names of columns, and no rows under them")
    return Table(path, delimiter, header, found, bad_rows, len(found) + len(bad_rows.reasons), mark)


def _text(path: str) -> str:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except (OSError, ValueError) as error:      # ValueError: a name with \0 in it
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(f"{quoted(path, 60)} cannot be read: {reason}; give the name of a CSV file") from None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError(f"{quoted(path, 60)} is in UTF-16; save it as CSV in UTF-8")
    if b"\0" in data or data.startswith(BINARY):
        raise DataError(f"{quoted(path, 60)} is no text; of a spreadsheet, save a sheet as CSV in UTF-8")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        start = data[:error.start]
        line = 1 + start.count(b"\n") + start.replace(b"\r\n", b"").count(b"\r")
        raise DataError(f"{quoted(path, 60)} is not in UTF-8, first on line {line}; save it as CSV in UTF-8") from None


def _records(path: str, text: str, delimiter: str) -> Iterator[Row]:
    """The rows, header included; a DataError for quotes that do not fit."""
    try:
        yield from parse_rows(text, delimiter)
    except QuoteError as error:
        raise DataError(f"{quoted(path, 60)}, line {error.line}: {error}") from None


def _count_columns(text: str, delimiter: str) -> int:
    """The number of columns in the first row; 0 where it cannot be read."""
    try:
        return len(next(parse_rows(text, delimiter)).cells)
    except (StopIteration, QuoteError):
        return 0


def _check_names(path: str, header: Row) -> None:
    where = f"{quoted(path, 60)}, line {header.line}"
    if all(NUMBER.fullmatch(name) for name in header.cells):
        raise DataError(f"{where} has numbers; put a line with the names of the columns above it")
    for i, name in enumerate(header.cells, 1):
        if not name:
            raise DataError(f"{where}: column {i} has no name; give it one, or save without it (pandas: index=False)")
        if name in header.cells[:i - 1]:
            raise DataError(f"{where}: columns {header.cells.index(name) + 1} and {i} are both named {quoted(name)}; "
                            "rename one")


def _counted(n: int, what: str) -> str:
    return f"{n:,} {what}{'s' * (n != 1)}"
