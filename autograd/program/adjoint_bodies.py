"""One iteration of a loop on its way back: its Program, what this needs, and whether anything flows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from autograd.program.nested import CELLS, COPY, LENT, Access, Loop
from autograd.program.program import Guard, Instruction, Program
from autograd.program.reverse_sweep import ReverseSweep
from autograd.program.sweep import Adjoint, depends
from autograd.program.tape import Tape

ABSENT = Adjoint(-0.0, 0.0, 1.0, 0.0)


class Spots:
    """The numbers that iterations of a loop read and write, and that have an adjoint.

    A place is a cell that is always the same, as (block, offset), or a block with moving accesses, as (block, None).
    """

    def __init__(self, loop: Loop, active: Sequence[bool]) -> None:
        """active: which operands of the loop depend on what is differentiated by."""
        self.loop = loop
        self.moving = {access.block for access in (*loop.reads, *loop.writes)
                       if access.step or access.table or loop.blocks[access.block].kind != CELLS}
        self.written = {self.place_of(access) for access in loop.writes}
        found = set()
        for number, block in enumerate(loop.blocks):
            for i in range(block.size):
                if block.kind == CELLS and active[block.first + i]:
                    found.add((number, None if number in self.moving else i))
            if block.kind in (LENT, COPY) and active[block.first]:
                found.add((number, None))
        while True:
            before = len(found)
            self.active = {}
            for number, way in enumerate(loop.ways):
                wrt = [1 + i for i, access in enumerate(loop.reads) if self.place_of(access) in found]
                reached = self.active[number] = depends(way.program, wrt)
                found |= {self.place_of(access) for access, x in zip(loop.writes, way.program.outputs, strict=False)
                          if x.__class__ is int and reached[x]}
            if len(found) == before:
                break
        self.all = [access for access in dict.fromkeys([*loop.writes, *loop.reads]) if self.place_of(access) in found]
        self.places = [*dict.fromkeys(map(self.place_of, self.all))]
        self.weighted: set[Any] = set()     # places whose adjoints may be structural zeros, as a weight is
        self.names: set[Any] = set()        # places whose adjoint may begin as another name of a number
        # carries whose first number has other uses, too: the first iteration reads it, and contributes, at these
        self.shared: dict[Access, Access] = {}
        self.doubled: dict[Access, Access] = {}     # invariants that are the number of another one

    def place_of(self, access: Access) -> tuple[int, int | None]:
        """The place that an access is to."""
        return access.block, None if access.block in self.moving else access.offset

    place = place_of

    def fixed(self, access: Access) -> bool:
        """Whether it is always the same cell."""
        return access.block not in self.moving

    def adjoint(self, spot: Access, program: Program) -> int:
        """The input of an adjoint body, before unneeded ones are left out, that is the adjoint."""
        return len(program.inputs) + len(program.instructions) + self.all.index(spot)

    def flag(self, spot: Access, program: Program) -> int:
        """The same of the flag."""
        return self.adjoint(spot, program) + len(self.all)

    def there(self, spot: Access, program: Program) -> int:
        """The same of the condition that it is no structural zero."""
        return self.flag(spot, program) + len(self.all)

    def once(self, spot: Access) -> bool:
        """Whether it is a row that is only written: its adjoint is used once."""
        return spot.block in self.moving and spot in self.loop.writes and not any(
            access.block == spot.block for access in self.loop.reads)

    def left(self, spot: Access) -> bool:
        """Whether it is a row that the next iteration writes again: its adjoint is that of the carry."""
        twice = [access for access in self.loop.writes if access.block == spot.block]
        return self.once(spot) and len(twice) > 1 and spot.offset == (0 if self.loop.backwards else 1)


class Written(NamedTuple):
    """An adjoint body. needed: its inputs, of all there are, that it reads; registers: the loop's own among them."""

    tape: Tape
    outputs: list[Any]
    needed: set[int]
    registers: set[int]
    came: dict[Access, Any]         # of each number that is written, whether anything flows to it before
    gains: dict[Access, Any]        # of each that is only read, whether the iteration contributes; used ones alone
    weighted: set[Any]              # places whose adjoints may be structural zeros behind it
    names: set[Any]                 # those whose first contribution is another name of a number that has other uses

    def program(self, name: str, places: dict[int, int], total: int, guards: Sequence[Guard]) -> Program:
        """The Program of so many inputs; places: the input for each that is needed."""
        alive = self.alive()
        moved: dict[Any, Any] = {**places}
        instructions: list[Instruction] = []
        for register in alive:
            op, args = self.tape.instructions[register - self.tape.inputs]
            instructions.append(Instruction(op, tuple([moved[x] if x.__class__ is int else x for x in args])))
            moved[register] = total + len(instructions) - 1
        return Program(name, tuple([f"x{i}" for i in range(total)]), tuple(instructions),
                       tuple([moved[x] if x.__class__ is int else x for x in self.outputs]), tuple(guards))

    def find_needed(self, size: int) -> None:
        """Find the inputs that are read; size: how many of them are the loop's own registers."""
        for register in self.alive():
            self.needed.update(x for x in self.tape.instructions[register - self.tape.inputs].args
                               if x.__class__ is int and x < self.tape.inputs)
        self.needed.update(x for x in self.outputs if x.__class__ is int and x < self.tape.inputs)
        self.registers.update(x for x in self.needed if x < size)

    def alive(self) -> list[int]:
        """The instructions that outputs depend on."""
        wanted = {x for x in self.outputs if x.__class__ is int}
        first = self.tape.inputs
        found = []
        for register in range(first + len(self.tape.instructions) - 1, first - 1, -1):
            if register in wanted:
                found.append(register)
                wanted.update(x for x in self.tape.instructions[register - first].args if x.__class__ is int)
        return found[::-1]


