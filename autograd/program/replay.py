"""Checkpoints: a loop backwards that computes the states of the loop forwards again, from a few snapshots.

Binomial checkpointing (Griewank and Walther 2000, "Revolve", ACM TOMS 26): with n snapshots, C(n + r, n) iterations
go backwards with at most r further runs of each iteration forwards; no other schedule takes fewer.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import sha1
from math import inf
from typing import Any

from autograd.errors import AutogradError
from autograd.ops.primitives import Op
from autograd.program.nested import CELLS, LENT, Block, Code, Loop, interpreted, item, place_of, without_dead
from autograd.program.program import Cost, Instruction, Program, loops_of


def reach(others: int, again: int) -> int:
    """How many iterations go backwards from a snapshot with so many others, each run at most ``again`` times more."""
    found = 1
    for r in range(1, again + 1):
        found = found * (others + 1 + r) // r
    return found


def enough(length: int, others: int) -> tuple[int, int, int, int]:
    """The fewest further runs with which that many iterations go backwards, and `reach` of these, one and two less."""
    again, found, less, least = 0, 1, 0, 0
    while found < length:
        again += 1
        found, less, least = found * (others + 1 + again) // again, found, less
    return again, found, less, least


def split(length: int, others: int) -> int:
    """After how many iterations the next snapshot is best."""
    _, found, less, least = enough(length, others)
    return max(1, length - (found - less), least)       # what one other less reaches, and all with two runs less


def repeated(length: int, snapshots: int) -> int:
    """How many iterations forwards a way back of this length takes, beside one for each iteration's own numbers."""
    if length <= 1 or snapshots == 1:
        return length * (length - 1) // 2
    again = enough(length, snapshots - 1)[0]
    return again * length - reach(snapshots, again - 1)


class Replay:
    """A loop backwards with the loop forwards that it reads, as one: its operands are those of both."""

    def __init__(self, forward: Loop, back: Loop, operands: int, lent_at: int, snapshots: int) -> None:
        """operands: how many operands are the forward loop's. lent_at: which of the other's was its result."""
        self.forward, self.back, self.operands, self.lent_at = forward, back, operands, lent_at
        self.snapshots = snapshots

    blocks = property(lambda self: self.back.blocks)
    ways = property(lambda self: (*self.forward.ways, *self.back.ways))
    count = property(lambda self: self.back.count)

    def listed_operands(self, written: list[str]) -> list[str]:
        """The operands as a listing shows them."""
        return written

    def mapped(self, function: Callable[[Program], Program]) -> "Replay":
        """The same with another Program in the place of each."""
        return Replay(self.forward.mapped(function), self.back.mapped(function), self.operands, self.lent_at,
                      self.snapshots)

    @cached_property
    def advancing(self) -> Loop:
        """The forward loop without its rows."""
        return without_rows(self.forward, set())

    @property
    def op(self) -> Op:
        """An op of this, which does not hold the op."""
        op = Op(nested=self)
        text = repr((self.forward.key, self.back.key, self.operands, self.lent_at, self.snapshots))
        op.key = "replay_" + sha1(text.encode()).hexdigest()[:20]
        op.name, op.arity, op.latex, op.formula = self.back.name, None, "", None     # type: ignore[assignment]
        op.partial_formulas = op.float_partials = op.partials = ()
        op.value = self
        op.nary_partials = _not_again
        return op

    def __reduce__(self) -> tuple[Any, ...]:
        return Replay, (self.forward, self.back, self.operands, self.lent_at, self.snapshots)

    def __call__(self, *args: Any) -> tuple[Any, ...]:
        """The result of the loop backwards."""
        return self.run(args, [interpreted(way.program) for way in self.ways])

    def run(self, args: Sequence[Any], codes: Sequence[Code]) -> tuple[Any, ...]:
        """The same by the code of each way."""
        forward, back = self.forward, self.back
        ahead, behind = codes[:len(forward.ways)], codes[len(forward.ways):]
        given = args[self.operands:]
        count = back.iterations(given) or 0
        state = [list(args[block.first:block.first + block.size]) if block.kind == CELLS else {}
                 for block in forward.blocks]
        found: list[Any] = [list(given[block.first:block.first + block.size]) if block.kind == CELLS else None
                            for block in back.blocks]

        def moved(state: list[Any], first: int, last: int) -> list[Any]:
            state = [list(block) if block.__class__ is list else {} for block in state]
            forward.iterate(state, ahead, range(first, last))
            return state

        waiting = [(0, count, self.snapshots - 1, state)]
        while waiting:
            low, high, others, state = waiting.pop()
            if high - low > 1 and others:
                middle = low + split(high - low, others)
                waiting += [(low, middle, others, state), (middle, high, others - 1, moved(state, low, middle))]
                continue
            for t in range(high - 1, low - 1, -1):
                rows = moved(moved(state, low, t), t, t + 1)
                lent = [rows[block.of] if block.kind == LENT else known
                        for block, known in zip(back.blocks, found, strict=True)]
                back.iterate(lent, behind, [t])
        return (*found, [float(count), -1.0])

    def listing(self, listing: Callable[[Program], Iterator[str]]) -> Iterator[str]:
        """The lines of both loops."""
        yield f"with {self.snapshots} snapshots of"
        yield from (f"    {line}" for line in self.forward.listing(listing))
        yield "and backwards"
        yield from (f"    {line}" for line in self.back.listing(listing))

    def cost(self, iterations: int = 1) -> Cost:
        """Of both, with the iterations that are run again; iterations: as of a Program."""
        ahead, back = self.forward.changed(count=1).cost(iterations), self.back.cost(iterations)
        known = self.forward.count is not None and self.forward.count >= 0
        times = self.forward.count or 0 if known else iterations
        snapshots = min(self.snapshots, most(times))
        again = times + repeated(times, snapshots)
        recomputation, unknown = loops_of((ahead, back))
        return Cost(again * ahead.instructions + back.instructions, again * ahead.flops + back.flops,
                    8 * snapshots * len(state_of(self.forward)) + ahead.memory + back.memory,
                    max(recomputation, (times + again) / max(times, 1)), unknown if known else iterations)

    def verify(self, operands: int, where: str) -> None:
        """Raise ValueError with the invariant that it violates."""
        self.forward.verify(self.operands, where)
        self.back.verify(operands - self.operands, where)


