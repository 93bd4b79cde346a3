"""Numbers and names as text in pictures."""

import math
import unicodedata
from collections.abc import Iterable

MINUS = "−"
LONGEST = 24        # characters of a name; a longer name ends in an ellipsis
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_INVISIBLE = ("Cf", "Zl", "Zp")     # Graphviz finds no font for text of these alone, and warns
# These turn the reading direction of the text that follows, even outside their label.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def number(x: float) -> str:
    """``x`` in four significant digits, without a point if it is whole, and with a true minus sign.

    >>> [number(x) for x in (2.0, -1.5, 2 ** -0.5, 1.2e-5, 12345.67, -0.0, float("-inf"))]
    ['2', '−1.5', '0.7071', '1.2e−05', '12346', '0', '−inf']
    """
    if math.isfinite(x) and x and 1e-4 <= abs(x) < 1e6:
        # at least all digits of the whole part: 12346 is easier to read than 1.235e+04
        text = f"{x:.{max(0, 3 - math.floor(math.log10(abs(x))))}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{x + 0.0:.4g}"     # + 0.0 turns -0.0 into 0
    return text.replace("-", MINUS)


def total(terms: Iterable[float]) -> str:
    """A sum, written with the signs of its terms.

    >>> total([2.0, -3.0, 0.5])
    '2 − 3 + 0.5'
    """
    text = ""
    for term in terms:
        written = number(term)
        if not text:
            text = written
        elif written.startswith(MINUS):
            text += f" {MINUS} {written[1:]}"
        else:
            text += f" + {written}"
    return text


def superscript(n: int) -> str:
    """A whole number as an exponent.

    >>> superscript(-12)
    '⁻¹²'
    """
    return str(n).translate(_SUPERSCRIPTS)


def clean(label: str, longest: int = LONGEST) -> str:
    """A user's label as one line of characters that every format and font engine accepts.

    White space of any length becomes one space, a long label ends in an ellipsis, and � replaces each character
    that XML cannot contain or that turns the reading direction. A label of invisible characters alone, such as a
    zero-width space, becomes empty.

    >>> clean("  my\\nlabel\\0 ")
    'my label�'
    """
    # A label may be megabytes long. The first words fill the line.
    line = " ".join(label.strip().split(None, longest))[:longest + 1]
    line = line if len(line) <= longest else line[:longest - 1].rstrip() + "…"
    text = "".join(map(_printable, line))
    return text if any(c != " " and unicodedata.category(c) not in _INVISIBLE for c in text) else ""


def _printable(c: str) -> str:
    code = ord(c)
    # XML cannot represent control characters, lone surrogates and noncharacters.
    if c in _BIDI or unicodedata.category(c) in ("Cc", "Cs") or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return "�"
    return c


def distinct(labels: Iterable[str]) -> list[str]:
    """A distinct name for each label: a repeated label gets an index, and empty labels become v1, v2, ...

    >>> distinct(["b", "", "b", "v1", ""])
    ['b', 'v2', 'b₂', 'v1', 'v3']
    """
    cleaned = [clean(label) for label in labels]
    taken = set(cleaned)
    named: set[str] = set()
    copies: dict[str, int] = {}
    generated = 0
    names = []
    for name in cleaned:
        if not name:
            generated += 1
            while f"v{generated}" in taken:
                generated += 1
            name = f"v{generated}"
        elif name in named:
            copy, label = copies.get(name, 1), name
            while name in taken:
                copy += 1
                name = label + str(copy).translate(_SUBSCRIPTS)
            copies[label] = copy
            taken.add(name)
        named.add(name)
        names.append(name)
    return names
