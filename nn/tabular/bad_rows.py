"""What is wrong with a file: as a whole, which is an error, or row by row, which can be left out."""

from autograd.quoting import quoted

LISTED = 10     # rows that a message names


class DataError(ValueError):
    """A file cannot be used; the message says why and what to do, ``rows`` which rows are to blame."""

    def __init__(self, message: str, rows: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.rows = rows


class Faults:
    """Which rows of a file cannot be used, by the line on which they begin, and why."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.reasons: dict[int, str] = {}

    def add(self, line: int, reason: str) -> None:
        """The first fault of a row is the one that is told."""
        self.reasons.setdefault(line, reason)

    def left_out(self, rows: int, skip: bool) -> list[str]:
        """A sentence on what is left out of so many rows; where nothing may be, an error that lists them.

        >>> faults = Faults("data.csv")
        >>> faults.add(3, "'x' is empty")
        >>> faults.left_out(20, skip=True)
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
            "correct them, or go on without them: --skip-bad-rows"
        raise DataError(f"{quoted(self.path, 60)}: {count} cannot be used; {advice}", tuple(listed))
