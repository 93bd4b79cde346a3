"""A Repeat as a loop of rows: its carries, stacks and cells are blocks, and so are its columns."""

from collections.abc import Collection, Sequence
from typing import Any

from autograd.ops.primitives import TABLE
from autograd.program.calls import called
from autograd.program.nested import CELLS, LENT, ROWS, Access, Block, Loop, Way
from autograd.program.program import Atom, Instruction, Program
from autograd.program.rolled import Repeat

REPEATED = "repeat"     # the name of these loops
ADD = TABLE["add"]
Place = tuple[int, int]     # in the result of an op: a block, and the place in it


class RowLoop:
    """The loop in the making.

    writer: of looped.py, of the Program that it is in. alike: for each operand whether it is the same for all rows.
    read: what is read of the Repeat.
    """

    def __init__(self, writer: Any, repeat: Repeat, args: Sequence[Atom], alike: Sequence[bool],
                 read: Collection[Place]) -> None:
        self.writer, self.repeat, self.args, self.alike, self.read = writer, repeat, args, alike, read
        self.operands: list[Atom] = []
        self.blocks: list[Block] = []
        self.reads: list[Access] = []
        self.writes: list[Access] = []
        self.lifted: dict[int, Any] = {}        # registers of the body that are computed before the loop: what they are
        self.tables: dict[tuple[int, ...], list[int]] = {}      # of cells: which of the added numbers go there
        for number, table in enumerate(repeat.tables):
            self.tables.setdefault(tuple(table), []).append(number)

    def fits(self) -> bool:
        """Whether it can be a loop, and a row computes nothing slow that all rows share."""
        tables, cells = [*self.tables], 1 + self.repeat.stacks
        for i, one in enumerate(tables):
            for other in tables[:i]:        # an iteration reads all before it writes
                if any(a == b and (cells, a) in self.read for a, b in zip(one, other, strict=True)):
                    return False
        body, starts = self.repeat.body, self.repeat.starts
        alike = [False] * self.repeat.carries
        varies = [True] * self.repeat.carries
        for start, end, own in zip(starts, starts[1:], self.repeat.spread, strict=False):
            alike.append(all(self.alike[start:end]))
            varies.append(own)
        for op, args in body.instructions:
            alike.append(all(alike[x] for x in args if x.__class__ is int))
            varies.append(any(varies[x] for x in args if x.__class__ is int))
            if op.nested or (alike[-1] and varies[-1] and (op.c_name or called(op))):
                return False
        return True

    def append(self) -> int:
        """Append it to the new Program; its register."""
        repeat, moved = self.repeat, dict[Place, Place]()
        here = self._carries(moved) + self._columns()
        for stack in range(repeat.stacks):
            self.blocks.append(Block(ROWS))
            self.writes.append(Access(len(self.blocks) - 1, 0, 1))
            moved.update({(1 + stack, i): (len(self.blocks) - 1, i) for i in range(repeat.count)})
        cells = self._cells(moved)
        first = 1 + len(self.reads)
        made = list[Instruction]()
        known = [*here]
        for register, (op, args) in enumerate(repeat.body.instructions, len(known)):
            if register in self.lifted:
                known.append(self.lifted[register])
                continue
            made.append(Instruction(op, _atoms(args, known)))
            known.append(first + len(made) - 1)
        outputs = [*_atoms(repeat.body.outputs, known)]
        split = repeat.carries + repeat.stacks
        added = outputs[split:]
        del outputs[split:]
        for table, so_far in cells:
            x: Atom = so_far
            for number in self.tables[table]:
                made.append(Instruction(ADD, (x, added[number])))
                x = first + len(made) - 1
            outputs.append(x)
        names = ("t", *[f"x{i}" for i in range(len(self.reads))])
        way = Way(Program("body", names, tuple(made), tuple(outputs), elementary=self.writer.old.elementary))
        loop = Loop([way], self.blocks, self.reads, self.writes, repeat.count, name=REPEATED)
        appended: int = self.writer.emit(loop.op, tuple(self.operands))
        self.writer.moved[appended] = moved
        return appended

    def _block(self, atoms: Sequence[Atom]) -> int:
        """A new block of cells with these numbers."""
        self.blocks.append(Block(CELLS, len(self.operands), len(atoms)))
        self.operands += atoms
        return len(self.blocks) - 1

    def _reading(self, access: Access) -> int:
        """A new input of the body."""
        self.reads.append(access)
        return len(self.reads)

    def _carries(self, moved: dict[Place, Place]) -> list[Any]:
        count = self.repeat.carries
        if not count:
            return []
        block = self._block(self.args[:count])
        accesses = [Access(block, i) for i in range(count)]
        self.writes += accesses
        moved.update({(0, i): (block, i) for i in range(count)})
        return [*map(self._reading, accesses)]

    def _columns(self) -> list[Any]:
        """What each column is in the body; what depends on no iteration is computed before the loop."""
        repeat, found = self.repeat, list[Any]()
        outside: dict[int, Atom] = {}       # registers of the body that are the same for all iterations
        for which, (start, own) in enumerate(zip(repeat.starts, repeat.spread, strict=False), repeat.carries):
            if own:
                found.append(self._column(self.args[start:start + repeat.count]))
            else:
                outside[which] = self.args[start]
                found.append(None)
        used: dict[int, Atom] = {}
        lifted = list[int]()
        for register, (op, args) in enumerate(repeat.body.instructions, len(repeat.body.inputs)):
            inside = [x for x in args if x.__class__ is int]
            if all(x in outside for x in inside):
                outside[register] = self.writer.emit(op, _atoms(args, outside))
                lifted.append(register)
            else:
                used.update({x: outside[x] for x in inside if x in outside})
        used.update({x: outside[x] for x in repeat.body.outputs if x in outside and x.__class__ is int})
        numbers = {x: atom for x, atom in used.items() if atom.__class__ is int}
        block = self._block([*numbers.values()]) if numbers else -1
        inputs: dict[int, Any] = {x: self._reading(Access(block, i)) for i, x in enumerate(numbers)}
        inputs |= {x: atom for x, atom in used.items() if atom.__class__ is float}
        self.lifted = {x: inputs.get(x, 0.0) for x in lifted}
        return [inputs.get(which, 0.0) if x is None else x for which, x in enumerate(found, repeat.carries)]

    def _column(self, atoms: Sequence[Atom]) -> int:
        """An input that each iteration has of its own."""
        lent = self.writer.lent(atoms)
        if lent is None:
            return self._reading(Access(self._block(atoms), 0, 1))
        loop, access = lent
        if loop not in self.operands:
            self.operands.append(loop)
        block = Block(LENT, self.operands.index(loop), 0, access.block)
        if block not in self.blocks:
            self.blocks.append(block)
        return self._reading(access._replace(block=self.blocks.index(block)))

    def _cells(self, moved: dict[Place, Place]) -> list[tuple[tuple[int, ...], int]]:
        """Each table of cells with the input that is the sum so far; cells that all iterations add to are carries."""
        repeat, result = self.repeat, 1 + self.repeat.stacks
        moving = {cell for table in self.tables if len(set(table)) > 1 for cell in table}
        fixed = [cell for cell in range(repeat.cells) if cell not in moving]
        places: dict[int, tuple[int, int]] = {}
        for cells in (fixed, sorted(moving)):
            if cells:
                block = self._block([self.args[repeat.starts[-1] + cell] for cell in cells])
                places.update({cell: (block, i) for i, cell in enumerate(cells)})
        moved.update({(result, cell): place for cell, place in places.items()})
        found = []
        for table in self.tables:
            block, at = places[table[0]][0], [places[cell][1] for cell in table]
            step = at[1] - at[0]
            even = all(x == at[0] + i * step for i, x in enumerate(at))
            access = Access(block, at[0], step) if even else Access(block, 0, 0, tuple(at))
            self.writes.append(access)
            found.append((table, self._reading(access)))
        return found


def _atoms(args: Sequence[Atom], here: Any) -> tuple[Atom, ...]:
    return tuple([here[x] if x.__class__ is int else x for x in args])
