"""Random straight-line Programs, and the numbers at which tests evaluate them."""

from dataclasses import replace

import autograd as ag
from autograd import TABLE, Program
from autograd.ops.primitives import apply
from autograd.program.program import RELATIONS, Guard, Instruction
from tests.support.edge_matrix import GRID, number

EDGES = tuple(map(number, GRID))
PLAIN = (0.3, -2.5, 7.0, 1e-3, 0.75)
OPS = list(TABLE.values())      # before any test adds its own


def some_number(rng):
    return rng.choice(EDGES) if rng.random() < 0.4 else rng.choice((rng.choice(PLAIN), rng.gauss(0.0, 2.0)))


def random_program(rng, most=12, guards=0):
    """Ops of the whole table on registers and constants, with repeated operands, unused inputs and dead code."""
    inputs = rng.randint(1, 3)
    count = inputs

    def atom():
        return some_number(rng) if rng.random() < 0.15 else rng.randrange(max(0, count - 6), count)

    instructions = []
    for _ in range(rng.randint(0, most)):
        op = rng.choice(OPS)
        arity = op.arity or rng.choice((1, 2, 3) if op.name != "dot" else (2, 4))
        args = tuple(atom() for _ in range(arity))
        instructions.append(Instruction(op, args if rng.random() > 0.1 else args[:1] * arity))
        count += 1
    outputs = (count - 1, *(atom() for _ in range(rng.randint(0, 2))))
    decided = [(rng.choice(list(RELATIONS)), atom(), atom()) for _ in range(rng.randint(0, guards))]
    labels = {rng.randrange(count): rng.choice(("a", "b", "x1")) for _ in range(rng.randint(0, 2))}
    program = Program("f", tuple(f"x{i}" for i in range(inputs)), tuple(instructions), outputs, (), labels)
    # as they came out in some run: a guard that never holds would be none
    registers = replace(program, outputs=tuple(range(count)))(*at(rng, program))
    numbers = [[registers[x] if x.__class__ is int else x for x in sides] for _, *sides in decided]
    return replace(program, guards=tuple(
        Guard(relation, left, right, Guard(relation, left, right, True).holds(*sides))
        for (relation, left, right), sides in zip(decided, numbers, strict=True)))


def eager(program, output=0):
    """One output as a function that anything can be given to."""
    def f(*inputs):
        registers = list(inputs)

        def read(atom):
            return registers[atom] if atom.__class__ is int else atom

        for op, args in program.instructions:
            registers.append(apply(op, [read(arg) for arg in args]))
        return read(program.outputs[output])

    return f


def at(rng, program):
    return [some_number(rng) for _ in program.inputs]


def calls(op):
    """The op as a function of its arguments one by one."""
    if op.arity is not None:
        return lambda *xs: op.function(*xs)
    if op.name == "dot":
        return lambda *xs: ag.dot(xs[:len(xs) // 2], xs[len(xs) // 2:])
    return lambda *xs: op.function(xs)


def grid(op, rng, most):
    """Arguments at which the op is tried: combinations of edges, and plain numbers."""
    arity = op.arity or 4
    points = [tuple(rng.choice(EDGES) for _ in range(arity)) for _ in range(most)]
    if arity == 1:
        points = [(x,) for x in EDGES]
    return points + [tuple(rng.uniform(low, high) for low, high in (op.domain * arity)[:arity]) for _ in range(5)]
