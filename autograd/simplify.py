"""simplify: a shorter Program that computes the same, to the last bit."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograd.program import Atom, Guard, Instruction, Program

COMMUTATIVE = ("add", "mul")


def _is(x: Atom, constant: float) -> bool:
    """Whether the operand is this constant, to the sign of zero."""
    return x.__class__ is float and x == constant and (x != 0.0 or str(x) == str(constant))


# What an instruction is where it needs none: an operand of it, or None. Nothing here changes a bit:
# x + 0.0 is not x for x = -0.0, x * 0.0 is not 0.0, x - x is not 0.0 at inf.
IDENTITIES: dict[str, Callable[..., Atom | None]] = {
    "pos": lambda x: x,
    "add": lambda x, y: x if _is(y, -0.0) else y if _is(x, -0.0) else None,
    "sub": lambda x, y: x if _is(y, 0.0) else None,
    "mul": lambda x, y: x if _is(y, 1.0) else y if _is(x, 1.0) else None,
    "div": lambda x, y: x if _is(y, 1.0) else None,
    "where": lambda condition, a, b: (a if condition else b) if condition.__class__ is float else
             a if a.__class__ is b.__class__ and repr(a) == repr(b) and a == a else None,
}


def simplify(program: Program) -> Program:
    """Fold constants, compute common subexpressions once, and leave out what nothing needs.

    Keeps every bit of every output and guard, infinities, nan and signed zeros included. Take
    derivatives first: merged subexpressions would add up their contributions in another order.
    """
    inputs = len(program.inputs)
    atoms: list[Atom] = list(range(inputs))             # what each old register is now
    instructions: list[Instruction] = []
    seen: dict[Any, int] = {}

    for op, args in program.instructions:
        args = tuple([atoms[arg] if arg.__class__ is int else arg for arg in args])
        if int not in map(type, args) and op.arity is not None:
            atoms.append(op.value(*args))
            continue
        identity = IDENTITIES.get(op.name)
        known = identity(*args) if identity else None
        if known is None:
            # constants as text: 1.0 is not register 1, -0.0 is not 0.0, and nan is nan
            parts = [arg if arg.__class__ is int else repr(arg) for arg in args]
            if op.name in COMMUTATIVE:
                parts.sort(key=str)
            key = op, *parts
            known = seen.get(key)
            if known is None:
                known = seen[key] = inputs + len(instructions)
                instructions.append(Instruction(op, args))
        atoms.append(known)

    def now(atom: Atom) -> Atom:
        return atoms[atom] if atom.__class__ is int else atom

    guards = dict.fromkeys(Guard(relation, now(left), now(right), outcome)
                           for relation, left, right, outcome in program.guards)
    labels = {now(register): label for register, label in program.labels.items()}
    return _without_dead_code(replace(
        program, instructions=tuple(instructions), outputs=tuple(map(now, program.outputs)),
        guards=tuple(guard for guard in guards if int in (type(guard.left), type(guard.right))), labels=labels))


def _without_dead_code(program: Program) -> Program:
    inputs = len(program.inputs)
    needed = {*program.outputs, *(x for guard in program.guards for x in (guard.left, guard.right))}
    needed = {atom for atom in needed if atom.__class__ is int}
    for register in range(inputs + len(program.instructions) - 1, inputs - 1, -1):
        if register in needed:
            needed.update(arg for arg in program.instructions[register - inputs].args if arg.__class__ is int)
    moved = {register: i for i, register in enumerate(
        [*range(inputs), *sorted(register for register in needed if register >= inputs)])}

    def now(atom: Atom) -> Atom:
        return moved[atom] if atom.__class__ is int else atom

    return replace(
        program,
        instructions=tuple(Instruction(op, tuple(map(now, args))) for register, (op, args)
                           in enumerate(program.instructions, inputs) if register in needed),
        outputs=tuple(map(now, program.outputs)),
        guards=tuple(Guard(relation, now(left), now(right), outcome)
                     for relation, left, right, outcome in program.guards),
        labels={moved[register]: label for register, label in program.labels.items() if register in moved})
