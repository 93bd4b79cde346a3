"""The order of execution of a Program: guards as soon as their operands are computed, outputs last."""

from collections.abc import Iterator
from typing import NamedTuple

from autograd.errors import AutogradError
from autograd.program.program import Atom, Guard, Instruction, Program


class UnspellableError(AutogradError):
    """A backend cannot express an op: a user's own op whose value is a Python function."""


class Step(NamedTuple):
    """An instruction, a guard, or the store of an output."""

    what: Instruction | Guard | None    # None: store an output
    number: int                         # the register it fills, the index of the guard, or the index of the output
    reads: tuple[Atom, ...]

    @property
    def makes(self) -> bool:
        """Whether it fills a register."""
        return isinstance(self.what, Instruction)


def due(program: Program) -> dict[int, list[int]]:
    """The guards to check after each register: as soon as possible, in their order."""
    found: dict[int, list[int]] = {}
    latest = len(program.inputs) - 1
    for number, guard in enumerate(program.guards):
        latest = max([latest, *(x for x in (guard.left, guard.right) if x.__class__ is int)])
        found.setdefault(latest, []).append(number)
    return found


def deciding(program: Program) -> set[int]:
    """The registers that guards depend on: fast code neither fuses nor reorders these, so that it goes eager's ways."""
    found = {x for guard in program.guards for x in (guard.left, guard.right) if x.__class__ is int}
    first = len(program.inputs)
    found.update(register for register, (op, _) in enumerate(program.instructions, first)
                 if op.nested and any(guarded(way.program) for way in op.nested.ways))
    for register in range(first + len(program.instructions) - 1, first - 1, -1):
        if register in found:
            found.update(x for x in program.instructions[register - first].args if x.__class__ is int)
    return found


def guarded(program: Program) -> bool:
    """Whether it has guards, or a loop in it has."""
    return bool(program.guards) or any(guarded(way.program) for op, _ in program.instructions if op.nested
                                       for way in op.nested.ways)


def order(program: Program) -> Iterator[Step]:
    """All steps of the Program; guards stay in their order."""
    guards, first = due(program), len(program.inputs)
    for register in range(first - 1, first + len(program.instructions)):
        if register >= first:
            instruction = program.instructions[register - first]
            yield Step(instruction, register, instruction.args)
        for number in guards.get(register, ()):
            guard = program.guards[number]
            yield Step(guard, number, (guard.left, guard.right))
    for place, x in enumerate(program.outputs):
        yield Step(None, place, (x,))
