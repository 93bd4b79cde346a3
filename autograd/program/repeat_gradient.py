"""The adjoint of a Repeat as a Repeat, which goes through the iterations from the last to the first."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from autograd.ops.internal import chosen
from autograd.ops.primitives import TABLE
from autograd.program.body_sweep import ABSENT, CARRIED, SAME, BodyRun, IrregularError, Seeds, certain
from autograd.program.nested import item
from autograd.program.program import Atom, Instruction, Program, flops
from autograd.program.reverse_sweep import ReverseSweep
from autograd.program.rolled import EMPTY, Repeat
from autograd.program.sweep import Adjoint

__all__ = ["IrregularError", "RolledSweep"]

CHEAP = 4           # elementary ops that are computed again on the way back, and not kept


class RolledSweep(ReverseSweep):
    """A reverse sweep over a Program with Repeats; IrregularError where one has no adjoint as a whole."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.ends: dict[int, dict[tuple[int, int], Adjoint]] = {}      # of each Repeat: the adjoints of its items
        self.stacked: dict[tuple[int, int], int] = {}       # Repeat, register of its body -> the stack that has it

    def visit(self, register: int) -> None:
        """As of every op; items of a Repeat wait for it."""
        op, args = self.program.instructions[register - len(self.program.inputs)]
        if op is item and isinstance(self._nested(int(args[0])), Repeat):
            self.loops.setdefault(int(args[0]), {})
            self.ends.setdefault(int(args[0]), {})[int(args[1]), int(args[2])] = self.adjoints[register]
        else:
            super().visit(register)

    def pull(self, register: int) -> None:
        """As of every loop; a Repeat has its own adjoint."""
        repeat, args = self._nested(register), self.program.instructions[register - len(self.program.inputs)].args
        if isinstance(repeat, Repeat):
            _Adjoint(self, register, repeat, args, self.ends.pop(register)).append()
        else:
            super().pull(register)

    def _nested(self, register: int) -> Any:
        return self.program.instructions[register - len(self.program.inputs)].op.nested

    def items(self, register: int, block: int, places: Sequence[int]) -> list[int]:
        """Registers of the tape with these numbers of a Repeat's result."""
        made, first = self.tape.instructions, self.tape.inputs + len(self.tape.instructions)
        made += [Instruction(item, (register, float(block), float(place))) for place in places]
        return [*range(first, first + len(places))]

    def stack(self, register: int, of: int) -> list[int]:
        """What a register of a Repeat's body is in each iteration; the Repeat keeps it from now on."""
        made, place = self.tape.instructions, register - self.tape.inputs
        repeat: Any = made[place].op.nested
        if (register, of) not in self.stacked:
            body = replace(repeat.body, outputs=(*repeat.body.outputs, of))
            repeat = Repeat(body, repeat.count, repeat.carries, repeat.spread)
            made[place] = made[place]._replace(op=repeat.op)
            self.stacked[register, of] = repeat.stacks
        return self.items(register, self.stacked[register, of], range(repeat.count))


