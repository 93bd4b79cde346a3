"""A Program over many rows in two parts: what is the same for all rows, and the rest."""

from collections.abc import Iterable
from dataclasses import replace

from autograd.program.program import Atom, Instruction, Program


def hoisted(program: Program, shared: frozenset[int]) -> tuple[Program, Program, frozenset[int]]:
    """A Program of the shared inputs, in their order; the Program of a row; and the inputs that it shares.

    The latter has the outputs of the former as further inputs, behind its own. shared: the inputs that all rows share.
    """
    count, given = len(program.inputs), sorted(shared)
    inner: dict[int, int] = {x: i for i, x in enumerate(given)}     # register of what is shared -> that in the first
    own: list[Instruction] = []
    rest: list[tuple[int, Instruction]] = []
    for register, instruction in enumerate(program.instructions, count):
        # a loop is not: rows may leave its way, or read its rows
        if not instruction.op.nested and all(x.__class__ is float or x in inner for x in instruction.args):
            inner[register] = len(given) + len(own)
            own.append(Instruction(instruction.op, _moved(instruction.args, inner)))
        else:
            rest.append((register, instruction))
    read = {x for _, (_, args) in rest for x in args} | {*program.outputs}
    read |= {x for guard in program.guards for x in (guard.left, guard.right)}
    made = sorted(x for x in inner if x >= count and x in read)
    outer = {x: x for x in range(count)} | {x: count + i for i, x in enumerate(made)}
    outer |= {register: count + len(made) + i for i, (register, _) in enumerate(rest)}
    first = replace(program, inputs=tuple(program.inputs[x] for x in given), instructions=tuple(own), guards=(),
                    outputs=tuple(inner[x] for x in made), labels={})
    row = replace(program, inputs=(*program.inputs, *(f"shared {i}" for i in range(len(made)))), labels={},
                  instructions=tuple(Instruction(op, _moved(args, outer)) for _, (op, args) in rest),
                  outputs=_moved(program.outputs, outer), guards=tuple(
                      guard._replace(left=_moved((guard.left,), outer)[0], right=_moved((guard.right,), outer)[0])
                      for guard in program.guards))
    return first, row, shared | frozenset(range(count, count + len(made)))


def without_constants(first: Program, row: Program, shared: frozenset[int]) -> tuple[Program, Program, frozenset[int]]:
    """The same three; now the first gives the constants of the row's Program, too."""
    atoms = [x for _, args in row.instructions for x in args] + [*row.outputs]
    atoms += [x for guard in row.guards for x in (guard.left, guard.right)]
    constants = {x.hex(): x for x in atoms if x.__class__ is float}     # -0.0 is not 0.0
    own = len(row.inputs)
    places = {name: own + i for i, name in enumerate(constants)}

    def moved(atoms: Iterable[Atom]) -> tuple[Atom, ...]:
        return tuple([places[x.hex()] if x.__class__ is float else x if x < own else x + len(places) for x in atoms])

    row = replace(row, inputs=(*row.inputs, *(f"constant {i}" for i in range(len(places)))), outputs=moved(row.outputs),
                  instructions=tuple(Instruction(op, moved(args)) for op, args in row.instructions), guards=tuple(
                      guard._replace(left=moved((guard.left,))[0], right=moved((guard.right,))[0])
                      for guard in row.guards))
    return (replace(first, outputs=(*first.outputs, *constants.values())), row,
            shared | frozenset(places.values()))


def _moved(atoms: tuple[Atom, ...], places: dict[int, int]) -> tuple[Atom, ...]:
    return tuple([places[x] if x.__class__ is int else x for x in atoms])
