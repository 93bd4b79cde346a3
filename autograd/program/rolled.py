"""Repeat: what an op does that stands for many copies of a Program one after the other; and the copies written out.

An iteration reads carries, which the iteration before it left, and columns, of which each iteration has its own number
or all have the same one. It leaves carries, a number in each stack, and adds numbers to cells.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import sha1
from itertools import accumulate
from typing import Any

from autograd.ops.primitives import TABLE, Op
from autograd.program.nested import Way, item
from autograd.program.program import Atom, Cost, Instruction, Program, flops, names, verify

ADD = TABLE["add"]
EMPTY = -0.0        # a cell without a contribution: -0.0 + x is x for every x


class Repeat:
    """``count`` iterations of a body.

    body: its inputs are carries and columns; its outputs the next carries, the numbers for the stacks, and those added.
    spread: for each column, whether each iteration has a number of its own. tables: for each added number, the cell
    that it is added to in each iteration.
    The op's operands are the first carries, the columns, one after the other, and what the cells hold before. Its
    result has, as blocks, the last carries, each stack, and the cells.
    """

    def __init__(self, body: Program, count: int, carries: int, spread: Sequence[bool], cells: int = 0,
                 tables: Sequence[Sequence[int]] = ()) -> None:
        self.body, self.count, self.carries, self.cells = body, count, carries, cells
        self.spread, self.tables = tuple(spread), tuple(tables)
        # where each column begins among the operands; the last one: the cells
        self.starts = [*accumulate([count if own else 1 for own in spread], initial=carries)]

    @cached_property
    def key(self) -> str:
        """The key of its op: equal ones have one."""
        content = self.body._key(), self.count, self.carries, self.spread, self.cells, [[*x] for x in self.tables]
        return "repeat_" + sha1(repr(content).encode()).hexdigest()[:20]

    @property
    def op(self) -> Op:
        """An op of this, which does not hold the op."""
        op = Op(nested=self)
        op.key, op.name, op.arity, op.latex, op.formula = self.key, "repeat", None, "", None   # type: ignore[assignment]
        op.partial_formulas = op.float_partials = op.partials = ()
        op.value = self
        op.nary_partials = lambda args, out: [None] * len(args)
        return op

    def __reduce__(self) -> tuple[Any, ...]:
        return Repeat, (self.body, self.count, self.carries, self.spread, self.cells, self.tables)

    @property
    def ways(self) -> tuple[Way, ...]:
        """The body, as the one way through it."""
        return (Way(self.body),)

    @property
    def stacks(self) -> int:
        """How many stacks there are."""
        return len(self.body.outputs) - self.carries - len(self.tables)

    @property
    def size(self) -> int:
        """How many numbers its result has."""
        return self.carries + self.stacks * self.count + self.cells

    def reads(self, args: Sequence[Any], iteration: int) -> list[Any]:
        """The operands of the columns in an iteration."""
        return [args[start + iteration * own] for start, own in zip(self.starts, self.spread, strict=False)]

    def mapped(self, function: Callable[[Program], Program]) -> "Repeat":
        """The same with another body."""
        return Repeat(function(self.body), self.count, self.carries, self.spread, self.cells, self.tables)

    def __call__(self, *args: float) -> tuple[list[float], ...]:
        """The result for these numbers."""
        return self._result(args, lambda inputs: self.body(*inputs), ADD.value)

    def _result(self, args: Sequence[Any], run: Callable[[list[Any]], Sequence[Any]],
                add: Callable[[Any, Any], Any]) -> tuple[list[Any], ...]:
        carries, cells = list(args[:self.carries]), list(args[self.starts[-1]:])
        stacks: list[list[Any]] = [[] for _ in range(self.stacks)]
        for i in range(self.count):
            out = run([*carries, *self.reads(args, i)])
            carries, left = list(out[:self.carries]), out[self.carries:]
            for stack, x in zip(stacks, left, strict=False):
                stack.append(x)
            for table, x in zip(self.tables, left[len(stacks):], strict=True):
                cells[table[i]] = add(cells[table[i]], x)
        return (carries, *stacks, cells)

    def written_out(self, args: Sequence[Atom], emit: Callable[[Op, tuple[Atom, ...]], int]) -> tuple[list[Atom], ...]:
        """The result, as registers of the copies of the body that ``emit`` appends."""
        def run(inside: list[Atom]) -> list[Atom]:
            for op, places in self.body.instructions:
                inside.append(emit(op, tuple([inside[x] if x.__class__ is int else x for x in places])))
            return [inside[x] if x.__class__ is int else x for x in self.body.outputs]

        def add(cell: Atom, x: Atom) -> Atom:
            empty = cell.__class__ is float and repr(cell) == repr(EMPTY)
            return x if empty else emit(ADD, (cell, x))

        return self._result(args, run, add)

    # ---- what is said of it ----

    def listed_operands(self, written: list[str]) -> list[str]:
        """The operands as a listing shows them: of a column the first and the last one."""
        shown = [f"carry{i}={x}" for i, x in enumerate(written[:self.carries])]
        for i, (start, own) in enumerate(zip(self.starts, self.spread, strict=False)):
            last = start + self.count - 1
            shown.append(f"column{i}={written[start]}" + (f" .. {written[last]}" if own else ""))
        return [*shown, f"{self.cells} cells"] if self.cells else shown

    def listing(self, listing: Callable[[Program], Iterator[str]]) -> Iterator[str]:
        """The lines of the body, and how often it runs."""
        yield f"{self.count} times"
        yield from listing(self.body)
        added = [f"{x} to {_cells(table)}" for x, table in zip(self._shown_added(), self.tables, strict=True)]
        if added:
            yield f"adds {', '.join(added)}"

    def _shown_added(self) -> list[str]:
        called = names(self.body)
        return [called[x] if x.__class__ is int else repr(x) for x in self.body.outputs[self.carries + self.stacks:]]

    def cost(self, iterations: int = 1) -> Cost:
        """Of all iterations; iterations: of loops inside, as of a Program."""
        one = self.body.cost(iterations)
        return one._replace(instructions=self.count * one.instructions, memory=one.memory + 8 * self.size,
                            flops=self.count * (one.flops + len(self.tables)))

    def verify(self, operands: int, where: str) -> None:
        """Raise ValueError with the invariant that it violates."""
        verify(self.body)
        if len(self.body.inputs) != self.carries + len(self.spread) or self.body.guards:
            raise ValueError(f"{where}: a body has {self.carries} carries, {len(self.spread)} columns and no guards")
        if operands != self.starts[-1] + self.cells:
            raise ValueError(f"{where}: {operands} operands, not {self.starts[-1] + self.cells}")
        if any(len(table) != self.count or min(table) < 0 or max(table) >= self.cells for table in self.tables):
            raise ValueError(f"{where}: a table has to have a cell for each of {self.count} iterations")


def _cells(table: Sequence[int]) -> str:
    """The cells that a number is added to, iteration by iteration."""
    if len(set(table)) == 1:
        return f"cell {table[0]}"
    return f"cells {table[0]}, {table[1]} .. {table[-1]}"


def is_rolled(program: Program) -> bool:
    """Whether it holds a Repeat."""
    return any(isinstance(op.nested, Repeat) for op, _ in program.instructions)


def written_out(program: Program) -> int:
    """How many elementary instructions it has when `straightened`; of a loop those of its ways, once."""
    total = 0
    for op, args in program.instructions:
        if op.nested is None:
            total += op is not item and flops(op, len(args))
        else:
            times = op.nested.count if isinstance(op.nested, Repeat) else 1
            total += times * sum([written_out(way.program) for way in op.nested.ways])
    return total


def straightened(program: Program) -> Program:
    """The same Program without a Repeat: what they stand for, in the same order."""
    if not is_rolled(program):
        return program
    here: list[Any] = [*range(len(program.inputs))]      # the new atom of each register; the result of a Repeat
    made: list[Instruction] = []

    def emit(op: Op, args: tuple[Atom, ...]) -> int:
        made.append(Instruction(op, args))
        return len(program.inputs) + len(made) - 1

    def moved(x: Atom) -> Any:
        return here[x] if x.__class__ is int else x

    for op, args in program.instructions:
        operands = [*map(moved, args)]
        if isinstance(op.nested, Repeat):
            here.append(op.nested.written_out(operands, emit))
        elif op is item and operands[0].__class__ is tuple:
            here.append(operands[0][int(operands[1])][int(operands[2])])
        else:
            here.append(emit(op, tuple(operands)))
    return replace(
        program, instructions=tuple(made), outputs=tuple(map(moved, program.outputs)), elementary=False,
        guards=tuple([guard._replace(left=moved(guard.left), right=moved(guard.right)) for guard in program.guards]),
        labels={here[x]: label for x, label in program.labels.items() if here[x].__class__ is int})
