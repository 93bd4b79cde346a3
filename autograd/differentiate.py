"""The gradient of a Program as a Program: one reverse sweep over its instructions, with the table's partials."""

from collections.abc import Sequence
from typing import Any

from autograd.building import NOT_ADDED, Builder, Choice, Register, atom, recorded
from autograd.op import TABLE, nothing, parameters
from autograd.program import Program

_where = TABLE["where"]


def value_and_gradient(program: Program, wrt: Sequence[int], output: int = 0) -> Program:
    """All outputs of ``program`` and then the derivatives of one of them by the inputs ``wrt``.

    Contributions are added in the order in which `backward` adds them. Where an op passes nothing
    to an operand (the arm that `where` did not choose) an adjoint remembers under which condition
    it is there at all: below it contributions are selected, not multiplied, as 0 * inf is nan.
    """
    inputs = len(program.inputs)
    builder = Builder(inputs, program.instructions)
    active = _active(program, wrt)
    adjoints: dict[int, tuple[Any, Any]] = {}       # the sum, and whether anything came: 1.0 or a register
    root = program.outputs[output]
    if root.__class__ is int:
        adjoints[root] = 1.0, 1.0
    for register in range(inputs + len(program.instructions) - 1, inputs - 1, -1):
        if register not in adjoints or not active[register]:
            continue
        total, present = adjoints.pop(register)
        op, args = program.instructions[register - inputs]
        operands = [builder.operand(arg) for arg in args]
        out = Register(builder, register)
        if op.arity is None:
            partials = op.rule(operands, out)
        else:
            names = (*parameters(op.arity), "out")
            values, known = dict(zip(names, (*operands, out), strict=True)), {}
            partials = [builder.instantiate(recorded(partial, names), values, known)
                        if arg.__class__ is int and active[arg] else nothing
                        for partial, arg in zip(op.partials, args, strict=True)]
        for arg, partial in zip(args, partials, strict=True):
            if arg.__class__ is not int or not active[arg] or partial is nothing:
                continue
            part, came = _part(total, partial)
            came = came if present.__class__ is float else _select(present, came, 0.0) if came.__class__ is not float \
                else present
            if came.__class__ is not float:
                part = _select(came, part, NOT_ADDED)
            if arg in adjoints:
                before, earlier = adjoints[arg]
                either = 1.0 if 1.0 in (type(came) is float and came, type(earlier) is float and earlier) \
                    else _select(earlier, 1.0, came)
                adjoints[arg] = before + part, either
            else:
                adjoints[arg] = part, came
    slopes = []
    for register in wrt:
        total, present = adjoints.get(register, (0.0, 1.0))
        slopes.append(atom(total if present.__class__ is float else _select(present, total, 0.0)))
    return Program(f"d{program.name}", program.inputs, tuple(builder.instructions), (*program.outputs, *slopes),
                   program.guards, program.labels)


def _select(condition: Register, a: Any, b: Any) -> Register:
    return condition.builder.emit(_where, (condition, a, b))


def _part(total: Any, partial: Any) -> tuple[Any, Any]:
    """What an operand receives, and whether it receives anything."""
    if partial is nothing:
        return NOT_ADDED, 0.0
    if isinstance(partial, Choice):
        (a, from_a), (b, from_b) = _part(total, partial.a), _part(total, partial.b)
        return _select(partial.condition, a, b), _select(partial.condition, from_a, from_b)
    if partial.__class__ is float and partial == 1.0:
        return total, 1.0
    return (partial if total.__class__ is float and total == 1.0 else total * partial), 1.0


def _active(program: Program, wrt: Sequence[int]) -> list[bool]:
    """Which registers depend on the inputs ``wrt``."""
    active = [False] * len(program.inputs)
    for register in wrt:
        active[register] = True
    for _, args in program.instructions:
        active.append(any(active[arg] for arg in args if arg.__class__ is int))
    return active
