"""The code of the Programs that were used last."""

import atexit
from collections.abc import Callable
from typing import Any

from autograd.program.program import Program
from autograd.program.recent_results import Kept, result_of

_kept: Kept = []
atexit.register(_kept.clear)        # machine code is freed while LLVM is still there


def code_of(program: Program, *how: Any, make: Callable[[], Any]) -> Any:
    """The code of an equal Program that was compiled in the same way (``how``), else what ``make`` gives."""
    return result_of(_kept, program, *how, make=make)
