"""How the folder `edges` is read: what every op, at every combination of the eleven edges, is expected to answer.

A block is a table: its head names the op, what is tabulated, and the columns (the second argument); each
row begins with the first argument. Blocks of one argument have the rows f, f' and f''. Of numbers, `max` is
the largest float and `tiny` the smallest above 0; `.` is nothing: no gradient flows; `?` is not stated.
"""

import math
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).with_name("edges")
WORDS = {"max": 1.7976931348623157e308, "tiny": 5e-324, "e": math.e, "1/e": math.exp(-1.0), "ln2": math.log(2.0),
         "pi": math.pi, "pi/2": math.pi / 2.0, "pi/4": math.pi / 4.0, "3pi/4": 3.0 * math.pi / 4.0}
GRID = ("-inf", "-max", "-1", "-tiny", "-0", "0", "tiny", "1", "max", "inf", "nan")
Point = tuple[str, ...]


def number(word: str) -> float:
    sign, bare = (-1.0, word[1:]) if word[0] == "-" else (1.0, word)
    return sign * (WORDS[bare] if bare in WORDS else float(bare))


def blocks() -> Iterator[tuple[str, str, dict[tuple[str, ...], str]]]:
    """Of each table the op, what is tabulated ("" where the rows say so), and the cell for each row and column."""
    for path in sorted(FOLDER.glob("*.txt")):
        lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
        for text in "\n".join(lines).split("\n\n"):
            head, *rows = [line.split() for line in text.splitlines() if line]
            op, part = head[0], head[1] if head[1] not in GRID else ""
            columns = head[2:] if part else head[1:]
            cells = {}
            for label, *row in rows:
                assert len(row) == len(columns), f"{path.name}: {op} {part} {label}: {len(row)} cells"
                cells.update({(label, column): cell for column, cell in zip(columns, row, strict=True)})
            yield op, part, cells


def matrix() -> dict[str, dict[str, dict[Point, str]]]:
    """For each op, for each part (value, d/dx, d/dy, d2/dx2, ...), the cell at each point."""
    found: dict[str, dict[str, dict[Point, str]]] = {}
    one = {"f": "value", "f'": "d/dx", "f''": "d2/dx2"}
    for op, part, cells in blocks():
        parts = found.setdefault(op, {})
        for (row, column), cell in cells.items():
            if part:
                parts.setdefault(part, {})[row, column] = cell
            else:
                parts.setdefault(one[row], {})[column,] = cell
    return found
