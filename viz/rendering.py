"""Who draws: Graphviz inside the pygraphviz wheel, else a system ``dot``; and which format a file has."""

import io
import math
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import graphviz  # type: ignore[import-untyped]

from autograd import AutogradError, files
from autograd import locks as alone

DATED = re.compile(rb"/CreationDate \(D:\d{14}Z\)")
SUFFIXES = (".svg", ".png", ".pdf", ".dot")
UNDATED = {".svg": {"Date": None}, ".png": {"Software": None}, ".pdf": {"CreationDate": None}}    # of charts
DPI = 192                   # of PNG only: an SVG with a resolution is scaled twice
SIDE, AREA = 16_000, 64e6   # pixels of a PNG; beyond, the resolution gives way
SMALL = 40_000              # characters of DOT that stay below that
_alone = alone.Alone()            # Graphviz keeps global state, and stderr is everyone's
# What the wheel's fontconfig says about configuration files newer or older than itself.
_NOISE = re.compile(rb"^(Fontconfig (warning|error)|\(process:\d+\): Pango-WARNING|$)", re.IGNORECASE)


class RenderError(AutogradError, RuntimeError):
    """Nothing here can draw. ``advice`` says what to install; ``source`` is the picture as DOT text."""

    def __init__(self, advice: str, source: str) -> None:
        super().__init__(f"{advice}\nThe picture as DOT text, which any Graphviz viewer shows:\n\n{source}")
        self.advice, self.source = advice, source

    def __reduce__(self) -> tuple[Any, ...]:
        return RenderError, (self.advice, self.source)


def render(source: str, format: str, engine: str = "dot") -> bytes:
    """The picture that DOT text describes, as the bytes of an SVG, PNG, PDF or another of Graphviz's formats."""
    if format.partition(":")[0] not in graphviz.FORMATS:
        raise ValueError(f"Graphviz draws no {format!r}; it draws svg, png, pdf and many others")
    if engine not in graphviz.ENGINES:
        raise ValueError(f"Graphviz has no engine {engine!r}; it has {', '.join(sorted(graphviz.ENGINES))}")
    options = [f"-Gdpi={_dpi(source, engine):.4g}"] if format.partition(":")[0] == "png" else []
    wheel = alone.importing(_wheel)
    drawn = _system(source, format, engine, options) if wheel is None else \
        _alone(_in_process, wheel, source, format, engine, options)
    # a PDF bears the second of its making: the same input shall give the same bytes
    return DATED.sub(rb"/CreationDate (D:19700101000000Z)", drawn)


def _dpi(source: str, engine: str) -> float:
    """The resolution of a PNG: a chain of 300 cards is 30 metres long, and would take gigabytes."""
    size = re.search(rb'<svg width="([0-9.]+)pt" height="([0-9.]+)pt"',
                     render(source, "svg", engine) if len(source) > SMALL else b"")
    if size is None:
        return DPI
    width, height = (float(points) * DPI / 72 for points in size.groups())
    return DPI * min(1.0, SIDE / width, SIDE / height, math.sqrt(AREA / (width * height)))


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
    """The pygraphviz that carries Graphviz itself, or None; older ones only call a system ``dot``."""
    try:
        import pygraphviz  # type: ignore[import-untyped]
        carries = hasattr(pygraphviz.graphviz, "gvContextWithBuiltins")
    except (ImportError, OSError, AttributeError):
        return None
    return pygraphviz if carries else None


def _in_process(wheel: Any, source: str, format: str, engine: str, options: list[str]) -> bytes:
    def drawn(said: Callable[[], str]) -> bytes:
        graph = None
        try:
            graph = wheel.AGraph(string=source)
            return bytes(graph.draw(format=format, prog=engine, args=" ".join(options)))
        except (ValueError, OSError, wheel.DotError) as error:
            raise RenderError(f"Graphviz could not draw this as {format}: {error} {said()}".strip(), source) from error
        finally:
            if graph is not None:
                graph.close()

    return _without_noise(drawn)


def _without_noise(function: Callable[[Callable[[], str]], bytes]) -> bytes:
    """What ``function`` gives. What C code writes to stderr meanwhile is held back, and at the end what is no noise
    is passed on; ``function`` gets a function that tells what has come so far."""
    try:
        sys.stderr.flush()
        saved = os.dup(2)
    except (OSError, AttributeError, ValueError):     # no stderr, as under pythonw
        return function(lambda: "")
    with tempfile.TemporaryFile() as held:
        spoken = b""

        def said() -> str:
            nonlocal spoken
            held.seek(0)
            lines = held.read().splitlines(keepends=True)
            spoken = b"".join(line for line in lines if not _NOISE.match(line.rstrip()))
            return spoken.decode(errors="replace").strip()

        failed = True
        try:        # before stderr is another file: no Ctrl-C comes between the two
            os.dup2(held.fileno(), 2)
            found = function(said)
            failed = False
            return found
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            said()
            if spoken and not failed:
                with suppress(OSError):
                    os.write(2, spoken)


def write(picture: Any, path: str | os.PathLike[str]) -> Path:
    """Write a picture in the format that the suffix of ``path`` names: .svg, .png, .pdf or, of a graph, .dot.

    picture: what a ``draw_`` or a ``plot_`` function gives. The file appears whole or not at all; an
        older one stays until then, and its permissions go on.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    chart = hasattr(picture, "savefig")
    suffixes = SUFFIXES[:-1] if chart else SUFFIXES
    if suffix not in suffixes:
        raise ValueError(f"{os.fspath(target)!r}: a {'chart' if chart else 'picture'}'s name ends in one of "
                         f"{', '.join(suffixes)}")
    if chart:
        data = io.BytesIO()
        picture.savefig(data, format=suffix[1:], metadata=UNDATED[suffix], **({"dpi": 144} if suffix == ".png" else {}))
        files.replace(target, data.getvalue())
    elif isinstance(picture, graphviz.Digraph):
        source = picture.source
        files.replace(target, source.encode() if suffix == ".dot" else render(source, suffix[1:], picture.engine))
    else:
        raise TypeError(f"write takes what a draw_ or plot_ function gives, not {type(picture).__name__}")
    return target
