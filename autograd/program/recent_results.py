"""What was made of the Programs that were used last: an equal Program needs no other.

A training that begins anew, a new model of the same layers, or a cell of a notebook that runs again makes new functions
with the same Programs.
"""

from collections.abc import Callable
from typing import Any

from autograd.ops.formula_dependencies import foldable
from autograd.ops.primitives import FORMS, INTERNAL, TABLE, Op
from autograd.program.nested import item
from autograd.program.program import Program

MOST = 16                       # Programs
MOST_INSTRUCTIONS = 100_000     # in all of them, or their derivatives, together: some 20 MB, of machine code 30 MB

# Program, its ops, how the result was made, and it; the one used last at the end
Kept = list[tuple[Program, set[Op | str], Any, Any]]


def _ops(program: Program) -> set[Op | str]:
    """The ops of a Program and of those that its ops hold; of a loop its key, which says what it holds."""
    found: set[Op | str] = set()
    waiting = [program]
    for some in waiting:        # grows while it is read
        for op in {op for op, _ in some.instructions}:
            found.add(op.key if op.nested else op)
            waiting += [way.program for way in op.nested.ways] if op.nested else ()
    return found


def result_of(kept: Kept, program: Program, *how: Any, make: Callable[[], Any]) -> Any:
    """What is kept of an equal Program, made in the same way (``how``), else what ``make`` gives.

    Kept are results of the table's own ops alone: they refer to no object of the user's.
    """
    ops = _ops(program)
    own = [op for op in ops if isinstance(op, Op) and op is not item]
    if not all(op in (TABLE.get(op.name), INTERNAL.get(op.name), *FORMS) and foldable(op) for op in own):
        return make()       # a compiled function is an op, too
    for entry in reversed([*kept]):     # a copy: another thread may be adding one
        known, its, way, result = entry
        if hash(known) == hash(program) and way == how and its == ops and known == program:
            if not any(last is entry for last in kept[-1:]):     # another thread may have emptied it
                kept[:] = [*(other for other in kept if other is not entry), entry]
            return result
    made = make()
    kept.append((program, ops, how, made))
    size = 0
    for i, (known, _, _, result) in reversed([*enumerate(kept)]):
        size += len((result if isinstance(result, Program) else known).instructions)
        if size > MOST_INSTRUCTIONS or len(kept) - i > MOST:
            del kept[:i + 1]
            break
    return made
