"""The gradient of a Program as a Program: one reverse sweep over its instructions, with the table's partials."""

from collections.abc import Sequence

from autograd.building import ADD, MUL, WHERE, Builder
from autograd.emitters import NOT_ADDED, ONE, ZERO, Slot, of_flow
from autograd.op import Op
from autograd.program import Atom, Program


def gradients(program: Program, wrt: Sequence[int], outputs: Sequence[int] = (0,), *, presence: bool = False,
              inline: bool = False) -> Program:
    """The outputs of ``program``, and then the derivatives of some of them, each by all the inputs ``wrt``; simplified.

    presence: behind those of each output, for each input, whether anything flows to it at all.
    inline: in elementary ops.

    Contributions are added in the order in which `backward` adds them. Where an op passes nothing
    to an operand (the arm that `where` did not choose) an adjoint remembers under which condition
    it is there at all: below it contributions are selected, not multiplied, as 0 * inf is nan.
    """
    builder = Builder(len(program.inputs), inline)
    here = builder.take(program)
    active = depends(program, wrt)
    found = [here[x] if x.__class__ is int else builder.constant(x) for x in program.outputs]
    for output in outputs:
        found += _sweep(program, builder, here, active, wrt, program.outputs[output], presence)
    return builder.finish(program, here, found, name=f"d{program.name}")


def _sweep(program: Program, builder: Builder, here: Sequence[int], active: Sequence[bool], wrt: Sequence[int],
           root: Atom, presence: bool) -> list[int]:
    """Append the derivatives of one output by the inputs ``wrt``; where they are."""
    emit, inputs = builder.emit, len(program.inputs)
    adjoints: dict[int, tuple[int, int]] = {}       # the sum, and whether anything came
    if root.__class__ is int:       # a constant 1.0 would be found as register 1
        adjoints[int(root)] = ONE, ONE
    for register in range(inputs + len(program.instructions) - 1, inputs - 1, -1):
        if register not in adjoints or not active[register]:
            continue
        adjoint, present = adjoints.pop(register)
        op, args = program.instructions[register - inputs]
        operands = [here[arg] if arg.__class__ is int else builder.constant(arg) for arg in args]
        partials = _all(builder, op, operands, here[register]) if op.arity is None else None
        for place, arg in enumerate(args):
            if arg.__class__ is not int or not active[arg]:
                continue
            if partials:
                part, came = emit(MUL, adjoint, partials[place]), ONE
            else:
                part, came = of_flow(op, place)(builder, adjoint, *operands, here[register])
            if present != ONE:
                came = emit(WHERE, present, came, ZERO)
            if came != ONE:
                part = emit(WHERE, came, part, NOT_ADDED)
            if arg in adjoints:
                before, earlier = adjoints[arg]
                part = emit(ADD, before, part)
                came = ONE if ONE in (came, earlier) else emit(WHERE, earlier, ONE, came)
            adjoints[arg] = part, came
    ends = [adjoints.get(register, (ZERO, ZERO)) for register in wrt]
    slopes = [emit(WHERE, came, total, ZERO) for total, came in ends]
    return [*slopes, *(came for _, came in ends if presence)]


def _all(builder: Builder, op: Op, operands: Sequence[int], out: int) -> list[int]:
    """All partials of an op of any number of arguments."""
    partials = op.rule([Slot.of(builder, x) for x in operands], Slot.of(builder, out))
    return [Slot.place(builder, partial) for partial in partials]


def depends(program: Program, wrt: Sequence[int]) -> list[bool]:
    """Which registers depend on the inputs ``wrt``."""
    active = [False] * len(program.inputs)
    for register in wrt:
        active[register] = True
    for _, args in program.instructions:
        active.append(any(active[arg] for arg in args if arg.__class__ is int))
    return active
