"""Dates and times in cells: their forms, the order of day and month, and the parts that are learned from."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from autograd.quoting import quoted
from nn.tabular.numbers import CellError

PARTS = ("year", "month", "day", "weekday", "hour")
ORDERS = {"day-first": "day", "month-first": "month"}
LONGEST = 50        # characters that no date has
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")

_TIME = (r"(?:(?:T| +)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?: ?(?P<half>[AaPp])[Mm])?"
         r"(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)?")
_FORMS = [re.compile(form + _TIME, re.ASCII) for form in (
    r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})",
    r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4})",
    r"(?P<first>\d{1,2})([-/])(?P<then>\d{1,2})\2(?P<year>\d{4})",
    r"(?P<day>\d{1,2})[ -](?P<name>[A-Za-z]{3,9})[ -](?P<year>\d{4})",
    r"(?P<name>[A-Za-z]{3,9}) (?P<day>\d{1,2}),? (?P<year>\d{4})")]


def read_date(cell: str, order: str) -> datetime | None:
    """The date and the time in a cell; ``order`` is that of day and month with a slash. None for other cells.

    >>> read_date("1.3.2024", ""), read_date("3/1/2024 2:30 PM", "month")
    (datetime.datetime(2024, 3, 1, 0, 0), datetime.datetime(2024, 3, 1, 14, 30))
    >>> read_date("3/1/2024", ""), read_date("2024-02-30", "")
    (None, None)
    """
    return _date(cell, order) if len(cell) < LONGEST else None


@lru_cache(maxsize=2**17)       # each part of a date reads the whole column again
def _date(cell: str, order: str) -> datetime | None:
    found = _match(cell)
    if found is None:
        return None
    text = found.groupdict()
    if "name" in text:
        month = next((i for i, name in enumerate(MONTHS, 1) if text["name"].lower() in (name, name[:3])), 0)
        day = int(text["day"])
    elif "first" in text:
        first, then = int(text["first"]), int(text["then"])
        if not order and first != then:
            return None
        day, month = (then, first) if order == "month" else (first, then)
    else:
        day, month = int(text["day"]), int(text["month"])
    hour = int(text["hour"] or 0)
    if text["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (text["half"] in "Pp")
    try:
        return datetime(int(text["year"]), month, day, hour, int(text["minute"] or 0), int(text["second"] or 0))
    except ValueError:
        return None


def date_like(cell: str) -> bool:
    """Whether it is a date in one of the two orders."""
    return read_date(cell, "day") is not None or read_date(cell, "month") is not None


def date_part(cell: str, part: str, order: str) -> float:
    """This part of the date in a cell: weekdays count from 0, a Monday, and hours have decimals; CellError."""
    if not cell:
        raise CellError("is empty")
    found = read_date(cell, order)
    if found is None:
        kind = f" with the {order} first" if order and _slashes(cell) else ""
        raise CellError(f"is {quoted(cell)}, and not a date{kind}")
    if part == "hour":
        return found.hour + found.minute / 60.0 + found.second / 3600.0
    return float(found.weekday() if part == "weekday" else getattr(found, part))


def order_evidence(cells: Iterable[str]) -> tuple[str, str, str]:
    """Three dates with slashes, or "": one that needs the day first, one the month first, one that may be either."""
    day = month = either = ""
    for cell in cells:
        if _slashes(cell):
            by_day, by_month = read_date(cell, "day"), read_date(cell, "month")
            if by_day and by_month:
                either = either or (cell if by_day != by_month else "")
            elif by_day:
                day = day or cell
            elif by_month:
                month = month or cell
    return day, month, either


def _match(cell: str) -> re.Match[str] | None:
    return next((found for form in _FORMS if (found := form.fullmatch(cell))), None) if len(cell) < LONGEST else None


def _slashes(cell: str) -> bool:
    found = _match(cell)
    return found is not None and "first" in found.groupdict()
