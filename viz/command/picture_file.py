"""The picture of an expression as a file: its options, what is printed of it, and the program that shows it."""

import os
import webbrowser
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograd import ExpressionError, Value
from autograd.quoting import printable, quoted
from viz.command.terminal import OutputError
from viz.graph.digraph import Drawing
from viz.graph.dot import draw_dot
from viz.rendering import fonts
from viz.rendering.formats import MAX_SIDE, PAGE_SUFFIXES, SUFFIXES, RenderError, unreadable, write
from viz.words.files import TEXTS
from viz.words.language import spoken
from viz.words.library import translated

LEAST_WIDTH = 50        # pixels


def picture_path(options: Namespace) -> str | None:
    """The file to draw into, after checks of the options of pictures; None for no picture."""
    out: str | None = options.out if options.out is not None or options.json else "graph.svg"
    suffix = Path(out or "").suffix.lower()
    if out is not None and suffix not in (*SUFFIXES, *PAGE_SUFFIXES):
        raise ExpressionError(TEXTS("suffix", quoted(out), ", ".join((*SUFFIXES, PAGE_SUFFIXES[0]))))
    if out is None and (options.open or options.width is not None or options.rankdir != "auto"):
        raise ExpressionError(TEXTS("no_picture_for"))
    if options.width is not None and suffix == ".dot":
        raise ExpressionError(TEXTS("dot_width"))
    if options.width is not None and suffix in PAGE_SUFFIXES:
        raise ExpressionError(TEXTS("page_width"))
    if options.width is not None and not LEAST_WIDTH <= options.width <= MAX_SIDE:
        raise ExpressionError(TEXTS("width", LEAST_WIDTH, MAX_SIDE))
    return out


def draw_picture(root: Value, out: str, options: Namespace) -> tuple[str, list[str]]:
    """Write the picture, and show it with ``--open``. Returns a line with its name, and remarks."""
    def made() -> Any:
        if Path(out).suffix.lower() in PAGE_SUFFIXES:
            from viz.player.play import play  # lazily: a picture does not need it
            return play(root, lang=options.lang, rankdir=options.rankdir, labels=False)
        return draw_dot(root, lang=options.lang, rankdir=options.rankdir, labels=False)

    line, *remarks = write_picture(made, out, options.width)
    if options.open and not webbrowser.open(Path(out).resolve().as_uri()):
        remarks.append(TEXTS("no_viewer"))
    return line, remarks


def write_picture(picture: Drawing | Callable[[], Any], out: str, width: int | None = None) -> list[str]:
    """Write a picture, or what a function makes: a line with its name, and a remark if it replaced a file."""
    replaced = os.path.exists(out)
    try:
        picture = picture() if callable(picture) else picture
        if Path(out).suffix.lower()[1:] in fonts.GLYPH_FORMATS and (missing := unreadable(picture.source)):
            raise OutputError(TEXTS("no_picture", fonts.message(missing, spoken())))
        write(picture, out, width=width)
    except RenderError as error:
        advice = translated(error.advice.splitlines()[0])
        raise OutputError(TEXTS("no_picture", TEXTS("or_dot", advice))) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise OutputError(TEXTS("unwritable", quoted(out), translated(str(reason)), "--out")) from None
    name = printable(out, 200)
    return [TEXTS("picture", name), *([TEXTS("replaced", name)] if replaced else [])]
