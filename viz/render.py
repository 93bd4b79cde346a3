"""Who draws: Graphviz inside the pygraphviz wheel, else a system ``dot``; and how files are written."""

import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any

import graphviz

from autograd import AutogradError

SUFFIXES = (".svg", ".png", ".pdf", ".dot")
DPI = 192                   # of PNG only: an SVG with a resolution is scaled twice
_drawing = Lock()           # Graphviz keeps global state
# What the wheel's fontconfig says about configuration files newer or older than itself.
_NOISE = re.compile(rb"^(Fontconfig (warning|error)|\(process:\d+\): Pango-WARNING|$)", re.IGNORECASE)


class RenderError(AutogradError, RuntimeError):
    """Nothing here can draw. ``advice`` says what to install; ``source`` is the picture as DOT text."""

    def __init__(self, advice: str, source: str) -> None:
        super().__init__(f"{advice}\nUntil then, this is the picture as DOT text, which any Graphviz "
                         f"viewer shows:\n\n{source}")
        self.advice, self.source = advice, source

    def __reduce__(self) -> tuple[Any, ...]:
        return RenderError, (self.advice, self.source)


def render(source: str, format: str, engine: str = "dot") -> bytes:
    """The picture that DOT text describes, as the bytes of an SVG, PNG, PDF or another of Graphviz's formats."""
    options = [f"-Gdpi={DPI}"] if format.partition(":")[0] == "png" else []
    wheel = _wheel()
    if wheel is not None:
        return _in_process(wheel, source, format, engine, options)
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
        import pygraphviz
        carries = hasattr(pygraphviz.graphviz, "gvContextWithBuiltins")
    except (ImportError, OSError, AttributeError):
        return None
    return pygraphviz if carries else None


def _in_process(wheel: Any, source: str, format: str, engine: str, options: list[str]) -> bytes:
    graph = None
    with _drawing, _stderr() as said:
        try:
            graph = wheel.AGraph(string=source)
            return bytes(graph.draw(format=format, prog=engine, args=" ".join(options)))
        except (ValueError, OSError, wheel.DotError) as error:
            raise RenderError(f"Graphviz could not draw this as {format}: {error} {said()}".strip(), source) from error
        finally:
            if graph is not None:
                graph.close()


@contextmanager
def _stderr() -> Iterator[Any]:
    """Hold back what C code writes to stderr; pass on at the end whatever is not noise."""
    try:
        sys.stderr.flush()
        saved = os.dup(2)
    except (OSError, AttributeError, ValueError):     # no stderr, as under pythonw
        yield lambda: ""
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        spoken = b""

        def said() -> str:
            nonlocal spoken
            held.seek(0)
            lines = held.read().splitlines(keepends=True)
            spoken = b"".join(line for line in lines if not _NOISE.match(line.rstrip()))
            return spoken.decode(errors="replace").strip()

        failed = True
        try:
            yield said
            failed = False
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            said()
            if spoken and not failed:
                with suppress(OSError):
                    os.write(2, spoken)


class Drawing(graphviz.Digraph):
    """A ``graphviz.Digraph`` that needs no system ``dot``: in notebooks, ``pipe`` and ``render``."""

    def pipe(self, format: str | None = None, renderer: str | None = None,     # type: ignore[override]
             formatter: str | None = None, neato_no_op: bool | int | None = None, quiet: bool = False, *,
             engine: str | None = None, encoding: str | None = None) -> bytes | str:
        """The picture as bytes; as text where an encoding is given."""
        full = ":".join(part for part in (format or self.format, renderer, formatter) if part)
        data = render(self.source, full, engine or self.engine)
        return data.decode(encoding) if encoding else data

    def render(self, filename: str | os.PathLike[str] | None = None,           # type: ignore[override]
               directory: str | os.PathLike[str] | None = None, view: bool = False, cleanup: bool = False,
               format: str | None = None, renderer: str | None = None, formatter: str | None = None,
               neato_no_op: bool | int | None = None, quiet: bool = False, quiet_view: bool = False, *,
               outfile: str | os.PathLike[str] | None = None, engine: str | None = None,
               raise_if_result_exists: bool = False, overwrite_source: bool = False) -> str:
        """Save the DOT text and, beside it or as ``outfile``, the picture; the picture's path."""
        if outfile is not None:
            target = Path(directory or self.directory or "", outfile)
            format = format or target.suffix[1:].lower() or None
            filename, directory = filename or target.with_suffix(".gv"), directory if filename else None
        format = format or self.format
        data = self.pipe(format, renderer, formatter, neato_no_op, quiet, engine=engine)
        source = Path(filename or self.filename) if directory is None else Path(directory, filename or self.filename)
        if outfile is None:
            source = source if directory is not None or filename else Path(self.filepath)
            target = Path(f"{source}.{format}")
        if raise_if_result_exists and target.exists():
            raise graphviz.FileExistsError(f"output file exists: {os.fspath(target)!r}")
        saved = self.save(filename, directory)
        _replace(target, data if isinstance(data, bytes) else data.encode())
        if cleanup:
            os.remove(saved)
        if view or quiet_view:
            self._view(os.fspath(target), format=format, quiet=quiet_view)
        return os.fspath(target)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
        """SVG, and PNG for the sites that drop SVG from notebooks; the advice where nothing can draw."""
        try:
            return super()._repr_mimebundle_(include or ("image/svg+xml", "image/png"), exclude)
        except RenderError as error:
            return {"text/plain": str(error)}


def write(digraph: graphviz.Digraph, path: str | os.PathLike[str]) -> Path:
    """Write a picture in the format that the suffix of ``path`` names: .svg, .png, .pdf or .dot.

    The file appears whole or not at all; an older one stays until then.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(f"{os.fspath(target)!r}: a picture's name ends in one of {', '.join(SUFFIXES)}")
    source = digraph.source
    _replace(target, source.encode() if suffix == ".dot" else render(source, suffix[1:], digraph.engine))
    return target


def _replace(path: Path, data: bytes) -> None:
    if path.exists() and not path.is_file():        # a pipe, /dev/stdout: nothing to replace
        path.write_bytes(data)
        return
    whole = path.resolve()                          # through a link to the file that it names
    part = whole.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with open(part, "xb") as file:
            file.write(data)
        os.replace(part, whole)
    finally:
        part.unlink(missing_ok=True)
