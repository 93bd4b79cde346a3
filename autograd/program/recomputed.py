"""Iterations that are computed twice: those of a sum on the way there, and again, for its adjoint, on the way back."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from autograd.program.calls import called
from autograd.program.nested import item
from autograd.program.program import Atom, Instruction, Program, exact
from autograd.program.rolled import Repeat

WORTH = 32          # instructions that are saved for each number that is kept instead, at least


class Pair(NamedTuple):
    """A Repeat and a later one that computes most of it, too.

    own: the registers of the first body that are left to it. terms: those that it takes, with the other body's.
    order: of the iterations there.
    """

    first: int
    second: int
    own: list[int]
    terms: list[tuple[int, int]]
    order: int


def without_recomputed(program: Program) -> Program:
    """An equal Program in which a Repeat takes its terms from a later one that computes them, if it can wait."""
    while (pair := next(_pairs(program), None)) is not None:
        program = _Merged(program, pair).program()
    return program


def _pairs(program: Program) -> Iterator[Pair]:
    inputs = len(program.inputs)
    found = [(register, op.nested, args) for register, (op, args) in enumerate(program.instructions, inputs)
             if isinstance(op.nested, Repeat)]
    for i, (first, one, args) in enumerate(found):
        if one.tables or not one.carries or len(one.body.instructions) < WORTH:
            continue
        later = _later(program, first)
        for second, other, others in found[i + 1:]:
            if other.count == one.count and second not in later:
                for order in (-1, 1):
                    known: dict[Any, int] = {}
                    wanted = _numbered(one, args, 1, known)
                    places = {x: register for register, x in enumerate(_numbered(other, others, order, known))}
                    own, terms = _split(one, {x for x, number in enumerate(wanted) if number in places})
                    if terms and len(own) + WORTH * len(terms) <= len(one.body.instructions):
                        yield Pair(first, second, own, [(x, places[wanted[x]]) for x in terms], order)


def _split(repeat: Repeat, there: set[int]) -> tuple[list[int], list[int]]:
    """The results of the body that it goes on to compute, and those that it takes; there: those it could take."""
    body, inputs = repeat.body, len(repeat.body.inputs)
    needed = {x for x in body.outputs if x.__class__ is int}
    own: list[int] = []
    terms: set[int] = set()
    for register in range(inputs + len(body.instructions) - 1, inputs - 1, -1):
        if register in needed:
            if register in there:
                terms.add(register)
            else:
                own.append(register)
                needed.update([x for x in body.instructions[register - inputs].args if x.__class__ is int])
    for register in sorted(terms, reverse=True):
        op, args = body.instructions[register - inputs]
        if not (op.c_name or called(op)) and all(x in terms or x < inputs for x in args if x.__class__ is int):
            terms.discard(register)     # quickly computed of others
            own.append(register)
    return sorted(own), sorted(terms)


def _later(program: Program, first: int) -> set[int]:
    """A register and all that depend on it."""
    found = {first}
    for register, (_, args) in enumerate(program.instructions[first - len(program.inputs) + 1:], first + 1):
        if not found.isdisjoint([x for x in args if x.__class__ is int]):
            found.add(register)
    return found


def _numbered(repeat: Repeat, args: Sequence[Atom], order: int, known: dict[Any, int]) -> list[int]:
    """A number for each register of the body, the same for equal computations of equal columns; known: so far."""
    found = [known.setdefault((id(repeat), i), len(known)) for i in range(repeat.carries)]
    for start, own in zip(repeat.starts, repeat.spread, strict=False):
        column = exact(tuple(args[start:start + (repeat.count if own else 1)])[::order])
        found.append(known.setdefault((Repeat, *column), len(known)))
    for op, places in repeat.body.instructions:
        key = op.key, *[(found[x],) if x.__class__ is int else exact((x,)) for x in places]
        found.append(known.setdefault(key, len(known)))
    return found


class _Merged:
    """The Program with the second Repeat before the first one, to which it leaves the terms."""

    def __init__(self, program: Program, pair: Pair) -> None:
        self.program_before, self.pair, self.inputs = program, pair, len(program.inputs)
        self.made: list[Instruction] = []
        self.here: dict[Any, int] = {x: x for x in range(self.inputs)}
        self.cells = -1, -1         # the block of the second one's cells, as it was and as it is

    def program(self) -> Program:
        """The whole."""
        before, (first, second, *_) = self.program_before, self.pair
        later = _later(before, first)
        registers = range(self.inputs, self.inputs + len(before.instructions))
        for register in registers:
            if register < second and register not in later:
                self._copy(register)
        terms = self._second()
        self._first(terms)
        for register in registers:
            if register not in self.here:
                self._copy(register)
        here = self.here
        return replace(before, instructions=tuple(self.made), outputs=self._moved(before.outputs), elementary=False,
                       guards=tuple([guard._replace(left=self._moved((guard.left,))[0],
                                                    right=self._moved((guard.right,))[0]) for guard in before.guards]),
                       labels={here[x]: label for x, label in before.labels.items()})

    def _moved(self, atoms: Sequence[Atom]) -> tuple[Atom, ...]:
        return tuple([self.here[x] if x.__class__ is int else x for x in atoms])

    def _emit(self, op: Any, args: tuple[Atom, ...]) -> int:
        self.made.append(Instruction(op, args))
        return self.inputs + len(self.made) - 1

    def _copy(self, register: int) -> None:
        op, args = self.program_before.instructions[register - self.inputs]
        if op is item and args[0] == self.pair.second and args[1] == self.cells[0]:
            args = args[0], float(self.cells[1]), args[2]
        self.here[register] = self._emit(op, self._moved(args))

    def _second(self) -> list[list[int]]:
        """Append the second Repeat, which keeps the terms; the registers of these, in the order of the first one."""
        op, args = self.program_before.instructions[self.pair.second - self.inputs]
        repeat: Any = op.nested
        split = repeat.carries + repeat.stacks
        outputs, own = repeat.body.outputs, [register for _, register in self.pair.terms]
        body = replace(repeat.body, outputs=(*outputs[:split], *own, *outputs[split:]))
        made = Repeat(body, repeat.count, repeat.carries, repeat.spread, repeat.cells, repeat.tables)
        self.cells = 1 + repeat.stacks, 1 + made.stacks
        register = self.here[self.pair.second] = self._emit(made.op, self._moved(args))
        return [[self._emit(item, (register, float(self.cells[0] + i), float(place)))
                 for place in range(repeat.count)][::self.pair.order] for i in range(len(own))]

    def _first(self, terms: Sequence[Sequence[Atom]]) -> None:
        """Append what is left of the first Repeat."""
        op, args = self.program_before.instructions[self.pair.first - self.inputs]
        repeat: Any = op.nested
        kept, inputs = set(self.pair.own), len(repeat.body.inputs)
        read = {x for register in kept for x in repeat.body.instructions[register - inputs].args if x.__class__ is int}
        inside = {x: x for x in range(repeat.carries)}
        operands: list[Atom] = [*args[:repeat.carries]]
        spread: list[bool] = []
        for x, start, own in zip(range(repeat.carries, inputs), repeat.starts, repeat.spread, strict=False):
            if x in read or x in repeat.body.outputs:
                inside[x] = repeat.carries + len(spread)
                operands += args[start:start + (repeat.count if own else 1)]
                spread.append(own)
        operands = [*self._moved(operands)]
        for (x, _), column in zip(self.pair.terms, terms, strict=True):
            inside[x] = repeat.carries + len(spread)
            operands += column
            spread.append(True)
        count = repeat.carries + len(spread)
        body: list[Instruction] = []
        for x, (inner, places) in enumerate(repeat.body.instructions, inputs):
            if x in kept:
                inside[x] = count + len(body)
                body.append(Instruction(inner, tuple([inside[y] if y.__class__ is int else y for y in places])))
        outputs = tuple([inside[x] if x.__class__ is int else x for x in repeat.body.outputs])
        made = Repeat(Program("body", tuple(f"x{i}" for i in range(count)), tuple(body), outputs), repeat.count,
                      repeat.carries, spread)
        self.here[self.pair.first] = self._emit(made.op, tuple(operands))
