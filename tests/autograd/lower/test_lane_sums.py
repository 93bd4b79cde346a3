"""Sums over rows: those of a plain loop, to the bit, at every width and length."""

import random

import pytest

from autograd import TABLE
from autograd.lower.backend import compile_lanes
from autograd.lower.llvm.native_lanes import WIDTHS
from autograd.program.program import Instruction, Program
from tests.support.bit_identity import same
from tests.support.lanes import run, scalar
from tests.support.straight_programs import random_program

MUL, ADD = TABLE["mul"], TABLE["add"]


def many_outputs(count):
    """x * w + i for each i, and x itself."""
    instructions = [Instruction(MUL, (0, 1))] + [Instruction(ADD, (2, float(i))) for i in range(count)]
    return Program("many", ("x", "w"), tuple(instructions), (*range(3, 3 + count), 0))


def added(program, table, summed, sums):
    for row in scalar(program, table):
        sums = [total + row[place] for total, place in zip(sums, summed, strict=True)]
    return sums


def spread(rng):
    """Numbers whose sum depends on the order."""
    return rng.choice((1.0, -1.0, 0.1)) * 10.0 ** rng.randint(-9, 9)


@pytest.mark.parametrize("backend", ["llvm", "python"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("outputs", [1, 2, 7, 8, 9, 33])
def test_sums_are_added_in_the_order_of_rows(backend, width, outputs):
    rng, program = random.Random(outputs), many_outputs(outputs)
    lanes = compile_lanes(program, backend, shared=frozenset({1}), summed=frozenset(range(outputs)), width=width)
    for count in (0, 1, 2, 7, 8, 9, 30, 67):
        table = [[spread(rng), 1.7] for _ in range(count)]
        order = rng.sample(range(count), count)
        begin = [spread(rng) for _ in range(outputs)]
        for how, rows in (({}, table), ({"order": order, "steps": (2,)}, [table[i] for i in order])):
            found = run(lanes, table, shared=(1,) if count else (), summed=range(outputs), outputs=outputs + 1,
                        sums=begin, **how)
            assert same(found.sums, added(program, rows, range(outputs), begin))
            assert [row[-1] for row in found.outputs] == [row[0] for row in rows]


@pytest.mark.parametrize("seed", range(12))
def test_sums_of_random_programs(seed):
    rng = random.Random(seed)
    program = random_program(rng, most=30)
    table = [[rng.gauss(0.0, 2.0) for _ in program.inputs] for _ in range(rng.randint(0, 67))]
    summed = sorted(rng.sample(range(len(program.outputs)), rng.randint(1, len(program.outputs))))
    for width in WIDTHS:
        lanes = compile_lanes(program, "llvm", shared=frozenset(), summed=frozenset(summed), width=width)
        found = run(lanes, table, summed=summed, outputs=len(program.outputs), sums=[-0.0] * len(summed))
        assert same(found.sums, added(program, table, summed, [-0.0] * len(summed)))


def test_the_rows_that_fill_the_last_vector_add_nothing():
    """The sum of no rows is what it was, also -0.0, and a row that overflows counts once."""
    lanes = compile_lanes(many_outputs(1), "llvm", shared=frozenset(), summed=frozenset({0}))
    assert str(run(lanes, [], summed=(0,), outputs=2, sums=[-0.0], steps=(1, 1)).sums) == "[-0.0]"
    assert run(lanes, [[2.0, 3.0]], summed=(0,), outputs=2, sums=[0.0]).sums == [6.0]
    assert run(lanes, [[float("inf"), 3.0]] * 3, summed=(0,), outputs=2, sums=[0.0]).sums == [float("inf")]


def test_what_the_call_began_with_is_not_read_again():
    lanes = compile_lanes(many_outputs(3), "llvm", shared=frozenset({1}), summed=frozenset({0, 1, 2}))
    table, total = [[float(i), 2.0] for i in range(100)], [0.0] * 3
    for start in range(0, 100, 13):
        total = run(lanes, table, shared=(1,), summed=range(3), outputs=4, sums=total, first=start,
                    count=min(13, 100 - start)).sums
    assert same(total, added(many_outputs(3), table, range(3), [0.0] * 3))
