"""The gradient of a loop: a loop that goes backwards over the same iterations, with the derivative of each.

The loop keeps what its iterations computed, in rows, and the way that each took. The loop backwards holds an adjoint
for each number that iterations read or write: of a carry it goes from one iteration to the one before; of an invariant,
of a column's number and of a row's the contributions are added one by one to what is there, as eager accumulation adds
them. Where it cannot be known beforehand whether anything flows, a flag stands beside an adjoint; an iteration whose
flags are as usual has a Program without conditions.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import autograd.program.reverse_sweep as reverse_sweep
from autograd.ops.primitives import TABLE
from autograd.program.adjoint_bodies import Spots, Written, adjoint_body, carried_state
from autograd.program.calls import is_slope
from autograd.program.nested import BLANK, CELLS, COPY, COUNT, LENT, ROWS, Access, Block, Loop, Way, item
from autograd.program.program import Guard, Program
from autograd.program.sweep import Adjoint
from autograd.program.tape import written_out

ABSENT = Adjoint(-0.0, 0.0, 1.0, 0.0)


def pull(sweep: Any, register: int) -> None:
    """Append the loop backwards of a loop, and give its adjoints to the operands."""
    _Pull(sweep, register).run()


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
        self.lent_at = -1

    def _lend(self, operand: Any) -> int:
        """The place of an operand that is a loop."""
        for place, known in enumerate(self.operands):
            if known is operand or (known.__class__ is operand.__class__ is int and known == operand):
                return place
        self.operands.append(operand)
        return len(self.operands) - 1

    # ---- what it reads of the loop forwards ----

    def _keep(self, needed: dict[int, set[int]]) -> "_Kept":
        """Let the loop keep the registers that its ways need on the way back; where they are to be read."""
        tape, here = self.tape, self.sweep.here[self.register]
        loop: Loop = tape.op_of(here).nested
        back, kept = self.loop.backwards, _Kept({way: {} for way in self.ways})
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
            if block.kind == LENT:
                self.blocks.append(block._replace(first=self._lend(self.here[block.first])))
            else:
                first = len(self.operands)
                self.operands += self.here[block.first:block.first + block.size]
                self.blocks.append(block._replace(first=first))
        return self._read(access._replace(block=self._copied[access.block]))

    @property
    def _copied(self) -> dict[int, int]:
        return self.__dict__.setdefault("_copies", {})      # type: ignore[no-any-return]

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


class _Pull(Reader):
    """One loop on its way back."""

    def run(self) -> None:
        """Append the loop, and give the adjoints."""
        if not self.ways:       # it has no iteration
            for (number, place), arg in self._unchanged():
                adjoint = self.sweep.adjoints.get((self.register, number, place))
                if adjoint is not None:
                    self.sweep.give(arg, adjoint)
            return
        spots, starts = self.spots, self._starts()
        states, gains = carried_state(self.loop, self.ways, spots, {place: start.state
                                                                   for place, start in starts.items()})
        self.states = states = self._settled(states, gains, starts)
        bodies = {way: adjoint_body(self.loop, way, spots, states, False) for way in self.ways}
        flags = [spot for spot in spots.all if states[spots.place(spot)] == 2]
        used = [spot for spot in flags if any(spots.flag(spot, self.loop.ways[way].program) in body.needed
                                              for way, body in bodies.items())]
        fast = {way: adjoint_body(self.loop, way, spots, states, True) for way in self.ways} if used else {}
        self._add_adjoints(starts, states)
        kept = self._keep({way: body.registers | (fast[way].registers if fast else set())
                           for way, body in bodies.items()})
        order = [(fast[way], way, True) for way in self.ways if fast] + [(bodies[way], way, False)
                                                                        for way in self.ways]
        inputs = [self._inputs(body, way, kept) for body, way, _ in order]
        for spot in used:
            self._flag_input(spot)
        made, first = [], len(fast)
        for place, (body, way, quick) in enumerate(order):
            guards, below = list[Guard](), list[tuple[int, int]]()
            if len(self.ways) > 1 and (quick or not fast) and way != self.ways[-1]:
                guards.append(Guard("equal", kept.way, float(way), True))
                below.append((0, place + 1))
            if quick:
                for spot in used:
                    below.append((len(guards), first + self.ways.index(way)))
                    guards.append(Guard("equal", self._flag_input(spot), 1.0, True))
            made.append(Way(body.program(f"d{self.loop.name}", inputs[place], 1 + len(self.reads), guards),
                            tuple(below)))
        writes = [self._adjoint_at[spot] for spot in spots.all if states[spots.place(spot)] and not spots.once(spot)]
        writes += [self._flag_at[spot] for spot in flags if not spots.once(spot)]
        count, count_at = self._count()
        back = Loop(made, self.blocks, self.reads, writes, count, count_at, not self.loop.backwards,
                    f"d{self.loop.name}", self.loop.checkpoint)
        self._give(self.tape.emit(back.op, *self.operands), starts, states, gains)

    # ---- what the loop backwards begins with ----

    def _starts(self) -> dict[Any, "_Start"]:
        """The adjoints at the end of the loop: of each place, or of each number of a block."""
        found, sweep, loop = {}, self.sweep, self.loop
        adjoints, whole = sweep.adjoints, sweep.loops[self.register]
        self.owned: dict[Any, set[int]] = {}        # of each place, the numbers whose operand's adjoint goes on here
        taken: set[Any] = set()
        for place in self.spots.places:
            number, offset = place
            block = loop.blocks[number]
            if block.kind == CELLS:
                cells = [offset] if offset is not None else [*range(block.size)]
                given, own = [], set()
                for cell in cells:
                    arg = self.args[block.first + cell]
                    if place in self.spots.written:
                        given.append(adjoints.get((self.register, number, cell), ABSENT))
                    elif arg.__class__ is int and sweep.active[arg] and arg not in taken \
                            and arg not in sweep.aliases.nodes:
                        taken.add(arg)
                        own.add(cell)
                        given.append(adjoints.get(arg, ABSENT))
                    else:
                        given.append(ABSENT)
                self.owned[place] = own
                found[place] = _Start(given)
            elif block.kind in (LENT, COPY) and place not in self.spots.written:
                found[place] = _Start((), sweep.loops.setdefault(self.args[block.first], {}).get(block.of))
            elif number in whole:
                found[place] = _Start((), whole[number])
            else:
                found[place] = _Start([adjoints.get((self.register, number, t), ABSENT)
                                       for t in range(max(loop.count or 0, 0) + 1)])
                items = [part for part in found[place].cells[:-1] if part is not ABSENT]
                if len(items) == len(found[place].cells) - 1 and items:
                    found[place].state = 1 if all(part.came == 1.0 and part.came.__class__ is float
                                                  for part in items) else 2
                elif not items:
                    found[place] = _Start((), None)
        return found

    def _settled(self, states: dict[Any, int], gains: dict[Any, Any], starts: dict[Any, "_Start"]) -> dict[Any, int]:
        """The states, where adjoints that are only added to need no flag if something flows to them for sure."""
        for place, gain in gains.items():
            start = starts[place].state
            if gain == 1 and (start == 1 or start == 0):
                states[place] = 1
            elif gain == 0 and not start:
                states[place] = 0
            elif start == 1:
                states[place] = 1
            else:
                states[place] = 2
        return states

    def _add_adjoints(self, starts: dict[Any, "_Start"], states: dict[Any, int]) -> None:
        """Blocks for the adjoints and flags, and the accesses to them."""
        self._adjoint_at: dict[Access, Access] = {}
        self._flag_at: dict[Access, Access] = {}
        self.block_of: dict[Any, tuple[int, int]] = {}      # of a place: the blocks of its adjoint and flag
        tape = self.tape
        for place in self.spots.places:
            if not states[place]:
                continue
            start, flagged = starts[place], states[place] == 2
            numbers = []
            for flag in (False, True)[:1 + flagged]:
                numbers.append(len(self.blocks))
                if start.block is not None:
                    operand, block, of_flag = start.block
                    self.blocks.append(Block(BLANK, of=1) if flag and of_flag is None else
                                       Block(COPY, self._lend(operand), 0, of_flag if flag else block))
                elif start.cells:
                    self.blocks.append(Block(CELLS, len(self.operands), len(start.cells)))
                    self.operands += [part.came if flag else tape.choose(part.came, part.value, -0.0)
                                      for part in start.cells]
                else:
                    self.blocks.append(Block(BLANK))
            self.block_of[place] = numbers[0], numbers[-1] if flagged else -1
            for spot in self.spots.all:
                if self.spots.place(spot) == place:
                    moved = spot._replace(offset=0) if place[1] is not None else spot
                    self._adjoint_at[spot] = moved._replace(block=numbers[0])
                    if flagged:
                        self._flag_at[spot] = moved._replace(block=numbers[1])

    def _flag_input(self, spot: Access) -> int:
        return self._read(self._flag_at[spot])

    def _inputs(self, body: Written, way: int, kept: "_Kept") -> dict[int, int]:
        """For each input that an adjoint body needs the input of its Program."""
        spots, program = self.spots, self.loop.ways[way].program
        places = {x: max(kept.at[way][x], 0) for x in body.registers}
        for spot in spots.all:
            if spots.adjoint(spot, program) in body.needed:
                places[spots.adjoint(spot, program)] = self._read(self._adjoint_at[spot])
            if spots.flag(spot, program) in body.needed:
                places[spots.flag(spot, program)] = self._flag_input(spot)
        return places

    # ---- what it gives ----

    def _give(self, result: Any, starts: dict[Any, "_Start"], states: dict[Any, int], gains: dict[Any, Any]) -> None:
        sweep, tape, loop = self.sweep, self.tape, self.loop
        others = list[tuple[int, Adjoint]]()        # what is added to adjoints, after those that went on in the loop
        for place in self.spots.places:
            if not states[place]:
                continue
            number, offset = place
            block, (adjoint, flag) = loop.blocks[number], self.block_of[place]
            if block.kind in (LENT, COPY):
                source = self.args[block.first]
                given = sweep.loops.setdefault(source, {})
                if (source, block.of) in sweep.single:      # results that are read one by one
                    for t in range(int(self._iterations())):
                        came = tape.emit(item, result, float(flag), float(t)) if flag >= 0 else 1.0
                        sweep.add((source, block.of, t), Adjoint(
                            tape.emit(item, result, float(adjoint), float(t)), came, 1.0, 0.0))
                    continue
                given[block.of] = result, adjoint, flag if flag >= 0 else None
                self._give_last(source, block.of, result, adjoint, flag)
                continue
            if block.kind != CELLS:
                continue
            for i, cell in enumerate([offset] if offset is not None else range(block.size)):
                arg = self.args[block.first + cell]
                if arg.__class__ is not int or not sweep.active[arg]:
                    continue
                there: Any = 1.0
                if flag >= 0:
                    there = tape.emit(item, result, float(flag), float(i))
                elif starts[place].cells and starts[place].state == 0 and place not in self.spots.written:
                    there = self._ran()
                value = tape.emit(item, result, float(adjoint), float(i))
                found = Adjoint(value, there, 1.0, 0.0)
                if cell in self.owned[place]:
                    gain = self._ran() if gains.get(place, 1) else 0.0
                    sweep.go_on(arg, found, gain)
                else:
                    others.append((arg, found))
        for arg, found in others:
            sweep.give(arg, found)

    def _give_last(self, source: int, of: int, result: Any, adjoint: int, flag: int) -> None:
        """Give the adjoint of the row that the last iteration left to the carry: both are one node."""
        sweep, tape = self.sweep, self.tape
        loop: Loop = sweep.program.instructions[source - len(sweep.program.inputs)][0].nested
        known = Spots(loop, [False] * len(sweep.program.instructions[source - len(sweep.program.inputs)].args))
        left = [access for access in loop.writes if access.block == of and known.left(access)]
        if not left:
            return
        given = [way.program.outputs for way in loop.ways if not way.ends]
        row = loop.writes.index(left[0])
        cell = next(access for i, access in enumerate(loop.writes) if known.fixed(access) and all(
            outputs[i].__class__ is outputs[row].__class__ and outputs[i] == outputs[row] for outputs in given))
        place = 0.0 if loop.backwards else self._iterations()
        came = tape.emit(item, result, float(flag), place) if flag >= 0 else self._ran()
        if came.__class__ is not float or came:
            sweep.add((source, cell.block, cell.offset),
                      Adjoint(tape.emit(item, result, float(adjoint), place), came, 1.0, 0.0))

    def _iterations(self) -> Any:
        """The count, as an operand."""
        loop = self.loop
        if loop.count is not None and loop.count >= 0:
            return float(loop.count)
        operand = self.sweep.here[self.register] if loop.count is not None else self.here[loop.count_at]
        known = self.tape.op_of(operand)
        if known is None or not known.nested:
            return operand
        return self.tape.emit(item, operand, float(COUNT), 0.0)

    def _ran(self) -> Any:
        """The condition that there was an iteration at all."""
        count = self._iterations()
        if count.__class__ is float:
            return 1.0 if count > 0 else 0.0
        return self.tape.compare(TABLE["greater"], count, 0.0)


class _Start:
    """The adjoint of a place at the end of the loop. block: a loop's result, and its blocks of adjoints and flags."""

    def __init__(self, cells: Sequence[Adjoint], block: Any = None) -> None:
        self.cells, self.block = [*cells], block
        known = [part.came for part in self.cells]
        self.state = 2
        if block is not None:
            self.state = 1 if block[2] is None else 2
        elif all(came.__class__ is float for came in known) and len(set(known)) <= 1:
            self.state = 1 if known and known[0] else 0


class _Kept:
    """Where the registers of each way are read; way: the input that says which way an iteration took."""

    def __init__(self, at: dict[int, dict[int, int]]) -> None:
        self.at, self.way = at, 0


def _with_outputs(program: Program, more: Sequence[Any]) -> Program:
    return replace(program, outputs=(*program.outputs, *more), elementary=False)


reverse_sweep.pull_loop = pull
