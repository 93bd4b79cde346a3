"""Reverse sweeps over a straight line: which contributions each node is given, in which order, and when at all."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.ops.primitives import TABLE, Op, one
from autograd.ops.table import others
from autograd.ops.unlisted import chosen, merged
from autograd.program.program import Atom, Program
from autograd.program.selections import Choices, ways
from autograd.transforms.presence import FLOW

ADD, MUL = TABLE["add"], TABLE["mul"]


class Adjoint(NamedTuple):
    """What has come to a node so far, or a contribution to that, and three conditions."""

    value: Any      # -0.0 where it has come and is not there
    came: Any       # that anything has come, or nothing flows; elsewhere the value is any number
    there: Any      # that it is no structural zero (presence.py), of which derivatives go on
    first: Any      # that it is the 1 that the sweep began with, which makes no node


NONE = Adjoint(0.0, 0.0, 1.0, 0.0)


class Sweep:
    """Reverse sweeps over a Program, which append the derivatives of outputs.

    line: what is appended to; its constants are floats. here: its operands for the registers of ``program``.
    active: which of these depend on what derivatives are taken by. exactly: outputs whose contributions are
    added up in eager's order, too, where nodes are chosen.

    Contributions are added in the order in which `backward` adds them. Where an op passes nothing
    to an operand (the arm that `where` did not choose) an adjoint remembers under which condition
    it is there at all: contributions are selected, not multiplied, as 0 * inf is nan. Where that is
    a question of a tangent or a weight, derivatives of them go on all the same.
    """

    def __init__(self, program: Program, line: Any, here: Sequence[Any], active: Sequence[bool],
                 exactly: Sequence[Atom] = ()) -> None:
        self.program, self.line, self.here, self.active = program, line, here, active
        self.choices = Choices()
        if exactly:
            self.choices.find(program, line, here, active, exactly)
        self.adjoints: dict[Atom, Adjoint] = {}

    def run(self, seeds: Sequence[tuple[Atom, Any, Any]], wrt: Sequence[int]) -> tuple[list[Any], list[Any]]:
        """The derivatives of outputs by the inputs ``wrt``; and whether anything came, -1.0 for a structural zero.

        seeds: the outputs, each with its adjoint, which is `one` or a weight, and the condition that this is there.
        """
        line, active, here, inputs = self.line, self.active, self.here, len(self.program.inputs)
        self.adjoints = {}
        flows: dict[tuple[Op, int], Any] = {}
        for root, seed, present in seeds:
            if root.__class__ is int and active[root]:      # a constant 1.0 would be found as register 1
                self.give(root, Adjoint(1.0, 1.0, 1.0, 1.0) if seed is one else Adjoint(seed, 1.0, present, 0.0))
        for register in range(inputs + len(self.program.instructions) - 1, inputs - 1, -1):
            if register not in self.adjoints:
                continue
            adjoint = self.adjoints[register]
            op, args = self.program.instructions[register - inputs]
            operands = [here[arg] if arg.__class__ is int else arg for arg in args]
            if op is chosen or op is merged:
                self.pass_on(op, args[-2:], operands[:-2], adjoint)
                continue
            partials = _all(line, op, operands, here[register]) if op.arity is None else None
            for place, arg in enumerate(args):
                if arg.__class__ is not int or not active[arg]:
                    continue
                there, came, unit = 1.0, 1.0, 0.0
                if op is FLOW:
                    there, partial = others(*operands)[place]
                    if partial is None:
                        continue
                elif partials:
                    partial, unit = partials[place], 1.0 if partials[place] is one else 0.0
                else:
                    flow = flows.get((op, place))
                    if flow is None:
                        flow = flows[op, place] = line.flow(op, place)
                    partial, came, unit = flow(line, *operands, here[register])
                if came.__class__ is not float or came:
                    self.give(arg, self.times(adjoint, partial, line.both(adjoint.came, came), there, unit))
        return self.answer([self.adjoints.get(register, NONE) for register in wrt])

    def answer(self, found: Sequence[Adjoint]) -> tuple[list[Any], list[Any]]:
        """What leaves the sweep: 0.0 where nothing came, and where what came is not there."""
        line, slopes, presence = self.line, [], []
        for value, came, there, _ in found:
            if there.__class__ is not float or not there:
                value = line.choose(there, value, line.emit(ADD, value, 0.0))
            slopes.append(line.choose(came, value, 0.0))
            presence.append(line.both(came, line.choose(there, 1.0, -1.0)))
        return slopes, presence

    def times(self, adjoint: Adjoint, partial: Any, came: Any, there: Any, unit: Any) -> Adjoint:
        """An adjoint times a partial; a 1 makes no node, as in eager accumulation.

        there: the condition that the partial is there; unit: that it is `one`.
        """
        line, (value, _, present, first) = self.line, adjoint
        if unit.__class__ is float and unit:
            return adjoint._replace(came=came)
        certain = line.both(present, there)
        if certain.__class__ is float and certain:
            if first.__class__ is float and first:
                return Adjoint(partial, came, 1.0, unit)
            product = line.emit(MUL, value, partial)
        else:
            product = line.emit(FLOW, present, value, there, partial)
        product = line.choose(line.both(first, there), partial, line.choose(unit, value, product))
        return Adjoint(product, came, certain, line.both(first, unit))

    def give(self, arg: Atom, adjoint: Adjoint) -> None:
        """A contribution to a node, whatever its name."""
        if arg in self.choices.nodes:
            for node, condition in self.choices.nodes[arg].items():
                self.add(node, adjoint, condition)
            self.add(arg, adjoint, self.line.negated(self.choices.any[arg]))
        else:
            self.add(arg, adjoint)

    def pass_on(self, op: Op, args: Sequence[Atom], conditions: Sequence[Any], adjoint: Adjoint) -> None:
        """What came to a choice goes to its operands; those that are used otherwise, too, have it where it is them."""
        line, choices = self.line, self.choices
        if op is chosen:
            for arg, way in zip(args, ways(line, op, conditions), strict=True):
                if arg.__class__ is int and self.active[arg] and arg not in choices.shared:
                    self.add(arg, adjoint, way)
            return
        for arg, mine, other in zip(args, conditions, conditions[::-1], strict=True):
            if arg.__class__ is not int or not self.active[arg]:
                continue
            if arg in choices.shared:       # the sum is a node of its own
                self.give(arg, adjoint._replace(came=line.both(adjoint.came, line.both(mine, other))))
                continue
            for node, condition in choices.nodes.get(arg, {}).items():
                self.add(node, adjoint, line.both(line.both(mine, other), condition))
            self.add(arg, adjoint, line.both(mine, line.negated(line.both(other, choices.any.get(arg, 0.0)))))

    def add(self, arg: Atom, adjoint: Adjoint, condition: Any = 1.0) -> None:
        """Add a contribution, where a condition holds, to what has come so far, where there is anything."""
        line = self.line
        value, came, there, first = adjoint
        came = line.both(came, condition)
        if came.__class__ is float and not came:
            return
        before = self.adjoints.get(arg)
        if before is None:
            self.adjoints[arg] = Adjoint(value, came, there, first)
            return
        if there.__class__ is not float or before.there.__class__ is not float or there != before.there:
            there = line.either(line.both(before.came, before.there), line.both(came, there))
        if before.came.__class__ is came.__class__ is float:
            self.adjoints[arg] = Adjoint(line.emit(ADD, before.value, value), 1.0, there, 0.0)
        else:
            first = line.decide(before.came, line.decide(came, 0.0, before.first), first)
            self.adjoints[arg] = Adjoint(line.emit(merged, before.came, came, before.value, value),
                                         line.either(before.came, came), there, first)


def _all(line: Any, op: Op, operands: Sequence[Any], out: Any) -> list[Any]:
    """All partials of an op of any number of arguments."""
    return [line.operand(x) for x in op.nary_partials(list(map(line.symbol, operands)), line.symbol(out))]
