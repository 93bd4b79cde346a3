"""Choices between nodes, which are no nodes themselves: what a register is another name for, and under which condition.

Which nodes eager accumulation records is decided by numbers; in a straight line both stand, and a choice. Of |x| * x,
recorded as where(x < 0, -x, x) * x, eager uses x twice where x > 0: contributions to it are added up with all others of
x, one by one. If the choice were a node of its own, it would add up some of them first, and round another way.
"""

from collections.abc import Sequence
from typing import Any

from autograd.op import unlisted
from autograd.program import Atom, Program

_FLOWS = (lambda *_: None,) * 4     # never asked for: a sweep looks at the operands

# chosen(condition, a, b) is a or b
chosen = unlisted("chosen", like="where", slopes=_FLOWS[:3], rules=_FLOWS[:3])
# merged(first, second, a, b) is the sum of a, if `first`, and b, if `second`: a node where both are there
merged = unlisted("merged", like="where", slopes=_FLOWS, rules=_FLOWS, arity=4,
                  value=lambda first, second, a, b: (a + b if second else a) if first else b)


class Choices:
    """For the registers of a Program that are choices: which other nodes they are, and when."""

    def __init__(self) -> None:
        self.shared: set[Atom] = set()      # registers that are used more than once
        # of the nodes that a register may be only these, each with its condition: the others have no other
        # contributions, and are told by the choice what came to it in all
        self.nodes: dict[Atom, dict[int, Any]] = {}
        self.any: dict[Atom, Any] = {}      # under which condition a register is any of these

    def find(self, program: Program, line: Any, here: Sequence[Any], active: Sequence[bool]) -> None:
        """Those of ``program``; here: the operands of ``line`` for its registers; active: which can be given any."""
        choices = [register for register, (op, _) in enumerate(program.instructions, len(program.inputs))
                   if (op is chosen or op is merged) and active[register]]
        if not choices:
            return
        used: set[Atom] = set()
        for op, args in program.instructions:
            for arg in args[-2:] if op is chosen or op is merged else args:
                if arg.__class__ is int:
                    (self.shared if arg in used else used).add(arg)
        for register in choices:
            op, args = program.instructions[register - len(program.inputs)]
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
