"""Rerolling: the iterations of a `for` in Python, found again in a straight Program, become a Repeat."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autograd.program.alignment import Block, Carried, Column, Local, aligned
from autograd.program.gc_pause import gc_paused
from autograd.program.nested import item
from autograd.program.program import Atom, Instruction, Program, exact
from autograd.program.repetitions import LEAST, next_run, spelled
from autograd.program.rolled import Repeat

SHORTEST = 200      # instructions of all iterations, from which a Repeat is worth its code


@gc_paused
def reroll(program: Program) -> Program:
    """The same Program, to the bit, with Repeats in place of what repeats itself."""
    if len(program.instructions) < SHORTEST:
        return program
    blocks = _blocks(program)
    return _Rolled(program, blocks).program() if blocks else program


def _blocks(program: Program) -> list[Block]:
    text, place, found = spelled(program.instructions), 0, list[Block]()
    failed = 0          # in a row: the next look is farther and farther away
    while (run := next_run(text, place)) is not None:
        block = aligned(program, run, place)
        if block and block.period * block.times >= SHORTEST:
            found.append(block)
            place, failed = block.stop, 0
        else:
            place = max(run.start + (LEAST * run.period << failed), place + 1)
            failed += 1
    return found


class _Rolled:
    """A Program in the making: straight instructions, and Repeats for blocks of the straight Program."""

    def __init__(self, straight: Program, blocks: list[Block]) -> None:
        self.straight, self.blocks, self.inputs = straight, blocks, len(straight.inputs)
        self.made: list[Instruction] = []
        self.here: dict[Any, int] = {}      # register of the straight Program -> of this one; an input is itself
        self.needed = self._needed()
        shorter = [*map(self._shortened, blocks)]
        if shorter != blocks:
            self.blocks, self.needed = shorter, set()
            self.needed = self._needed()

    def _shortened(self, block: Block) -> Block:
        """The block without its last iterations, if they are the only ones whose carries nobody reads.

        Adjoints reach all others from the iteration behind.
        """
        most, end = 0, self.inputs + block.stop
        for operand in (x for row in block.operands for x in row):
            if isinstance(operand, Carried):
                for far in range(1, len(operand.first) + 1):
                    if end - far * block.period + operand.slot not in self.needed:
                        most = max(most, len(operand.first))
        count = block.times - most
        return block._replace(times=count, operands=[
            [Column(x.atoms[:count]) if isinstance(x, Column) else x for x in row] for row in block.operands])

    def _needed(self) -> set[int]:
        """The registers that something outside their own block reads."""
        found: set[int] = set()
        place, instructions = 0, self.straight.instructions

        def add(atoms: Iterable[Atom]) -> None:
            found.update([x for x in atoms if x.__class__ is int])       # 1.0 is no register

        for block in [*self.blocks, None]:
            for _, args in instructions[place:block.start if block else None]:
                add(args)
            if block:
                place = block.stop
                for operand in (x for row in block.operands for x in row):
                    add(operand.atoms if isinstance(operand, Column) else
                        operand.first if isinstance(operand, Carried) else ())
        add(self.straight.outputs)
        for guard in self.straight.guards:
            add((guard.left, guard.right))
        return found

    def program(self) -> Program:
        """The whole."""
        place, instructions = 0, self.straight.instructions
        for block in [*self.blocks, None]:
            for register, (op, args) in enumerate(instructions[place:block.start if block else None],
                                                  place + self.inputs):
                self.here[register] = self._emit(op, self._moved(args))
            if block:
                place = block.stop
                self._roll(block)
        here = self.here
        return replace(
            self.straight, instructions=tuple(self.made), outputs=self._moved(self.straight.outputs),
            guards=tuple([guard._replace(left=self._atom(guard.left), right=self._atom(guard.right))
                          for guard in self.straight.guards]),
            labels={here.get(x, x): label for x, label in self.straight.labels.items()
                    if x < self.inputs or x in here})

    def _emit(self, op: Any, args: tuple[Atom, ...]) -> int:
        self.made.append(Instruction(op, args))
        return self.inputs + len(self.made) - 1

    def _atom(self, x: Atom) -> Atom:
        return self.here[x] if x.__class__ is int and x >= self.inputs else x

    def _moved(self, args: Iterable[Atom]) -> tuple[Atom, ...]:
        here, inputs = self.here, self.inputs
        return tuple([here[x] if x.__class__ is int and x >= inputs else x for x in args])

    def _roll(self, block: Block) -> None:
        """Append the Repeat of a block, and an item for each result of it that is read outside."""
        found = _Operands()
        rows = [list(map(found.place, row)) for row in block.operands]
        carries, columns, sources = found.carries, found.columns, found.sources
        inputs, n = len(carries) + len(columns), block.times
        begins = {Local: inputs, Carried: 0, Column: len(carries)}
        body = [Instruction(self.straight.instructions[block.start + slot].op, tuple(
            [x if x.__class__ is float else begins[x[0]] + x[1] for x in row])) for slot, row in enumerate(rows)]
        first = self.inputs + block.start
        last = found.last_of()
        stacked: list[int] = []
        items: list[tuple[int, int, int]] = []      # a register of the straight Program; the block and place of it
        for slot in range(block.period):
            used = [i for i, x in enumerate(range(first + slot, first + n * block.period, block.period))
                    if x in self.needed]
            if used and all((slot, n - i) in last for i in used):
                items += [(first + i * block.period + slot, 0, last[slot, n - i]) for i in used]
            elif used:
                stacked.append(slot)
                items += [(first + i * block.period + slot, len(stacked), i) for i in used]
        outputs = [x if from_carry else inputs + x for from_carry, x in sources] + [inputs + x for x in stacked]
        names = (*[f"carry{i}" for i in range(len(carries))], *[f"column{i}" for i in range(len(columns))])
        repeat = Repeat(Program("body", names, tuple(body), tuple(outputs)), n, len(carries),
                        [len(atoms) > 1 for atoms in columns])
        register = self._emit(repeat.op, self._moved([*carries, *[x for atoms in columns for x in atoms]]))
        for x, which, place in items:
            self.here[x] = self._emit(item, (register, float(which), float(place)))


class _Operands:
    """The carries and columns of a body, each once."""

    def __init__(self) -> None:
        self.carries: list[Atom] = []                   # what the first iteration reads
        self.sources: list[tuple[bool, int]] = []       # the next one: whether another carry, and which; or the slot
        self.columns: list[tuple[Atom, ...]] = []
        self._known: dict[Any, int] = {}

    def place(self, x: Any) -> Any:
        """An operand of a block as a kind, and which of that kind; a constant as it is."""
        if isinstance(x, Local):
            return Local, x.slot
        if isinstance(x, Column):
            return Column, self._place((Column, *exact(x.atoms)), self.columns, x.atoms)
        if isinstance(x, Carried):
            before = -1
            for far in range(1, len(x.first) + 1):      # from several iterations before: through as many carries
                first = x.first[len(x.first) - far:]
                found = self._place((x.slot, *exact(first)), self.carries, first[0])
                if found == len(self.sources):
                    self.sources.append((False, x.slot) if far == 1 else (True, before))
                before = found
            return Carried, before
        return x

    def last_of(self) -> dict[tuple[int, int], int]:
        """The carry that, behind the last iteration, is the result of a slot so many iterations before the end."""
        found: dict[tuple[int, int], int] = {}
        back: list[tuple[int, int]] = []
        for which, (from_carry, x) in enumerate(self.sources):
            back.append((back[x][0], back[x][1] + 1) if from_carry else (x, 1))
            found.setdefault(back[-1], which)
        return found

    def _place(self, key: tuple[Any, ...], places: list[Any], new: Any) -> int:
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(places)
            places.append(new)
        return found
