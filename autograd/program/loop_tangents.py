"""The derivative of a loop by forward mode: a loop over the same iterations that pushes tangents through each."""

from collections.abc import Sequence
from typing import Any

import autograd.program.forward_sweep as forward_sweep
from autograd.program.adjoint_bodies import ABSENT, Spots, Written
from autograd.program.loop_reading import Reader
from autograd.program.nested import BLANK, CELLS, COPY, LENT, Access, Block, Loop, Way
from autograd.program.program import Guard, Program
from autograd.program.sweep import Adjoint
from autograd.program.tape import Tape

Key = tuple[Any, int]       # a place of the loop, and the number of the tangent


def push(sweep: Any, register: int, columns: Sequence[int]) -> None:
    """Append the loop of tangents, and take its results as those of the loop."""
    _Push(sweep, register).run(columns)


class _Push(Reader):
    """One loop and its tangents."""

    def run(self, columns: Sequence[int]) -> None:
        """Append the loop."""
        if not self.ways:       # it has no iteration
            for (number, place), arg in self._unchanged():
                for i in columns:
                    if (arg, i) in self.sweep.adjoints:
                        self.sweep.add((self.register, number, place, i), self.sweep.adjoints[arg, i])
            return
        spots, sweep, tape = self.spots, self.sweep, self.tape
        self.weighted: set[Key] = set()     # tangents that may be structural zeros, as a weight is
        states, starts = self._states(columns)
        self.keys = [key for key, state in states.items() if state]
        bodies = {way: _body(self.loop, way, spots, self.keys, states, columns, self.weighted)
                  for way in self.ways}
        self.block_of: dict[Key, range] = {}        # the blocks of the tangents, of flags, and of structural zeros
        for key in self.keys:
            first = len(self.blocks)
            self.block_of[key] = range(first, first + _parts(key, self.weighted))
            given, block = starts[key], self.loop.blocks[key[0][0]]
            for number in range(len(self.block_of[key])):
                if block.kind in (LENT, COPY):
                    operand, of = sweep.loops[self.args[block.first], block.of, key[1]]
                    kind = COPY if key[0] in spots.written else LENT
                    self.blocks.append(Block(kind, self._lend(operand), 0, of[number]) if number < len(of) else
                                       Block(BLANK, of=1))
                elif given:
                    self.blocks.append(Block(CELLS, len(self.operands), len(given)))
                    self.operands += [(tape.choose(part.came, part.value, -0.0), part.came, part.there)[number]
                                      for part in given]
                else:
                    self.blocks.append(Block(BLANK))
        kept = self._keep({way: body.registers for way, body in bodies.items()})
        inputs = {way: self._inputs_of(body, way, kept) for way, body in bodies.items()}
        made = []
        for place, way in enumerate(self.ways):
            last = way == self.ways[-1]
            guards = [] if last else [Guard("equal", kept.way, float(way), True)]
            made.append(Way(bodies[way].program(f"d{self.loop.name}", inputs[way], 1 + len(self.reads), guards),
                            () if last else ((0, place + 1),)))
        writes = [self._moved(access, key, number) for access, key in self._written()
                  for number in range(len(self.block_of[key]))]
        count, count_at = self._count()
        result = tape.emit(Loop(made, self.blocks, self.reads, writes, count, count_at, self.loop.backwards,
                                f"d{self.loop.name}", self.loop.checkpoint).op, *self.operands)
        for key in self.keys:
            number, offset = key[0]
            block, blocks = self.loop.blocks[number], self.block_of[key]
            sweep.loops[self.register, number, key[1]] = result, blocks
            sizes = [0 if offset is not None else i for i in range(block.size)] if block.kind == CELLS else \
                [*range(max(self.loop.count or 0, 0))]
            for i in sizes[:1] if offset is not None else sizes:
                sweep.pushed[self.register, number, i if offset is None else offset, key[1]] = result, blocks, i

    def _states(self, columns: Sequence[int]) -> tuple[dict[Key, int], dict[Key, list[Adjoint]]]:
        """Whether each tangent is absent (0), or may be there and has a flag (2); what they are at first."""
        states: dict[Key, int] = {}
        starts: dict[Key, list[Adjoint]] = {}
        for place in self.spots.places:
            number, offset = place
            block = self.loop.blocks[number]
            for i in columns:
                given: list[Adjoint] = []
                if block.kind == CELLS:
                    cells = [offset] if offset is not None else range(block.size)
                    args = [self.args[block.first + cell] for cell in cells]
                    given = [self.sweep.adjoints.get((x, i), ABSENT) if x.__class__ is int else ABSENT for x in args]
                there = any(part.came.__class__ is not float or part.came for part in given)
                if block.kind in (LENT, COPY):
                    known = self.sweep.loops.get((self.args[block.first], block.of, i))
                    there = known is not None
                    if there and len(known[1]) > 2:
                        self.weighted.add((place, i))
                states[place, i], starts[place, i] = 2 if there else 0, given
                if any(part.weighted for part in given):
                    self.weighted.add((place, i))
        while True:
            before = dict(states), set(self.weighted)
            for way in self.ways:
                body = _body(self.loop, way, self.spots, [*states], states, columns, self.weighted)
                self.weighted |= body.weighted
                for key, came in body.came.items():
                    if came.__class__ is not float or came:
                        states[key] = 2             # type: ignore[index]
            if (states, self.weighted) == before:
                return states, starts

    def _written(self) -> list[tuple[Access, Key]]:
        return _written(self.loop, self.spots, self.keys)

    def _moved(self, access: Access, key: Key, number: int) -> Access:
        return access._replace(block=self.block_of[key][number],
                               offset=0 if self.spots.fixed(access) else access.offset)

    def _inputs_of(self, body: Written, way: int, kept: Any) -> dict[int, int]:
        size = _size(self.loop.ways[way].program)
        places = {x: max(kept.at[way][x], 0) for x in body.registers}
        for number, (access, key) in enumerate(_read(self.loop, self.spots, self.keys)):
            for part in range(len(self.block_of[key])):
                if size + 3 * number + part in body.needed:
                    places[size + 3 * number + part] = self._read(self._moved(access, key, part))
        return places


