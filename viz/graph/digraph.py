"""A ``graphviz.Digraph`` that draws itself with the Graphviz of the pygraphviz wheel, without a system ``dot``."""

import os
import warnings
from pathlib import Path
from typing import Any

import graphviz  # type: ignore[import-untyped]

from autograd import files
from viz.rendering.fonts import MissingFontWarning
from viz.rendering.formats import RenderError, render


class Drawing(graphviz.Digraph):  # type: ignore[misc]
    """A picture. It shows itself in notebooks, and has ``source``, ``save``, ``pipe`` and ``render``."""

    def pipe(self, format: str | None = None, renderer: str | None = None,
             formatter: str | None = None, neato_no_op: bool | int | None = None, quiet: bool = False, *,
             engine: str | None = None, encoding: str | None = None) -> bytes | str:
        """The picture as bytes, or as text if an encoding is given."""
        full = ":".join([format or self.format, *([renderer] if renderer else []), *([formatter] if formatter else [])])
        data = render(self.source, full, engine or self.engine)
        return data.decode(encoding) if encoding else data

    def render(self, filename: str | os.PathLike[str] | None = None,
               directory: str | os.PathLike[str] | None = None, view: bool = False, cleanup: bool = False,
               format: str | None = None, renderer: str | None = None, formatter: str | None = None,
               neato_no_op: bool | int | None = None, quiet: bool = False, quiet_view: bool = False, *,
               outfile: str | os.PathLike[str] | None = None, engine: str | None = None,
               raise_if_result_exists: bool = False, overwrite_source: bool = False) -> str:
        """Save the DOT text and the picture, beside it or as ``outfile``. Returns the path of the picture."""
        if directory is not None:
            self.directory = directory
        if outfile is not None:
            format = format or Path(outfile).suffix[1:].lower()
            filename = filename or Path(outfile).with_suffix(".gv")
        if filename is not None:
            self.filename = filename
        format = format or self.format
        target = Path(self.directory, outfile) if outfile is not None else Path(f"{self.filepath}.{format}")
        if target == Path(self.filepath) and not overwrite_source:
            raise ValueError(f"outfile {os.fspath(target)!r} is the file of the DOT text; choose another name")
        if raise_if_result_exists and target.exists():
            raise graphviz.FileExistsError(f"output file exists: {os.fspath(target)!r}")
        data = self.pipe(format, renderer, formatter, neato_no_op, quiet, engine=engine)
        saved = self.save()
        files.replace(target, data if isinstance(data, bytes) else data.encode())
        if cleanup:
            os.remove(saved)
        if view or quiet_view:
            self._view(os.fspath(target), format=format, quiet=quiet_view)
        return os.fspath(target)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
        """SVG, and PNG for sites that drop SVG from notebooks; the error as text if no Graphviz is installed."""
        try:
            include = ("image/svg+xml", "image/png") if include is None else include
            with warnings.catch_warnings():      # the SVG beside it is what a notebook shows
                warnings.simplefilter("ignore", MissingFontWarning)
                return dict(super()._repr_mimebundle_(include, exclude))
        except RenderError as error:
            return {"text/plain": str(error)}
