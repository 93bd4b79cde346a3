"""Sines and cosines of one number, of which a loop takes one and its way back the other: the loop takes both."""

from dataclasses import replace
from typing import Any

from autograd.ops.primitives import TABLE
from autograd.program.nested import LENT, ROWS, Access, Block, Loop, place_of, with_inputs
from autograd.program.program import Atom, Instruction, Program

PARTNER = {TABLE["sin"]: TABLE["cos"], TABLE["cos"]: TABLE["sin"]}


def taken_ahead(program: Program) -> Program:
    """The Program where loops compute what their way back would compute of the same numbers, for half the price."""
    inputs, made = len(program.inputs), list(program.instructions)
    for place, (op, args) in enumerate(program.instructions):
        back = op.nested
        if back.__class__ is not Loop or not back.backwards:
            continue
        sources = {int(args[block.first]) for block in back.blocks if block.kind == LENT}
        for source in sources:
            forward = made[source - inputs].op.nested
            if forward.__class__ is Loop and not forward.backwards and len(forward.ways) <= 2:
                _move(made, source - inputs, place, place_of(source, args))
    return replace(program, instructions=tuple(made))


def _move(made: list[Instruction], source: int, place: int, lent_at: int) -> None:
    forward, back = made[source].op.nested, made[place].op.nested
    ways = [way for way in forward.ways if not way.ends]
    if len(ways) != 1:
        return
    body: Program = ways[0].program
    taken = {(op, args): register for register, (op, args) in enumerate(body.instructions, len(body.inputs))}
    first = back.ways[0].program
    wanted: dict[tuple[Any, Access], int] = {}       # what is to be moved: the op, of which row; the block it gets
    added: list[Any] = []
    for op, args in first.instructions:
        if op not in PARTNER or args[0].__class__ is not int or not 0 < args[0] <= len(back.reads):
            continue
        access = back.reads[int(args[0]) - 1]
        block = back.blocks[access.block]
        if block.kind != LENT or block.first != lent_at or (op, access) in wanted:
            continue
        row = next((i for i, write in enumerate(forward.writes)
                    if write == access._replace(block=block.of)), -1)
        x = body.outputs[row] if row >= 0 else -1.0
        if x.__class__ is int and (PARTNER[op], (x,)) in taken:
            wanted[op, access] = len(forward.blocks) + len(added)
            added.append((op, x))
    if not added:
        return
    count = len(body.inputs) + len(body.instructions)
    longer = replace(body, instructions=(*body.instructions, *[Instruction(op, (x,)) for op, x in added]),
                     outputs=(*body.outputs, *range(count, count + len(added))))
    more = forward.changed(ways=[way if way.ends else way._replace(program=longer) for way in forward.ways])
    made[source] = made[source]._replace(op=more.extended(
        [Block(ROWS)] * len(added), (), [Access(block, 0, 1) for block in wanted.values()]).op)
    reads = [Access(len(back.blocks) + i, 0, 1) for i in range(len(added))]
    shorter = [way._replace(program=_reading(way.program, back, [*wanted])) for way in back.ways]
    blocks = [Block(LENT, lent_at, 0, block) for block in wanted.values()]
    made[place] = made[place]._replace(op=back.changed(ways=shorter).extended(blocks, reads).op)


def _reading(program: Program, back: Loop, wanted: list[tuple[Any, Access]]) -> Program:
    """The Program with an input more for each of these, instead of computing it."""
    known = len(program.inputs)
    program = with_inputs(program, [*range(known)], known + len(wanted))
    total = known + len(wanted)
    moved: list[Atom] = [*range(total)]
    instructions = list[Instruction]()
    for op, args in program.instructions:
        args = tuple([moved[x] if x.__class__ is int else x for x in args])
        read = args[0] if args else -1.0
        key = (op, back.reads[int(read) - 1]) if op in PARTNER and read.__class__ is int and 0 < read < known else None
        if key in wanted:
            moved.append(known + wanted.index(key))
        else:
            moved.append(total + len(instructions))
            instructions.append(Instruction(op, args))

    def atom(x: Any) -> Any:
        return moved[x] if x.__class__ is int else x

    return replace(program, instructions=tuple(instructions), outputs=tuple(map(atom, program.outputs)),
                   guards=tuple([guard._replace(left=atom(guard.left), right=atom(guard.right))
                                 for guard in program.guards]), labels={})
