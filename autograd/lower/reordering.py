"""The order of a Program's instructions that keeps few numbers alive, and of long sums' terms that takes less time."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from autograd.lower.schedule import deciding
from autograd.ops.primitives import TABLE, Op
from autograd.program.program import Atom, Instruction, Program

PARTS = 4                       # of a long sum: a processor adds about as many numbers while it waits for one of them
LONG = 2 * PARTS                # terms of a sum that stays as it is, at most
SUM, DOT, MEAN, DIV, ADD, MUL = (TABLE[name] for name in ("sum", "dot", "mean", "div", "add", "mul"))


def soonest(program: Program) -> Program:
    """An equal Program in which an instruction that alone reads a register follows as soon as its operands are there.

    A derivative's last steps stand at its end, far from what they read, which would have to be kept in memory.
    """
    inputs = len(program.inputs)
    readers: dict[Atom, list[int]] = {}
    missing: list[int] = []         # of each instruction, how many operands are still to come
    for register, (_, args) in enumerate(program.instructions, inputs):
        operands = {x for x in args if x.__class__ is int and x >= inputs}
        missing.append(len(operands))
        for x in operands:
            readers.setdefault(x, []).append(register)
    places: dict[Atom, int] = {x: x for x in range(inputs)}
    order: list[Instruction] = []

    def moved(atoms: tuple[Atom, ...]) -> tuple[Atom, ...]:
        return tuple([places[x] if x.__class__ is int else x for x in atoms])

    for start in range(inputs, inputs + len(program.instructions)):
        following = start if start not in places else -1
        while following >= 0:
            op, args = program.instructions[following - inputs]
            places[following] = inputs + len(order)
            order.append(Instruction(op, moved(args)))
            reading = readers.get(following, ())
            for reader in reading:
                missing[reader - inputs] -= 1
            following = reading[0] if len(reading) == 1 and not missing[reading[0] - inputs] else -1
    return replace(program, instructions=tuple(order), outputs=moved(program.outputs), labels={}, guards=tuple(
        guard._replace(left=moved((guard.left,))[0], right=moved((guard.right,))[0]) for guard in program.guards))


def in_parts(program: Program, whole: Collection[int] = ()) -> Program:
    """The Program with each long sum, mean, dot product and chain of additions added up in parts, for fast code.

    An addition waits for the one before it, but not for those of other parts. What guards depend on stays as it is, and
    so do the registers ``whole``.
    """
    ops = [op for op, _ in program.instructions]
    if ops.count(ADD) < LONG and not any(op in (SUM, MEAN, DOT) for op in set(ops)):
        return program
    inputs, exact = len(program.inputs), deciding(program).union(whole)
    before, last = _chains(program, exact)
    places = list(range(inputs))
    made: list[Instruction] = []
    sums: dict[int, _Parts] = {}        # of a chain, by its addition that came last

    def put(op: Op, *args: Atom) -> int:
        made.append(Instruction(op, args))
        return inputs + len(made) - 1

    def moved(atoms: Sequence[Atom]) -> list[Atom]:
        return [places[x] if x.__class__ is int else x for x in atoms]

    for register, (op, args) in enumerate(program.instructions, inputs):
        operands = moved(args)
        if register in before:
            parts = sums[register] = sums.pop(before[register]) if before[register] >= 0 else _Parts(put)
            for x, operand in zip(args, operands, strict=True):
                if x.__class__ is float or x != before[register]:
                    parts.add(operand)
            places.append(parts.total() if register in last else -1)
        elif op in (SUM, MEAN, DOT) and len(args) > (2 * LONG if op is DOT else LONG) and register not in exact:
            parts, half = _Parts(put), len(args) // 2
            terms = zip(operands[:half], operands[half:], strict=True) if op is DOT else zip(operands, strict=True)
            for term in terms:
                parts.add(put(MUL, *term) if op is DOT else term[0])
            places.append(put(DIV, parts.total(), float(len(args))) if op is MEAN else parts.total())
        else:
            places.append(put(op, *operands))
    return replace(program, instructions=tuple(made), outputs=tuple(moved(program.outputs)),
                   labels={places[x]: label for x, label in program.labels.items() if places[x] >= 0},
                   guards=tuple(guard._replace(left=moved((guard.left,))[0], right=moved((guard.right,))[0])
                                for guard in program.guards))


class _Parts:
    """A sum in the making; put: appends an instruction."""

    def __init__(self, put: Callable[..., int]) -> None:
        self.put, self.count, self.parts = put, 0, list[Atom]()

    def add(self, term: Atom) -> None:
        if self.count < PARTS:
            self.parts.append(term)
        else:
            place = self.count % PARTS
            self.parts[place] = self.put(ADD, self.parts[place], term)
        self.count += 1

    def total(self) -> int:
        a, b, c, d = self.parts
        return self.put(ADD, self.put(ADD, a, b), self.put(ADD, c, d))


def _chains(program: Program, exact: set[int]) -> tuple[dict[int, int], set[int]]:
    """Of each addition in a long chain the one before it, which it alone reads, or -1; and the last ones."""
    inputs = len(program.inputs)
    readers: Counter[Atom] = Counter(x for _, args in program.instructions for x in args if x.__class__ is int)
    readers.update(x for x in program.outputs if x.__class__ is int)
    chains: dict[Atom, list[int]] = {}      # by the addition that came last
    for register, (op, args) in enumerate(program.instructions, inputs):
        if op is ADD and register not in exact:
            inner = next((x for x in args if x.__class__ is int and x in chains and readers[x] == 1), -1)
            chain = chains[register] = chains.pop(inner, [])
            chain.append(register)
    long = [chain for chain in chains.values() if len(chain) >= LONG]
    before = {x: y for chain in long for x, y in zip(chain, [-1, *chain], strict=False)}
    return before, {chain[-1] for chain in long}