def _parts(key: Key, weighted: set[Key]) -> int:
    """The tangent, whether it is there, and whether it is no structural zero."""
    return 3 if key in weighted else 2


def _size(program: Program) -> int:
    return len(program.inputs) + len(program.instructions)


def _read(loop: Loop, spots: Spots, keys: Sequence[Key]) -> list[tuple[Access, Key]]:
    """The numbers that are read and have a tangent."""
    return [(access, key) for access in loop.reads for key in keys if key[0] == spots.place_of(access)]


def _written(loop: Loop, spots: Spots, keys: Sequence[Key]) -> list[tuple[Access, Key]]:
    return [(access, key) for access in loop.writes for key in keys if key[0] == spots.place_of(access)]


def _body(loop: Loop, way: int, spots: Spots, keys: Sequence[Key], states: dict[Key, int],
          columns: Sequence[int], weighted: set[Key]) -> Written:
    """The tangents of one iteration; its inputs: the loop's own registers, then the parts of each tangent."""
    program = loop.ways[way].program
    size, read = _size(program), _read(loop, spots, keys)
    tape = Tape(Program("", ("",) * (size + 3 * len(read)), (), ()))
    here: list[Any] = [*range(size)]
    for register, (op, args) in enumerate(program.instructions, len(program.inputs)):
        if op.nested:
            here[register] = tape.emit(op, *[here[x] if x.__class__ is int else x for x in args])
    sweep = forward_sweep.ForwardSweep(program, tape, here, spots.active[way])
    for number, (access, key) in enumerate(read):
        if states[key]:
            first = size + 3 * number
            sweep.adjoints[1 + loop.reads.index(access), key[1]] = Adjoint(
                first, first + 1, first + 2 if key in weighted else 1.0, 0.0)
    sweep.sweep(columns, range(len(program.inputs)))
    outputs: list[Any] = []
    came: dict[Any, Any] = {}
    zeros: set[Any] = set()
    for access, key in _written(loop, spots, keys):
        x = program.outputs[loop.writes.index(access)]
        found = sweep.adjoints.get((x, key[1])) if x.__class__ is int else None
        came[key] = tape.either(came.get(key, 0.0), found.came) if found else came.get(key, 0.0)
        outputs += (found or ABSENT)[:_parts(key, weighted)]
        if found and found.weighted:
            zeros.add(key)
    made = Written(tape, outputs, set(), set(), came, {}, zeros, set())
    made.find_needed(size)
    return made


forward_sweep.push_loop = push
