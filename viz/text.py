"""How numbers and names read in a picture."""

import math
import unicodedata
from collections.abc import Iterable

MINUS = "−"
LONGEST = 24        # characters of a name; longer ones end in an ellipsis
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_INVISIBLE = ("Cf", "Zl", "Zp")     # Graphviz knows no font for a text of these alone, and says so
# These turn the reading direction of whatever follows, also outside the label that they stand in.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def number(x: float) -> str:
    """Four significant digits, whole numbers bare, a true minus sign.

    >>> [number(x) for x in (2.0, -1.5, 2 ** -0.5, 1.2e-5, 12345.67, -0.0, float("-inf"))]
    ['2', '−1.5', '0.7071', '1.2e−05', '12346', '0', '−inf']
    """
    if math.isfinite(x) and x and 1e-4 <= abs(x) < 1e6:
        # never fewer digits than the whole part has: 12346 says more to a learner than 1.235e+04
        text = f"{x:.{max(0, 3 - math.floor(math.log10(abs(x))))}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{x + 0.0:.4g}"     # + 0.0: -0.0 reads 0
    return text.replace("-", MINUS)


def total(terms: Iterable[float]) -> str:
    """The terms of a sum.

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
    """
    >>> superscript(-12)
    '⁻¹²'
    """
    return str(n).translate(_SUPERSCRIPTS)


def clean(label: str, longest: int = LONGEST) -> str:
    """A user's label as one line of characters that every format and font engine accepts; else as it is.

    White space of any length reads as one space, what is too long ends in an ellipsis, and � stands for
    each character that XML cannot hold or that would turn the reading direction of what follows. What shows
    nothing, as a zero-width space alone does, is empty.

    >>> clean("  my\\nlabel\\0 ")
    'my label�'
    """
    # A label may be megabytes long: these words alone fill the line.
    line = " ".join(label.strip().split(None, longest))[:longest + 1]
    line = line if len(line) <= longest else line[:longest - 1].rstrip() + "…"
    text = "".join(map(_printable, line))
    return text if any(c != " " and unicodedata.category(c) not in _INVISIBLE for c in text) else ""


def _printable(c: str) -> str:
    code = ord(c)
    # XML has no way at all to write control characters, lone surrogates and noncharacters.
    if c in _BIDI or unicodedata.category(c) in ("Cc", "Cs") or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return "�"
    return c


def distinct(labels: Iterable[str]) -> list[str]:
    """A different name for each label: repeated ones get an index, empty ones are called v1, v2, ...

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
