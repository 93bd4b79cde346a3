"""Draws DOT text with the Graphviz of the pygraphviz wheel, or else a system ``dot``; and writes pictures to files.

`viz.rendering.outside.draw_with` gives another way to draw.
"""

import io
import math
import os
import re
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import graphviz  # type: ignore[import-untyped]

from autograd import AutogradError, files, locks
from viz.rendering import fonts, outside

CREATION_DATE = re.compile(rb"/CreationDate \(D:\d{14}Z\)")
SUFFIXES = (".svg", ".png", ".pdf", ".dot")
PAGE_SUFFIXES = (".html", ".htm")
CHART_OPTIONS: dict[str, dict[str, Any]] = {        # of matplotlib; without dates
    ".svg": {"metadata": {"Date": None}}, ".png": {"metadata": {"Software": None}, "dpi": 144},
    ".pdf": {"metadata": {"CreationDate": None}}}
DPI = 192                   # of PNG only: Graphviz scales an SVG with a resolution twice
MAX_SIDE, MAX_AREA = 16_000, 64e6       # pixels of a PNG; a larger picture gets a lower resolution
SMALL = 40_000              # characters of DOT text; the picture of less text never exceeds that
OWN_SIZE = re.compile(r'^\tsize="[\d.,]+"\n', re.MULTILINE)       # that a picture is at most drawn in
_one_at_a_time = locks.Alone()    # Graphviz has global state, and stderr belongs to the process
# Warnings of the wheel's fontconfig about configuration files of other versions.
_NOISE = re.compile(rb"^(Fontconfig (warning|error)|\(process:\d+\): Pango-WARNING|$)", re.IGNORECASE)


class RenderError(AutogradError, RuntimeError):
    """No Graphviz can draw the picture. ``advice`` names the package to install; ``source`` is the DOT text.

    >>> RenderError("install graphviz", "digraph {}").advice
    'install graphviz'
    """

    def __init__(self, advice: str, source: str) -> None:
        super().__init__(f"{advice}\nThe picture as DOT text, which any Graphviz viewer shows:\n\n{source}")
        self.advice, self.source = advice, source

    def __reduce__(self) -> tuple[Any, ...]:
        return RenderError, (self.advice, self.source)


def render(source: str, format: str, engine: str = "dot", width: int | None = None) -> bytes:
    """The picture of DOT text, as the bytes of an SVG, PNG, PDF or another format of Graphviz.

    width: in pixels, 96 to the inch; by default what the picture needs, and a PNG twice as wide.
    """
    if format.partition(":")[0] not in graphviz.FORMATS:
        raise ValueError(f"Graphviz draws no {format!r}; it draws svg, png, pdf and many others")
    if engine not in graphviz.ENGINES:
        raise ValueError(f"Graphviz has no engine {engine!r}; it has {', '.join(sorted(graphviz.ENGINES))}")
    kind = format.partition(":")[0]
    if kind in fonts.GLYPH_FORMATS and (missing := unreadable(source)):
        warnings.warn(fonts.message(missing), fonts.MissingFontWarning, stacklevel=2)
    if width is not None:       # scaled to fit into a box that only its width limits
        source = OWN_SIZE.sub("", source, count=1)
        height = min(MAX_SIDE, MAX_AREA / width)
        attributes = {"size": f"{width / 96:.6g},{height / 96:.6g}!"} | ({"dpi": "96"} if kind == "png" else {})
    else:
        attributes = {"dpi": f"{_dpi(source, engine):.4g}"} if kind == "png" else {}
    if draw := outside.given():
        return _outside(draw, source, format, engine, attributes)
    options = [f"-G{name}={value}" for name, value in attributes.items()]
    wheel = locks.importing(_wheel)
    drawn = _system(source, format, engine, options) if wheel is None else \
        _one_at_a_time(_in_process, wheel, source, format, engine, options)
    # a PDF contains the time of its creation; without it, equal input gives equal bytes
    return CREATION_DATE.sub(rb"/CreationDate (D:19700101000000Z)", drawn)


def unreadable(source: str) -> str:
    """The characters of DOT text that a PNG or PDF drawn on this machine would show as boxes."""
    try:
        return fonts.missing_characters(source, render)
    except RenderError:         # a Graphviz without Cairo, which cannot tell
        return ""


def _dpi(source: str, engine: str) -> float:
    """The resolution of a PNG. A chain of 300 cards is 30 metres long, and would take gigabytes at the usual one."""
    size = re.search(rb'<svg width="([0-9.]+)pt" height="([0-9.]+)pt"',
                     render(source, "svg", engine) if len(source) > SMALL else b"")
    if size is None:
        return DPI
    width, height = (float(points) * DPI / 72 for points in size.groups())
    return DPI * min(1.0, MAX_SIDE / width, MAX_SIDE / height, math.sqrt(MAX_AREA / (width * height)))


def _outside(draw: outside.Draw, source: str, format: str, engine: str, attributes: dict[str, str]) -> bytes:
    try:
        drawn = draw(source, format, engine, attributes)
    except Exception as error:
        raise RenderError(f"this could not be drawn as {format}: {error}", source) from error
    return drawn.encode() if isinstance(drawn, str) else drawn


