"""Numbers as people write them: with a decimal comma or a point, and thousands set apart where that is clear."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from autograd.quoting import quoted
from nn.tabular.numbers import NUMBER, CellError, looks_like_number, plain_numbers

SIGNS = {"point": ".", "comma": ","}
UNLIKE_PYTHON = re.compile(r",[0-9]|[0-9]\.[0-9]{3}\.[0-9]")     # what a number with a comma has
SPACES = " '’\xa0\u202f"     # set thousands apart in both forms


def _form(sign: str, other: str) -> re.Pattern[str]:
    whole = rf"(?:[1-9][0-9]{{0,2}}([{other}{SPACES}])[0-9]{{3}}(?:\1[0-9]{{3}})*|[0-9]++)"
    return re.compile(rf"[+-]?(?:{whole}(?:{re.escape(sign)}[0-9]*+)?|{re.escape(sign)}[0-9]++)(?:[eE][+-]?[0-9]++)?")


FORMS = {".": _form(".", ","), ",": _form(",", ".")}


def number_like(cell: str) -> bool:
    """Whether it is a number in one of the two forms, be it finite or not."""
    return looks_like_number(cell) or any(form.fullmatch(cell) for form in FORMS.values())


def mostly_numbers(cells: Sequence[str]) -> bool:
    """Whether more than half of the cells are `number_like`."""
    return plain_numbers(cells) is not None or \
        2 * sum(count for cell, count in Counter(cells).items() if number_like(cell)) > len(cells)


def plain_number(cell: str, sign: str) -> str:
    """A number with this decimal sign as it is written in Python; other cells as they are.

    >>> plain_number("1.234,5", ","), plain_number("1,234.5", "."), plain_number("1 234", "."), plain_number("red", ",")
    ('1234.5', '1234.5', '1234', 'red')
    """
    if sign == "." and NUMBER.fullmatch(cell):
        return cell
    found = FORMS[sign].fullmatch(cell)
    if found:
        return (cell.replace(found[1], "") if found[1] else cell).replace(sign, ".")
    if NUMBER.fullmatch(cell):
        raise CellError(f"is {quoted(cell)}, and not a number; write a decimal comma, as in the other rows")
    return cell


def has_thousands(cell: str, sign: str) -> bool:
    """Whether thousands are set apart in it."""
    found = FORMS[sign].fullmatch(cell)
    return bool(found and found[1])


def decimal_evidence(cells: Iterable[str]) -> tuple[str, str]:
    """The decimal sign that the cells show, "" where they show none; and a cell that could have either sign, or "".

    >>> decimal_evidence(["1,5", "1,234"]), decimal_evidence(["1,234"]), decimal_evidence(["1,234,567"])
    ((',', '1,234'), ('', '1,234'), ('.', ''))
    """
    count, unclear = {".": 0, ",": 0}, ""
    for cell in cells:
        if "," in cell or "." in cell:
            point, comma = (bool(form.fullmatch(cell)) for form in FORMS.values())
            if point != comma:
                count["." if point else ","] += 1
            elif point and (not unclear or ("," in cell and "," not in unclear)):
                unclear = cell      # the first 1,234 rather than 1.234, which is a number anyway
    return max(count, key=count.__getitem__) if any(count.values()) else "", unclear
