"""A Program of one row whose Repeats are loops, which run in the lanes of rows as those of `fori_loop` do."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograd.errors import AutogradError
from autograd.lower.repeat_loops import Place, RowLoop
from autograd.program.nested import ROWS, Access, item, without_dead
from autograd.program.program import Atom, Instruction, Program
from autograd.program.reroll import reroll
from autograd.program.rolled import Repeat, written_out

LEAST = 10_000      # elementary instructions, from which loops are made
DERIVATIVE = 4      # a function and its derivative are so many times as long as the function, about
PART = 8            # the instructions that are left, loops and what is read of them, are one in so many at most


class NoLoopsError(AutogradError):
    """Straight code is better for a Program, or it has to be straight."""


def rolled(program: Program) -> Program:
    """The Program with Repeats, where it is long, and they hold nearly all of it; with its derivative it is longer."""
    found = reroll(program) if DERIVATIVE * len(program.instructions) >= LEAST else program
    return found if PART * _size(found) <= len(program.instructions) else program


def worth(program: Program) -> bool:
    """Whether Repeats hold nearly all of a long Program."""
    whole = written_out(program)
    return whole >= LEAST and PART * _size(program) <= whole


def _size(program: Program) -> int:
    return len(program.instructions) + len(program.guards)


def looped(program: Program, shared: frozenset[int]) -> Program:
    """The Program with a loop in the place of each Repeat, or NoLoopsError.

    shared: the inputs that all rows share. Repeats that depend on these alone are written out: they run once for all
    rows, as straight code.
    """
    made = _Writer(program, shared).program()
    if PART * _size(made) > written_out(program):
        raise NoLoopsError
    return made


class _Writer:
    """The Program in the making."""

    def __init__(self, program: Program, shared: frozenset[int]) -> None:
        self.old, self.inputs = program, len(program.inputs)
        self.made: list[Instruction] = []
        self.here: list[Any] = [*range(self.inputs)]        # the new register of each
        self.same = set[Any](shared)        # registers that are the same for all rows
        self.moved: dict[Any, dict[Place, Place]] = {}      # of a new loop: where its Repeat's results are
        self.read: dict[Any, set[Place]] = {}       # of a Repeat: what is read of it
        for op, args in program.instructions:
            if op is item and args[1].__class__ is args[2].__class__ is float:
                self.read.setdefault(args[0], set()).add((int(args[1]), int(args[2])))

    def program(self) -> Program:
        """All of it."""
        for register, (op, args) in enumerate(self.old.instructions, self.inputs):
            nested, operands = op.nested, self.atoms(args)
            same = all(x.__class__ is float or x in self.same for x in args) and (not nested or _is_repeat(nested))
            if same:
                self.same.add(register)
            if _is_repeat(nested) and same:
                self.here.append(nested.written_out(operands, self.emit))
            elif op is item and operands[0].__class__ is tuple:
                self.here.append(operands[0][int(args[1])][int(args[2])])
            elif _is_repeat(nested):
                alike = [x.__class__ is float or x in self.same for x in args]
                made = RowLoop(self, nested, operands, alike, self.read.get(register, set()))
                if not made.fits():
                    raise NoLoopsError
                self.here.append(made.append())
            elif op is item and operands[0] in self.moved:
                block, place = self.moved[operands[0]][int(args[1]), int(args[2])]
                self.here.append(self.emit(op, (operands[0], float(block), float(place))))
            else:
                self.here.append(self.emit(op, operands))
        old = self.old
        return without_dead(replace(
            old, instructions=tuple(self.made), outputs=self.atoms(old.outputs), labels={},
            guards=tuple([guard._replace(left=self.atoms((guard.left,))[0], right=self.atoms((guard.right,))[0])
                          for guard in old.guards])))

    def atoms(self, atoms: Sequence[Atom]) -> tuple[Any, ...]:
        """These of the old Program in the new one."""
        return tuple([self.here[x] if x.__class__ is int else x for x in atoms])

    def emit(self, op: Any, args: tuple[Atom, ...]) -> int:
        """Append an instruction; its register."""
        self.made.append(Instruction(op, args))
        return self.inputs + len(self.made) - 1

    def lent(self, atoms: Sequence[Atom]) -> tuple[int, Access] | None:
        """The loop whose rows these atoms are, and which of them; None where they are not."""
        found = list[Any]()
        for x in atoms:
            op, args = self.made[x - self.inputs] if x.__class__ is int and x >= self.inputs else (None, ())
            if op is not item or args[0] not in self.moved or args[:2] != (found or [args])[0][:2]:
                return None
            found.append(args)
        loop, block, first = found[0]
        step = int(found[1][2] - first)
        if self.made[int(loop) - self.inputs].op.nested.blocks[int(block)].kind != ROWS or any(
                args[2] != first + i * step for i, args in enumerate(found)):
            return None
        return int(loop), Access(int(block), int(first), step)


def _is_repeat(nested: Any) -> bool:
    return nested.__class__ is Repeat
