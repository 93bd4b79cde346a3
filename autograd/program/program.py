"""Program: a computation as a list of instructions in single assignment form; its listing, cost and verification."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from autograd.errors import AutogradError
from autograd.ops.operand import COMPARISONS
from autograd.ops.primitives import Op
from autograd.ops.symbolic import Symbol, record

RELATIONS = {"less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">=", "equal": "==", "not_equal": "!="}
Atom = int | float      # an int is a register, a float a constant


class MissingWayError(AutogradError):
    """An iteration of a loop in a Program branches in a way for which it has no Program."""


class Instruction(NamedTuple):
    """One op applied to registers and constants; the result goes into the next register."""

    op: Op
    args: tuple[Atom, ...]


class Guard(NamedTuple):
    """A comparison on which the function branched, and its outcome in the trace."""

    relation: str       # a name of RELATIONS
    left: Atom
    right: Atom
    outcome: bool

    def holds(self, left: float, right: float) -> bool:
        """Whether these numbers have the same outcome."""
        return bool(COMPARISONS[self.relation](left, right)) == self.outcome


class Cost(NamedTuple):
    """The cost of one run of a Program."""

    instructions: int
    flops: int          # elementary ops in them: a product, a sine, a comparison and a choice count one each
    memory: int         # bytes of all registers that are alive together, at most
    recomputation: float = 1.0      # how often an iteration of a loop runs forwards, on average; snapshots make it more
    iterations: int = 0     # what each loop counts as whose count is not known before it runs; 0 where there is none


@dataclass(frozen=True, eq=False)
class Program:
    """Registers 0, 1, ... hold the inputs, the next ones the results of the instructions, in order.

    Two Programs are equal if they compute the same from the same inputs in the same way, to the
    bit of every constant; names and labels do not count.

    >>> from autograd import trace
    >>> program = trace(lambda a, b: (a + b) * b, 2.0, 1.0)
    >>> program
    <Program f: 2 inputs, 2 instructions>
    >>> len(program.instructions), len(program.guards)
    (2, 0)
    """

    name: str
    inputs: tuple[str, ...]
    instructions: tuple[Instruction, ...]
    outputs: tuple[Atom, ...]
    guards: tuple[Guard, ...] = ()
    labels: Mapping[int, str] = field(default_factory=dict)     # the user's names of registers
    elementary: bool = False        # whether it is simplified, and no op of it has a formula in others

    def _ends(self) -> tuple[Any, ...]:
        return (len(self.inputs), exact(self.outputs),
                [(relation, *exact((left, right)), outcome) for relation, left, right, outcome in self.guards])

    def _steps(self) -> list[Any]:
        return [(op.key, exact(args)) for op, args in self.instructions]

    def _key(self) -> tuple[Any, ...]:
        return self._ends(), self._steps()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Program) and self._ends() == other._ends() and (
            self.instructions is other.instructions or self._steps() == other._steps())

    def __hash__(self) -> int:
        return hash((len(self.inputs), len(self.instructions), len(self.outputs)))

    def __repr__(self) -> str:
        return f"<Program {self.name}: {len(self.inputs)} inputs, {len(self.instructions)} instructions>"

    def __str__(self) -> str:
        return "\n".join(listing(self))

    def __call__(self, *inputs: float) -> tuple[float, ...]:
        """Run it with the ops' own values, one after another.

        Where a guard fails, or a loop takes a way that it does not have, it is a ValueError.
        """
        registers = list(inputs)
        if len(registers) != len(self.inputs):
            raise TypeError(f"{self.name}: {len(registers)} numbers for {len(self.inputs)} inputs")

        def read(atom: Atom) -> float:
            return registers[atom] if atom.__class__ is int else atom

        def check() -> None:
            for guard in self.guards:
                known = all(x.__class__ is not int or x < len(registers) for x in (guard.left, guard.right))
                if known and not guard.holds(read(guard.left), read(guard.right)):
                    raise ValueError(f"{self.name}: made for {RELATIONS[guard.relation]} being {guard.outcome}, "
                                     "which does not hold for these inputs")

        for op, args in self.instructions:
            if op.nested:       # a loop might not end at numbers that go another way
                check()
            try:
                registers.append(op.value(*map(read, args)))
            except MissingWayError as error:
                raise ValueError(f"{self.name}: made for other branches; {error}") from error
        check()
        return tuple(map(read, self.outputs))

    def cost(self, iterations: int = 1) -> Cost:
        """Instructions, flops (composite ops count what their formulas take) and bytes of registers.

        A sum of n numbers takes n - 1 flops, a dot of n pairs n products and n - 1 sums. What several
        ops have in common counts for each of them, though the compiled code computes it once. A loop counts as often
        as its iterations, of the longest way.

        iterations: what a loop counts as whose count is known only when it runs: a `while_loop`, or a `fori_loop` with
            a traced bound. The result has it as ``iterations``, which is 0 where all counts are known. By default the
            cost is that of one iteration.

        With ``checkpoint=`` the way back runs iterations forwards again. Flops hold them, and ``recomputation`` is how
        often an iteration runs forwards, the first run included, on average: 1.0 without snapshots, and of several
        loops that of the largest. The first run also counts the iterations of a `while_loop`.

        >>> from autograd import grad, trace, while_loop
        >>> def root(a):
        ...     return while_loop(lambda x: abs(x * x - a) > 1e-9, lambda x: 0.5 * (x + a / x), a, checkpoint=3)
        >>> program = trace(grad(root), 2.0)
        >>> program.cost().iterations, program.cost(iterations=100).recomputation
        (1, 6.9)
        """
        last: dict[Atom, int] = {}      # where each register is read last
        for i, (_, args) in enumerate(self.instructions):
            last.update((arg, i) for arg in args if arg.__class__ is int)
        kept = {atom for atom in self.outputs if atom.__class__ is int}
        dying = Counter(i for register, i in last.items() if register not in kept)
        alive = most = len(self.inputs)
        for i in range(len(self.instructions)):
            alive += 1
            most = max(most, alive)
            alive -= dying[i]
        if isinstance(iterations, bool) or not isinstance(iterations, int) or iterations < 0:
            raise ValueError(f"cost: iterations={iterations!r}; give a whole number from 0 on")
        work = [op.nested.cost(iterations) if op.nested else Cost(1, flops(op, len(args)), 0)
                for op, args in self.instructions]
        return Cost(sum(part.instructions for part in work), sum(part.flops for part in work),
                    8 * most + sum(part.memory for part in work), *loops_of(work))


def loops_of(costs: Sequence[Cost]) -> tuple[float, int]:
    """The recomputation and the iterations of several costs together."""
    return max([cost.recomputation for cost in costs], default=1.0), max([cost.iterations for cost in costs], default=0)


@cache
def flops(op: Op, arity: int) -> int:
    """The number of elementary operations in one op."""
    if not op.composite:
        return 1
    inner: set[Symbol] = set()
    waiting = [record(op.formula, [f"x{i}" for i in range(arity)])]
    while waiting:
        x = waiting.pop()
        if isinstance(x, Symbol) and x.op and x not in inner:
            inner.add(x)
            waiting += x.args
    return sum(flops(x.op, len(x.args)) for x in inner if x.op)


def exact(atoms: tuple[Atom, ...]) -> tuple[Any, ...]:
    """Atoms in a form whose equality is bit-identity: -0.0 is not 0.0, and nan is nan."""
    if {*map(type, atoms)} <= {int}:        # most are registers alone
        return atoms
    return tuple(atom if atom.__class__ is int else float(atom).hex() for atom in atoms)


# ---- listing ------------------------------------------------------------------------------------


def names(program: Program) -> list[str]:
    """A name for each register: the inputs', the user's labels, v1, v2, ...; none twice."""
    taken: dict[str, int] = {}
    found = []
    count = 0
    for register in range(len(program.inputs) + len(program.instructions)):
        name = program.inputs[register] if register < len(program.inputs) else program.labels.get(register, "")
        if not name:
            count += 1
            name = f"v{count}"
        while name in taken:
            taken[name] += 1
            name = f"{name}_{taken[name]}"
        taken[name] = 1
        found.append(name)
    return found


def listing(program: Program) -> Iterator[str]:
    """Its lines, in the user's names: the instructions, the guards and the outputs."""
    called = names(program)

    def shown(atom: Atom) -> str:
        return called[atom] if atom.__class__ is int else repr(atom)

    yield f"def {program.name}({', '.join(program.inputs)}):"
    decided: dict[int, list[Guard]] = {}        # by the register after which they can be checked
    for guard in program.guards:
        after = max((atom for atom in guard[1:3] if atom.__class__ is int), default=-1)
        decided.setdefault(max(after, len(program.inputs) - 1), []).append(guard)

    def guards(register: int) -> Iterator[str]:
        for relation, left, right, outcome in decided.get(register, ()):
            yield f"    guard {shown(left)} {RELATIONS[relation]} {shown(right)} is {outcome}"

    yield from guards(len(program.inputs) - 1)
    for register, (op, args) in enumerate(program.instructions, len(program.inputs)):
        written = list(map(shown, args))
        if op.nested:
            written = op.nested.listed_operands(written)
        formula = f"{op.name}({', '.join(written)})" if not op.infix or op.arity is None else \
            f" {op.infix} ".join(written) if len(written) > 1 else op.infix + written[0]
        yield f"    {called[register]} = {formula}"
        if op.nested:
            yield from (f"        {line}" for line in op.nested.listing(listing))
        yield from guards(register)
    yield f"    return {', '.join(map(shown, program.outputs))}"


