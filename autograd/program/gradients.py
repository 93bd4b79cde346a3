"""The gradient of a Program as a Program: one reverse sweep over its instructions, with the table's partials."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from autograd.ops.noted import constant
from autograd.ops.primitives import Op, one
from autograd.ops.unlisted import chosen
from autograd.program.conditions import Conditions
from autograd.program.emit import Register, emit_partial
from autograd.program.gc_pause import gc_paused
from autograd.program.program import Atom, Instruction, Program
from autograd.program.sweeps import Sweep
from autograd.program.writer import Emitter


class Tape(Conditions):
    """A straight line that grows as eager accumulation would record it, node for node; operands are Atoms.

    Nothing is simplified: merged subexpressions would add up their contributions to a second
    derivative in another order.
    """

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.instructions = list(program.instructions)
        self.inputs = len(program.inputs)

    def emit(self, op: Op, *args: Any) -> Any:
        """The operand that holds ``op`` of these operands."""
        if float in map(type, args) and int not in map(type, args) and constant(op):
            # a formula of the user's own may mention what changes
            return op.value(*args)
        self.instructions.append(Instruction(op, args))
        return self.inputs + len(self.instructions) - 1

    def flow(self, op: Op, place: int) -> Emitter:
        """What gives a partial of a line, the operands and the result; see `of_flow`."""
        return emit_partial(op, place)

    def choose(self, condition: Any, a: Any, b: Any) -> Any:
        """The operand that is ``a`` or ``b``."""
        if condition.__class__ is float:
            return a if condition else b
        return a if self.same(a, b) else self.emit(chosen, condition, a, b)

    def same(self, a: Any, b: Any) -> bool:
        """Whether they are one operand, or one constant to the bit."""
        return a is b or (a.__class__ is b.__class__ is int and a == b) or (
            a.__class__ is b.__class__ is float and repr(a) == repr(b))

    def symbol(self, operand: Atom) -> Any:
        """The operand as something that formulas take: a Slot, or a float."""
        return Register(self, operand) if operand.__class__ is int else operand

    def operand(self, x: Any) -> Any:
        """The operand that holds what a formula gave."""
        return x.index if isinstance(x, Register) else float(x)


@gc_paused
def gradients(program: Program, wrt: Sequence[int], outputs: Sequence[int] = (0,), *,
              presence: bool = False, cut: Collection[int] = (), exact: bool = True) -> Program:
    """The outputs of ``program``, and then the derivatives of some of them, each by all the inputs ``wrt``.

    presence: behind those of each output, for each input, whether anything flows to it at all; -1.0 where
        nothing does, but derivatives of it may be taken.
    cut: registers that count as constants.
    exact: whether what is taken of derivatives is added up in eager's order, too, for some more instructions.
    """
    tape = Tape(program)
    active = depends(program, wrt, cut)
    roots = [program.outputs[output] for output in outputs]
    sweep = Sweep(program, tape, range(len(active)), active, roots if exact else ())
    found = [*program.outputs]
    for output in outputs:
        slopes, came = sweep.run([(program.outputs[output], one, 1.0)], wrt)
        found += slopes + came if presence else slopes
    return replace(program, name=f"d{program.name}", instructions=tuple(tape.instructions), outputs=tuple(found),
                   elementary=False)


def depends(program: Program, wrt: Sequence[int], cut: Collection[int] = ()) -> list[bool]:
    """Which registers depend on those in ``wrt``, by another way than through those in ``cut``."""
    given = set(wrt)
    active = [register in given for register in range(len(program.inputs))]
    for _, args in program.instructions:
        register = len(active)
        active.append(register not in cut and (register in given or any(
            active[arg] for arg in args if arg.__class__ is int)))
    return active
