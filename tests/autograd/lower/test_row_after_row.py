"""Rows one after another, where a backend has no lanes: the outputs, guards and sums of scalar code."""

import random

import pytest

from autograd import primitive
from autograd.lower.backend import compile_lanes
from autograd.lower.row_after_row import RowAfterRow
from autograd.ops.primitives import TABLE
from autograd.program.program import Guard, Instruction, Program
from tests.support.lanes import check_each, run
from tests.support.straight_programs import random_program, some_number

MUL, ADD, SQRT = TABLE["mul"], TABLE["add"], TABLE["sqrt"]
LINE = Program("line", ("x", "w"), (Instruction(MUL, (0, 1)), Instruction(ADD, (2, 1.5))), (3, 0))


@pytest.mark.parametrize("seed", range(40))
def test_rows_have_the_bits_of_scalar_code(seed):
    rng = random.Random(seed)
    program = random_program(rng, guards=2)
    table = [[some_number(rng) for _ in program.inputs] for _ in range(rng.choice((0, 1, 7)))]
    made = check_each(program, table, backend="python", steps=rng.choice([(1,), (2, -3)]))
    assert isinstance(made, RowAfterRow)


def test_rows_are_gathered_and_scattered_by_their_numbers():
    table = [[float(i), 2.0] for i in range(6)]
    check_each(LINE, table, backend="python", order=[4, 1, 5], shared=(1,))
    check_each(LINE, table, backend="python", first=2, count=3, steps=(-2, 4))


def test_sums_go_on_from_where_they_begin_and_other_outputs_are_written():
    lanes = compile_lanes(LINE, "python", shared=frozenset({1}), summed=frozenset({0}))
    found = run(lanes, [[0.1, 3.0], [1e17, 3.0], [-1e17, 3.0]], shared=(1,), summed=(0,), outputs=2, sums=[2.0])
    total = 2.0
    for x in (0.1, 1e17, -1e17):
        total = total + (x * 3.0 + 1.5)
    assert found.sums == [total]
    assert [row[1] for row in found.outputs] == [0.1, 1e17, -1e17]


def test_a_row_that_fails_names_its_first_guard():
    program = Program("root", ("x",), (Instruction(SQRT, (0,)),), (1,),
                      (Guard("less", 0, 9.0, True), Guard("greater", 0, 0.0, True)))
    lanes = compile_lanes(program, "python", shared=frozenset())
    found = run(lanes, [[4.0], [-1.0], [16.0]])
    assert (found.failed, found.outputs[0]) == ([-1, 1, 0], [2.0])


def test_an_op_of_the_users_own_runs_row_after_row():
    try:
        primitive("whole_part_", lambda x: float(int(x)), lambda x, out: 1.0)
        program = Program("own", ("x",), (Instruction(TABLE["whole_part_"], (0,)),), (1,))
        found = run(compile_lanes(program, "auto", shared=frozenset()), [[1.5], [-2.5]])
    finally:
        del TABLE["whole_part_"]
    assert found.outputs == [[1.0], [-2.0]]
