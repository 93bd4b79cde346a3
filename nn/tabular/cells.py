"""The CSV syntax: a text divided into rows and cells, and a cell written again, each cell kept to the letter."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import count, repeat
from typing import NamedTuple

from nn.tabular.numbers import COMMA, looks_like_number

LINE_END = re.compile(r"\r\n|\r|\n")
QUOTED = r'[ ]*+"([^"]*+(?:""[^"]*+)*+)"'
SIGNS = "=+-@＝＋－＠"       # spreadsheets compute what begins with one of these, the wide ones in East Asia


class Row(NamedTuple):
    """A row: its cells stripped of space, the cells as they are written, and the line on which the row begins."""

    line: int
    cells: list[str]
    written: list[str]
    end: str        # of its line; empty where the text ends with it


class QuoteError(ValueError):
    """A quoted cell does not end correctly; its row begins on ``line``."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def parse_rows(text: str, delimiter: str) -> Iterator[Row]:
    r"""Its rows without the blank lines. In quotes a cell may hold the delimiter, line ends, and "" for a quote.

    The csv module has no cells as they are written, and refuses one of more than 131,072 characters.

    >>> [(row.line, row.cells, row.written) for row in parse_rows('a; b\n\n"1;\n""2";3 ', ";")]
    [(1, ['a', 'b'], ['a', ' b']), (3, ['1;\n"2', '3'], ['"1;\n""2"', '3 '])]
    >>> [(row.cells, row.end) for row in parse_rows('a\r\n\n""\r \nb', ",")]
    [(['a'], '\r\n'), ([''], '\r'), (['b'], '')]
    """
    cell = re.compile(rf"{QUOTED}(?=[{delimiter}\r\n]|\Z)|([^{delimiter}\r\n]*+)")
    at, line = 0, 1
    while at < len(text):
        end = LINE_END.search(text, at)
        stop = end.start() if end else len(text)
        if text.find('"', at, stop) < 0:
            written, lines = text[at:stop].split(delimiter), 1
            cells, quoted = [*map(str.strip, written)], False
        else:
            cells, written, stop = _quoted(text, at, line, delimiter, cell)
            end, lines, quoted = LINE_END.match(text, stop), 1 + len(LINE_END.findall(text, at, stop)), True
        if quoted or cells != [""]:        # a "" alone is an empty cell
            yield Row(line, cells, written, end[0] if end else "")
        line += lines
        at = end.end() if end else len(text)


def all_rows(text: str, delimiter: str) -> list[Row]:
    r"""`parse_rows` as a list, fast where no cell is quoted and all lines end alike.

    >>> [(row.line, row.cells, row.written, row.end) for row in all_rows("a,b\n\n1, 2", ",")]
    [(1, ['a', 'b'], ['a', 'b'], '\n'), (3, ['1', '2'], ['1', ' 2'], '')]
    """
    end = "\r\n" if "\r" in text else "\n"
    if '"' in text or (end == "\r\n" and not text.count("\r") == text.count("\n") == text.count(end)):
        return list(parse_rows(text, delimiter))
    lines = text.split(end)
    written = [line.split(delimiter) for line in lines]
    spaces = text.split() != [*filter(None, lines)]
    cells = [[*map(str.strip, row)] for row in written] if spaces else written
    # tuple's own constructor, as a NamedTuple's is a function of Python
    made: Iterator[Row] = map(partial(tuple.__new__, Row), zip(count(1), cells, written, repeat(end)))
    rows = [row for row in made if row.cells != [""]]
    if rows and rows[-1].line == len(written):
        rows[-1] = rows[-1]._replace(end="")
    return rows


def _quoted(text: str, at: int, line: int, delimiter: str, cell: re.Pattern[str]) -> tuple[list[str], list[str], int]:
    """The cells of the row that begins there, in which there are quotes; as they are written; where it ends."""
    cells, written = [], []
    while True:
        found = cell.match(text, at)
        assert found is not None        # a cell may be empty
        inside, plain = found.groups()
        if inside is None and plain.lstrip(" ").startswith('"'):
            raise QuoteError(line, 'after a closing quote " something other than the next cell follows; within quotes '
                             'write ""' if re.compile(QUOTED).match(text, at) else
                             'a quote " that opens there is not closed')
        written.append(found[0])
        cells.append((plain if inside is None else inside.replace('""', '"')).strip())
        at = found.end()
        if text[at:at + 1] != delimiter:
            return cells, written, at
        at += 1


def csv_cell(cell: str, delimiter: str) -> str:
    """A cell as a row has it, in quotes where it needs them.

    >>> csv_cell("a", ","), csv_cell('b, "c" ', ",")
    ('a', '"b, ""c"" "')
    """
    return '"' + cell.replace('"', '""') + '"' if re.search(rf'["{delimiter}\r\n]', cell) else cell


def escape_formula(cell: str, delimiter: str) -> str:
    r"""A cell as it is written, with an apostrophe before text that a spreadsheet would take for a formula.

    >>> [escape_formula(cell, ",") for cell in ("=1+2", '"@a,b"', "-1.5", "a=b", " +x", "")]
    ["'=1+2", '"\'@a,b"', '-1.5', 'a=b', "' +x", '']
    """
    quoted = re.fullmatch(QUOTED, cell)
    text = quoted[1].replace('""', '"') if quoted else cell
    bare = text.strip()
    formula = text[:1] in {*"\t\r\n"} or bare[:1] in {*SIGNS}
    return csv_cell(f"'{text}", delimiter) if formula and not looks_like_number(bare) and not COMMA.fullmatch(bare) \
        else cell
