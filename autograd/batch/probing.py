"""A loop run while it is traced: which iteration branches in a new way, and what it gives."""

from collections.abc import Sequence

from autograd.lower.backend import compile_program
from autograd.program.nested import CELLS, COUNT, Loop, Way, has_loops, interpreted, item
from autograd.program.program import Instruction, Program

QUICK = 200_000     # instructions that Python runs before machine code for them would be ready


def missing_iteration(loop: Loop, args: Sequence[float], width: int) -> tuple[int | None, list[float], list[float]]:
    """The first iteration for which a way is missing (None: none is), the carry there, and the results.

    width: how many numbers a carry has.
    """
    probe = halting(loop)
    rows = [i for i, block in enumerate(loop.blocks) if block.kind != CELLS]
    found = [(0, i) for i in range(width)] + [(COUNT, 0), (COUNT, 1)]
    count = loop.count or 0 if rows else 0
    found += [(row, t) for t in range(count) for row in rows]
    out = _numbers(probe, args, found)
    carry, done, way, results = out[:width], int(out[width]), int(out[width + 1]), out[width + 2:]
    return (done if way == len(loop.ways) else None), carry, results


def _numbers(loop: Loop, args: Sequence[float], places: Sequence[tuple[int, int]]) -> list[float]:
    """These numbers of the loop's result, each a block and a place in it."""
    size = max(way.program.cost().instructions for way in loop.ways)
    if loop.count is not None and loop.count >= 0 and loop.count * size <= QUICK:
        blocks = loop.run(args, [interpreted(way.program) for way in loop.ways])
        return [blocks[block][place] for block, place in places]
    inputs = len(args)
    program = Program("probe", tuple(f"x{i}" for i in range(inputs)), (
        Instruction(loop.op, tuple(range(inputs))),
        *[Instruction(item, (inputs, float(block), float(place))) for block, place in places]),
        tuple(range(inputs + 1, inputs + 1 + len(places))))
    return list(compile_program(program, "auto").run(list(args)))


def halting(loop: Loop) -> Loop:
    """The same, which ends where a way is missing."""
    inputs = loop.ways[0].program.inputs
    end, ways = len(loop.ways), []
    for way in loop.ways:
        count = len(way.program.guards) + has_loops(way.program)
        below = dict.fromkeys(range(count), end) | dict(way.below)
        ways.append(way._replace(below=tuple(below.items())))
    return loop.changed(ways=[*ways, Way(Program("end", inputs, (), ()), ends=True)])
