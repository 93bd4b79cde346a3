"""The sweep back over one iteration of a Repeat, and what it shows of the adjoints that iterations pass on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from autograd.errors import AutogradError
from autograd.program.program import Atom, Instruction, Program
from autograd.program.reverse_sweep import ReverseSweep
from autograd.program.rolled import EMPTY, Repeat
from autograd.program.sweep import Adjoint
from autograd.program.tape import Tape

ABSENT, SAME, CARRIED = range(3)


class IrregularError(AutogradError):
    """The iterations do not pass on adjoints in one way: their copies are differentiated instead."""


class Contribution(NamedTuple):
    """What an iteration adds to the adjoint of an operand of the body."""

    operand: int
    adjoint: Adjoint


class _BodySweep(ReverseSweep):
    """A sweep over one iteration; contributions to its operands are noted, and for carries added up, too."""

    def __init__(self, program: Program, tape: Any, active: Sequence[bool], carries: int, operands: int) -> None:
        super().__init__(program, tape, range(len(active)), active)
        self.carries, self.operands = carries, operands
        self.contributions: list[Contribution] = []

    def add(self, arg: Any, adjoint: Adjoint, condition: Any = 1.0) -> None:
        """Add a contribution."""
        if arg < self.operands:
            came = self.tape.both(adjoint.came, condition)
            if came.__class__ is float and not came:
                return
            self.contributions.append(Contribution(arg, adjoint._replace(came=came)))
        if arg >= self.operands or arg < self.carries:
            super().add(arg, adjoint, condition)


def certain(adjoint: Adjoint) -> bool:
    """Whether it is there whatever the numbers are."""
    return all(x.__class__ is float and x for x in (adjoint.came, adjoint.there))


class Seeds(NamedTuple):
    """What the way back of a Repeat begins with."""

    repeat: Repeat
    active: list[bool]      # which registers of the body depend on the inputs of the derivative, in any iteration
    finals: dict[int, Adjoint]      # the adjoints of last carries
    stacked: dict[int, list[Adjoint]]       # of what each iteration gives, one for each


class BodyRun:
    """A sweep over the body, where the adjoint of each carry is absent, the same in all iterations, or carried.

    modes: what each is; after the sweep, what each should have been.
    """

    def __init__(self, of: Seeds, modes: Sequence[int]) -> None:
        self.of, self.modes, repeat, body = of, [*modes], of.repeat, of.repeat.body
        self.operands = len(body.inputs)
        self.inputs: list[tuple[str, Sequence[Atom]]] = []      # more operands of the body: kind, and where from
        seeds: list[tuple[Atom, Adjoint]] = []
        outputs = body.outputs
        for which, column in of.stacked.items():
            seeds.append((outputs[repeat.carries + which], self._seed("column", [x.value for x in column],
                                                                      column[0].first)))
        self.given: dict[int, Adjoint] = {}
        for carry, mode in enumerate(modes):
            if mode == SAME:
                end = of.finals[carry]
                self.given[carry] = self._seed("column", [end.value], end.first)
            elif mode == CARRIED:
                end = of.finals.get(carry, Adjoint(EMPTY, 1.0, 1.0, 0.0))
                self.given[carry] = Adjoint(self._input("carry", [end.value]), 1.0, 1.0, 0.0)
        seeds += [(outputs[carry], adjoint) for carry, adjoint in self.given.items()]
        by = len(self.inputs)
        self.body = _with_inputs(body, by)
        self.tape = Tape(self.body)
        active = [*of.active[:self.operands], *[False] * by, *of.active[self.operands:]]
        sweep = self.sweep = _BodySweep(self.body, self.tape, active, repeat.carries, self.operands)
        taken: list[int] = []
        for x, adjoint in seeds:
            if x.__class__ is int and of.active[int(x)]:
                register = int(x) + by * (x >= self.operands)
                taken.append(register)
                sweep.give(register, adjoint)
        self.shared = {x for x in taken if taken.count(x) > 1}
        for register in range(len(active) - 1, self.operands + by - 1, -1):
            if register in sweep.adjoints:
                sweep.visit(register)
        self._check(by)

    def _input(self, kind: str, atoms: Sequence[Atom]) -> int:
        self.inputs.append((kind, atoms))
        return self.operands + len(self.inputs) - 1

    def _seed(self, kind: str, atoms: Sequence[Atom], first: Any) -> Adjoint:
        """The adjoint of an output, given from outside; a constant is that in the body, too."""
        if all(x.__class__ is float and repr(x) == repr(atoms[0]) for x in atoms):
            return Adjoint(atoms[0], 1.0, 1.0, first if first.__class__ is float else 0.0)
        if all(x.__class__ is int and x == atoms[0] for x in atoms):
            atoms = atoms[:1]
        return Adjoint(self._input(kind, atoms), 1.0, 1.0, 0.0)

    def _check(self, by: int) -> None:
        """Find the modes that this run shows to be right; raise where there are none."""
        of, sweep, outputs = self.of, self.sweep, self.of.repeat.body.outputs
        for carry, mode in enumerate(self.modes):
            passed = sweep.adjoints.get(carry)
            out = outputs[carry]
            register = int(out) + by * (out >= self.operands) if out.__class__ is int else -1
            if not of.active[carry]:
                passed = None
            if mode == ABSENT and passed is not None:
                if register not in sweep.adjoints or not any(
                        outputs[of.repeat.carries + which] == out for which in of.stacked):
                    raise IrregularError
                self.modes[carry] = CARRIED
            elif mode == SAME and register >= 0 and of.active[int(out)]:
                given = self.given[carry]
                if passed is None or not certain(passed) or not self.tape.same(passed.value, given.value):
                    self.modes[carry] = CARRIED
            elif mode == CARRIED:
                count = sum(x.operand == carry for x in sweep.contributions)
                if passed is None or not certain(passed) or (register in self.shared and count > 1) or (
                        outputs[:of.repeat.carries].count(out) > 1):
                    raise IrregularError


def _with_inputs(body: Program, more: int) -> Program:
    """The body with more inputs behind its own."""
    operands = len(body.inputs)

    def moved(x: Atom) -> Atom:
        return x + more if x.__class__ is int and x >= operands else x

    return replace(
        body, inputs=(*body.inputs, *[f"adjoint{i}" for i in range(more)]),
        instructions=tuple([Instruction(op, tuple(map(moved, args))) for op, args in body.instructions]),
        outputs=tuple(map(moved, body.outputs)))
