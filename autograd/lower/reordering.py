"""The order of a Program's instructions that keeps few numbers alive."""

from dataclasses import replace

from autograd.program.program import Atom, Instruction, Program


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
