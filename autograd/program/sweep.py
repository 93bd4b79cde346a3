"""What reverse and forward sweeps over a Program share: partials, products, sums and their conditions."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from autograd.ops.internal import merged
from autograd.ops.primitives import TABLE, Op, one
from autograd.ops.table import others
from autograd.program.program import Atom, Program
from autograd.transforms.presence import FLOW

ADD, MUL = TABLE["add"], TABLE["mul"]


class Adjoint(NamedTuple):
    """An adjoint or a tangent so far, or a contribution to one, with three conditions."""

    value: Any      # -0.0 where something flows and is a structural zero
    came: Any       # that something flows; where it does not hold, the value is any number
    there: Any      # that it is no structural zero (presence.py), whose derivatives still flow
    first: Any      # that it is the seed 1 of the sweep, which makes no node

    @property
    def weighted(self) -> bool:
        """Whether it may be a structural zero, as a weight is."""
        return self.there.__class__ is not float or not self.there


NONE = Adjoint(0.0, 0.0, 1.0, 0.0)


class Sweep:
    """A sweep over a Program, which appends derivatives to a tape.

    tape: its constants are floats. here: its operands for the registers of ``program``.
    active: which of these depend on the inputs of the derivative.
    """

    def __init__(self, program: Program, tape: Any, here: Sequence[Any], active: Sequence[bool]) -> None:
        self.program, self.tape, self.here, self.active = program, tape, here, active
        self.adjoints: dict[Any, Adjoint] = {}
        self.flows: dict[tuple[Op, int], Any] = {}

    def partials(self, register: int, wanted: Sequence[bool]) -> Iterator[tuple[Atom, Any, Any, Any, Any]]:
        """An instruction's operands that are ``wanted``, each with its partial and three conditions.

        That the partial is no structural zero, that anything flows, and that it is `one`.
        """
        tape, here = self.tape, self.here
        op, args = self.program.instructions[register - len(self.program.inputs)]
        operands = [here[arg] if arg.__class__ is int else arg for arg in args]
        partials = _nary_partials(tape, op, operands, here[register]) if op.arity is None else None
        for place, arg in enumerate(args):
            if arg.__class__ is not int or not wanted[arg]:
                continue
            if op is FLOW:
                there, partial = others(*operands)[place]
                if partial is not None:
                    yield arg, partial, there, 1.0, 0.0
            elif partials:
                yield arg, partials[place], 1.0, 1.0, 1.0 if partials[place] is one else 0.0
            else:
                flow = self.flows.get((op, place))
                if flow is None:
                    flow = self.flows[op, place] = tape.flow(op, place)
                partial, came, unit = flow(tape, *operands, here[register])
                if came.__class__ is not float or came:
                    yield arg, partial, 1.0, came, unit

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

    def add(self, arg: Any, adjoint: Adjoint, condition: Any = 1.0) -> None:
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

    def answer(self, found: Sequence[Adjoint]) -> tuple[list[Any], list[Any]]:
        """The sweep's results: 0.0 where nothing flows, and for structural zeros."""
        tape, slopes, presence = self.tape, [], []
        for value, came, there, _ in found:
            if there.__class__ is not float or not there:
                value = tape.choose(there, value, tape.emit(ADD, value, 0.0))
            slopes.append(tape.choose(came, value, 0.0))
            presence.append(tape.both(came, tape.choose(there, 1.0, -1.0)))
        return slopes, presence


def _nary_partials(tape: Any, op: Op, operands: Sequence[Any], out: Any) -> list[Any]:
    """All partials of an op of any number of arguments, appended to the tape."""
    return [tape.operand(x) for x in op.nary_partials(list(map(tape.symbol, operands)), tape.symbol(out))]


def depends(program: Program, wrt: Sequence[int], cut: Collection[int] = ()) -> list[bool]:
    """For each register, whether it depends on one in ``wrt`` on a path without registers in ``cut``."""
    given = set(wrt)
    active = [register in given for register in range(len(program.inputs))]
    for _, args in program.instructions:
        register = len(active)
        active.append(register not in cut and (register in given or any(
            active[arg] for arg in args if arg.__class__ is int)))
    return active