def _not_again(args: Any, out: Any) -> Any:
    raise AutogradError("a Program with checkpoints is not differentiated; differentiate it first")


def without_rows(loop: Loop, kept: set[int]) -> Loop:
    """The loop without its rows, but for the blocks in ``kept`` and those before them."""
    last = max([i for i, block in enumerate(loop.blocks) if block.kind == CELLS or i in kept], default=-1)
    places = [i for i, access in enumerate(loop.writes) if access.block <= last]
    ways = [way if way.ends else way._replace(program=without_dead(replace(
        way.program, outputs=tuple([way.program.outputs[i] for i in places])))) for way in loop.ways]
    return loop.changed(ways=ways, blocks=loop.blocks[:last + 1], writes=[loop.writes[i] for i in places])


def state_of(loop: Loop) -> list[tuple[int, int]]:
    """The numbers that a snapshot holds: the cells of the blocks that iterations write."""
    written = sorted({access.block for access in loop.writes if loop.blocks[access.block].kind == CELLS})
    return [(number, i) for number in written for i in range(loop.blocks[number].size)]


def snapshots_of(loop: Loop) -> int:
    """How many snapshots a loop may keep: no more than it needs, where its count is known."""
    wanted = loop.checkpoint
    if wanted.__class__ is not int:
        wanted = bytes_of(wanted) // (8 * max(len(state_of(loop)), 1))
    return max(min(wanted, most(loop.count)) if loop.count is not None and loop.count >= 0 else wanted, 1)


def most(count: int) -> int:
    """How many snapshots so many iterations need at most."""
    return max(count - 1, 1)


def bytes_of(text: str) -> int:
    """A text such as 50MB as a number of bytes."""
    units = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "B": 1}
    unit = next((unit for unit in units if text.upper().endswith(unit)), "")
    number = float(text[:len(text) - len(unit)]) * units.get(unit, 0)
    if not 1 <= number < inf:
        raise ValueError(text)
    return int(number)


def with_checkpoints(program: Program) -> Program:
    """The Program where loops backwards keep snapshots, as their users have said."""
    inputs = len(program.inputs)
    made = list(program.instructions)
    if not any(op.nested.__class__ is Loop and op.nested.backwards and op.nested.checkpoint != "all"
               for op, _ in made):
        return program
    for place, (op, args) in enumerate(program.instructions):
        back = op.nested
        if back.__class__ is not Loop or not back.backwards or back.checkpoint == "all":
            continue
        sources = {args[block.first] for block in back.blocks if block.kind == LENT}
        source = next(iter(sources), -1)
        if len(sources) != 1 or any(block.kind not in (CELLS, LENT) for block in back.blocks):
            continue
        forward_op, given = program.instructions[int(source) - inputs]
        forward = forward_op.nested
        users = [i for i, (other, uses) in enumerate(program.instructions)
                 if other is not item and place_of(source, uses) >= 0]
        moving = {access.block for access in forward.writes if access.step or access.table}
        if users != [place] or forward.__class__ is not Loop or forward.backwards or \
                any(forward.blocks[i].kind in (CELLS, LENT) for i in moving) or \
                any(block.kind == LENT for block in forward.blocks):
            continue
        read = {int(uses[1]) for other, uses in program.instructions if other is item and uses[0] == source}
        lent_at = place_of(source, args)
        made[int(source) - inputs] = Instruction(without_rows(forward, read).op, given)
        replay = Replay(forward, _with_lent(back, lent_at), len(given), lent_at, snapshots_of(forward))
        made[place] = Instruction(replay.op, (*given, *args))
    return replace(program, instructions=tuple(made))


def _with_lent(back: Loop, lent_at: int) -> Loop:
    return back.changed(blocks=[Block(LENT, lent_at, 0, block.of) if block.kind == LENT else block
                                for block in back.blocks])
