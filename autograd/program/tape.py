"""Tape: a growing list of instructions, on which sweeps record derivatives."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from autograd.ops.formula_dependencies import foldable
from autograd.ops.internal import chosen
from autograd.ops.primitives import Op
from autograd.program.calls import emit_slope, is_slope, slope
from autograd.program.conditions import Conditions
from autograd.program.emit import Emitter, Register, emit_partial
from autograd.program.program import Atom, Instruction, Program


class Tape(Conditions):
    """A list of instructions that grows as eager accumulation would record it, node for node; operands are Atoms.

    Nothing is simplified: merged common subexpressions would add their contributions to a second
    derivative in another order.
    """

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.instructions = list(program.instructions)
        self.inputs = len(program.inputs)

    def emit(self, op: Op, *args: Any) -> Any:
        """The operand that holds ``op`` of these operands."""
        if float in map(type, args) and int not in map(type, args) and foldable(op):
            return op.value(*args)
        self.instructions.append(Instruction(op, args))
        return self.inputs + len(self.instructions) - 1

    def replace_op(self, operand: Any, op: Op) -> None:
        """Let another op have computed this operand: a loop that keeps more of each iteration."""
        place = operand - self.inputs
        self.instructions[place] = self.instructions[place]._replace(op=op)

    def op_of(self, operand: Any) -> Op | None:
        """The op that computes an operand; None for an input or a constant."""
        place = operand - self.inputs if operand.__class__ is int else -1
        return self.instructions[place].op if place >= 0 else None

    def flow(self, op: Op, place: int) -> Emitter:
        """The function that appends a partial, a long one as a single op; see `emit_partial`."""
        long = slope(op, place)
        return emit_partial(op, place) if long is None else \
            lambda tape, *operands: (tape.emit(long, *operands), 1.0, 0.0)

    def choose(self, condition: Any, a: Any, b: Any) -> Any:
        """The operand that is ``a`` or ``b``."""
        if condition.__class__ is float:
            return a if condition else b
        if self.same(a, b):
            return a
        known = a.__class__ is b.__class__ is float       # no contribution passes through it
        return self.compare(chosen, condition, a, b) if known else self.emit(chosen, condition, a, b)

    def same(self, a: Any, b: Any) -> bool:
        """Whether they are the same register, or bit-identical constants."""
        return a is b or (a.__class__ is b.__class__ is int and a == b) or (
            a.__class__ is b.__class__ is float and repr(a) == repr(b))

    def symbol(self, operand: Atom) -> Any:
        """The operand as an argument of formulas: a Register, or a float."""
        return Register(self, operand) if operand.__class__ is int else operand

    def operand(self, x: Any) -> Any:
        """The operand that holds the result of a formula."""
        return x.index if isinstance(x, Register) else float(x)


def written_out(program: Program, cut: Collection[int] = ()) -> tuple[Program, Collection[int]]:
    """The Program, and these registers of it, with the formulas in place of slopes: a derivative is taken of them."""
    if not any(is_slope(op) for op, _ in program.instructions):     # those in loops: loop_gradients.py
        return program, cut
    tape = Tape(replace(program, instructions=()))
    here: list[Atom] = [*range(tape.inputs)]
    for op, args in program.instructions:
        operands = [here[arg] if arg.__class__ is int else arg for arg in args]
        if is_slope(op):
            here.append(emit_slope(op)(tape, *operands)[0])
        else:
            tape.instructions.append(Instruction(op, tuple(operands)))
            here.append(tape.inputs + len(tape.instructions) - 1)

    def moved(x: Atom) -> Atom:
        return here[x] if x.__class__ is int else x

    return replace(
        program, instructions=tuple(tape.instructions), outputs=tuple(map(moved, program.outputs)),
        guards=tuple(guard._replace(left=moved(guard.left), right=moved(guard.right)) for guard in program.guards),
        labels={x: label for register, label in program.labels.items() if (x := here[register]).__class__ is int},
        elementary=False), {x for register in cut if isinstance(x := here[register], int)}
