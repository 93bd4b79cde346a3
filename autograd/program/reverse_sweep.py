"""Reverse sweeps over a Program: the contributions to each adjoint, their order and their conditions."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.ops.internal import chosen, merged
from autograd.ops.primitives import TABLE, Op, one
from autograd.ops.table import others
from autograd.program.aliases import Aliases, arm_conditions
from autograd.program.program import Atom, Program
from autograd.transforms.presence import FLOW

ADD, MUL = TABLE["add"], TABLE["mul"]


class Adjoint(NamedTuple):
    """An adjoint so far, or a contribution to one, with three conditions."""

    value: Any      # -0.0 where something flows and is a structural zero
    came: Any       # that something flows; where it does not hold, the value is any number
    there: Any      # that it is no structural zero (presence.py), whose derivatives still flow
    first: Any      # that it is the seed 1 of the sweep, which makes no node


NONE = Adjoint(0.0, 0.0, 1.0, 0.0)


class ReverseSweep:
    """Reverse sweeps over a Program; they append the derivatives of outputs to a tape.

    tape: its constants are floats. here: its operands for the registers of ``program``.
    active: which of these depend on the inputs of the derivative. exactly: outputs whose contributions are
    added in eager's order also where nodes are selected.

    Contributions are added in the order in which `backward` adds them. Where an op passes nothing
    to an operand (the arm that `where` did not choose) the adjoint holds the condition that something
    flows: contributions are selected, not multiplied, since 0 * inf is nan. Where a tangent or a weight
    may be 0, derivatives by it flow all the same.
    """

    def __init__(self, program: Program, tape: Any, here: Sequence[Any], active: Sequence[bool],
                 exactly: Sequence[Atom] = ()) -> None:
        self.program, self.tape, self.here, self.active = program, tape, here, active
        self.aliases = Aliases()
        if exactly:
            self.aliases.find(program, tape, here, active, exactly)
        self.adjoints: dict[Atom, Adjoint] = {}

    def run(self, seeds: Sequence[tuple[Atom, Any, Any]], wrt: Sequence[int]) -> tuple[list[Any], list[Any]]:
        """The derivatives of outputs by the inputs ``wrt``; and whether anything flows, -1.0 for a structural zero.

        seeds: the outputs, each with its adjoint, which is `one` or a weight, and the condition that this is not 0.
        """
        tape, active, here, inputs = self.tape, self.active, self.here, len(self.program.inputs)
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
            partials = _nary_partials(tape, op, operands, here[register]) if op.arity is None else None
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
                        flow = flows[op, place] = tape.flow(op, place)
                    partial, came, unit = flow(tape, *operands, here[register])
                if came.__class__ is not float or came:
                    self.give(arg, self.times(adjoint, partial, tape.both(adjoint.came, came), there, unit))
        return self.answer([self.adjoints.get(register, NONE) for register in wrt])

    def answer(self, found: Sequence[Adjoint]) -> tuple[list[Any], list[Any]]:
        """The sweep's results: 0.0 where nothing flows, and for structural zeros."""
        tape, slopes, presence = self.tape, [], []
        for value, came, there, _ in found:
            if there.__class__ is not float or not there:
                value = tape.choose(there, value, tape.emit(ADD, value, 0.0))
            slopes.append(tape.choose(came, value, 0.0))
            presence.append(tape.both(came, tape.choose(there, 1.0, -1.0)))
        return slopes, presence

    def times(self, adjoint: Adjoint, partial: Any, came: Any, there: Any, unit: Any) -> Adjoint:
        """An adjoint times a partial; a 1 makes no node, as in eager accumulation.

        there: the condition that the partial is no structural zero; unit: that it is `one`.
        """
        tape, (value, _, present, first) = self.tape, adjoint
        if unit.__class__ is float and unit:
            return adjoint._replace(came=came)
        certain = tape.both(present, there)
        if certain.__class__ is float and certain:
            if first.__class__ is float and first:
                return Adjoint(partial, came, 1.0, unit)
            product = tape.emit(MUL, value, partial)
        else:
            product = tape.emit(FLOW, present, value, there, partial)
        product = tape.choose(tape.both(first, there), partial, tape.choose(unit, value, product))
        return Adjoint(product, came, certain, tape.both(first, unit))

    def give(self, arg: Atom, adjoint: Adjoint) -> None:
        """Add a contribution to the node that a register stands for."""
        if arg in self.aliases.nodes:
            for node, condition in self.aliases.nodes[arg].items():
                self.add(node, adjoint, condition)
            self.add(arg, adjoint, self.tape.negated(self.aliases.any[arg]))
        else:
            self.add(arg, adjoint)

    def pass_on(self, op: Op, args: Sequence[Atom], conditions: Sequence[Any], adjoint: Adjoint) -> None:
        """Add a selection's adjoint to its operands, but for shared ones, which `give` has served as its aliases."""
        tape, aliases = self.tape, self.aliases
        if op is chosen:
            for arg, way in zip(args, arm_conditions(tape, op, conditions), strict=True):
                if arg.__class__ is int and self.active[arg] and arg not in aliases.shared:
                    self.add(arg, adjoint, way)
            return
        for arg, mine, other in zip(args, conditions, conditions[::-1], strict=True):
            if arg.__class__ is not int or not self.active[arg]:
                continue
            if arg in aliases.shared:       # the sum is a node of its own
                self.give(arg, adjoint._replace(came=tape.both(adjoint.came, tape.both(mine, other))))
                continue
            for node, condition in aliases.nodes.get(arg, {}).items():
                self.add(node, adjoint, tape.both(tape.both(mine, other), condition))
            self.add(arg, adjoint, tape.both(mine, tape.negated(tape.both(other, aliases.any.get(arg, 0.0)))))

    def add(self, arg: Atom, adjoint: Adjoint, condition: Any = 1.0) -> None:
        """Add a contribution, where a condition holds, to the adjoint so far, if there is one."""
        tape = self.tape
        value, came, there, first = adjoint
        came = tape.both(came, condition)
        if came.__class__ is float and not came:
            return
        before = self.adjoints.get(arg)
        if before is None:
            self.adjoints[arg] = Adjoint(value, came, there, first)
            return
        if there.__class__ is not float or before.there.__class__ is not float or there != before.there:
            there = tape.either(tape.both(before.came, before.there), tape.both(came, there))
        if before.came.__class__ is came.__class__ is float:
            self.adjoints[arg] = Adjoint(tape.emit(ADD, before.value, value), 1.0, there, 0.0)
        else:
            first = tape.decide(before.came, tape.decide(came, 0.0, before.first), first)
            self.adjoints[arg] = Adjoint(tape.emit(merged, before.came, came, before.value, value),
                                         tape.either(before.came, came), there, first)


def _nary_partials(tape: Any, op: Op, operands: Sequence[Any], out: Any) -> list[Any]:
    """All partials of an op of any number of arguments."""
    return [tape.operand(x) for x in op.nary_partials(list(map(tape.symbol, operands)), tape.symbol(out))]
