"""A forward sweep over a Program: the tangents of every register along several inputs, in one pass."""

from collections.abc import Sequence
from typing import Any

from autograd.ops.internal import chosen, merged
from autograd.program.program import Atom
from autograd.program.sweep import NONE, Adjoint, Sweep


class ForwardSweep(Sweep):
    """A forward sweep over a Program, which appends the derivatives by inputs to a tape.

    Each partial is computed once for all inputs. An instruction's contributions are added in the order of its operands,
    each where it is present, as eager forward accumulation adds them.
    """

    def run(self, wrt: Sequence[int], outputs: Sequence[Atom]) -> list[list[Any]]:
        """The derivatives of each output by the inputs ``wrt``."""
        tape, active, inputs = self.tape, self.active, len(self.program.inputs)
        given, columns = set(wrt), range(len(wrt))
        self.adjoints = {(register, i): Adjoint(1.0, 1.0, 1.0, 1.0) for i, register in enumerate(wrt)}
        for register, (op, args) in enumerate(self.program.instructions, inputs):
            if not active[register] or register in given:
                continue
            if op is chosen or op is merged:
                conditions = [self.here[x] if x.__class__ is int else x for x in args[:-2]]
                if op is chosen:
                    conditions.append(tape.negated(conditions[0]))
                for arg, condition in zip(args[-2:], conditions, strict=True):
                    for i in columns:
                        if arg.__class__ is int and (arg, i) in self.adjoints:
                            self.add((register, i), self.adjoints[arg, i], condition)
                continue
            for arg, partial, there, came, unit in self.partials(register, active):
                for i in columns:
                    tangent = self.adjoints.get((arg, i))
                    if tangent is not None:
                        both = tape.both(tangent.came, came)
                        self.add((register, i), self.times(tangent, partial, both, there, unit))
        return [self.answer([self.adjoints.get((x, i), NONE) if x.__class__ is int else NONE for i in columns])[0]
                for x in outputs]
