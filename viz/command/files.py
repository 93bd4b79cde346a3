"""How the commands write files: looked at before the work begins, and whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograd import files
from autograd.quoting import quoted
from viz.command.terminal import OutputError


def check_folder(path: str, option: str) -> None:
    """That a file can lie there, as far as can be told without writing it."""
    try:
        target = Path(path)
        reason = "it is a folder" if target.is_dir() else "" if target.parent.is_dir() else "its folder does not exist"
    except OSError as error:        # such as a name that is too long
        reason = error.strerror or str(error)
    if reason:
        raise _error(path, option, reason)


def write_file(path: str, option: str, data: bytes) -> None:
    """Put ``data`` there, over what was there before."""
    guarded(path, option, lambda: files.replace(Path(path), data))


def guarded(path: str, option: str, write: Callable[[], Any]) -> None:
    """Do what writes a file; its errors say which option chooses another."""
    try:
        write()
    except (OSError, ValueError) as error:
        raise _error(path, option, getattr(error, "strerror", None) or str(error)) from None


def _error(path: str, option: str, reason: str) -> OutputError:
    return OutputError(f"{quoted(path, 80)} cannot be written: {reason}; choose another file with {option}")
