"""The delimiter of a file: the sign that divides its first rows evenly, and into numbers rather than text."""

from itertools import islice

from nn.tabular.cells import QuoteError, Row, parse_rows
from nn.tabular.decimals import number_like

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 100        # rows that are looked at


def choose_delimiter(text: str) -> str:
    r"""The delimiter of a text; in quotes, no sign is one.

    >>> [choose_delimiter(text) for text in ('a|b\n"1,5"|2\n', "1,5;2,5\n3,5;4,5\n", '"a;b",c\n1,2\n', "a\n1,5\n")]
    ['|', ';', ',', ';']
    """
    return max(DELIMITERS, key=lambda sign: _fitness(text, sign))


def _fitness(text: str, delimiter: str) -> tuple[bool, float, float, float, int]:
    """Whether it divides the first row, and the shares of rows that fit the first, of whole cells, of numbers."""
    rows, wanted = _first_rows(text, delimiter)
    if not rows:
        return False, 0.0, 0.0, 0.0, 0
    columns = len(rows[0].cells)
    cells = [cell for row in (rows[1:] or rows) for cell in zip(row.cells, row.written, strict=True)]
    numbers = [number_like(cell) for cell, _ in cells]
    whole = [number or written.lstrip().startswith('"') or not any(sign in cell for sign in DELIMITERS)
             for (cell, written), number in zip(cells, numbers, strict=True)]
    return columns > 1, sum(len(row.cells) == columns for row in rows) / wanted, sum(whole) / len(cells), \
        sum(numbers) / len(cells), columns


def _first_rows(text: str, delimiter: str) -> tuple[list[Row], int]:
    """The first rows, up to one whose quotes do not fit, and the number of rows with that one."""
    rows: list[Row] = []
    try:
        for row in islice(parse_rows(text, delimiter), SAMPLE):
            rows.append(row)
    except QuoteError:
        return rows, len(rows) + 1
    return rows, len(rows)
