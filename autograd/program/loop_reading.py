"""What a derivative of a loop reads of it: rows of what its iterations computed, and what these read themselves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograd.program.adjoint_bodies import Spots
from autograd.program.calls import is_slope
from autograd.program.nested import CELLS, COPY, LENT, ROWS, Access, Block, Loop
from autograd.program.program import Program
from autograd.program.tape import written_out


class Reader:
    """What a derivative of a loop reads of it. here: the operands of the tape for the loop's own."""

    def __init__(self, sweep: Any, register: int) -> None:
        self.sweep, self.register, self.tape = sweep, register, sweep.tape
        op, self.args = sweep.program.instructions[register - len(sweep.program.inputs)]
        self.loop: Loop = op.nested
        if any(is_slope(inner) for way in self.loop.ways for inner, _ in way.program.instructions):
            self.loop = self.loop.mapped(lambda program: written_out(program)[0])
            if register not in sweep.kept:
                self.tape.replace_op(sweep.here[register], self.loop.op)
        self.here = [sweep.here[x] if x.__class__ is int else x for x in self.args]
        self.spots = Spots(self.loop, [x.__class__ is int and sweep.active[x] for x in self.args])
        self.ways = [i for i, way in enumerate(self.loop.ways) if not way.ends]
        self.blocks: list[Block] = []       # of the loop backwards
        self.operands: list[Any] = []
        self.reads: list[Access] = []
        self._copied: dict[int, int] = {}       # blocks of the loop that are read as they are, and their copies

    def _lend(self, operand: Any) -> int:
        """The place of an operand that is a loop."""
        for place, known in enumerate(self.operands):
            if known is operand or (known.__class__ is operand.__class__ is int and known == operand):
                return place
        self.operands.append(operand)
        return len(self.operands) - 1

    # ---- what it reads of the loop forwards ----

    def _keep(self, needed: dict[int, set[int]]) -> "Kept":
        """Let the loop keep the registers that its ways need on the way back; where they are to be read."""
        tape, here = self.tape, self.sweep.here[self.register]
        loop: Loop = tape.op_of(here).nested
        back, kept = self.loop.backwards, Kept({way: {} for way in self.ways})
        blocks, writes, more = list[Block](), list[Access](), {way: list[Any]() for way in self.ways}
        lent = self._lend(here)
        known = self.sweep.kept.setdefault(self.register, {})
        for place, access in enumerate(self.loop.writes):       # results are rows, too
            if self.spots.once(access) and not self.spots.left(access):
                registers: dict[int, Any] = {way: self.loop.ways[way].program.outputs[place] for way in self.ways}
                if all(x.__class__ is int for x in registers.values()):
                    known.setdefault((tuple(registers.items()), access.offset), access.block)
            elif self.spots.left(access):
                known["leaving", access.block] = True

        def rows(registers: dict[int, Any], offset: int = 0) -> int:
            """The block that holds these, one of each way, and is written at this place."""
            key = (tuple(sorted(registers.items())), offset)
            if key not in known:
                known[key] = len(loop.blocks) + len(blocks)
                blocks.append(Block(ROWS))
                add(known[key], registers, offset)
            return int(known[key])

        def add(block: int, registers: dict[int, Any], offset: int) -> None:
            writes.append(Access(block, offset, 1))
            for way in self.ways:
                more[way].append(registers.get(way, 0.0))

        entering, leaving = (1, 0) if back else (0, 1)
        rest: dict[int, list[int]] = {}
        carried = {access: place for place, access in enumerate(self.loop.writes) if self.spots.fixed(access)}
        for way in self.ways:
            program = self.loop.ways[way].program
            outs: dict[Any, Access] = {}
            for access, place in carried.items():
                if access in self.loop.reads and program.outputs[place].__class__ is int:     # register 1 is not 1.0
                    outs.setdefault(program.outputs[place], access)
            for register in sorted(needed[way]):
                if register == 0:
                    kept.at[way][0] = -1
                elif register <= len(self.loop.reads):
                    access = self.loop.reads[register - 1]
                    if self.spots.place_of(access) not in self.spots.written:
                        kept.at[way][register] = self._same(access)
                    elif access in carried:
                        block = rows(dict.fromkeys(self.ways, register), entering)
                        kept.at[way][register] = self._read_rows(lent, block, Access(0, entering, 1))
                    else:
                        rest.setdefault(way, []).append(register)
                elif register in outs and outs[register] in self.loop.reads:
                    access = outs[register]
                    block = rows(dict.fromkeys(self.ways, 1 + self.loop.reads.index(access)), entering)
                    key = "leaving", block
                    if key not in known:
                        known[key] = True
                        add(block, {other: self.loop.ways[other].program.outputs[carried[access]]
                                    for other in self.ways}, leaving)
                    kept.at[way][register] = self._read_rows(lent, block, Access(0, leaving, 1))
                else:
                    rest.setdefault(way, []).append(register)
        for i in range(max(map(len, rest.values()), default=0)):
            listed = {way: found[i] for way, found in rest.items() if i < len(found)}
            block = rows(listed)
            for way, register in listed.items():
                kept.at[way][register] = self._read_rows(lent, block, Access(0, 0, 1))
        if len(self.ways) > 1:
            kept.way = self._read_rows(lent, rows({way: float(way) for way in self.ways}), Access(0, 0, 1))
        if blocks or writes:
            ways = [way._replace(program=_with_outputs(way.program, more[i])) if not way.ends else way
                    for i, way in enumerate(loop.ways)]
            tape.replace_op(here, loop.changed(ways=ways).extended(blocks, (), writes).op)
        return kept

    def _read(self, access: Access) -> int:
        """The input that reads this."""
        if access not in self.reads:
            self.reads.append(access)
        return 1 + self.reads.index(access)

    def _same(self, access: Access) -> int:
        """The input that reads a number that the loop forwards reads and does not write."""
        block = self.loop.blocks[access.block]
        if access.block not in self._copied:
            self._copied[access.block] = len(self.blocks)
            if block.kind in (LENT, COPY):
                self.blocks.append(block._replace(kind=LENT, first=self._lend(self.here[block.first])))
            else:
                first = len(self.operands)
                self.operands += self.here[block.first:block.first + block.size]
                self.blocks.append(block._replace(first=first))
        return self._read(access._replace(block=self._copied[access.block]))

    def _read_rows(self, lent: int, block: int, access: Access) -> int:
        wanted = Block(LENT, lent, 0, block)
        if wanted not in self.blocks:
            self.blocks.append(wanted)
        return self._read(access._replace(block=self.blocks.index(wanted)))

    def _unchanged(self) -> list[tuple[tuple[int, int], Any]]:
        """The cells of a loop without an iteration, each with its operand, where that is differentiated by."""
        return [((number, i), arg) for number, block in enumerate(self.loop.blocks) if block.kind == CELLS
                for i, arg in enumerate(self.args[block.first:block.first + block.size])
                if arg.__class__ is int and self.sweep.active[arg]]

    def _count(self) -> tuple[int | None, int]:
        """The count of a loop over the same iterations, and the operand that has it."""
        count = self.loop.count
        if count is not None and count >= 0:
            return count, -1
        if count is None:
            self.operands.append(self.here[self.loop.count_at])
            return None, len(self.operands) - 1
        return None, self._lend(self.sweep.here[self.register])


class Kept:
    """Where the registers of each way are read; way: the input that says which way an iteration took."""

    def __init__(self, at: dict[int, dict[int, int]]) -> None:
        self.at, self.way = at, 0


def _with_outputs(program: Program, more: Sequence[Any]) -> Program:
    return replace(program, outputs=(*program.outputs, *more), elementary=False)
