"""Which characters of a picture no font on this machine has, so that a PNG or PDF would show boxes."""

import unicodedata
from collections.abc import Callable

from viz.words.files import TEXTS

# These contain drawn glyphs; an SVG contains text, which takes the fonts of its reader.
GLYPH_FORMATS = ("png", "pdf", "jpg", "jpeg", "gif", "ps", "eps", "webp", "bmp", "tiff", "tif")


class MissingFontWarning(UserWarning):
    """No font on this machine has some characters of a PNG or PDF, which therefore shows boxes."""


def missing_characters(source: str, draw: Callable[[str, str], bytes]) -> str:
    """The Chinese, Japanese and Korean characters of DOT text that are drawn as boxes.

    draw: gives the picture of DOT text in a format of Graphviz. Cairo draws one glyph for a character, and for a
    missing one a box of its four or more hexadecimal digits.
    """
    wide = sorted({c for c in source if unicodedata.east_asian_width(c) in "WF" and not unicodedata.combining(c)})
    return "".join(_missing(wide, draw))


def _missing(characters: list[str], draw: Callable[[str, str], bytes]) -> list[str]:
    """By halves, since most often all are there or all are missing."""
    if not characters:
        return []
    glyphs = _glyphs(characters, draw)
    if glyphs <= len(characters):
        return []
    if glyphs >= 4 * len(characters):
        return characters
    half = len(characters) // 2
    return _missing(characters[:half], draw) + _missing(characters[half:], draw)


def _glyphs(characters: list[str], draw: Callable[[str, str], bytes]) -> int:
    label = "".join(f"&#{ord(c)};" for c in characters)
    return draw(f'graph {{ n [shape=plaintext fontname="DejaVu Sans" label="{label}"] }}', "svg:cairo").count(b"<use ")


def message(characters: str, lang: str | None = None) -> str:
    """What to tell about them, and which package brings a font; in ``lang``, else in the language that is spoken."""
    letters = "".join(c for c in characters if unicodedata.category(c) == "Lo") or characters
    shown = letters[:8] + "…" * (len(letters) > 8)
    return TEXTS("no_font", shown, TEXTS("fonts", lang=lang), lang=lang)
