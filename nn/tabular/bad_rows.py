"""Errors in a table: those of the whole file, and bad rows, which can be left out."""

from autograd.quoting import quoted

LISTED = 10     # rows that a message names


class DataError(ValueError):
    """A file cannot be used; the message has the reason and advice, ``rows`` a line for each bad row."""

    def __init__(self, message: str, rows: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.rows = rows


class BadRows:
    """The rows of a file that cannot be used: the reason for each, by the line on which the row begins."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.reasons: dict[int, str] = {}

    def add(self, line: int, reason: str) -> None:
        """Note a reason; of several reasons for a row the first counts."""
        self.reasons.setdefault(line, reason)

    def left_out(self, rows: int, skip: bool, advice: str = "") -> list[str]:
        """A sentence on the rows left out of so many; a DataError that lists them unless they may be skipped.

        advice: another way out, for the error.

        >>> bad_rows = BadRows("data.csv")
        >>> bad_rows.add(3, "'x' is empty")
        >>> bad_rows.left_out(20, skip=True)
        ["1 of 20 rows left out, line 3: 'x' is empty"]
        """
        if not self.reasons:
            return []
        lines = sorted(self.reasons)
        count = f"{len(lines):,} of {rows:,} rows"
        if skip and len(lines) < rows:
            more = f", and {len(lines) - 1:,} more" if len(lines) > 1 else ""
            return [f"{count} left out, line {lines[0]}: {self.reasons[lines[0]]}{more}"]
        listed = [f"line {line}: {self.reasons[line]}" for line in lines[:LISTED]]
        if len(lines) > LISTED:
            listed.append(f"... and {len(lines) - LISTED:,} more")
        advice = "correct them, as without them no row is left" if skip else \
            f"correct them, or go on without them: --skip-bad-rows{advice}"
        raise DataError(f"{quoted(self.path, 60)}: {count} cannot be used; {advice}", tuple(listed))
