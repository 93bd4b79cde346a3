"""How the commands write files: paths are checked before the work begins, and a file appears whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograd import ExpressionError, files
from autograd.quoting import quoted
from viz.command.terminal import OutputError
from viz.words.files import TEXTS
from viz.words.library import translated


def check_distinct(**paths: str | None) -> None:
    """Raise if two options name the same file: no output replaces an input or another output."""
    known: dict[str, str] = {}
    for name, path in paths.items():
        if path is not None:
            try:
                real = str(Path(path).resolve())
            except (OSError, ValueError, RuntimeError):     # reading or writing this path will report the error
                continue
            if real in known:
                raise ExpressionError(TEXTS("same", known[real], name, quoted(path)))
            known[real] = name


def check_folder(path: str, option: str) -> None:
    """Raise if a file cannot be created at ``path``, as far as this is known without writing."""
    try:
        target = Path(path)
        reason = TEXTS("is_folder") if target.is_dir() else "" if target.parent.is_dir() else TEXTS("no_folder")
    except OSError as error:        # such as a name that is too long
        reason = error.strerror or str(error)
    if reason:
        raise _error(path, option, reason)


def write_file(path: str, option: str, data: bytes) -> None:
    """Write ``data`` to ``path``. An older file there is replaced."""
    with_output_errors(path, option, lambda: files.replace(Path(path), data))


def with_output_errors(path: str, option: str, write: Callable[[], Any]) -> None:
    """Call ``write``. Its errors become an OutputError that names the option which chooses another file."""
    try:
        write()
    except (OSError, ValueError) as error:
        raise _error(path, option, getattr(error, "strerror", None) or str(error)) from None


def _error(path: str, option: str, reason: str) -> OutputError:
    return OutputError(TEXTS("unwritable", quoted(path, 80), translated(reason), option))
