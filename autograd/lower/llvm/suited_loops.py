"""Which loops run in the lanes of rows, and in which of their ways."""

from dataclasses import replace
from typing import Any

from autograd.lower.llvm.loop_places import RowPlaces, nested_in, varies
from autograd.program.program import Program
from autograd.program.replay import Replay

MEMORY = 2**28      # bytes of working memory of a call, at most
SHARE = 0.5         # so many ways as long as the longest, for each row of a vector, may all rows compute


def without_short(program: Program) -> Program:
    """The Program whose loops take the longer way alone where it serves all iterations: then no row has another one."""
    def changed(loop: Any) -> Any:
        if hasattr(loop, "forward"):
            return Replay(changed(loop.forward), changed(loop.back), loop.operands, loop.lent_at, loop.snapshots)
        loop = loop.mapped(without_short)
        long = [way for way in loop.ways if way.longer < 0]
        return loop.changed(ways=long) if len(long) == 1 else loop

    return replace(program, instructions=tuple([
        x._replace(op=changed(x.op.nested).op) if x.op.nested else x for x in program.instructions]))


def hindrance(program: Program, width: int) -> str:
    """Why the loops of a Program do not run in the lanes of so many rows; empty where they do."""
    loops = [op.nested for op, _ in program.instructions if op.nested]
    why = next(filter(None, (_hindered(loop, width) for loop in loops)), "")
    if not why and 8 * width * sum(RowPlaces(loop).size for loop in loops) > MEMORY:
        why = f"they would keep more than {MEMORY:,} bytes for {width} rows; checkpoint= keeps less"
    return why


def _hindered(loop: Any, width: int) -> str:
    for part in (loop.forward, loop.back) if hasattr(loop, "forward") else (loop,):
        if part is not loop and varies(part):
            return f"a {part.name} with snapshots ends after different numbers of iterations"
        costs = [way.program.cost().instructions for way in part.ways if not way.ends]
        if sum(costs) > max(width * SHARE, 1) * max(costs, default=0):
            return f"a {part.name} branches in {len(costs)} ways"
        why = next(filter(None, (_hindered(inner, width) for inner in nested_in(part))), "")
        if why:
            return why
    return ""
