"""Long Programs run in steps, each for a block of rows, with the bits of scalar code."""

import random

import pytest
from mpmath import mp, mpf

from autograd import TABLE
from autograd.lower import matrices, recent_code
from autograd.lower.backend import compile_lanes
from autograd.lower.hoisting import hoisted, without_constants
from autograd.lower.llvm import native_lanes
from autograd.lower.llvm.lane_interpreter import ROWS
from autograd.lower.llvm.lane_steps import LaneSteps
from autograd.program.calls import slope
from autograd.program.program import Instruction, Program
from tests.support.bit_identity import same
from tests.support.lanes import check_each, run, scalar
from tests.support.straight_programs import OPS, grid, random_program, some_number
from tests.support.wide_layers import check, layer, table_of

ADD, MUL, SIN = TABLE["add"], TABLE["mul"], TABLE["sin"]


@pytest.fixture(autouse=True)
def all_are_long(monkeypatch):
    monkeypatch.setattr(native_lanes, "LONG", -1)
    monkeypatch.setattr(recent_code, "_kept", [])       # the code of other tests


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_every_op_of_the_table_has_the_bits_of_scalar_code(op):
    rng, arity = random.Random(op.name), op.arity or 4
    slopes = [made for place in range(op.arity or 0) if (made := slope(op, place))]
    instructions = [Instruction(op, tuple(range(arity)))]
    instructions += [Instruction(made, tuple(range(arity + 1))[:made.arity]) for made in slopes]
    program = Program(op.name, tuple(f"x{i}" for i in range(arity)), tuple(instructions),
                      tuple(range(arity, arity + len(instructions))))
    points = [list(point) for point in grid(op, rng, 60)]
    check_each(program, points)
    for place in [OPS.index(op) % arity]:       # to compile for each takes long, and a shared operand is read alike
        table = [[*point[:place], points[0][place], *point[place + 1:]] for point in points]
        check_each(program, table, shared=(place,), steps=(2, -1))


@pytest.mark.parametrize("seed", range(12))
def test_random_programs_with_guards(seed):
    rng = random.Random(seed)
    program = random_program(rng, most=60, guards=4)
    count = rng.randint(0, 3 * ROWS)
    table = [[some_number(rng) for _ in program.inputs] for _ in range(count)]
    check_each(program, table, width=rng.choice(native_lanes.WIDTHS), order=rng.sample(range(count), count // 2))
    check_each(program, table, steps=(1,))


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_sums_of_random_programs(seed, fast):
    rng = random.Random(seed)
    program = random_program(rng, most=30)
    table = [[rng.gauss(0.0, 2.0) for _ in program.inputs] for _ in range(rng.randint(0, 3 * ROWS))]
    summed = sorted(rng.sample(range(len(program.outputs)), rng.randint(1, len(program.outputs))))
    lanes = compile_lanes(program, "llvm", shared=frozenset(), summed=frozenset(summed), fast=fast)
    found = run(lanes, table, summed=summed, outputs=len(program.outputs), sums=[-0.0] * len(summed))
    sums = [-0.0] * len(summed)
    for row in scalar(program, table):
        sums = [total + row[place] for total, place in zip(sums, summed, strict=True)]
    assert fast or same(found.sums, sums)


def test_wide_layers_are_no_steps(monkeypatch):
    monkeypatch.setattr(matrices, "SMALL", 64)
    rng = random.Random(8)
    program, shared = layer(11, 9)
    check(program, shared, table_of(rng, program, shared, 69), orders=[rng.sample(range(69), 67), range(33)])


def test_fast_sums_are_near_the_exact_ones():
    program = Program("f", ("x", "w"), (Instruction(MUL, (0, 1)), Instruction(SIN, (2,)), Instruction(ADD, (3, 0.5))),
                      (4,))
    table = [[0.1 * i, 1.5] for i in range(101)]
    lanes = compile_lanes(program, "llvm", shared=frozenset({1}), summed=frozenset({0}), fast=True)
    total = run(lanes, table, shared=(1,), summed=(0,), sums=[1.0]).sums[0]
    assert abs(total - (1 + mp.fsum(mp.sin(mpf(x) * w) + 0.5 for x, w in table))) < 1e-13


def test_a_vector_is_kept_until_it_is_read_last():
    steps = tuple(Instruction(MUL if i % 2 else ADD, (i, 0 if i % 3 else 0.75)) for i in range(20_000))
    program = Program("chain", ("x",), steps, (20_000,))
    check_each(program, [[0.001 * i] for i in range(70)])
    _, row, shared = without_constants(*hoisted(program, frozenset()))
    assert LaneSteps(row, {}, lambda op: 0, 8, shared, frozenset(), False, 0).work <= 3
