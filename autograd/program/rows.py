"""Rows that hold the same numbers are one: what an iteration computes once is kept once, and read once."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograd.program.nested import LENT, ROWS, Loop, item, place_of, with_inputs
from autograd.program.program import Instruction, Program


def with_fewer_rows(program: Program, simplified: Callable[[Program], Program]) -> Program:
    """The Program where loops keep no number twice for their way back; simplified: what is done to its Programs."""
    inputs, made = len(program.inputs), list(program.instructions)
    for place, (op, args) in enumerate(program.instructions):
        back = op.nested
        if back.__class__ is not Loop or not back.backwards:
            continue
        for source in {int(args[block.first]) for block in back.blocks if block.kind == LENT}:
            users = [i for i, (other, uses) in enumerate(made) if other is not item and place_of(source, uses) >= 0]
            forward = made[source - inputs].op.nested
            if users == [place] and forward.__class__ is Loop:
                read = {int(uses[1]) for other, uses in made if other is item and uses[0] == source}
                same = _same(forward, read)
                if same:
                    _merge(made, source, inputs, place, same, simplified)
    return replace(program, instructions=tuple(made))


def _same(forward: Loop, read: set[int]) -> dict[int, int]:
    """Blocks of rows that no one reads one by one, each with an earlier one of the same numbers."""
    ways = [way.program.outputs for way in forward.ways if not way.ends]
    written: dict[int, list[Any]] = {}
    for i, access in enumerate(forward.writes):
        numbers = [repr(outputs[i]) for outputs in ways]        # register 1 is not 1.0
        written.setdefault(access.block, []).append((access._replace(block=0), numbers))
    first: dict[str, int] = {}
    found = {}
    for block, what in written.items():
        if forward.blocks[block].kind == ROWS:
            known = first.setdefault(repr(what), block)
            if known != block and block not in read:
                found[block] = known
    return found


def _merge(made: list[Instruction], source: int, inputs: int, place: int, same: dict[int, int],
           simplified: Callable[[Program], Program]) -> None:
    op, given = made[source - inputs]
    forward: Loop = op.nested
    kept = [i for i in range(len(forward.blocks)) if i not in same]
    moved = {old: new for new, old in enumerate(kept)}
    writes = [i for i, access in enumerate(forward.writes) if access.block not in same]
    ways = [way if way.ends else way._replace(program=replace(
        way.program, outputs=tuple([way.program.outputs[i] for i in writes]))) for way in forward.ways]
    made[source - inputs] = Instruction(forward.changed(
        ways=ways, blocks=[forward.blocks[i] for i in kept],
        reads=[access._replace(block=moved[access.block]) for access in forward.reads],
        writes=[forward.writes[i]._replace(block=moved[forward.writes[i].block]) for i in writes]).op, given)
    for i, (other, uses) in enumerate(made):
        if other is item and uses[0] == source and uses[1] >= 0:
            made[i] = Instruction(other, (uses[0], float(moved[int(uses[1])]), *uses[2:]))
    back, lent = made[place].op.nested, place_of(source, made[place].args)
    blocks = [block._replace(of=moved[same.get(block.of, block.of)]) if block.kind == LENT and block.first == lent
              else block for block in back.blocks]
    first: dict[Any, int] = {}
    number = [first.setdefault(repr(block), i) if block.kind == LENT else i for i, block in enumerate(blocks)]
    reads = [access._replace(block=number[access.block]) for access in back.reads]
    different = [*dict.fromkeys(reads)]
    places = [0, *[1 + different.index(access) for access in reads]]
    bodies = [way._replace(program=simplified(replace(
        with_inputs(way.program, places, 1 + len(different)), elementary=False))) for way in back.ways]
    made[place] = made[place]._replace(op=back.changed(ways=bodies, blocks=blocks, reads=different).op)
