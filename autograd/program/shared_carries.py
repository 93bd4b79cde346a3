"""Carries that begin with a number that has other uses, too, on the way back of their loop."""

from collections import Counter
from typing import Any

from autograd.program.adjoint_bodies import ABSENT
from autograd.program.loop_reading import Reader
from autograd.program.nested import CELLS, Access, Block


def share(reader: Reader) -> None:
    """Find carries that begin with a number that has other uses, too, in the loop or outside.

    It is that number in the first iteration, as in Python's own loop: what this contributes is added to the other
    contributions, one by one. A further derivative asks that of numbers that have no adjoint here, too.
    """
    spots, sweep, args, reads = reader.spots, reader.sweep, reader.args, {*reader.loop.reads}
    atoms = [sweep.program.outputs, *[xs for _, xs in sweep.program.instructions if sweep.again]]
    uses = Counter(x for xs in atoms for x in xs if x.__class__ is int)
    cells: dict[Any, list[Access]] = {}     # of each operand, the places that read it
    for number, block in enumerate(reader.loop.blocks):
        for cell in range(block.size if block.kind == CELLS else 0):
            arg = args[block.first + cell]
            if arg.__class__ is int and Access(number, cell) in reads and arg not in sweep.aliases.nodes:
                cells.setdefault(sweep.node(arg), []).append(Access(number, cell))
    more: list[Any] = []        # operands that have no place of their own
    for node, found in cells.items():
        carries = [access for access in found if spots.place(access) in spots.written]
        others = [access for access in found if access not in carries]
        arg = args[reader.loop.blocks[found[0].block].first + found[0].offset]
        active = sweep.active[arg]
        came = sweep.adjoints.get(node, ABSENT).came
        if not all(map(spots.fixed, found)):
            continue
        if len(others) > 1 and active:
            spots.doubled |= dict.fromkeys(others[1:], others[0])
        elsewhere = uses[arg] > 1 if sweep.again else active and (
            others or len(carries) > 1 or came.__class__ is not float or came)
        if not carries or not elsewhere:
            continue
        if not others:
            others = [Access(len(reader.loop.blocks), len(more))]
            spots.all += others if active else []
            more.append(arg)
        spots.shared |= dict.fromkeys(carries, others[0])
    spots.all = [spot for spot in spots.all if spot not in spots.doubled]
    spots.places = [*dict.fromkeys(map(spots.place, spots.all))]
    if more:
        reader.here += [sweep.here[x] for x in more]
        reader.loop = reader.loop.extended([Block(CELLS, len(args), len(more))])
        reader.args = (*args, *more)