class _Adjoint:
    """The adjoint of one Repeat. ends: the adjoints of its result, by block and place."""

    def __init__(self, sweep: RolledSweep, register: int, repeat: Repeat, args: Sequence[Atom],
                 ends: dict[tuple[int, int], Adjoint]) -> None:
        self.sweep, self.register, self.repeat, self.args = sweep, register, repeat, args
        self.body, self.operands = repeat.body, len(repeat.body.inputs)
        if repeat.tables or not all(certain(adjoint) for adjoint in ends.values()):
            raise IrregularError
        self.finals = {place: adjoint for (block, place), adjoint in ends.items() if not block}
        whole = {block for block, _ in ends if block}
        if any((block, i) not in ends for block in whole for i in range(repeat.count)):
            raise IrregularError
        self.active = self._active()
        stacked = {block - 1: [ends[block, i] for i in range(repeat.count)] for block in whole}
        self.run = self._run(Seeds(repeat, self.active, self.finals, stacked))

    def columns(self) -> Iterator[Sequence[Atom]]:
        """The operands of each column."""
        for start, own in zip(self.repeat.starts, self.repeat.spread, strict=False):
            yield self.args[start:start + (self.repeat.count if own else 1)]

    def _is_active(self, x: Atom) -> bool:
        return x.__class__ is int and self.sweep.active[int(x)]

    def _active(self) -> list[bool]:
        """Which registers of the body depend on the inputs of the derivative, in any iteration."""
        start = [self._is_active(x) for x in self.args[:self.repeat.carries]]
        start += [any(map(self._is_active, column)) for column in self.columns()]
        while True:
            found = [*start]
            for _, args in self.body.instructions:
                found.append(any(found[x] for x in args if x.__class__ is int))
            grown = [found[x] if x.__class__ is int else False for x in self.body.outputs[:self.repeat.carries]]
            if all(now or not then for now, then in zip(start, grown, strict=False)):
                return found
            start[:len(grown)] = [now or then for now, then in zip(start, grown, strict=False)]

    def _run(self, seeds: Seeds) -> BodyRun:
        """The sweep over the body with the modes that it shows to be right."""
        modes = [SAME if carry in self.finals else ABSENT for carry in range(self.repeat.carries)]
        while True:
            run = BodyRun(seeds, modes)
            if run.modes == modes:
                return run
            modes = run.modes

    def append(self) -> None:
        """Append it to the tape, and give the operands their adjoints."""
        run, outer = self.run, self.sweep
        count, columns = self.repeat.count, [*self.columns()]
        carried = [carry for carry, mode in enumerate(run.modes) if mode == CARRIED]
        leaves, adds = self._leaves(columns)
        sure = self._sure(columns, adds)
        cell = {leaf: i for i, leaf in enumerate(leaves)}
        flows = _flows(adds, [leaf for leaf in leaves if leaf not in sure])
        places = {flow: len(leaves) + i for i, flow in enumerate(dict.fromkeys(flows.values()))}
        flag = {leaf: places[flow] for leaf, flow in flows.items()}
        dummy = len(leaves) + len(places)
        values, tables, noted = [], [], set[Any]()
        for atoms, adjoint in adds:
            came = adjoint.came
            value = adjoint.value
            if came.__class__ is not float:
                value = run.tape.emit(chosen, came, value, EMPTY)
            values.append(value)
            tables.append(_table([cell.get(x, dummy) if x.__class__ is int else dummy for x in atoms]))
            if came.__class__ is not float and any(x in flag for x in atoms if x.__class__ is int):
                table = _table([flag.get(x, dummy) if x.__class__ is int else dummy for x in atoms])
                if (came, tuple(table)) not in noted:
                    noted.add((came, tuple(table)))
                    values.append(came)
                    tables.append(table)
        outputs = [run.sweep.adjoints[carry].value for carry in carried] + values
        begun = [outer.adjoints.get(leaf) for leaf in leaves]
        if any(x is not None and not certain(x) for x in begun):
            raise IrregularError
        cells = [EMPTY if x is None else x.value for x in begun] + [0.0] * len(places) + [EMPTY]
        body, firsts, given = self._pruned(outputs, columns)
        new = Repeat(body, count, len(carried), [len(column) > 1 for column in given], len(cells), tables)
        register = outer.tape.emit(new.op, *firsts, *[x for column in given for x in column], *cells)
        found = outer.items(register, 1, range(len(leaves)))
        totals = outer.items(register, 1, [*places.values()])
        asked = {place: outer.tape.compare(TABLE["greater"], total, 0.0)
                 for place, total in zip(places.values(), totals, strict=True)}
        for leaf, x in zip(leaves, found, strict=True):
            outer.adjoints[leaf] = Adjoint(x, asked[flag[leaf]] if leaf in flag else 1.0, 1.0, 0.0)
        for place, carry in enumerate(carried):
            first = self.args[carry]
            if self._is_active(first) and first not in cell:
                outer.add(first, Adjoint(outer.items(register, 0, [place])[0], 1.0, 1.0, 0.0))
        for carry, mode in enumerate(run.modes):
            first = self.args[carry]
            if mode == SAME and self._is_active(first) and first not in cell:
                outer.add(first, self.finals[carry])

    def _leaves(self, columns: Sequence[Sequence[Atom]]) -> tuple[list[int], list[tuple[list[Atom], Adjoint]]]:
        """The operands with adjoints that the iterations add to; and each contribution with its operand in each."""
        carries, count = self.repeat.carries, self.repeat.count
        found: set[Any] = set()
        for operand in {x.operand for x in self.run.sweep.contributions if x.operand >= carries}:
            found.update(filter(self._is_active, columns[operand - carries]))
        firsts = [self.args[carry] for carry in range(carries)]
        adds: list[tuple[list[Atom], Adjoint]] = []
        for first in firsts:        # whose adjoint has other contributions, too
            if self._is_active(first) and (firsts.count(first) > 1 or first in self.sweep.adjoints):
                found.add(first)
        for operand, adjoint in self.run.sweep.contributions:
            if operand < carries:
                if self.args[operand] in found and self._is_active(self.args[operand]):
                    adds.append(([-1] * (count - 1) + [self.args[operand]], adjoint))
                continue
            column = columns[operand - carries]
            adds.append(([*column[::-1]] if len(column) == count else [column[0]] * count, adjoint))
        return sorted(found), adds

    def _sure(self, columns: Sequence[Any], adds: Sequence[tuple[list[Atom], Adjoint]]) -> set[Any]:
        """The operands to whose adjoint something flows, whatever the numbers are."""
        found: set[Any] = set(self.sweep.adjoints)
        for atoms, adjoint in adds:
            if adjoint.came.__class__ is float:
                found.update([x for x in atoms if x.__class__ is int])
        return found

    def _pruned(self, outputs: Sequence[Atom], columns: Sequence[Sequence[Atom]]) -> tuple[
            Program, list[Atom], list[Sequence[Atom]]]:
        """The body with what the outputs need; the first carries, and the columns.

        Carries of the way there, and results that took long, come from stacks.
        """
        run, operands, carries = self.run, self.operands, self.repeat.carries
        instructions, inputs = run.tape.instructions, run.tape.inputs
        by, own = len(run.inputs), len(self.body.instructions)
        needed, kept = {x for x in outputs if x.__class__ is int}, list[int]()
        for register in range(inputs + len(instructions) - 1, inputs - 1, -1):
            if register in needed:
                op, args = instructions[register - inputs]
                if register < inputs + own and (op.c_name or flops(op, len(args)) > CHEAP):
                    kept.append(register)
                else:
                    needed.update([x for x in args if x.__class__ is int])
        here: dict[Any, int] = {}
        firsts: list[Atom] = []
        given: list[Sequence[Atom]] = []
        for i, (kind, atoms) in enumerate(run.inputs):
            if kind == "carry":
                here[operands + i] = len(firsts)
                firsts.append(atoms[0])
        for i, (kind, atoms) in enumerate(run.inputs):
            if kind == "column" and operands + i in needed:
                here[operands + i] = len(firsts) + len(given)
                given.append(atoms[::-1])
        for register in sorted([x for x in needed if x < operands] + kept):
            here[register] = len(firsts) + len(given)
            if carries <= register < operands:
                given.append(columns[register - carries][::-1])
            else:
                given.append(self.sweep.stack(self.register, register if register < operands else register - by)[::-1])
        names = (*[f"carry{i}" for i in range(len(firsts))], *[f"column{i}" for i in range(len(given))])
        made: list[Instruction] = []

        def moved(x: Atom) -> Atom:
            return here[x] if x.__class__ is int else x

        for register, (op, args) in enumerate(instructions, inputs):
            if register in needed and register not in here:
                here[register] = len(names) + len(made)
                made.append(Instruction(op, tuple(map(moved, args))))
        return Program("body", names, tuple(made), tuple(map(moved, outputs))), firsts, given


def _flows(adds: Sequence[tuple[list[Atom], Adjoint]], leaves: Sequence[int]) -> dict[int, Any]:
    """What tells whether anything flows to each leaf: the same for those that have one flag, as a neuron's weights."""
    came: dict[Any, set[Any]] = {leaf: set() for leaf in leaves}
    for atoms, adjoint in adds:
        kinds = set(atoms)
        for x in kinds & came.keys():
            came[x].add(adjoint.came if len(kinds) == 1 else (x, adjoint.came))
    return {leaf: frozenset(flow) for leaf, flow in came.items()}


def _table(cells: Sequence[int]) -> Sequence[int]:
    """As a range, if it is one."""
    by = cells[1] - cells[0]
    found = range(cells[0], cells[0] + by * len(cells), by) if by else range(0)
    return found if by and [*found] == cells else tuple(cells)
