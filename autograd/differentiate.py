"""The gradient of a Program as a Program: one reverse sweep over its instructions, with the table's partials."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograd.building import NOT_ADDED, Builder, Choice, Register, atom, recorded
from autograd.op import TABLE, Op, nothing, parameters
from autograd.program import Program

_where = TABLE["where"]


def gradients(program: Program, wrt: Sequence[int], outputs: Sequence[int] = (0,), presence: bool = False) -> Program:
    """The outputs of ``program``, and then the derivatives of some of them, each by all the inputs ``wrt``.

    presence: behind those of each output, for each input, whether anything flows to it at all.

    Contributions are added in the order in which `backward` adds them. Where an op passes nothing
    to an operand (the arm that `where` did not choose) an adjoint remembers under which condition
    it is there at all: below it contributions are selected, not multiplied, as 0 * inf is nan.
    """
    builder = Builder(len(program.inputs), program.instructions)
    active = _active(program, wrt)
    slopes = [slope for output in outputs for slope in _sweep(program, builder, active, wrt, program.outputs[output], presence)]
    return replace(program, name=f"d{program.name}", instructions=tuple(builder.instructions),
                   outputs=(*program.outputs, *slopes))


def _sweep(program: Program, builder: Builder, active: Sequence[bool], wrt: Sequence[int], root: Any,
           presence: bool) -> list[Any]:
    """Append the derivatives of one register by the inputs ``wrt``; where they are."""
    inputs = len(program.inputs)
    adjoints: dict[int, tuple[Any, Any]] = {}       # the sum, and whether anything came: 1.0 or a register
    if root.__class__ is int:
        adjoints[root] = 1.0, 1.0
    for register in range(inputs + len(program.instructions) - 1, inputs - 1, -1):
        if register not in adjoints or not active[register]:
            continue
        adjoint, present = adjoints.pop(register)
        op, args = program.instructions[register - inputs]
        for arg, partial in zip(args, _partials(builder, register, op, args, active), strict=True):
            if partial is nothing:
                continue
            part, came = _part(adjoint, partial)
            came = _both(present, came)
            if came.__class__ is not float:
                part = _select(came, part, NOT_ADDED)
            if arg in adjoints:
                before, earlier = adjoints[arg]
                part, came = before + part, _either(earlier, came)
            adjoints[arg] = part, came
    found = [adjoints.get(register, (0.0, 0.0)) for register in wrt]
    slopes = [total if came.__class__ is float else _select(came, total, 0.0) for total, came in found]
    return [atom(x) for x in (*slopes, *(came for _, came in found if presence))]


def _partials(builder: Builder, register: int, op: Op, args: Sequence[Any], active: Sequence[bool]) -> list[Any]:
    """The partial by each operand; nothing for those that do not depend on what is differentiated by."""
    operands = [builder.operand(arg) for arg in args]
    out = Register(builder, register)
    moving = [arg.__class__ is int and active[arg] for arg in args]
    if op.arity is None:
        return [partial if moves else nothing for partial, moves in zip(op.rule(operands, out), moving, strict=True)]
    names = (*parameters(op.arity), "out")
    values: dict[str, Any] = dict(zip(names, (*operands, out), strict=True))
    known: dict[Any, Any] = {}
    return [builder.instantiate(recorded(partial, names), values, known) if moves else nothing
            for partial, moves in zip(op.partials, moving, strict=True)]


def _both(a: Any, b: Any) -> Any:
    """Whether both conditions hold; 1.0 is one that always does."""
    return b if a.__class__ is float else a if b.__class__ is float else _select(a, b, 0.0)


def _either(a: Any, b: Any) -> Any:
    return 1.0 if float in (a.__class__, b.__class__) else _select(a, 1.0, b)


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
