"""Results of a loop's first iteration that are the number with which a carry begins, and no node of their own."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from autograd.ops.internal import argument
from autograd.program.nested import CELLS, ROWS, Access, Loop
from autograd.program.program import Program


def first_results(program: Program, active: Sequence[bool], loops: Collection[int]) -> dict[tuple[int, int, int], int]:
    """Of these loops' results (the loop, the block, the place), those that are an operand with other uses, and which.

    So it is in Python's own loop where each iteration returns the carry as it came: what comes to the first result goes
    to the operand, one by one. Without other uses the sums are the same.
    """
    uses = Counter(x for xs in (program.outputs, *[xs for _, xs in program.instructions]) for x in xs
                   if x.__class__ is int) if loops else {}
    found: dict[tuple[int, int, int], int] = {}
    for register in loops:
        op, args = program.instructions[register - len(program.inputs)]
        loop: Loop = op.nested
        if loop.backwards or not loop.count or loop.count < 0:
            continue
        begins = _begins(loop, args)
        ways = [way.program for way in loop.ways if not way.ends]
        for place, access in enumerate(loop.writes):
            block = loop.blocks[access.block]
            given = {_given(loop, args, way, way.outputs[place]) for way in ways}
            if block.kind == CELLS and not access.step and not access.table:
                before = args[block.first + access.offset]
                if before.__class__ is int and {x for x, _ in given} == {before}:
                    begins[before] = False      # passed on, it stands there already
            x, copied = given.pop() if len(given) == 1 else (-1, False)
            if block.kind != ROWS or copied or not begins.get(x):
                continue
            begins[x] = False       # the second result of one iteration is a copy
            if active[x] and uses[x] > 1:
                found[register, access.block, access.at(0)] = x
    return found


def _begins(loop: Loop, args: Sequence[Any]) -> dict[int, bool]:
    """The registers with which carries begin, and whether a result may be one; not if a carry is that all the time."""
    written = {access for access in loop.writes if not access.step and not access.table}
    carries: dict[int, bool] = {}
    for number in {access.block for access in written}:
        block = loop.blocks[number]
        for cell in range(block.size if block.kind == CELLS else 0):
            x = args[block.first + cell]
            if x.__class__ is int:
                carries[x] = carries.get(x, True) and Access(number, cell) in written
    return carries


def _given(loop: Loop, args: Sequence[Any], way: Program, out: Any) -> tuple[int, bool]:
    """The register of the Program around that an output of a way is in the first iteration, or -1; if it is a copy.

    What is captured is always copied here, as in later iterations; a carry only where it stands there twice.
    """
    inputs = len(way.inputs)
    copied = out.__class__ is int and out >= inputs and way.instructions[out - inputs].op is argument
    if copied:
        out = way.instructions[out - inputs].args[0]
    if out.__class__ is not int or not 1 <= out < inputs:
        return -1, False
    access = loop.reads[out - 1]
    if access.step or access.table or loop.blocks[access.block].kind != CELLS:
        return -1, False
    x = args[loop.blocks[access.block].first + access.offset]
    return (x, copied is (access in loop.writes)) if x.__class__ is int else (-1, False)
