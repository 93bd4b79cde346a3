"""A loop run while it is traced: which iteration branches in a new way, and what it gives."""

from collections.abc import Sequence

from autograd.lower.backend import compile_program
from autograd.program.nested import CELLS, COUNT, Loop, Way, has_loops, item
from autograd.program.program import Instruction, Program


def missing_iteration(loop: Loop, args: Sequence[float], width: int) -> tuple[int | None, list[float], list[float]]:
    """The first iteration for which a way is missing (None: none is), the carry there, and the results.

    width: how many numbers a carry has.
    """
    probe = halting(loop)
    inputs = len(args)
    rows = [i for i, block in enumerate(loop.blocks) if block.kind != CELLS]
    found = [(0, i) for i in range(width)] + [(COUNT, 0), (COUNT, 1)]
    count = loop.count or 0 if rows else 0
    found += [(row, t) for t in range(count) for row in rows]
    program = Program("probe", tuple(f"x{i}" for i in range(inputs)), (
        Instruction(probe.op, tuple(range(inputs))),
        *[Instruction(item, (inputs, float(block), float(place))) for block, place in found]),
        tuple(range(inputs + 1, inputs + 1 + len(found))))
    out = list(compile_program(program, "auto").run(list(args)))
    carry, done, way, results = out[:width], int(out[width]), int(out[width + 1]), out[width + 2:]
    return (done if way == len(loop.ways) else None), carry, results


def halting(loop: Loop) -> Loop:
    """The same, which ends where a way is missing."""
    inputs = loop.ways[0].program.inputs
    end, ways = len(loop.ways), []
    for way in loop.ways:
        count = len(way.program.guards) + has_loops(way.program)
        below = dict.fromkeys(range(count), end) | dict(way.below)
        ways.append(way._replace(below=tuple(below.items())))
    return loop.changed(ways=[*ways, Way(Program("end", inputs, (), ()), ends=True)])
