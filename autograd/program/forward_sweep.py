"""A forward sweep over a Program: the tangents of every register along several inputs, in one pass."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from autograd.errors import TraceError
from autograd.ops.internal import chosen, merged
from autograd.program.nested import item
from autograd.program.program import Atom
from autograd.program.sweep import NONE, Adjoint, Sweep

# loop_tangents.py, which is built on this file, puts its function here
push_loop: Callable[[Any, int, Sequence[int]], None] = print


class ForwardSweep(Sweep):
    """A forward sweep over a Program, which appends the derivatives by inputs to a tape.

    Each partial is computed once for all inputs. An instruction's contributions are added in the order of its operands,
    each where it is present, as eager forward accumulation adds them.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.kept: dict[int, dict[Any, Any]] = {}       # of each loop, the blocks of rows that it was given
        # the tangents of blocks of loops, by loop, block and column; and of single numbers of their results
        self.loops: dict[Any, Any] = {}
        self.pushed: dict[Any, Any] = {}

    def run(self, wrt: Sequence[int], outputs: Sequence[Atom]) -> list[list[Any]]:
        """The derivatives of each output by the inputs ``wrt``."""
        columns = range(len(wrt))
        self.adjoints = {(register, i): Adjoint(1.0, 1.0, 1.0, 1.0) for i, register in enumerate(wrt)}
        self.sweep(columns, wrt)
        return [self.answer([self.adjoints.get((x, i), NONE) if x.__class__ is int else NONE for i in columns])[0]
                for x in outputs]

    def sweep(self, columns: Sequence[int], given: Collection[int]) -> None:
        """Push all tangents, of so many columns, from the first instruction to the last; given: what has its own."""
        tape, active, inputs = self.tape, self.active, len(self.program.inputs)
        for register, (op, args) in enumerate(self.program.instructions, inputs):
            if not active[register] or register in given:
                continue
            if op.nested:
                push_loop(self, register, columns)
                continue
            if op is item:
                self._push_item(register, args, columns)
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

    def _push_item(self, register: int, args: Sequence[Atom], columns: Sequence[int]) -> None:
        """The tangents of a number of a loop's result."""
        loop, *place = args
        if place[1].__class__ is int:
            raise TraceError("a third derivative through a loop whose count is no constant is not compiled; take it "
                             "without jit")
        for i in columns:
            found = self.pushed.get((loop, *map(int, place), i))
            unchanged = self.adjoints.get((loop, *map(int, place), i))
            if unchanged:
                self.add((register, i), unchanged)
            elif found:
                result, blocks, cell = found
                value, came, *there = [self.tape.emit(item, result, float(block), float(cell)) for block in blocks]
                self.add((register, i), Adjoint(value, came, there[0] if there else 1.0, 0.0))
