"""Fonts of charts: matplotlib draws boxes for Chinese where its font has none, so another installed font helps out."""

import logging
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from viz.rendering.fonts import MissingFontWarning, message

# By preference; each is a font of a system or of a package that `message` names.
CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC", "Hiragino Sans GB",
    "Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Sans CJK JP", "Droid Sans Fallback",
    "AR PL UMing CN", "AR PL UKai CN", "Arial Unicode MS", "Heiti SC", "Songti SC", "SimSun")


@cache
def _installed() -> tuple[str, ...]:
    from matplotlib import font_manager
    known = {font.name for font in font_manager.fontManager.ttflist}
    return tuple(name for name in CHINESE if name in known)


@contextmanager
def readable_letters() -> Iterator[None]:
    """Texts that are made inside also look for their characters in the first installed font that has Chinese."""
    try:
        from matplotlib import rc_context, rcParams
    except ImportError:         # the chart itself says so
        yield
        return
    with rc_context({"font.family": [*rcParams["font.family"], *_installed()[:1]]}):
        yield


def missing_in(chart: Any) -> str:
    """The Chinese, Japanese and Korean characters of a chart that none of its fonts has."""
    from matplotlib import font_manager
    from matplotlib.text import Text
    found: set[str] = set()
    for text in chart.findobj(Text):
        wide = {c for c in text.get_text() if unicodedata.east_asian_width(c) in "WF"} if text.get_visible() else set()
        for path in font_manager.fontManager._find_fonts_by_props(text.get_fontproperties()) if wide else ():
            wide -= set(map(chr, _characters(path)))
        found |= wide
    return "".join(sorted(found))


@cache
def _characters(path: str) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font
    return frozenset(FT2Font(path).get_charmap())


def save(draw: Any, chart: Any, path: Any, options: dict[str, Any]) -> Any:
    """Save by ``draw``, matplotlib's savefig. An SVG has text where characters are missing, in its reader's fonts."""
    from matplotlib import rc_context
    with _one_weight():
        missing = missing_in(chart)
    kind = str(options.get("format") or str(path).rpartition(".")[2]).lower()
    if missing and kind not in ("svg", "svgz"):
        warnings.warn(message(missing), MissingFontWarning, stacklevel=3)
    with warnings.catch_warnings(), rc_context({"svg.fonttype": "none"} if missing else {}), _one_weight():
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        return draw(path, **options)


@contextmanager
def _one_weight() -> Iterator[None]:
    """Without the remark of matplotlib on a font of Chinese that has no bold characters, as many have none."""
    log = logging.getLogger("matplotlib.font_manager")

    def other(record: logging.LogRecord) -> bool:
        return "Failed to find font weight" not in record.getMessage()

    log.addFilter(other)
    try:
        yield
    finally:
        log.removeFilter(other)
