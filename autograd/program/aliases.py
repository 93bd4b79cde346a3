"""Aliases: the nodes that a selected register stands for, each under a condition.

Numbers decide which nodes eager accumulation records; a Program holds both arms and a selection. Of |x| * x, recorded
as where(x < 0, -x, x) * x, eager uses x twice where x > 0: its contributions are added to all others of x, one by one.
If the selection were a node of its own, it would add some of them first, and round another way.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from autograd.ops.internal import chosen, merged
from autograd.program.program import Atom, Program
from autograd.program.recorded_formulas import passes


class Aliases:
    """For each selected register of a Program, the nodes that it stands for, and their conditions."""

    def __init__(self) -> None:
        self.shared: set[Atom] = set()      # registers that are used more than once
        # the nodes, each with its condition, that have other contributions, too; the remaining ones receive the
        # selection's adjoint as a whole
        self.nodes: dict[Atom, dict[int, Any]] = {}
        self.any: dict[Atom, Any] = {}      # the condition that a register is any of these

    def find(self, program: Program, tape: Any, here: Sequence[Any], active: Sequence[bool],
             roots: Iterable[Atom]) -> None:
        """Find those of ``program`` that a sweep from ``roots`` may meet.

        here: the operands of ``tape`` for its registers. active: which of them can receive contributions.
        """
        if not any(op is chosen or op is merged for op, _ in program.instructions):
            return
        inputs, selections = len(program.inputs), []
        used: set[Atom] = set()
        for root in roots:
            if root.__class__ is int:
                (self.shared if root in used else used).add(root)
        for register in range(len(here) - 1, inputs - 1, -1):
            if register in used:
                op, args = program.instructions[register - inputs]
                if op is chosen or op is merged:
                    selections.append(register)
                for place, arg in enumerate(args):
                    if arg.__class__ is int and active[arg] and passes(op, place):
                        (self.shared if arg in used else used).add(arg)
        for register in reversed(selections):
            op, args = program.instructions[register - inputs]
            conditions = [here[x] if x.__class__ is int else x for x in args[:-2]]
            self._resolve(tape, register, args[-2:], arm_conditions(tape, op, conditions), active)

    def _resolve(self, tape: Any, register: int, args: Sequence[Atom], when: Sequence[Any],
              active: Sequence[bool]) -> None:
        nodes: dict[int, Any] = {}
        for arg, condition in zip(args, when, strict=True):
            if arg.__class__ is not int or not active[arg]:
                continue
            arg = int(arg)
            below = dict(self.nodes.get(arg, ()))
            if arg in self.shared:
                below[arg] = tape.negated(self.any.get(arg, 0.0))
            for node, inner in below.items():
                there = tape.both(condition, inner)
                nodes[node] = tape.either(nodes[node], there) if node in nodes else there
        if nodes:
            self.nodes[register] = nodes
            self.any[register] = 0.0
            for condition in nodes.values():
                self.any[register] = tape.either(self.any[register], condition)


def arm_conditions(tape: Any, op: Any, conditions: Sequence[Any]) -> tuple[Any, Any]:
    """The conditions that a selection is its first operand, and its second; a sum of both is neither."""
    if op is chosen:
        return conditions[0], tape.negated(conditions[0])
    first, second = conditions
    return tape.both(first, tape.negated(second)), tape.both(second, tape.negated(first))
