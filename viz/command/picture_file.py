"""The picture of an expression as a file: its options, what is printed of it, and the program that shows it."""

import os
import webbrowser
from argparse import Namespace
from pathlib import Path

from autograd import ExpressionError, Value
from autograd.quoting import printable, quoted
from viz.command.terminal import OutputError
from viz.graph.dot import draw_dot
from viz.player.play import play
from viz.rendering import fonts
from viz.rendering.formats import MAX_SIDE, PAGE_SUFFIXES, SUFFIXES, RenderError, unreadable, write

LEAST_WIDTH = 50        # pixels
WORDS = {"en": {"picture": "picture: {}", "replaced": "{} existed and was replaced",
                "closed": "no program was found that shows it; open the file yourself"},
         "zh": {"picture": "图：{}", "replaced": "{} 原有的文件已被替换",
                "closed": "找不到可以显示它的程序；请自行打开该文件"}}


def picture_path(options: Namespace) -> str | None:
    """The file to draw into, after checks of the options of pictures; None for no picture."""
    out: str | None = options.out if options.out is not None or options.json else "graph.svg"
    suffix = Path(out or "").suffix.lower()
    if out is not None and suffix not in (*SUFFIXES, *PAGE_SUFFIXES):
        raise ExpressionError(f"--out {quoted(out)}: the name must end in {', '.join((*SUFFIXES, PAGE_SUFFIXES[0]))}")
    if out is None and (options.open or options.width is not None or options.rankdir != "auto"):
        raise ExpressionError("--json draws no picture for --rankdir, --width or --open; name a file with --out")
    if options.width is not None and suffix == ".dot":
        raise ExpressionError("--width: a .dot is text and has no width; choose .svg, .png or .pdf with --out")
    if options.width is not None and suffix in PAGE_SUFFIXES:
        raise ExpressionError("--width: a page has the width of its window; choose .svg, .png or .pdf with --out")
    if options.width is not None and not LEAST_WIDTH <= options.width <= MAX_SIDE:
        raise ExpressionError(f"--width: write a number of pixels from {LEAST_WIDTH} to {MAX_SIDE}, as in --width 800")
    return out


def draw_picture(root: Value, out: str, options: Namespace, lang: str) -> tuple[str, list[str]]:
    """Write the picture, and show it with ``--open``. Returns a line with its name, and remarks, in ``lang``."""
    words = WORDS[lang]
    replaced = os.path.exists(out)
    try:
        if Path(out).suffix.lower() in PAGE_SUFFIXES:
            picture = play(root, lang=options.lang, rankdir=options.rankdir)
        else:
            picture = draw_dot(root, lang=options.lang, rankdir=options.rankdir)
        if Path(out).suffix.lower()[1:] in fonts.GLYPH_FORMATS and (missing := unreadable(picture.source)):
            raise OutputError(f"no picture: {fonts.message(missing)}")
        target = write(picture, out, width=options.width)
    except RenderError as error:
        raise OutputError(f"no picture: {error.advice.splitlines()[0]}; or write DOT text with --out graph.dot"
                           ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise OutputError(f"{quoted(out)} cannot be written: {reason}; choose another file with --out") from None
    name = printable(out, 200)
    remarks = [words["replaced"].format(name)] if replaced else []
    if options.open and not webbrowser.open(target.resolve().as_uri()):
        remarks.append(words["closed"])
    return words["picture"].format(name), remarks
