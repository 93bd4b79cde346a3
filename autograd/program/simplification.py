"""simplify and expand: a bit-identical Program, with fewer instructions or in elementary ops."""

from autograd.ops.primitives import INTERNAL
from autograd.program.builder import Builder
from autograd.program.program import Program


def simplify(program: Program) -> Program:
    """Constant folding, common subexpression elimination and dead code elimination.

    Keeps every bit of every output and guard, infinities, nan and signed zeros included. Take
    derivatives first: merged subexpressions add their contributions in another order.
    """
    return _rebuild(program, Builder(len(program.inputs), inline=False))


def listed(program: Program) -> Program:
    """An equal Program in ops of the table: simplified, if it contains internal ops."""
    return simplify(program) if any(INTERNAL.get(op.name) is op for op, _ in program.instructions) else program


def expand(program: Program) -> Program:
    """An equal Program, simplified, in elementary ops: every composite op is replaced by its formula."""
    return program if program.elementary else _rebuild(program, Builder(len(program.inputs), inline=True))


def _rebuild(program: Program, builder: Builder) -> Program:
    here = builder.inline_program(program)
    outputs = [here[x] if x.__class__ is int else builder.constant(x) for x in program.outputs]
    return builder.extract(program, here, outputs)
