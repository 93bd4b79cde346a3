"""Choices between nodes, which are no nodes themselves: what a register is another name for, and under which condition.

Which nodes eager accumulation records is decided by numbers; in a straight line both stand, and a choice. Of |x| * x,
recorded as where(x < 0, -x, x) * x, eager uses x twice where x > 0: contributions to it are added up with all others of
x, one by one. If the choice were a node of its own, it would add up some of them first, and round another way.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from autograd.ops.unlisted import chosen, merged
from autograd.program.emit import passes
from autograd.program.program import Atom, Program


class Choices:
    """For the registers of a Program that are choices: which other nodes they are, and when."""

    def __init__(self) -> None:
        self.shared: set[Atom] = set()      # registers that are used more than once
        # of the nodes that a register may be only these, each with its condition: the others have no other
        # contributions, and are told by the choice what came to it in all
        self.nodes: dict[Atom, dict[int, Any]] = {}
        self.any: dict[Atom, Any] = {}      # under which condition a register is any of these

    def find(self, program: Program, line: Any, here: Sequence[Any], active: Sequence[bool],
             roots: Iterable[Atom]) -> None:
        """Those of ``program`` that a sweep from ``roots`` may meet.

        here: the operands of ``line`` for its registers. active: which can be given anything.
        """
        if not any(op is chosen or op is merged for op, _ in program.instructions):
            return
        inputs, choices = len(program.inputs), []
        used: set[Atom] = set()
        for root in roots:
            if root.__class__ is int:
                (self.shared if root in used else used).add(root)
        for register in range(len(here) - 1, inputs - 1, -1):
            if register in used:
                op, args = program.instructions[register - inputs]
                if op is chosen or op is merged:
                    choices.append(register)
                for place, arg in enumerate(args):
                    if arg.__class__ is int and active[arg] and passes(op, place):
                        (self.shared if arg in used else used).add(arg)
        for register in reversed(choices):
            op, args = program.instructions[register - inputs]
            conditions = [here[x] if x.__class__ is int else x for x in args[:-2]]
            self._name(line, register, args[-2:], ways(line, op, conditions), active)

    def _name(self, line: Any, register: int, args: Sequence[Atom], when: Sequence[Any],
              active: Sequence[bool]) -> None:
        nodes: dict[int, Any] = {}
        for arg, condition in zip(args, when, strict=True):
            if arg.__class__ is not int or not active[arg]:
                continue
            arg = int(arg)
            below = dict(self.nodes.get(arg, ()))
            if arg in self.shared:
                below[arg] = line.negated(self.any.get(arg, 0.0))
            for node, inner in below.items():
                there = line.both(condition, inner)
                nodes[node] = line.either(nodes[node], there) if node in nodes else there
        if nodes:
            self.nodes[register] = nodes
            self.any[register] = 0.0
            for condition in nodes.values():
                self.any[register] = line.either(self.any[register], condition)


def ways(line: Any, op: Any, conditions: Sequence[Any]) -> tuple[Any, Any]:
    """The conditions under which a choice is its first operand, and its second; a sum is neither."""
    if op is chosen:
        return conditions[0], line.negated(conditions[0])
    first, second = conditions
    return line.both(first, line.negated(second)), line.both(second, line.negated(first))
