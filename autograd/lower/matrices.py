"""Matrices in a Program of a row: dot products of columns with shared numbers, and products of which rows give the sum.

They are what takes time in the wide layers of a network, and loops over them run faster than code written out.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from autograd.ops.primitives import TABLE
from autograd.program.nested import has_loops
from autograd.program.program import Atom, Instruction, Program

ADD, MUL, DOT, WHERE = (TABLE[name] for name in ("add", "mul", "dot", "where"))
SHORT, SMALL = 8, 512      # terms of a run, and products of a matrix, from which a loop is worth its call


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
    if has_loops(program):
        return [], set()
    inputs, readers = len(program.inputs), _readers(program)
    terms: dict[int, tuple[int, int]] = {}      # of a product: the shared input, and the column
    chains: dict[int, _Chain] = {}      # by the register of the sum so far
    for register, (op, args) in enumerate(program.instructions, inputs):
        if op is MUL:
            for w, x in (args, args[::-1]):
                if isinstance(w, int) and isinstance(x, int) and w in shared and x < inputs and x not in shared:
                    terms[register] = w, x
        elif op is ADD:
            for so_far, term in (args, args[::-1]):
                if isinstance(so_far, int) and isinstance(term, int) and term in terms and (
                        readers[so_far] == readers[term] == 1):
                    if so_far in terms and so_far not in chains:
                        chains[so_far] = _Chain(*terms[so_far], 1, [so_far])
                    chain = chains.get(so_far)
                    if chain and terms[term] == (chain.shared + chain.size, chain.column + chain.size):
                        del chains[so_far]
                        chain.registers.extend((term, register))
                        chains[register] = chain._replace(size=chain.size + 1)
                        break
        elif op is DOT:
            half = len(args) // 2
            for ws, xs in ((args[:half], args[half:]), (args[half:], args[:half])):
                if _run(ws) and _run(xs) and shared.issuperset(ws) and shared.isdisjoint(xs) and xs[-1] < inputs:
                    chains[register] = _Chain(int(ws[0]), int(xs[0]), half, [register])
    groups: dict[tuple[int, int], Dots] = {}
    for register, chain in chains.items():
        group = groups.setdefault((chain.column, chain.size), Dots([], [], chain.column, chain.size))
        group.results.append(register)
        group.shared.append(chain.shared)
    found = [group for group in groups.values() if group.size >= SHORT and group.size * len(group.results) >= SMALL]
    return found, {x for group in found for register in group.results for x in chains[register].registers}


class _Chain(NamedTuple):
    """The sum of so many products of shared inputs and columns, from these on."""

    shared: int
    column: int
    size: int
    registers: list[int]


class _Product(NamedTuple):
    """An output: a product where ``when``, else a zero; and the registers that it consists of."""

    when: int | None
    other: str
    factors: tuple[int, ...]
    registers: tuple[int, ...]


def outers(program: Program, shared: frozenset[int], summed: Iterable[int]) -> tuple[list[Outer], set[int]]:
    """The summed outputs that make matrices, and the registers that they alone consist of."""
    products = _products(program, shared, summed)
    groups: dict[object, Outer] = {}
    done = -1
    for start in products:
        if start <= done or start + 1 not in products:
            continue
        when, other, factors, _ = products[start]
        left = factors[1] if factors[1] in products[start + 1].factors else factors[0]
        rights = list[int]()
        while (product := products.get(start + len(rights))) and product[:2] == (when, other) and (
                left in product.factors):
            a, b = product.factors
            rights.append(b if a == left else a)
        done = start + len(rights) - 1
        if len(rights) >= SHORT:
            group = groups.setdefault((when, other, *rights), Outer([], [], tuple(rights), when, float.fromhex(other)))
            group.lefts.append(left)
            group.places.append(start)
    found = [group for group in groups.values() if len(group.lefts) * len(group.rights) >= SMALL]
    return found, {x for group in found for start in group.places for i in range(len(group.rights))
                   for x in products[start + i].registers}


def _products(program: Program, shared: frozenset[int], summed: Iterable[int]) -> dict[int, _Product]:
    """By their places, the summed outputs that are products of numbers that each row has of its own."""
    inputs, readers = len(program.inputs), _readers(program)

    def own(atoms: Iterable[Atom]) -> bool:
        return all(isinstance(x, int) and x not in shared for x in atoms)

    found = {}
    for place in sorted(summed):
        x, when, other, registers = program.outputs[place], None, "0x0.0p+0", list[Any]()
        for _ in range(2):
            if not isinstance(x, int) or x < inputs or readers[x] > 1:
                break
            registers.append(x)
            op, args = program.instructions[x - inputs]
            if op is MUL and own(args):
                found[place] = _Product(when, other, args, tuple(registers))    # type: ignore[arg-type]
            if op is not WHERE or not own(args[:1]) or args[2] != 0.0 or isinstance(args[2], int):
                break
            when, x, other = args[0], args[1], args[2].hex()
    return found


def apart(program: Program, shared: frozenset[int], summed: Iterable[int]) -> Apart:
    """The Program of a row, in elementary ops, without its matrices; with loops it stays whole.

    summed: the outputs that rows add up.
    """
    if has_loops(program):
        return Apart(program, [], [], [*range(len(program.outputs))])
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
    """Whether they are registers, one behind the other."""
    first = atoms[0] if atoms else 0.0
    return isinstance(first, int) and all(isinstance(x, int) and x == i for i, x in enumerate(atoms, first))


def _readers(program: Program) -> Counter[Atom]:
    """How often registers are read; constants that equal a register count as it."""
    found: Counter[Atom] = Counter()
    for _, args in program.instructions:
        found.update(args)
    found.update(program.outputs)
    found.update(x for guard in program.guards for x in (guard.left, guard.right))
    return found
