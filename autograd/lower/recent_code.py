"""The code of the Programs that were compiled last: an equal Program needs no other.

A training that begins anew, a new model of the same layers, or a cell of a notebook that runs again makes new functions
with the same Programs.
"""

import atexit
from collections.abc import Callable
from typing import Any

from autograd.ops.formula_dependencies import foldable
from autograd.ops.primitives import FORMS, INTERNAL, TABLE, Op
from autograd.program.program import Program

MOST = 16                       # Programs
MOST_INSTRUCTIONS = 100_000     # in all of them together: some 30 MB of machine code

_kept: list[tuple[Program, set[Op], Any, Any]] = []     # Program, its ops, backend and layout, code; the newest last
atexit.register(_kept.clear)        # machine code is freed while LLVM is still there


def code_of(program: Program, *how: Any, make: Callable[[], Any]) -> Any:
    """The code of an equal Program that was compiled in the same way (``how``), else what ``make`` gives.

    Kept is code of the table's own ops alone: it refers to no object of the user's.
    """
    ops = {op for op, _ in program.instructions}
    if not all(op in (TABLE.get(op.name), INTERNAL.get(op.name), *FORMS) and foldable(op) for op in ops):
        return make()       # a compiled function is an op, too
    for known, its, way, code in reversed([*_kept]):        # a copy: another thread may be adding one
        if hash(known) == hash(program) and way == how and its == ops and known == program:
            return code
    made = make()
    _kept.append((program, ops, how, made))
    size = 0
    for i, (known, *_) in reversed([*enumerate(_kept)]):
        size += len(known.instructions)
        if size > MOST_INSTRUCTIONS or len(_kept) - i > MOST:
            del _kept[:i + 1]
            break
    return made
