"""The order in which code carries out a Program: guards as soon as their numbers are there, the outputs last."""

from collections.abc import Iterator
from typing import NamedTuple

from autograd.errors import AutogradError
from autograd.program.program import Atom, Guard, Instruction, Program


class UnspellableError(AutogradError):
    """A Program cannot be written in some language: an op of the user's own is a Python function."""


class Step(NamedTuple):
    """One thing to do."""

    what: Instruction | Guard | None    # None: to hand out an output
    number: int                         # the register it fills, the number of the guard, the place of the output
    reads: tuple[Atom, ...]

    @property
    def makes(self) -> bool:
        """Whether it fills a register."""
        return isinstance(self.what, Instruction)


def due(program: Program) -> dict[int, list[int]]:
    """The guards to check after each register: as soon as possible, but in their order."""
    found: dict[int, list[int]] = {}
    latest = len(program.inputs) - 1
    for number, guard in enumerate(program.guards):
        latest = max([latest, *(x for x in (guard.left, guard.right) if x.__class__ is int)])
        found.setdefault(latest, []).append(number)
    return found


def order(program: Program) -> Iterator[Step]:
    """All steps; guards stay in their order, and are there also where nothing is computed."""
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
