"""Loops written out, for languages in which the Program is one straight line."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograd.errors import AutogradError
from autograd.program.nested import has_loops, item
from autograd.program.program import Atom, Guard, Instruction, Program

MOST = 100_000      # instructions


class UnrollingError(AutogradError):
    """A loop cannot be written out."""


def unrolled(program: Program) -> Program:
    """An equal Program without loops.

    Raises UnrollingError for a loop whose count is no constant, that branches, or that is long.
    """
    if not has_loops(program):
        return program
    instructions: list[Instruction] = []
    guards = list(program.guards)
    inputs = len(program.inputs)

    def write(body: Program, given: Sequence[Any]) -> list[Any]:
        """Append the Program of an iteration; all its registers."""
        here: list[Any] = list(given)
        for op, args in body.instructions:
            operands = [here[x] if x.__class__ is int else x for x in args]
            if op is item:
                here.append(op.value(*operands))
            elif op.nested:
                here.append(_run(op.nested, operands))
            elif len(instructions) > MOST:
                raise UnrollingError(f"{program.name}: its loops are more than {MOST:,} instructions when they are "
                                     "written out, which this language asks for; run it through jit")
            else:
                instructions.append(Instruction(op, tuple(operands)))
                here.append(inputs + len(instructions) - 1)
        return here

    def _run(loop: Any, operands: Sequence[Any]) -> Any:
        ways = [way for way in loop.ways if not way.ends]
        given = operands[loop.count_at] if loop.count is None and hasattr(loop, "count_at") else 0.0
        if (loop.count is None and given.__class__ is int) or any(way.ends or way.below for way in loop.ways):
            raise UnrollingError(f"{program.name}: a loop whose count is an input, or that branches, is no straight "
                                 "line, which this language asks for; run it through jit, or choose with where")

        def code(body: Program) -> Any:
            def iteration(given: Sequence[Any]) -> tuple[Any, ...]:
                here = write(body, given)
                moved = [guard._replace(left=here[guard.left] if guard.left.__class__ is int else guard.left,
                                        right=here[guard.right] if guard.right.__class__ is int else guard.right)
                         for guard in body.guards]
                guards.extend(guard for guard in moved if int in (type(guard.left), type(guard.right)))
                return tuple([here[x] if x.__class__ is int else x for x in body.outputs])
            return iteration

        return loop.run(operands, [code(way.program) for way in ways])

    here = write(replace(program, guards=()), range(inputs))

    def atom(x: Atom) -> Any:
        return here[x] if x.__class__ is int else x

    made: list[Guard] = [guard._replace(left=atom(guard.left), right=atom(guard.right)) for guard in program.guards]
    return replace(program, instructions=tuple(instructions), outputs=tuple(map(atom, program.outputs)),
                   guards=(*made, *guards[len(program.guards):]), elementary=False,
                   labels={x: label for register, label in program.labels.items()
                           if (x := here[register]).__class__ is int})
