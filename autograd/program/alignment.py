"""A run of repeated instructions as iterations: what each operand of the first is in all the others."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.ops.formula_dependencies import foldable
from autograd.ops.primitives import TABLE, Op
from autograd.program.program import Atom, Program
from autograd.program.repetitions import LEAST, Run

FARTHEST = 4        # iterations back from which a carry comes
# A number that is a constant in some iterations, and in others another one or a register, can be an operand of these:
# their derivatives are the same formulas for both. The forms of a power are made for one constant.


def _takes_any(op: Op) -> bool:
    return TABLE.get(op.key) is op and op.name != "pow" and foldable(op)


class Local(NamedTuple):
    """A result of the same iteration."""

    slot: int


class Carried(NamedTuple):
    """A result of an iteration before; ``first``: what the first ones, which have none before, read."""

    slot: int
    first: tuple[Atom, ...]


class Column(NamedTuple):
    """What was computed before all iterations: one for all, or one for each."""

    atoms: tuple[Atom, ...]


class Block(NamedTuple):
    """Iterations one after the other."""

    start: int                          # the first instruction
    period: int
    times: int                          # how many
    operands: list[list[Any]]           # of each instruction of the body: a Local, a Carried, a Column or a float

    @property
    def stop(self) -> int:
        """The first instruction behind."""
        return self.start + self.period * self.times


def aligned(program: Program, run: Run, after: int = 0) -> Block | None:
    """The longest Block at the beginning of a run; None where its operands follow no rule."""
    start = max(_first(program, run), after)
    for _ in range(3):
        count = (run.stop - start) // run.period
        few, most = _block(program, start, run.period, min(count, 2 * LEAST))       # a look that takes no time
        while count >= LEAST and (few or most >= LEAST):
            block, count = _block(program, start, run.period, count)
            if block:
                return block
        start += run.period
    return None


def _first(program: Program, run: Run) -> int:
    """Where iterations begin, so that the fewest results are read across their ends."""
    inputs, period = len(program.inputs), run.period
    middle = run.start + (run.stop - run.start) // (2 * period) * period
    crossing = [0] * period
    for place in range(middle, middle + period):
        for arg in program.instructions[place].args:
            if arg.__class__ is int and place - period < arg - inputs < place:
                for end in range(int(arg) - inputs + 1, place + 1):
                    crossing[(end - run.start) % period] += 1
    return run.start + crossing.index(min(crossing))


def _block(program: Program, start: int, period: int, count: int) -> tuple[Block | None, int]:
    """The Block of so many iterations; else None and the most that follow one rule from the first on."""
    inputs = len(program.inputs)
    first, most = inputs + start, count
    operands: list[list[Any]] = []
    for slot in range(period):
        same = program.instructions[start + slot:start + count * period:period]
        op = same[0].op
        row = []
        for column in zip(*[args for _, args in same], strict=True):
            found, right = _operand(column, first, period, slot)
            if right < count:
                most = min(most, right)
            if found.__class__ is Column:
                found = _in_body(found, op, _takes_any(op))
                if found is None:
                    return None, 0
            row.append(found)
        operands.append(row)
    return (Block(start, period, count, operands), count) if most == count else (None, most)


def _operand(column: tuple[Atom, ...], first: int, period: int, slot: int) -> tuple[Any, int]:
    """What an operand is; and for how many iterations, if not for all."""
    count = len(column)
    last = column[-1]
    if last.__class__ is int and last >= first:
        lag, place = divmod(int(last) - first, period)
        lag = count - 1 - lag
        if lag == 0 and place < slot and _is(column, range(first + place, first + period * count, period)):
            return Local(place), count
        before = column[:lag]
        if 0 < lag <= min(FARTHEST, count - 2) and _outside(before, first) == lag and (
                _is(column[lag:], range(first + place, first + period * (count - lag), period))):
            return Carried(place, before), count
        return None, min(_followed(column, first, period, slot), count - 1)
    outside = _outside(column, first)
    return Column(column), outside if outside == count else _followed(column, first, period, slot)


def _is(column: tuple[Atom, ...], registers: range) -> bool:
    """Whether these are those registers; a constant may equal one."""
    return column == tuple(registers) and set(map(type, column)) == {int}


def _outside(column: Sequence[Atom], first: int) -> int:
    """How many of these, from the first on, were there before register ``first``."""
    if max([-1, *[x for x in column if x.__class__ is int]]) < first:
        return len(column)
    return next(i for i, x in enumerate(column) if x.__class__ is int and x >= first)


def _followed(column: Sequence[Atom], first: int, period: int, slot: int) -> int:
    """For how many iterations an operand is what it is in the second to the fifth one."""
    longest = 0
    for lag in range(min(FARTHEST + 1, len(column))):
        x = column[lag]
        if x.__class__ is not int or not first <= x < first + period:
            continue
        shift = int(x) - first
        if _outside(column[:lag], first) == lag and (lag or shift < slot):
            wrong = (i for i, y in enumerate(column[lag:], lag)
                     if y.__class__ is not int or y != first + shift + (i - lag) * period)
            longest = max(longest, next(wrong, len(column)))
    return max(longest, _outside(column, first))


def _in_body(column: Column, op: Op, any_constant: bool) -> Any:
    """The column as an operand of the body: a constant, one register, or a number for each; None if it may not be."""
    atoms = column.atoms
    kinds = set(map(type, atoms))
    if kinds == {int}:
        return Column(atoms[:1]) if atoms.count(atoms[0]) == len(atoms) else column
    if kinds == {float} and _one(atoms):
        return atoms[0]
    return column if any_constant else None


def _one(constants: tuple[Atom, ...]) -> bool:
    """Whether all are one number, to the bit."""
    x = constants[0]
    if x == x and constants.count(x) < len(constants):
        return False
    return bool(x and x == x) or len(set(map(repr, constants))) == 1      # 0.0 equals -0.0, and nan nothing
