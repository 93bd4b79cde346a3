"""The gradient of a loop: a loop that goes backwards over the same iterations, with the derivative of each.

The loop keeps what its iterations computed, in rows, and the way that each took. The loop backwards holds an adjoint
for each number that iterations read or write: of a carry it goes from one iteration to the one before; of an invariant,
of a column's number and of a row's the contributions are added one by one to what is there, as eager accumulation adds
them. Where it cannot be known beforehand whether anything flows, a flag stands beside an adjoint; an iteration whose
flags are as usual has a Program without conditions.
"""

from collections.abc import Sequence
from typing import Any

import autograd.program.reverse_sweep as reverse_sweep
from autograd.ops.primitives import TABLE
from autograd.program.adjoint_bodies import ABSENT, Spots, Written, adjoint_body, carried_state
from autograd.program.loop_reading import Kept, Reader
from autograd.program.nested import BLANK, CELLS, COPY, COUNT, LENT, Access, Block, Loop, Way, item
from autograd.program.program import Guard
from autograd.program.shared_carries import share
from autograd.program.sweep import Adjoint


def pull(sweep: Any, register: int) -> None:
    """Append the loop backwards of a loop, and give its adjoints to the operands."""
    _Pull(sweep, register).run()


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
        for source, of in [key for key in self.sweep.last if key[0] == self.register]:
            self.sweep.add(*self.sweep.last.pop((source, of)))
        share(self)
        spots, starts = self.spots, self._starts()
        spots.weighted = {place for place, start in starts.items() if start.weighted}
        states, gains = carried_state(self.loop, self.ways, spots, {place: start.state
                                                                   for place, start in starts.items()})
        self.states = states = self._settled(states, gains, starts)
        bodies = {way: adjoint_body(self.loop, way, spots, states, False, self.sweep.again) for way in self.ways}
        firsts = {way: adjoint_body(self.loop, way, spots, states, False, self.sweep.again, True)
                  for way in self.ways if spots.shared}
        flags = [spot for spot in spots.all if states[spots.place(spot)] == 2]
        presence = [spot for spot in spots.all if states[spots.place(spot)] and spots.place(spot) in spots.weighted]
        used = [(spot, number) for number, some, of in ((1, flags, spots.flag), (2, presence, spots.there))
                for spot in some if any(of(spot, self.loop.ways[way].program) in body.needed
                                        for way, body in bodies.items())]
        fast = {way: adjoint_body(self.loop, way, spots, states, True) for way in self.ways} if used else {}
        self._add_adjoints(starts, states)
        own = {1 + self.loop.reads.index(carry): spot for carry, spot in spots.shared.items()
               if spot not in self.loop.reads}      # carries that are read as what the first iteration begins with
        kept = self._keep({way: set().union(*[some[way].registers for some in (bodies, fast) if some],
                                            firsts[way].registers - {*own} if firsts else ())
                           for way in self.ways})
        order = [(some[way], way, some is fast) for some in (fast, bodies, firsts) if some for way in self.ways]
        begins = len(order) - len(firsts)       # the ways of the first iteration
        inputs = [self._inputs(body, way, kept, own if place >= begins else {})
                  for place, (body, way, _) in enumerate(order)]
        for spot, number in used:
            self._read(self._moved[number][spot])
        made, first = [], len(fast)
        for place, (body, way, quick) in enumerate(order):
            guards, below = list[Guard](), list[tuple[int, int]]()
            if firsts and place == 0:
                below.append((0, begins))
                guards.append(Guard("equal", 0, self._first(), False))
            if len(self.ways) > 1 and (quick or not fast or place >= begins) and way != self.ways[-1]:
                below.append((len(guards), place + 1))
                guards.append(Guard("equal", kept.way, float(way), True))
            longer = first + self.ways.index(way) if quick else -1
            if quick:
                for spot, number in used:
                    below.append((len(guards), longer))
                    guards.append(Guard("equal", self._read(self._moved[number][spot]), 1.0, True))
            made.append(Way(body.program(f"d{self.loop.name}", inputs[place], 1 + len(self.reads), guards),
                            tuple(below), longer=longer))
        some = [spot for spot in spots.all if states[spots.place(spot)]]
        writes = [self._moved[number][spot] for number, written in enumerate((some, flags, presence))
                  for spot in written if not spots.once(spot)]
        count, count_at = self._count()
        back = Loop(made, self.blocks, self.reads, writes, count, count_at, not self.loop.backwards,
                    f"d{self.loop.name}", self.loop.checkpoint)
        self._give(self.tape.emit(back.op, *self.operands), starts, states, gains)

    def _first(self) -> Any:
        """The first iteration, as an operand of ways."""
        if not self.loop.backwards:
            return 0.0
        count = self._iterations()
        if count.__class__ is float:
            return count - 1
        self.blocks.append(Block(CELLS, len(self.operands), 1))
        self.operands.append(self.tape.emit(TABLE["sub"], count, 1.0))
        return self._read(Access(len(self.blocks) - 1))

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
                given, own, watched = [], set(), []
                for cell in cells:
                    arg = self.args[block.first + cell]
                    if place in self.spots.written:
                        given.append(adjoints.get((self.register, number, cell), ABSENT))
                    elif arg.__class__ is int and sweep.active[arg] and sweep.node(arg) not in taken \
                            and arg not in sweep.aliases.nodes:
                        taken.add(sweep.node(arg))
                        own.add(cell)
                        given.append(adjoints.get(sweep.node(arg), ABSENT))
                    else:
                        given.append(ABSENT)
                    watched.append(cell in own and arg in sweep.watched)
                self.owned[place] = own
                found[place] = _Start(given, None, watched)
            elif block.kind in (LENT, COPY) and place not in self.spots.written:
                found[place] = _Start((), sweep.loops.setdefault(self.args[block.first], {}).get(block.of))
            else:
                found[place] = self._start_of_rows(number, whole.get(number))
        return found

    def _start_of_rows(self, number: int, whole: Any) -> "_Start":
        """The adjoints of a block of rows: as a block, or of each number that is read by itself."""
        sweep = self.sweep
        keys = [(self.register, number, t) for t in range(max(self.loop.count or 0, 0) + 1)]
        if not any(key in sweep.adjoints for key in keys):
            return _Start((), whole)
        if whole is not None:
            for key in keys:
                sweep.add(key, self._adjoint(whole[0], whole[1:], float(key[2])))
        start = _Start([sweep.adjoints.get(key, ABSENT) for key in keys])
        came = [part.came for part in start.cells[:-1]]     # one more than there are results
        if start.cells[-1] is ABSENT and came and all(x.__class__ is float and x for x in came):
            start.state = 1
        return start

    def _settled(self, states: dict[Any, int], gains: dict[Any, Any], starts: dict[Any, "_Start"]) -> dict[Any, int]:
        """The states, where adjoints that are only added to need no flag if something flows to them for sure."""
        for place, gain in gains.items():
            start = starts[place].state
            first_is_a_name = self.sweep.again and gain == 1 and start == 0 and place in self.spots.names
            if first_is_a_name or (gain == 2 and any(starts[place].watched)):
                states[place] = 2
            elif gain == 1 and (start == 1 or start == 0):
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
        # accesses to adjoints, to flags, and to whether they are no structural zeros; of a place, the blocks of these
        self._moved: tuple[dict[Access, Access], ...] = {}, {}, {}
        self.block_of: dict[Any, list[Any]] = {}
        tape = self.tape
        for place in self.spots.places:
            if not states[place]:
                continue
            start = starts[place]
            numbers: list[Any] = [None, None, None]
            self.block_of[place] = numbers
            for number, asked in enumerate((True, states[place] == 2, place in self.spots.weighted)):
                if not asked:
                    continue
                numbers[number] = len(self.blocks)
                if start.block is not None:
                    operand, *blocks = start.block
                    once = all(self.spots.once(spot) for spot in self.spots.all if self.spots.place(spot) == place)
                    kind, of = LENT if once else COPY, blocks[number]
                    self.blocks.append(Block(BLANK, of=1) if of is None else Block(kind, self._lend(operand), 0, of))
                elif start.cells:
                    self.blocks.append(Block(CELLS, len(self.operands), len(start.cells)))
                    self.operands += start.flags if number == 1 else [
                        tape.both(part.came, part.there) if number else tape.choose(part.came, part.value, -0.0)
                        for part in start.cells]
                else:
                    self.blocks.append(Block(BLANK))
                for spot in self.spots.all:
                    if self.spots.place(spot) == place:
                        moved = spot._replace(offset=0) if place[1] is not None else spot
                        self._moved[number][spot] = moved._replace(block=numbers[number])

    def _inputs(self, body: Written, way: int, kept: "Kept", own: dict[int, Access]) -> dict[int, int]:
        """For each input that an adjoint body needs the input of its Program; own: registers read as these."""
        spots, program = self.spots, self.loop.ways[way].program
        places = {x: self._same(own[x]) if x in own else max(kept.at[way][x], 0) for x in body.registers}
        for spot in spots.all:
            for of, moved in zip((spots.adjoint, spots.flag, spots.there), self._moved, strict=True):
                if of(spot, program) in body.needed:
                    places[of(spot, program)] = self._read(moved[spot])
        return places

    # ---- what it gives ----

    def _give(self, result: Any, starts: dict[Any, "_Start"], states: dict[Any, int], gains: dict[Any, Any]) -> None:
        sweep, tape, loop = self.sweep, self.tape, self.loop
        others = list[tuple[int, Adjoint]]()        # what is added to adjoints, after those that went on in the loop
        for place in self.spots.places:
            if not states[place]:
                continue
            number, offset = place
            block, where = loop.blocks[number], self.block_of[place]
            flag = where[1]
            if block.kind in (LENT, COPY):
                source = self.args[block.first]
                given = sweep.loops.setdefault(source, {})
                if (source, block.of) in sweep.single:      # results that are read one by one
                    for t in range(int(self._iterations())):
                        sweep.add((source, block.of, t), self._adjoint(result, where, float(t)))
                    continue
                given[block.of] = result, *where
                self._give_last(source, block.of, result, where)
                continue
            if block.kind != CELLS:
                continue
            for i, cell in enumerate([offset] if offset is not None else range(block.size)):
                arg = self.args[block.first + cell]
                if arg.__class__ is not int or not sweep.active[arg]:
                    continue
                found = self._adjoint(result, where, float(i))
                if Access(number, cell) in self.spots.shared:       # nothing is left, but where no iteration ran
                    found = found._replace(came=tape.both(found.came, tape.negated(self._ran())))
                if flag is None and starts[place].cells and starts[place].state == 0 and \
                        place not in self.spots.written:
                    found = found._replace(came=self._ran())
                if cell in self.owned[place]:
                    start = starts[place]
                    if flag is not None and start.watched[i]:
                        sweep.go_on(arg, found._replace(came=tape.either(start.cells[i].came, found.came)), found.came)
                    else:
                        sweep.go_on(arg, found, self._ran() if gains.get(place, 1) else 0.0)
                else:
                    others.append((arg, found))
        for arg, found in others:
            sweep.give(arg, found)

    def _adjoint(self, result: Any, blocks: Sequence[Any], place: Any) -> Adjoint:
        """A number of the result of a loop backwards, by its blocks of adjoints, flags and structural zeros."""
        adjoint, *conditions = blocks
        came, there, value = [1.0 if block is None else self.tape.emit(item, result, float(block), place)
                              for block in (*conditions, adjoint)]
        return Adjoint(value, came, there, 0.0)

    def _give_last(self, source: int, of: int, result: Any, where: Sequence[Any]) -> None:
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
        ran = self._ran() if where[1] is None else 1.0
        if ran.__class__ is not float or ran:
            found = self._adjoint(result, where, place)
            found = found._replace(came=tape.both(found.came, ran))
            key = source, cell.block, cell.offset
            lenders = sum((source, of) == (args[block.first], block.of) for op, args in sweep.program.instructions
                          if op.nested for block in op.nested.blocks if block.kind in (LENT, COPY))
            if lenders == 1:
                sweep.add(key, found)
            else:       # the next one goes on with this row, and the last one gives it
                sweep.last[source, of] = key, found

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
    """The adjoint of a place at the end of the loop.

    block: a loop's result, and its blocks of adjoints and flags.
    watched: of which cells the flag says whether the loop adds anything; empty for none.
    """

    def __init__(self, cells: Sequence[Adjoint], block: Any = None, watched: Sequence[bool] = ()) -> None:
        self.cells, self.block, self.watched = [*cells], block, watched
        known = [part.came for part in self.cells]
        self.flags = [0.0 if asked else came for asked, came in zip(watched, known, strict=True)] if watched else known
        self.state = 2
        self.weighted = any(part.weighted for part in cells)
        if block is not None:
            self.state = 1 if block[2] is None else 2
            self.weighted = block[3] is not None
        elif all(came.__class__ is float for came in known) and len(set(known)) <= 1:
            self.state = 1 if known and known[0] else 0


reverse_sweep.pull_loop = pull
