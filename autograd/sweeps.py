"""Reverse sweeps over a straight line: which contributions each node is given, in which order, and when at all."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.op import TABLE, Op, one
from autograd.program import Atom, Program
from autograd.selections import Choices, chosen, merged, ways

ADD, MUL = TABLE["add"], TABLE["mul"]


class Adjoint(NamedTuple):
    """What has come to a node so far."""

    value: Any
    came: Any       # the condition under which anything came
    unit: Any       # the condition under which it is the 1 that the sweep began with, which is no node


NONE = Adjoint(0.0, 0.0, 0.0)


class Sweep:
    """Reverse sweeps over a Program, which append the derivatives of an output.

    line: what is appended to; its constants are floats. here: its operands for the registers of ``program``.
    active: which of these depend on what derivatives are taken by.

    Contributions are added in the order in which `backward` adds them. Where an op passes nothing
    to an operand (the arm that `where` did not choose) an adjoint remembers under which condition
    it is there at all: contributions are selected, not multiplied, as 0 * inf is nan.
    """

    def __init__(self, program: Program, line: Any, here: Sequence[Any], active: Sequence[bool],
                 exact: bool = True) -> None:
        self.program, self.line, self.here, self.active = program, line, here, active
        self.choices = Choices()
        if exact:
            self.choices.find(program, line, here, active)
        self.adjoints: dict[Atom, Adjoint] = {}

    def run(self, root: Atom, wrt: Sequence[int]) -> tuple[list[Any], list[Any]]:
        """The derivatives of ``root`` by the inputs ``wrt``, and whether anything came."""
        line, inputs = self.line, len(self.program.inputs)
        self.adjoints = {}
        self.give(root, Adjoint(1.0, 1.0, 1.0))
        for register in range(inputs + len(self.program.instructions) - 1, inputs - 1, -1):
            adjoint = self.adjoints.get(register)
            if adjoint is None:
                continue
            op, args = self.program.instructions[register - inputs]
            operands = [self.here[arg] if arg.__class__ is int else arg for arg in args]
            if op is chosen or op is merged:
                self.pass_on(op, args[-2:], operands[:-2], adjoint)
                continue
            partials = _all(line, op, operands, self.here[register]) if op.arity is None else None
            for place, arg in enumerate(args):
                if arg.__class__ is not int or not self.active[arg]:
                    continue
                if partials:
                    flow = partials[place], 1.0, 1.0 if partials[place] is one else 0.0
                else:
                    flow = line.flow(op, place, *operands, self.here[register])
                self.give(arg, self.times(adjoint, *flow))
        found = [self.adjoints.get(register, NONE) for register in wrt]
        return [line.choose(x.came, x.value, 0.0) for x in found], [x.came for x in found]

    def times(self, adjoint: Adjoint, partial: Any, came: Any, unit: Any) -> Adjoint:
        """The adjoint times a partial, which may be nothing, or a 1 that makes no node, as in eager accumulation."""
        line = self.line
        came = line.both(adjoint.came, came)
        if came.__class__ is float and not came:
            return NONE
        if unit.__class__ is float and unit:
            value = adjoint.value
        elif adjoint.unit.__class__ is float and adjoint.unit:
            value = partial
        else:
            value = line.choose(unit, adjoint.value, line.emit(MUL, adjoint.value, partial))
            value = line.choose(adjoint.unit, partial, value)
        return Adjoint(value, came, line.both(adjoint.unit, unit))

    def give(self, arg: Atom, part: Adjoint) -> None:
        """A contribution to a node, whatever its name."""
        if arg.__class__ is int and self.active[arg] and not (part.came.__class__ is float and not part.came):
            for node, condition in self.choices.nodes.get(int(arg), {}).items():
                self.add(node, part, condition)
            self.add(arg, part, self.line.negated(self.choices.any.get(int(arg), 0.0)))

    def pass_on(self, op: Op, args: Sequence[Atom], conditions: Sequence[Any], adjoint: Adjoint) -> None:
        """What came to a choice goes to its operands; those that are used otherwise, too, have it where it is them."""
        line = self.line
        # the first operand's, the second's; of a sum also where both are there
        when = conditions if op is merged else ways(line, op, conditions)
        for arg, mine, way in zip(args, when, ways(line, op, conditions), strict=True):
            if arg.__class__ is not int:
                continue
            shared, named = arg in self.choices.shared, arg in self.choices.nodes
            if op is merged and (shared or named):
                self.give(arg, adjoint._replace(came=line.both(adjoint.came, line.both(*conditions))))
            if not shared:
                self.add(arg, adjoint, way if named else mine)

    def add(self, arg: Atom, part: Adjoint, condition: Any) -> None:
        """Add a contribution, if there is one, to what has come so far."""
        line, came = self.line, self.line.both(part.came, condition)
        if arg.__class__ is not int or not self.active[arg] or (came.__class__ is float and not came):
            return
        before = self.adjoints.get(arg)
        if before is None:
            self.adjoints[arg] = part._replace(came=came)
        elif before.came.__class__ is came.__class__ is float:
            self.adjoints[arg] = Adjoint(line.emit(ADD, before.value, part.value), 1.0, 0.0)
        else:
            value = line.emit(merged, before.came, came, before.value, part.value)
            unit = line.choose(before.came, line.choose(came, 0.0, before.unit), part.unit)
            self.adjoints[arg] = Adjoint(value, line.either(before.came, came), unit)


def _all(line: Any, op: Op, operands: Sequence[Any], out: Any) -> list[Any]:
    """All partials of an op of any number of arguments."""
    return [line.operand(x) for x in op.rule(list(map(line.symbol, operands)), line.symbol(out))]
