"""Loops: an op that holds the Program of one iteration and runs it again and again.

A loop works on blocks of numbers. Each iteration reads some of them, runs a Program, and writes some: a carry is read
and written at one place, an invariant is only read, a column is read at a place that moves with the iteration, or that
a table gives. Its result is a tuple of all blocks, and the number of iterations; `item` reads one number of it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import sha1
from itertools import count as counting
from typing import Any, NamedTuple

from autograd.ops.primitives import INTERNAL, Op
from autograd.program.program import Atom, Cost, Instruction, MissingWayError, Program, loops_of, verify
from autograd.transforms.pytree import innermost

CELLS, ROWS, BLANK, LENT, COPY = "cells", "rows", "blank", "lent", "copy"
COUNT = -1      # the last block of a result: the count of iterations, and the way that ended the loop, -1 for none
Code = Callable[[Sequence[float]], Any]     # of a way: all inputs -> all outputs, or an int: the guard that failed


class Block(NamedTuple):
    """A block of numbers that a loop works on.

    CELLS: ``size`` operands of the op, from ``first`` on. ROWS: a number for each iteration and one more, written
    before they are read; BLANK: the same, and -0.0 at first, or 1.0 if ``of`` is 1. LENT: the block ``of`` of another
    loop, which is the operand ``first``; it is only read. COPY: the same, to be written.
    """

    kind: str
    first: int = 0
    size: int = 0
    of: int = 0


class Access(NamedTuple):
    """Which number of a block iteration t reads or writes: offset + step * t, or table[t]."""

    block: int
    offset: int = 0
    step: int = 0
    table: tuple[int, ...] = ()

    def at(self, t: int) -> int:
        """The place in the block."""
        return self.table[t] if self.table else self.offset + self.step * t


class Way(NamedTuple):
    """The Program of an iteration that branches in one way.

    Its inputs are t, as a float, and what the loop reads; its outputs are what the loop writes. below: the guards and
    the way that runs where one fails. ends: in this way the loop is over, and nothing is written. longer: the way,
    if any, that gives the same and takes longer.
    """

    program: Program
    below: tuple[tuple[int, int], ...] = ()
    ends: bool = False
    longer: int = -1


class Loop:
    """What a loop does.

    An iteration begins with the first way. count: of iterations; or None, and then the operand ``count_at`` is the
    count, or a loop that has as many; or -1, and a way ends the loop. backwards: t goes from the last to 0.
    checkpoint: how much of it the way back keeps, as the user has said it.
    """

    def __init__(self, ways: Sequence[Way], blocks: Sequence[Block], reads: Sequence[Access], writes: Sequence[Access],
                 count: int | None = None, count_at: int = -1, backwards: bool = False, name: str = "loop",
                 checkpoint: Any = "all") -> None:
        self.ways, self.blocks, self.reads, self.writes = tuple(ways), tuple(blocks), tuple(reads), tuple(writes)
        self.count, self.count_at, self.backwards = count, count_at, backwards
        self.name, self.checkpoint = name, checkpoint

    def changed(self, **changes: Any) -> "Loop":
        """The same with these parts."""
        names = "ways", "blocks", "reads", "writes", "count", "count_at", "backwards", "name", "checkpoint"
        return Loop(**{name: changes.get(name, getattr(self, name)) for name in names})

    def mapped(self, function: Callable[[Program], Program]) -> "Loop":
        """The same with another Program in the place of each."""
        return self.changed(ways=[way._replace(program=function(way.program)) for way in self.ways])

    def extended(self, blocks: Sequence[Block], reads: Sequence[Access] = (),
                 writes: Sequence[Access] = ()) -> "Loop":
        """The same with more blocks and accesses; the Programs stay."""
        return self.changed(blocks=(*self.blocks, *blocks), reads=(*self.reads, *reads),
                            writes=(*self.writes, *writes))

    @cached_property
    def key(self) -> str:
        """The key of its op: equal loops have one."""
        return "loop_" + sha1(repr(self._content()).encode()).hexdigest()[:20]

    @property
    def op(self) -> Op:
        """An op of this loop, which does not hold the op."""
        op = Op(nested=self)
        op.key = self.key
        op.name, op.arity, op.latex, op.formula = self.name, None, "", None     # type: ignore[assignment]
        op.partial_formulas = op.float_partials = op.partials = ()
        op.value = self
        op.nary_partials = lambda args, out: [None] * len(args)
        return op

    def __reduce__(self) -> tuple[Any, ...]:
        return Loop, (self.ways, self.blocks, self.reads, self.writes, self.count, self.count_at, self.backwards,
                      self.name, self.checkpoint)

    def _content(self) -> tuple[Any, ...]:
        return ([(way.program._key(), way.below, way.ends) for way in self.ways], self.blocks, self.reads, self.writes,
                self.count, self.count_at, self.backwards, self.checkpoint)

    # ---- running it ----

    def __call__(self, *args: Any) -> tuple[Any, ...]:
        """All blocks, as lists; and then a list of the count, and of the way that ended the loop, -1 for none."""
        return self.run(args, [interpreted(way.program) for way in self.ways])

    def run(self, args: Sequence[Any], codes: Sequence[Code]) -> tuple[Any, ...]:
        """The same by the code of each way; MissingWayError where an iteration finds none."""
        count = self.iterations(args)
        blocks = [self._begun(block, args, count) for block in self.blocks]
        steps = counting() if count is None else range(count - 1, -1, -1) if self.backwards else range(count)
        done, ended = self.iterate(blocks, codes, steps, count is None)
        return (*blocks, [float(done), float(ended)])

    def iterate(self, blocks: Sequence[Any], codes: Sequence[Code], steps: Iterable[int],
                grows: bool = False) -> tuple[int, int]:
        """Run these iterations on blocks; how many ran, and the way that ended the loop, -1 for none.

        grows: rows become more with each iteration.
        """
        done = 0
        for t in steps:
            inputs: list[Any] = [float(t), *[blocks[access.block][access.at(t)] for access in self.reads]]
            number, found = 0, codes[0](inputs)
            while found.__class__ is int:
                number = dict(self.ways[number].below).get(found, -1)
                if number < 0:
                    raise MissingWayError(f"{self.name}: iteration {t} branches in a new way")
                found = codes[number](inputs)
            if self.ways[number].ends:
                return done, number
            if grows:
                for block, known in zip(self.blocks, blocks, strict=True):
                    if block.kind in (ROWS, BLANK):
                        known.append(-0.0)
            for access, x in zip(self.writes, found, strict=True):
                blocks[access.block][access.at(t)] = x
            done += 1
        return done, -1

    def iterations(self, args: Sequence[Any]) -> int | None:
        """How many there are; None where a way ends the loop."""
        if self.count is not None:
            return self.count if self.count >= 0 else None
        given = args[self.count_at]
        return max(int(given[-1][0] if hasattr(given, "__getitem__") else innermost(given)), 0)

    def _begun(self, block: Block, args: Sequence[Any], count: int | None) -> list[Any]:
        if block.kind == CELLS:
            return list(args[block.first:block.first + block.size])
        if block.kind == LENT:
            return args[block.first][block.of]      # type: ignore[no-any-return]
        return list(args[block.first][block.of]) if block.kind == COPY else \
            [1.0 if block.of else -0.0] * ((count or 0) + 1)

    # ---- what is said of it ----

    def listed_operands(self, written: list[str]) -> list[str]:
        """The operands as a listing shows them."""
        return written

    def listing(self, listing: Callable[[Program], Iterator[str]]) -> Iterator[str]:
        """The lines of its Programs, and what they read and write."""
        heads = "t, " + ", ".join(map(self._shown, self.reads)) if self.reads else "t"
        for number, way in enumerate(self.ways):
            below = "".join(f"; guard {guard} fails: way {other}" for guard, other in way.below)
            yield f"way {number} of {heads}{below}"
            if way.ends:
                yield "    ends the loop"
            yield from (f"    {line}" for line in listing(way.program))
        yield f"writes {', '.join(map(self._shown, self.writes))}"

    def _shown(self, access: Access) -> str:
        place = f"table[{len(access.table)}]" if access.table else \
            f"t{access.offset or '':+}" if access.step and access.offset else "t" if access.step else f"{access.offset}"
        return f"{self.blocks[access.block].kind}{access.block}[{place}]"

    def cost(self, iterations: int = 1) -> Cost:
        """Of all iterations, or of so many where their count is not known."""
        costs = [way.program.cost(iterations) for way in self.ways]
        known = self.count is not None and self.count >= 0
        times = self.count or 0 if known else iterations
        recomputation, unknown = loops_of(costs)
        return Cost(times * max(cost.instructions for cost in costs), times * max(cost.flops for cost in costs),
                    8 * (times + 1) * self.columns + max(cost.memory for cost in costs), recomputation,
                    unknown if known else iterations)

    def verify(self, operands: int, where: str) -> None:
        """Raise ValueError with the invariant that it violates."""
        for way in self.ways:
            verify(way.program)
            if len(way.program.inputs) != 1 + len(self.reads):
                raise ValueError(f"{where}: a way has {len(way.program.inputs)} inputs, not t and {len(self.reads)}")
            if not way.ends and len(way.program.outputs) != len(self.writes):
                raise ValueError(f"{where}: a way has {len(way.program.outputs)} outputs, not {len(self.writes)}")
        for block in self.blocks:
            if block.kind == CELLS and block.first + block.size > operands:
                raise ValueError(f"{where}: a block needs {block.first + block.size} operands, not {operands}")
        for access in (*self.reads, *self.writes):
            if access.table and self.count is not None and len(access.table) < self.count:
                raise ValueError(f"{where}: a table of {len(access.table)} places for {self.count} iterations")
        if any(self.blocks[access.block].kind == LENT for access in self.writes):
            raise ValueError(f"{where}: a block that is lent is written")

    @property
    def columns(self) -> int:
        """How many numbers it keeps of each iteration."""
        return sum(block.kind not in (CELLS, LENT) for block in self.blocks)


def with_inputs(program: Program, places: Sequence[int], count: int) -> Program:
    """The Program with ``count`` inputs, of which the former ones are those at ``places``."""
    moved = [*places, *range(count, count + len(program.instructions))]

    def atom(x: Atom) -> Atom:
        return moved[x] if x.__class__ is int else x

    names = [f"x{i}" for i in range(count)]
    for place, name in zip(places, program.inputs, strict=True):
        names[place] = name
    taken: set[str] = set()
    for i, name in enumerate(names):
        names[i] = name if name not in taken else f"{name}_{i}"
        taken.add(names[i])
    return replace(
        program, inputs=tuple(names), outputs=tuple(map(atom, program.outputs)),
        instructions=tuple([Instruction(op, tuple(map(atom, args))) for op, args in program.instructions]),
        guards=tuple([guard._replace(left=atom(guard.left), right=atom(guard.right)) for guard in program.guards]),
        labels={moved[x]: label for x, label in program.labels.items()})


def without_dead(program: Program) -> Program:
    """The Program without instructions that no output and no guard depends on, but for loops that may lack a way."""
    first = len(program.inputs)
    wanted = {x for x in (*program.outputs, *[x for guard in program.guards for x in guard[1:3]]) if x.__class__ is int}
    wanted |= {register for register, (op, _) in enumerate(program.instructions, first)
               if op.nested and lacks_way(op.nested)}
    for register in range(first + len(program.instructions) - 1, first - 1, -1):
        if register in wanted:
            wanted.update(x for x in program.instructions[register - first].args if x.__class__ is int)
    alive = [register for register in range(first, first + len(program.instructions)) if register in wanted]
    kept = replace(program, instructions=tuple([program.instructions[register - first] for register in alive]))
    moved: dict[Any, Any] = {register: first + i for i, register in enumerate(alive)}

    def atom(x: Atom) -> Atom:
        return moved.get(x, x) if x.__class__ is int else x

    return replace(
        kept, outputs=tuple(map(atom, kept.outputs)), labels={},
        instructions=tuple([Instruction(op, tuple(map(atom, args))) for op, args in kept.instructions]),
        guards=tuple([guard._replace(left=atom(guard.left), right=atom(guard.right)) for guard in kept.guards]))


def place_of(register: Atom, args: Sequence[Atom]) -> int:
    """The first operand that is this register, -1 for none: the constant 2.0 equals register 2, and is not it."""
    return next((place for place, x in enumerate(args) if x.__class__ is int and x == register), -1)


def has_loops(program: Program) -> bool:
    """Whether an op of it is a loop."""
    return any(op.nested is not None for op, _ in program.instructions)


def can_fail(program: Program) -> bool:
    """Whether numbers may leave the way of the Program: at a guard, or in a loop that lacks a way."""
    return bool(program.guards) or any(lacks_way(op.nested) for op, _ in program.instructions if op.nested)


def lacks_way(loop: Any) -> bool:
    """Whether iterations of a loop may branch in a way that it does not have."""
    return any(not {guard for guard, _ in way.below}.issuperset(range(
        len(way.program.guards) + can_fail(replace(way.program, guards=())))) for way in loop.ways)


def interpreted(program: Program) -> Code:
    """The Program run op by op; guards come before a loop, which might not end at numbers that go another way."""
    def run(inputs: Sequence[float]) -> Any:
        registers = list(inputs)
        for op, args in program.instructions:
            if op.nested and (found := failed(registers)) is not None:
                return found
            try:
                registers.append(op.value(*[registers[arg] if arg.__class__ is int else arg for arg in args]))
            except MissingWayError:
                return len(program.guards)
        found = failed(registers)
        return tuple([registers[x] if x.__class__ is int else x for x in program.outputs]) if found is None else found

    def failed(registers: Sequence[Any]) -> int | None:
        for number, (_, left, right, _) in enumerate(program.guards):
            if any(x.__class__ is int and x >= len(registers) for x in (left, right)):
                return None
            if not program.guards[number].holds(*[registers[x] if x.__class__ is int else x for x in (left, right)]):
                return number
        return None

    return run


# item(loop, block, place): one number of a loop's result; the last two operands are constants
item = INTERNAL["item"] = Op(nested=None)
item.key = item.name = "item"
item.arity, item.latex, item.formula = None, "", None       # type: ignore[assignment]
item.partial_formulas = item.float_partials = item.partials = ()
item.value = lambda loop, block, place: loop[int(block)][int(place)]
item.nary_partials = lambda args, out: [1.0, None, None]
