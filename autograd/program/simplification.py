"""simplify and expand: a bit-identical Program, with fewer instructions or in elementary ops."""

from collections.abc import Callable
from dataclasses import replace

from autograd.ops.primitives import INTERNAL, Op
from autograd.program.ahead import taken_ahead
from autograd.program.builder import Builder
from autograd.program.calls import called
from autograd.program.nested import has_loops, lacks_way
from autograd.program.program import Program
from autograd.program.replay import with_checkpoints
from autograd.program.rows import with_fewer_rows


def simplify(program: Program) -> Program:
    """Constant folding, common subexpression elimination and dead code elimination.

    Keeps every bit of every output and guard, infinities, nan and signed zeros included. Take
    derivatives first: merged subexpressions add their contributions in another order.
    """
    return _rebuild(program, _unlisted, simplify)


def _unlisted(op: Op) -> bool:
    """Whether the op is a slope, which is not in the public table, and stands for its formula."""
    return op.composite and op.arity is not None and INTERNAL.get(op.name) is op


def listed(program: Program) -> Program:
    """An equal Program in ops of the table: simplified, if it contains internal ops."""
    return simplify(program) if any(INTERNAL.get(op.name) is op for op, _ in program.instructions) else program


def expand(program: Program, calls: bool | Callable[[Op], bool] = False) -> Program:
    """An equal Program, simplified, in elementary ops: every composite op is replaced by its formula.

    calls: long formulas stay single ops, for backends that call these; or which of them do.
    """
    if program.elementary:
        return program
    if callable(calls):
        return _rebuild(program, lambda op: not calls(op), lambda inner: expand(inner, calls))
    return _rebuild(program, _short if calls else _every, lambda inner: expand(inner, calls), elementary=not calls)


def _short(op: Op) -> bool:
    return not called(op)


def _every(op: Op) -> bool:
    return True


def _rebuild(program: Program, inline: Callable[[Op], bool], inside: Callable[[Program], Program],
             elementary: bool = False) -> Program:
    """inside: the same for the Programs that ops hold."""
    loops = has_loops(program)
    if loops:
        program = replace(program, instructions=tuple([
            instruction._replace(op=instruction.op.nested.mapped(inside).op) if instruction.op.nested else instruction
            for instruction in program.instructions]))
        program = with_checkpoints(with_fewer_rows(taken_ahead(program), inside))
    builder = Builder(len(program.inputs), inline)
    here = builder.inline_program(program)
    outputs = [here[x] if x.__class__ is int else builder.constant(x) for x in program.outputs]
    # what a derivative takes for granted, as that there is no iteration, such a loop finds not to hold, like a guard
    kept = [here[register] for register, (op, _) in enumerate(program.instructions, len(program.inputs))
            if op.nested and lacks_way(op.nested)] if loops else ()
    return builder.extract(program, here, outputs, kept, elementary=elementary)