# ---- verification -------------------------------------------------------------------------------


def verify(program: Program) -> Program:
    """Return the Program; raise ValueError with the invariant that it violates."""
    def check(atom: Any, below: int, where: str) -> None:
        if atom.__class__ is float:
            return
        if atom.__class__ is not int:
            raise ValueError(f"{program.name}: {where}: {atom!r} is neither a register (int) nor a constant (float)")
        if not 0 <= atom < below:
            raise ValueError(f"{program.name}: {where}: register {atom} is not there yet, only {below} are")

    count = len(program.inputs)
    for op, args in program.instructions:
        where = f"instruction {count - len(program.inputs)}, {op.name}"
        if op.arity is not None and len(args) != op.arity:
            raise ValueError(f"{program.name}: {where}: {len(args)} operands, not {op.arity}")
        for atom in args:
            check(atom, count, where)
        if op.nested:
            op.nested.verify(len(args), where)
        count += 1
    for atom in program.outputs:
        check(atom, count, "output")
    for guard in program.guards:
        if guard.relation not in RELATIONS or guard.outcome.__class__ is not bool:
            raise ValueError(f"{program.name}: {guard} is not a comparison and its outcome")
        check(guard.left, count, "guard")
        check(guard.right, count, "guard")
    for register, label in program.labels.items():
        check(register, count, f"label {label!r}")
    if len(set(program.inputs)) < len(program.inputs):
        raise ValueError(f"{program.name}: two inputs have one name")
    return program
