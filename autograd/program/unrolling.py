"""Loops written out, for languages in which the Program is one straight line."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograd.errors import AutogradError
from autograd.ops.formula_dependencies import foldable
from autograd.ops.primitives import Op
from autograd.program.nested import Way, has_loops, item
from autograd.program.program import Atom, Guard, Instruction, MissingWayError, Program
from autograd.program.replay import Replay
from autograd.program.rolled import Repeat

MOST = 100_000      # instructions


class UnrollingError(AutogradError):
    """A loop cannot be written out."""


def unrolled(program: Program) -> Program:
    """An equal Program without loops.

    Raises UnrollingError for a loop whose count or way depends on a number that is computed, or that is long.
    """
    return _Writer(program).program() if has_loops(program) else program


class _Writer:
    """The straight line in the making. Operands are atoms, and lists of them for the result of a loop."""

    def __init__(self, program: Program) -> None:
        self.whole = program
        self.instructions: list[Instruction] = []
        self.guards: list[Guard] = []       # of iterations that have no other way
        self.elsewhere = 0      # how many of the iterations around have one where a loop inside has none

    def program(self) -> Program:
        """All of it."""
        whole = self.whole
        here: list[Any] = [*range(len(whole.inputs))]
        self._write(whole, here)

        def atom(x: Atom) -> Any:
            return here[x] if x.__class__ is int else x

        made = [guard._replace(left=atom(guard.left), right=atom(guard.right)) for guard in whole.guards]
        return replace(whole, instructions=tuple(self.instructions), outputs=tuple(map(atom, whole.outputs)),
                       guards=(*made, *self.guards), elementary=False,
                       labels={x: label for register, label in whole.labels.items()
                               if (x := here[register]).__class__ is int})

    def _write(self, body: Program, here: list[Any]) -> None:
        """Append a Program; here: its registers, the inputs at first."""
        for op, args in body.instructions:
            operands = [here[x] if x.__class__ is int else x for x in args]
            if isinstance(op.nested, Repeat):
                here.append(op.nested.written_out(operands, self._emit))
            elif op.nested:
                if any(_fails(guard, here) for guard in body.guards):   # the loop might not end at these numbers
                    raise MissingWayError
                here.append(self._loop(op.nested, operands))
            else:
                here.append(self._emit(op, tuple(operands)))

    def _emit(self, op: Op, operands: tuple[Any, ...]) -> Any:
        """What holds the result: a constant, where all that is read is known."""
        if op is item:
            return op.value(*operands)
        if op.selects and operands[0].__class__ is float:
            return operands[1] if operands[0] else operands[2]
        if {*map(type, operands)} == {float} and foldable(op):
            return op.value(*operands)
        if len(self.instructions) == MOST:
            self._refuse(f"its loops are more than {MOST:,} instructions when they are written out",
                         ", or lower it for JAX")
        self.instructions.append(Instruction(op, operands))
        return len(self.whole.inputs) + len(self.instructions) - 1

    def _refuse(self, why: str, instead: str = "") -> None:
        raise UnrollingError(f"{self.whole.name}: {why}, and C and NumPy take a Program as one straight line; run it "
                             f"through jit{instead}")

    def _loop(self, loop: Any, operands: list[Any]) -> Any:
        """Append all iterations; the loop's result."""
        if isinstance(loop, Replay):        # all numbers of the way there are at hand: no snapshots are wanted
            ahead, behind = operands[:loop.operands], operands[loop.operands:]
            behind[loop.lent_at] = self._loop(loop.forward, ahead)
            return self._loop(loop.back, behind)
        if loop.count is None and operands[loop.count_at].__class__ is int:
            self._refuse(f"how often its {loop.name} runs is a number that is computed")
        return loop.run(operands, [lambda given, way=way: self._iteration(loop, way, given) for way in loop.ways])

    def _iteration(self, loop: Any, way: Way, given: Sequence[Any]) -> Any:
        """Append a way; what it writes, or the guard that fails."""
        here, below, mark = list(given), dict(way.below), len(self.guards)
        caught = len(way.program.guards) in below
        self.elsewhere += caught
        try:
            self._write(way.program, here)
            lost = False
        except MissingWayError:
            lost = True
        self.elsewhere -= caught
        for number, guard in enumerate(way.program.guards):
            if lost and any(x.__class__ is int and x >= len(here) for x in guard[1:3]):
                break
            left, right = [here[x] if x.__class__ is int else x for x in guard[1:3]]
            if left.__class__ is right.__class__ is float:
                if _fails(guard, here):
                    del self.guards[mark:]
                    return number
            elif way.longer >= 0:   # it gives the same
                return number
            elif number in below or self.elsewhere:
                self._refuse(f"its {loop.name} {'ends' if loop.count == -1 else 'branches'} by a number that is "
                             "computed", "" if loop.count == -1 else ", lower it for JAX, or choose with where")
            else:
                self.guards.append(guard._replace(left=left, right=right))
        if lost:
            del self.guards[mark:]
            return len(way.program.guards)
        return tuple([here[x] if x.__class__ is int else x for x in way.program.outputs])


def _fails(guard: Guard, here: Sequence[Any]) -> bool:
    """Whether it is known already that a guard does not hold."""
    if any(x.__class__ is int and x >= len(here) for x in guard[1:3]):
        return False
    left, right = [here[x] if x.__class__ is int else x for x in guard[1:3]]
    return left.__class__ is right.__class__ is float and not guard.holds(left, right)
