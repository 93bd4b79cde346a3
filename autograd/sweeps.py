"""Reverse sweeps over a straight line: which contributions each node is given, in which order, and when at all."""

from collections.abc import Sequence
from typing import Any

from autograd.op import TABLE, Op, one
from autograd.program import Atom, Program
from autograd.selections import Choices, chosen, merged, ways

ADD, MUL = TABLE["add"], TABLE["mul"]


# What has come to a node so far, the condition under which anything came, and that under which it is the 1 that the
# sweep began with, which makes no node.
Adjoint = tuple[Any, Any, Any]
NONE: Adjoint = 0.0, 0.0, 0.0


class Sweep:
    """Reverse sweeps over a Program, which append the derivatives of an output.

    line: what is appended to; its constants are floats. here: its operands for the registers of ``program``.
    active: which of these depend on what derivatives are taken by. exactly: outputs whose contributions are
    added up in eager's order, too, where nodes are chosen.

    Contributions are added in the order in which `backward` adds them. Where an op passes nothing
    to an operand (the arm that `where` did not choose) an adjoint remembers under which condition
    it is there at all: contributions are selected, not multiplied, as 0 * inf is nan.
    """

    def __init__(self, program: Program, line: Any, here: Sequence[Any], active: Sequence[bool],
                 exactly: Sequence[Atom] = ()) -> None:
        self.program, self.line, self.here, self.active = program, line, here, active
        self.choices = Choices()
        if exactly:
            self.choices.find(program, line, here, active, exactly)
        self.adjoints: dict[Atom, Adjoint] = {}

    def run(self, root: Atom, wrt: Sequence[int]) -> tuple[list[Any], list[Any]]:
        """The derivatives of ``root`` by the inputs ``wrt``, and whether anything came."""
        line, active, here, inputs = self.line, self.active, self.here, len(self.program.inputs)
        self.adjoints = {}
        flows: dict[tuple[Op, int], Any] = {}
        if root.__class__ is int and active[root]:
            self.give(root, 1.0, 1.0, 1.0)
        for register in range(inputs + len(self.program.instructions) - 1, inputs - 1, -1):
            if register not in self.adjoints:
                continue
            adjoint, present, first = self.adjoints[register]
            op, args = self.program.instructions[register - inputs]
            operands = [here[arg] if arg.__class__ is int else arg for arg in args]
            if op is chosen or op is merged:
                self.pass_on(op, args[-2:], operands[:-2], self.adjoints[register])
                continue
            partials = _all(line, op, operands, here[register]) if op.arity is None else None
            for place, arg in enumerate(args):
                if arg.__class__ is not int or not active[arg]:
                    continue
                if partials:
                    partial, came, unit = partials[place], 1.0, 1.0 if partials[place] is one else 0.0
                else:
                    flow = flows.get((op, place))
                    if flow is None:
                        flow = flows[op, place] = line.flow(op, place)
                    partial, came, unit = flow(line, *operands, here[register])
                if present.__class__ is not float or came.__class__ is not float:
                    came = line.both(present, came)
                if came.__class__ is not float or came:
                    self.give(arg, *self.times(adjoint, first, partial, unit), came)
        found = [self.adjoints.get(register, NONE) for register in wrt]
        return [line.choose(came, value, 0.0) for value, came, _ in found], [came for _, came, _ in found]

    def times(self, adjoint: Any, first: Any, partial: Any, unit: Any) -> tuple[Any, Any]:
        """An adjoint times a partial, and when it is the 1 of the sweep; a 1 makes no node, as in eager accumulation.

        first: when the adjoint is the 1 of the sweep; unit: when the partial is `one`.
        """
        line = self.line
        if unit.__class__ is float and unit:
            return adjoint, first
        if first.__class__ is float and first:
            return partial, unit
        product = line.emit(MUL, adjoint, partial)
        if first.__class__ is unit.__class__ is float:
            return product, 0.0
        return line.choose(first, partial, line.choose(unit, adjoint, product)), line.both(first, unit)

    def give(self, arg: Atom, value: Any, first: Any, came: Any) -> None:
        """A contribution to a node, whatever its name; ``first``: when it is the 1 of the sweep."""
        if arg in self.choices.nodes:
            for node, condition in self.choices.nodes[arg].items():
                self.add(node, value, first, self.line.both(came, condition))
            came = self.line.both(came, self.line.negated(self.choices.any[arg]))
        self.add(arg, value, first, came)

    def pass_on(self, op: Op, args: Sequence[Atom], conditions: Sequence[Any], adjoint: Adjoint) -> None:
        """What came to a choice goes to its operands; those that are used otherwise, too, have it where it is them."""
        line, choices, (value, came, first) = self.line, self.choices, adjoint
        if op is chosen:
            for arg, way in zip(args, ways(line, op, conditions), strict=True):
                if arg.__class__ is int and self.active[arg] and arg not in choices.shared:
                    self.add(arg, value, first, line.both(came, way))
            return
        for arg, mine, other in zip(args, conditions, conditions[::-1], strict=True):
            if arg.__class__ is not int or not self.active[arg]:
                continue
            if arg in choices.shared:       # the sum is a node of its own
                self.give(arg, value, first, line.both(came, line.both(mine, other)))
                continue
            for node, condition in choices.nodes.get(arg, {}).items():
                self.add(node, value, first, line.both(came, line.both(line.both(mine, other), condition)))
            rest = line.negated(line.both(other, choices.any.get(arg, 0.0)))
            self.add(arg, value, first, line.both(came, line.both(mine, rest)))

    def add(self, arg: Atom, value: Any, first: Any, came: Any) -> None:
        """Add a contribution to what has come so far, where there is one."""
        if arg not in self.adjoints:
            if came.__class__ is not float or came:
                self.adjoints[arg] = value, came, first
            return
        line, (sum_so_far, present, was_first) = self.line, self.adjoints[arg]
        if present.__class__ is came.__class__ is float:
            if came:
                self.adjoints[arg] = line.emit(ADD, sum_so_far, value), 1.0, 0.0
        elif came.__class__ is not float or came:
            first = line.decide(present, line.decide(came, 0.0, was_first), first)
            self.adjoints[arg] = (line.emit(merged, present, came, sum_so_far, value), line.either(present, came),
                                  first)


def _all(line: Any, op: Op, operands: Sequence[Any], out: Any) -> list[Any]:
    """All partials of an op of any number of arguments."""
    return [line.operand(x) for x in op.rule(list(map(line.symbol, operands)), line.symbol(out))]
