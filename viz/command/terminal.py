"""Prints to standard output and standard error, in the characters that each can encode, and formats failures."""

import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress

from viz.words.files import TEXTS
from viz.words.library import translated


class OutputError(Exception):
    """An output cannot be written. The message says which and why."""


def can_print(line: str) -> bool:
    """Whether standard output can encode every character of ``line``."""
    try:
        line.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def can_tell(line: str) -> bool:
    """Whether standard error can encode it as well; errors and remarks are printed there."""
    try:
        line.encode(getattr(sys.stderr, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return can_print(line)


def print_lines(lines: Iterable[str]) -> int:
    """Print to standard output, with replacements for characters that it cannot encode. Returns the status 0."""
    out = sys.stdout
    text = "\n".join(lines) + "\n"
    for sign, plain in (("×", "x"), ("²", "2")):
        if not can_print(sign):
            text = text.replace(sign, plain)
    encoding = getattr(out, "encoding", None) or "utf-8"
    try:
        if out is None:
            raise OSError(None, TEXTS("closed"))
        out.write(text.encode(encoding, "backslashreplace").decode(encoding))
        out.flush()
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError, AttributeError):     # else Python writes once more when it exits
            os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(TEXTS("unwritable_output", translated(reason))) from None
    return 0


def print_remarks(lines: Iterable[str]) -> None:
    """Print to standard error, so that remarks do not mix with a table on standard output."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            sys.stderr.write("".join(f"{line}\n" for line in lines))
            sys.stderr.flush()


def fail(message: str, status: int, details: Sequence[str] = ()) -> int:
    """Print an error on one line, and its details under it. Returns the exit status."""
    print_remarks([f"pathgrad: {' '.join(message.split())}", *(f"  {detail}" for detail in details)])
    return status
