"""Repeat: an op that holds a Program, its body, and stands for many copies of it one after the other; unrolled again.

An iteration reads carries, which the iteration before it left, and columns, of which each iteration has its own number
or all have the same one. It leaves carries, a number in each stack, and adds numbers to cells.
"""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import accumulate
from typing import Any

from autograd.ops.internal import TABLE
from autograd.ops.primitives import Op, internal
from autograd.program.program import Atom, Instruction, Program

ADD = TABLE["add"]
EMPTY = -0.0        # a cell without a contribution: -0.0 + x is x for every x


def _of_tuple(results: Any, place: float) -> float:
    return float(results[int(place)])


# item(loop, k) is the k-th result of a Repeat
item = internal("item", like="copysign", value=_of_tuple, formula=None, composite=False, c_name="", of_none=False,
                infix="", commutative=False, neutral=None, by_constant=None)


class Repeat(Op):
    """``count`` iterations of a body as one op, whose result is a tuple.

    body: its inputs are carries and columns; its outputs the next carries, the numbers for the stacks, and those added.
    spread: for each column, whether each iteration has a number of its own. tables: for each added number, the cell
    that it is added to in each iteration.
    The op's operands are the first carries, the columns, one after the other, and what the cells hold before. Its
    results are the last carries, the stacks, one after the other, and the cells.
    """

    __slots__ = ("body", "carries", "cells", "count", "spread", "starts", "tables")

    def __init__(self, body: Program, count: int, carries: int, spread: tuple[bool, ...], cells: int = 0,
                 tables: tuple[Sequence[int], ...] = ()) -> None:
        super().__init__()
        self.body, self.count, self.carries, self.spread, self.cells, self.tables = (
            body, count, carries, spread, cells, tables)
        self.arity = self.formula = None    # type: ignore[assignment]  # no formula: nothing folds it
        self.name, self.value = "loop", self.results
        text = repr((body._key(), count, carries, spread, cells, [[*table] for table in tables]))
        self.key = "loop_" + blake2b(text.encode(), digest_size=16).hexdigest()
        # where each column begins among the operands; the last one: the cells
        self.starts = [*accumulate([count if own else 1 for own in spread], initial=carries)]

    def __reduce__(self) -> tuple[Any, ...]:
        return Repeat, (self.body, self.count, self.carries, self.spread, self.cells, self.tables)

    def __repr__(self) -> str:
        return f"<loop of {self.count} times {len(self.body.instructions)} instructions>"

    @property
    def stacks(self) -> int:
        """How many stacks there are."""
        return len(self.body.outputs) - self.carries - len(self.tables)

    @property
    def size(self) -> int:
        """How many results."""
        return self.carries + self.stacks * self.count + self.cells

    def stack(self, which: int, iteration: int) -> int:
        """The place among the results."""
        return self.carries + which * self.count + iteration

    def reads(self, args: Sequence[Any], iteration: int) -> list[Any]:
        """The operands of the columns in an iteration."""
        return [args[start + iteration * own] for start, own in zip(self.starts, self.spread, strict=False)]

    def with_body(self, body: Program) -> "Repeat":
        """The same around another body."""
        return Repeat(body, self.count, self.carries, self.spread, self.cells, self.tables)

    def results(self, *args: float) -> tuple[float, ...]:
        """All results for these numbers."""
        now, cells = list(args[:self.carries]), list(args[self.starts[-1]:])
        stacks: list[list[float]] = [[] for _ in range(self.stacks)]
        for i in range(self.count):
            out = self.body(*now, *self.reads(args, i))
            now, left = list(out[:self.carries]), out[self.carries:]
            for stack, x in zip(stacks, left, strict=False):
                stack.append(x)
            for table, x in zip(self.tables, left[len(stacks):], strict=True):
                cells[table[i]] = ADD.value(cells[table[i]], x)
        return (*now, *[x for stack in stacks for x in stack], *cells)


def is_rolled(program: Program) -> bool:
    """Whether it holds a Repeat."""
    return any(isinstance(op, Repeat) for op, _ in program.instructions)


def unrolled(program: Program) -> Program:
    """The same Program without Loops: what they stand for, in the same order."""
    if not is_rolled(program):
        return program
    here: list[Any] = [*range(len(program.inputs))]      # the new atom of each register; the results of a Repeat
    made: list[Instruction] = []

    def emit(op: Op, args: tuple[Atom, ...]) -> int:
        made.append(Instruction(op, args))
        return len(program.inputs) + len(made) - 1

    def moved(x: Atom) -> Any:
        return here[x] if x.__class__ is int else x

    for op, args in program.instructions:
        operands = [*map(moved, args)]
        if isinstance(op, Repeat):
            here.append(_written_out(op, operands, emit))
        elif op is item:
            here.append(operands[0][int(operands[1])])
        else:
            here.append(emit(op, tuple(operands)))
    return replace(
        program, instructions=tuple(made), outputs=tuple(map(moved, program.outputs)), elementary=False,
        guards=tuple([guard._replace(left=moved(guard.left), right=moved(guard.right)) for guard in program.guards]),
        labels={here[x]: label for x, label in program.labels.items() if here[x].__class__ is int})


def _written_out(loop: Repeat, args: Sequence[Atom], emit: Any) -> list[Atom]:
    carries, cells = list(args[:loop.carries]), list(args[loop.starts[-1]:])
    stacks: list[list[Atom]] = [[] for _ in range(loop.stacks)]
    for i in range(loop.count):
        inside = [*carries, *loop.reads(args, i)]
        for op, places in loop.body.instructions:
            inside.append(emit(op, tuple([inside[x] if x.__class__ is int else x for x in places])))
        out = [inside[x] if x.__class__ is int else x for x in loop.body.outputs]
        carries, left = out[:loop.carries], out[loop.carries:]
        for stack, x in zip(stacks, left, strict=False):
            stack.append(x)
        for table, x in zip(loop.tables, left[len(stacks):], strict=True):
            cell = cells[table[i]]
            empty = cell.__class__ is float and repr(cell) == "-0.0"
            cells[table[i]] = x if empty else emit(ADD, (cell, x))
    return [*carries, *[x for stack in stacks for x in stack], *cells]
