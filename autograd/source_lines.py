"""Which line of the user's code is running, and how a message shows it."""

import linecache
import sys

OURS = ("autograd", "nn", "viz", "numpy", "scipy", "copy", "pickle")     # packages whose lines are not the user's
Line = tuple[str, int, str]                     # file, number, function


def users_line() -> Line | None:
    """The innermost line on the stack that belongs to none of our packages."""
    frame = sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__") or "autograd"      # what is generated from the table has no name
        if module.partition(".")[0] not in OURS:
            return frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name
        frame = frame.f_back        # type: ignore[assignment]
    return None


def users_frame() -> int:
    """How many frames above its caller that line is: the ``stacklevel`` of a warning."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and (frame.f_globals.get("__name__") or "autograd").partition(".")[0] in OURS:
        frame, level = frame.f_back, level + 1
    return level


def shown(line: Line | None) -> str:
    """A source line as tracebacks show it; nothing where none is known."""
    if line is None:
        return ""
    file, number, function = line
    return f'\n  File "{file}", line {number}, in {function}\n    {linecache.getline(file, number).strip()}'
