"""What the command says, in the letters that a terminal has, and how it fails: in sentences, with a status."""

import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress


class OutputError(Exception):
    """Something could not be written; the message says what."""


def prints(line: str) -> bool:
    """Whether standard output has these letters."""
    try:
        line.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def say(lines: Iterable[str]) -> int:
    """Print; where the terminal lacks a letter, something it has stands for it."""
    out = sys.stdout
    whole = "\n".join(lines) + "\n"
    for sign, plain in (("×", "x"), ("∂", "d"), ("²", "2")):
        if not prints(sign):
            whole = whole.replace(sign, plain)
    encoding = getattr(out, "encoding", None) or "utf-8"
    try:
        if out is None:
            raise OSError(None, "it is closed")
        out.write(whole.encode(encoding, "backslashreplace").decode(encoding))
        out.flush()
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError, AttributeError):     # or Python would try once more as it ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(f"standard output cannot be written: {reason}; send it to a file or a terminal") from None
    return 0


def remark(lines: Iterable[str]) -> None:
    """Print where errors go, which is not where a table goes."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            sys.stderr.write("".join(f"{line}\n" for line in lines))
            sys.stderr.flush()


def fail(message: str, code: int, details: Sequence[str] = ()) -> int:
    remark([f"pathgrad: {' '.join(message.split())}", *(f"  {detail}" for detail in details)])
    return code
