"""The cells that mean a missing value."""

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "?", "-"})


def is_missing(cell: str) -> bool:
    """Whether a cell says that its value is missing.

    >>> is_missing(""), is_missing("N/A"), is_missing("?"), is_missing("0")
    (True, True, True, False)
    """
    return len(cell) < 5 and cell.lower() in MISSING
