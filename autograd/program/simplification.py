"""simplify and expand: a Program that computes the same to the last bit, shorter or in elementary ops."""

from autograd.ops.primitives import UNLISTED
from autograd.program.builder import Builder
from autograd.program.program import Program


def simplify(program: Program) -> Program:
    """Fold constants, compute common subexpressions once, and leave out what nothing needs.

    Keeps every bit of every output and guard, infinities, nan and signed zeros included. Take
    derivatives first: merged subexpressions add up their contributions in another order.
    """
    return _map_primal(program, Builder(len(program.inputs), inline=False))


def listed(program: Program) -> Program:
    """The same in ops of the table: simplified, if transforms have left others in it."""
    return simplify(program) if any(UNLISTED.get(op.name) is op for op, _ in program.instructions) else program


def expand(program: Program) -> Program:
    """The same, simplified, in elementary ops: every composite op replaced by its formula."""
    return program if program.elementary else _map_primal(program, Builder(len(program.inputs), inline=True))


def _map_primal(program: Program, builder: Builder) -> Program:
    here = builder.inline_program(program)
    outputs = [here[x] if x.__class__ is int else builder.constant(x) for x in program.outputs]
    return builder.extract(program, here, outputs)