class BodySweep(ReverseSweep):
    """The sweep of one iteration; it notes whether anything flows to its inputs."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.gains: dict[Any, Any] = {}
        self.weighted: set[Any] = set()     # inputs with contributions that may be structural zeros
        self.firsts: dict[Any, Any] = {}    # the first contribution to each input

    def add(self, arg: Any, adjoint: Adjoint, condition: Any = 1.0) -> None:
        """Add a contribution."""
        if arg.__class__ is int and arg < len(self.program.inputs):
            self.gains[arg] = self.tape.either(self.gains.get(arg, 0.0), self.tape.both(adjoint.came, condition))
            self.weighted.update([arg] * adjoint.weighted)
            self.firsts.setdefault(arg, adjoint.value)
        super().add(arg, adjoint, condition)

    def go_on(self, arg: Any, adjoint: Adjoint, gain: Any) -> None:
        """Take an adjoint to which a loop has added its contributions."""
        if arg < len(self.program.inputs):
            self.gains[arg] = self.tape.either(self.gains.get(arg, 0.0), gain)
            self.weighted.update([arg] * adjoint.weighted)
        super().go_on(arg, adjoint, gain)


def adjoint_body(loop: Loop, way: int, spots: Spots, states: dict[Any, int], usual: bool,
                 again: bool = False, first: bool = False) -> Written:
    """The adjoint of a way, where adjoints are absent (state 0), present (1), or have a flag (2).

    usual: it is for iterations whose flags are as usual, without structural zeros. again: it is differentiated again.
    first: it is for the first iteration, where shared carries are the numbers that they begin with.
    """
    program = loop.ways[way].program
    inputs: dict[Access, Any] = {access: 1 + place for place, access in enumerate(loop.reads)}
    same: dict[Any, Any] = {}
    for access, spot in (*spots.doubled.items(), *(spots.shared.items() if first else ())):
        register = inputs.pop(access)
        same[register] = inputs.setdefault(spot, register)
    program = with_same(program, same) if same else program
    for spot in spots.shared.values():
        inputs.setdefault(spot, spot)       # this iteration does not read it
    size = len(program.inputs) + len(program.instructions)
    tape = Tape(Program("", ("",) * (size + 3 * len(spots.all)), (), ()))
    here: list[Any] = [*range(size)]
    for place, (op, args) in enumerate(program.instructions, len(program.inputs)):
        if op.nested:       # its result is computed once more
            here[place] = tape.emit(op, *[here[x] if x.__class__ is int else x for x in args])
    active = spots.active[way]
    outs = [x for access, x in zip(loop.writes, program.outputs, strict=True)
            if x.__class__ is int and active[x] and states[spots.place_of(access)]]
    sweep = BodySweep(program, tape, here, active, outs)
    sweep.again = again
    # differentiated again, an adjoint has its flag from the beginning, which says it by itself
    sweep.watched = {inputs[spot] for spot in spots.all if states[spots.place_of(spot)] == 2 and not usual
                     and spots.place_of(spot) not in spots.written} if not again else ()
    flag: dict[Access, Any] = {}
    there: dict[Access, Any] = {spot: spots.there(spot, program) if spots.place_of(spot) in spots.weighted and not usual
                                else 1.0 for spot in spots.all}
    for spot in spots.all:
        state = states[spots.place_of(spot)]
        flag[spot] = 0.0 if spots.left(spot) else float(state) if state < 2 else 1.0 if usual else \
            spots.flag(spot, program)
        if spots.place_of(spot) not in spots.written and state:
            # -0.0 changes no sum; but of a sum that is none a further derivative asks for the node itself
            sweep.adjoints[inputs[spot]] = Adjoint(spots.adjoint(spot, program), flag[spot] if again else 1.0,
                                                   there[spot], 0.0)
    for access, x in zip(loop.writes, program.outputs, strict=True):
        if x.__class__ is int and active[x]:
            sweep.give(x, Adjoint(spots.adjoint(access, program), flag[access], there[access], 0.0)) \
                if flag[access].__class__ is not float or flag[access] else None
    sweep.sweep()
    values, flags, presence, came, gains, weighted = [], [], [], {}, {}, set()
    for spot in spots.all:
        state = states[spots.place_of(spot)]
        register = inputs.get(spot)
        if spots.once(spot):
            continue
        if spots.place_of(spot) in spots.written:
            found = sweep.adjoints.get(register) if register is not None and active[register] else None
            found = found or ABSENT
            came[spot] = flows = found.came
        else:
            found = sweep.adjoints[register] if state else ABSENT
            gain = sweep.gains.get(register, 0.0)
            flows = tape.either(flag[spot], gain)
            gains[spot] = gain
        if state:
            values.append(found.value)
        if state == 2:
            flags.append(flows)
        if register in sweep.weighted or found.weighted:
            weighted.add(spots.place_of(spot))
        if state and spots.place_of(spot) in spots.weighted:
            presence.append(found.there)
    made = Written(tape, [*values, *flags, *presence], set(), set(), came, gains, weighted, set())
    made.find_needed(size)
    uses = Counter([x for register in made.alive() for x in tape.instructions[register - tape.inputs].args
                    if x.__class__ is int])
    uses.update(x for x in made.outputs if x.__class__ is int)
    for spot in spots.all:
        begun = sweep.firsts.get(inputs.get(spot))
        if begun.__class__ is int and uses[begun] > 1:
            made.names.add(spots.place_of(spot))
    return made


def carried_state(loop: Loop, ways: Sequence[int], spots: Spots,
                  states: dict[Any, int]) -> tuple[dict[Any, int], dict[Any, int]]:
    """Whether adjoints are absent, present, or need a flag; of those that are only added to, whether anything comes.

    states: at the end of the loop. What becomes a structural zero is found, too.
    """
    states = dict(states)
    while True:
        assumed = {place: 2 if place not in spots.written else state for place, state in states.items()}
        bodies = [adjoint_body(loop, way, spots, assumed, False) for way in ways]
        firsts = [adjoint_body(loop, way, spots, assumed, False, first=True) for way in ways if spots.shared]
        before, weighted = dict(states), set(spots.weighted)
        for body in firsts:
            spots.weighted |= body.weighted
            spots.names |= body.names
        for body in bodies:
            spots.weighted |= body.weighted
            spots.names |= body.names
            for spot, came in body.came.items():
                found = int(bool(came)) if came.__class__ is float else 2
                place = spots.place_of(spot)
                if states[place] != found:
                    states[place] = 2
        if states == before and spots.weighted == weighted:
            break
    gains: dict[Any, int] = {}
    for body in firsts or bodies:       # the first iteration contributes wherever others do
        for spot, came in body.gains.items():
            found = int(bool(came)) if came.__class__ is float else 2
            place = spots.place_of(spot)
            gains[place] = found if gains.get(place, found) == found else 2
    return states, gains


def with_same(program: Program, same: dict[Any, Any]) -> Program:
    """The Program with another input in the place of each of these."""
    def atoms(xs: Sequence[Any]) -> tuple[Any, ...]:
        return tuple([same.get(x, x) if x.__class__ is int else x for x in xs])

    return replace(program, outputs=atoms(program.outputs),
                   instructions=tuple([Instruction(op, atoms(args)) for op, args in program.instructions]))
