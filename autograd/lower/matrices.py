"""Matrices in a Program of a row: dot products of columns with shared numbers, and products of which rows give the sum.

They are what takes time in the wide layers of a network, and loops over them run faster than code written out.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from autograd.ops.primitives import TABLE
from autograd.program.program import Atom, Instruction, Program

ADD, MUL, DOT, WHERE = (TABLE[name] for name in ("add", "mul", "dot", "where"))
SHORT, SMALL = 8, 512       # terms of a run, and products of a matrix, from which a loop is worth its call


class Dots(NamedTuple):
    """Dot products with one run of columns, each added up from its first term to its last."""

    results: list[int]      # their registers
    shared: list[int]       # of each the first shared input; the others follow it
    column: int             # the first input that rows have of their own
    size: int


class Outer(NamedTuple):
    """Outputs that are the products of each left number with each right one; or ``other``, 0.0 or -0.0, where ``when``
    is 0."""

    lefts: list[int]
    places: list[int]       # of each left number the first output; those of the other right numbers follow it
    rights: tuple[int, ...]
    when: int | None
    other: float


class Apart(NamedTuple):
    """A Program without its matrices.

    Behind its own inputs it has the results of ``dots``. outputs: the places, in the whole Program, of those that are
    left; behind them it has the numbers that ``outers`` read.
    """

    program: Program
    dots: list[Dots]
    outers: list[Outer]
    outputs: list[int]


def dots(program: Program, shared: frozenset[int]) -> tuple[list[Dots], set[int]]:
    """The dot products that make matrices, and all registers that they consist of.

    shared: the inputs that all rows share; the columns are the other ones.
    """
    inputs, readers = len(program.inputs), _readers(program)
    terms: dict[Atom, tuple[int, int]] = {}
    chains: dict[Atom, tuple[int, int, list[int]]] = {}      # by the register of the sum so far: first term, registers
    for register, (op, args) in enumerate(program.instructions, inputs):
        if op is MUL:
            for w, x in (args, args[::-1]):
                if w.__class__ is int and x.__class__ is int and w in shared and x < inputs and x not in shared:
                    terms[register] = w, x
        elif op is ADD:
            for whole, term in (args, args[::-1]):
                if term.__class__ is float or whole.__class__ is float or term not in terms or (
                        readers[term] > 1 or readers[whole] > 1):
                    continue
                w, x = terms[term]
                if whole in chains:
                    first_w, first_x, made = chains[whole]
                    count = len(made) // 2 + 1
                    if (w, x) == (first_w + count, first_x + count):
                        made += (term, register)
                        chains[register] = chains.pop(whole)
                        break
                elif terms.get(whole) == (w - 1, x - 1):
                    chains[register] = w - 1, x - 1, [whole, term, register]
                    break
        elif op is DOT:
            half = len(args) // 2
            for ws, xs in ((args[:half], args[half:]), (args[half:], args[:half])):
                if half >= SHORT and _run(ws) and _run(xs) and shared.issuperset(ws) and xs[-1] < inputs and (
                        shared.isdisjoint(xs)):
                    chains[register] = int(ws[0]), int(xs[0]), [register] * (2 * half - 1)
    found: dict[tuple[int, int], Dots] = {}
    for register, (w, x, made) in chains.items():
        size = len(made) // 2 + 1
        group = found.setdefault((x, size), Dots([], [], x, size))
        group.results.append(int(register))
        group.shared.append(w)
    kept = [group for group in found.values() if group.size >= SHORT and group.size * len(group.results) >= SMALL]
    return kept, {x for group in kept for register in group.results for x in chains[register][2]}


def outers(program: Program, shared: frozenset[int], summed: Iterable[int]) -> tuple[list[Outer], set[int]]:
    """The summed outputs that make matrices, and the registers that nothing else reads."""
    inputs, readers = len(program.inputs), _readers(program)

    def own(x: Atom) -> bool:
        return x.__class__ is int and x not in shared

    def made(x: Atom) -> Instruction | None:
        return program.instructions[int(x) - inputs] if own(x) and x >= inputs and readers[x] == 1 else None

    known: dict[int, tuple[tuple[int | None, str], tuple[Atom, ...], list[int]]] = {}
    for place in sorted(summed):
        at = program.outputs[place]
        found, registers, condition = made(at), [at], (None, "")
        if found and found.op is WHERE and own(found.args[0]) and found.args[2] == 0.0 and (
                found.args[2].__class__ is float):
            condition = found.args[0], found.args[2].hex()      # type: ignore[assignment, union-attr]
            registers.append(found.args[1])
            found = made(found.args[1])
        if found and found.op is MUL and all(map(own, found.args)):
            known[place] = condition, found.args, registers     # type: ignore[assignment]
    groups: dict[object, Outer] = {}
    registers_of: dict[int, list[int]] = {}
    place = -1
    for start in known:
        if start <= place or start + 1 not in known:
            continue
        condition, args, _ = known[start]
        left = args[1] if args[1] in known[start + 1][1] else args[0]
        place, rights = start, list[int]()
        while place in known and known[place][0] == condition and left in known[place][1]:
            a, b = known[place][1]
            rights.append(int(b if a == left else a))
            place += 1
        place -= 1
        if len(rights) >= SHORT:
            group = groups.setdefault((condition, *rights), Outer(
                [], [], tuple(rights), condition[0], float.fromhex(condition[1] or "0.0")))
            group.lefts.append(int(left))
            group.places.append(start)
            registers_of[start] = [x for i in range(len(rights)) for x in known[start + i][2]]
    kept = [group for group in groups.values() if len(group.lefts) * len(group.rights) >= SMALL]
    return kept, {x for group in kept for start in group.places for x in registers_of[start]}


def apart(program: Program, shared: frozenset[int], summed: Iterable[int]) -> Apart:
    """The Program of a row, in elementary ops, without its matrices. summed: the outputs that rows add up."""
    inputs = len(program.inputs)
    products, inside = dots(program, shared)
    matrices, last = outers(program, shared, summed)
    inside |= last
    places: dict[Atom, int] = {x: x for x in range(inputs)}
    places.update({x: inputs + i for i, x in enumerate(x for group in products for x in group.results)})
    given = len(places)
    places.update({x: given + i for i, x in enumerate(x for x in range(inputs, inputs + len(program.instructions))
                                                       if x not in inside)})
    gone = {place + i for group in matrices for place in group.places for i in range(len(group.rights))}
    left = [place for place in range(len(program.outputs)) if place not in gone]
    matrices = [group._replace(lefts=[places[x] for x in group.lefts], rights=tuple(places[x] for x in group.rights),
                               when=None if group.when is None else places[group.when]) for group in matrices]
    read = {x for group in matrices for x in (*group.lefts, *group.rights, group.when) if x is not None and x >= given}

    def moved(atoms: Sequence[Atom]) -> tuple[Atom, ...]:
        return tuple([places[x] if x.__class__ is int else x for x in atoms])

    return Apart(replace(
        program, inputs=(*program.inputs, *(f"product {i}" for i in range(given - inputs))), labels={},
        instructions=tuple(Instruction(op, moved(args)) for register, (op, args) in enumerate(
            program.instructions, inputs) if register not in inside),
        outputs=(*moved([program.outputs[place] for place in left]), *sorted(read)),
        guards=tuple(guard._replace(left=moved((guard.left,))[0], right=moved((guard.right,))[0])
                     for guard in program.guards)), products, matrices, left)


def _run(atoms: Sequence[Atom]) -> bool:
    return all(x.__class__ is int for x in atoms) and [*atoms] == [*range(int(atoms[0]), int(atoms[0]) + len(atoms))]


def _readers(program: Program) -> Counter[Atom]:
    found: Counter[Atom] = Counter()
    for _, args in program.instructions:
        found.update(args)
    found.update(program.outputs)
    found.update(x for guard in program.guards for x in (guard.left, guard.right))
    return found        # constants that equal a register count as it