def _system(source: str, format: str, engine: str, options: list[str]) -> bytes:
    try:
        done = subprocess.run([engine, f"-T{format}", *options], input=source.encode(), capture_output=True,
                              check=False)
    except OSError:
        raise RenderError("no Graphviz found to draw with: pip install 'pygraphviz>=2.0.2' (it carries "
                          "Graphviz), or install Graphviz from https://graphviz.org/download", source) from None
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip()
        raise RenderError(f"{engine} could not draw this as {format}: {said}", source)
    return done.stdout


def _wheel() -> Any:
    """The module pygraphviz if its wheel contains Graphviz, else None; older versions call a system ``dot``."""
    try:
        import pygraphviz  # type: ignore[import-untyped]
        return pygraphviz if hasattr(pygraphviz.graphviz, "gvContextWithBuiltins") else None
    except (ImportError, OSError, AttributeError):
        return None


def _in_process(wheel: Any, source: str, format: str, engine: str, options: list[str]) -> bytes:
    def draw(errors: Callable[[], str]) -> bytes:
        graph = None
        try:
            graph = wheel.AGraph(string=source)
            graph.number_of_nodes = lambda: 0       # else it writes an English sentence about more than 1,000
            return bytes(graph.draw(format=format, prog=engine, args=" ".join(options)))
        except (ValueError, OSError, wheel.DotError) as error:
            reason = f"Graphviz could not draw this as {format}: {error} {errors()}"
            raise RenderError(reason.strip(), source) from error
        finally:
            if graph is not None:
                graph.close()

    return _without_noise(draw)


def _without_noise(function: Callable[[Callable[[], str]], bytes]) -> bytes:
    """The result of ``function``. Output of C code to stderr is held back during the call, and the part that is no
    noise is written at the end. The argument of ``function`` is a function that returns the output so far."""
    try:
        sys.stderr.flush()
        saved = os.dup(2)
    except (OSError, AttributeError, ValueError):     # no stderr, as under pythonw
        return function(lambda: "")
    with tempfile.TemporaryFile() as held:
        output = b""

        def read_output() -> str:
            nonlocal output
            held.seek(0)
            lines = held.read().splitlines(keepends=True)
            output = b"".join(line for line in lines if not _NOISE.match(line.rstrip()))
            return output.decode(errors="replace").strip()

        failed = True
        try:        # entered before dup2, so that no Ctrl-C leaves stderr redirected
            os.dup2(held.fileno(), 2)
            result = function(read_output)
            failed = False
            return result
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            read_output()
            if output and not failed:
                with suppress(OSError):
                    os.write(2, output)


def write(picture: Any, path: str | os.PathLike[str], *, width: int | None = None) -> Path:
    """Write a picture in the format of the suffix of ``path``: .svg, .png, .pdf or, for a graph, .dot.

    picture: the result of a ``draw_`` or ``plot_`` function; or of ``play``, whose only format is .html.
        A PNG or PDF warns of Chinese characters that no font on this machine has; an SVG takes the fonts of its reader.
    width: of a graph, in pixels, 96 to the inch; by default what it needs, and a PNG twice as wide.

    The file appears whole or not at all. An older file stays until then, and the new one gets its permissions.

    >>> from autograd import Value
    >>> from viz import draw_dot
    >>> x = Value(3.0, label="x")
    >>> write(draw_dot(x * x), "square.svg").name
    'square.svg'
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if isinstance(page := getattr(picture, "html", None), str):
        if suffix not in PAGE_SUFFIXES or width is not None:
            raise ValueError(f"{os.fspath(target)!r}: a page is written as .html, and without a width; draw_dot "
                             "gives a picture, and frames gives pictures of all steps")
        files.replace(target, page.encode())
        return target
    chart = hasattr(picture, "savefig")
    suffixes = tuple(CHART_OPTIONS) if chart else SUFFIXES
    if suffix not in suffixes:
        raise ValueError(f"{os.fspath(target)!r}: a {'chart' if chart else 'picture'}'s name ends in one of "
                         f"{', '.join(suffixes)}" + ("; play gives a page" if suffix in PAGE_SUFFIXES else ""))
    if width is not None and (chart or suffix == ".dot" or not 1 <= width <= MAX_SIDE):
        raise ValueError(f"width: from 1 to {MAX_SIDE} pixels, of a graph as .svg, .png or .pdf; a chart's savefig "
                         "takes dpi")
    if chart:
        data = io.BytesIO()
        picture.savefig(data, format=suffix[1:], **CHART_OPTIONS[suffix])
        files.replace(target, data.getvalue())
    elif isinstance(picture, graphviz.Digraph):
        source = picture.source
        files.replace(target, source.encode() if suffix == ".dot" else
                      render(source, suffix[1:], picture.engine, width))
    else:
        raise TypeError(f"write takes what a draw_ or plot_ function, or play, gives, not {type(picture).__name__}")
    return target
