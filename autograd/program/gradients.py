"""The gradient of a Program as a Program: one sweep over its instructions, with the table's partials."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from autograd.ops.formula_dependencies import foldable
from autograd.ops.internal import chosen
from autograd.ops.primitives import Op, one
from autograd.program.calls import emit_slope, is_slope, slope
from autograd.program.conditions import Conditions
from autograd.program.emit import Emitter, Register, emit_partial
from autograd.program.forward_sweep import ForwardSweep
from autograd.program.gc_pause import gc_paused
from autograd.program.program import Atom, Instruction, Program
from autograd.program.repeat_gradient import IrregularError, RolledSweep
from autograd.program.reverse_sweep import ReverseSweep
from autograd.program.rolled import is_rolled, unrolled


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


@gc_paused
def gradients(program: Program, wrt: Sequence[int], outputs: Sequence[int] = (0,), *,
              presence: bool = False, cut: Collection[int] = (), exact: bool = True) -> Program:
    """The outputs of ``program``, and then the derivatives of some of them, each by all the inputs ``wrt``.

    presence: append to the derivatives of each output, for each input, whether anything flows to it; -1.0 for a
        structural zero, whose derivatives still flow.
    cut: registers that count as constants.
    exact: whether derivatives of derivatives are added in eager's order, too, at the price of more instructions.
    """
    if is_rolled(program):
        if not presence and not cut:
            try:
                return _swept(program, wrt, outputs, RolledSweep)
            except IrregularError:
                pass
        program = unrolled(program)
    program, cut = _written_out(program, cut)
    return _swept(program, wrt, outputs, ReverseSweep, presence, cut, exact)


def _swept(program: Program, wrt: Sequence[int], outputs: Sequence[int], kind: type[ReverseSweep],
           presence: bool = False, cut: Collection[int] = (), exact: bool = True) -> Program:
    tape = Tape(program)
    active = depends(program, wrt, cut)
    roots = [program.outputs[output] for output in outputs]
    sweep = kind(program, tape, range(len(active)), active, roots if exact else ())
    found = [*program.outputs]
    for output in outputs:
        slopes, came = sweep.run([(program.outputs[output], one, 1.0)], wrt)
        found += slopes + came if presence else slopes
    return replace(program, name=f"d{program.name}", instructions=tuple(tape.instructions), outputs=tuple(found),
                   elementary=False)


@gc_paused
def jacobian(program: Program, wrt: Sequence[int], outputs: Sequence[int]) -> Program:
    """As `gradients`, in one forward sweep: cheaper where the inputs ``wrt`` are fewer than the outputs."""
    program, _ = _written_out(unrolled(program))
    tape = Tape(program)
    active = depends(program, wrt)
    rows = ForwardSweep(program, tape, range(len(active)), active).run(wrt, [program.outputs[i] for i in outputs])
    return replace(program, name=f"d{program.name}", instructions=tuple(tape.instructions),
                   outputs=(*program.outputs, *[x for row in rows for x in row]), elementary=False)


def _written_out(program: Program, cut: Collection[int] = ()) -> tuple[Program, Collection[int]]:
    """The Program, and these registers of it, with the formulas in place of slopes: a derivative is taken of them."""
    if not any(is_slope(op) for op, _ in program.instructions):
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


def depends(program: Program, wrt: Sequence[int], cut: Collection[int] = ()) -> list[bool]:
    """For each register, whether it depends on one in ``wrt`` on a path without registers in ``cut``."""
    given = set(wrt)
    active = [register in given for register in range(len(program.inputs))]
    for _, args in program.instructions:
        register = len(active)
        active.append(register not in cut and (register in given or any(
            active[arg] for arg in args if arg.__class__ is int)))
    return active
