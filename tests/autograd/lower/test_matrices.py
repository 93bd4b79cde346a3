"""Wide layers of many rows run as loops over matrices, with the bits of scalar code."""

import math
import random

import pytest
from mpmath import mp

import nn
from autograd import TABLE, value_and_grad, vmap
from autograd.lower import matrices
from autograd.lower.backend import compile_lanes
from autograd.lower.llvm.native_lanes import WIDTHS
from autograd.lower.matrices import apart
from autograd.program.program import Guard, Instruction, Program
from tests.support.bit_identity import same
from tests.support.lanes import run, scalar
from tests.support.wide_layers import check, layer, table_of

ADD, MUL = TABLE["add"], TABLE["mul"]
EDGES = 0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, -1e308, 1e308


@pytest.fixture(autouse=True)
def small_ones_too(monkeypatch):
    monkeypatch.setattr(matrices, "SMALL", 64)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_layer_has_the_bits_of_scalar_code_at_every_width_and_length(width):
    rng = random.Random(width)
    program, shared = layer(11, 9)
    found = apart(program, shared, range(1, 100))
    assert (len(found.dots), len(found.outers), len(found.outers[0].lefts)) == (1, 1, 9)
    orders = [rng.sample(range(69), count) for count in (0, 1, 7, 8, 9, 31, 32, 33, 69)]
    check(program, shared, table_of(rng, program, shared, 69), width=width, orders=orders, steps=(1, -2, 3))


def test_without_flags_and_where_sums_begin_with_a_number():
    program, shared = layer(8, 17, zeros=())
    assert apart(program, shared, range(1, 137)).outers[0].when is None
    check(program, shared, table_of(random.Random(1), program, shared, 45), start=0.25)


def test_numbers_that_are_not_finite_and_zeros_of_both_signs():
    rng = random.Random(2)
    program, shared = layer(16, 5)
    table = table_of(rng, program, shared, 41)
    for row in table:
        row[rng.randrange(16)] = rng.choice(EDGES)
        row[16] = rng.choice((0.0, -0.0, 1.0, math.nan))
    for place in rng.sample(sorted(shared), 12):
        number = rng.choice(EDGES)
        for row in table:
            row[place] = number
    check(program, shared, table)


def test_only_equal_zeros_share_a_matrix():
    program, shared = layer(8, 16, zeros=(0.0, -0.0))
    assert [repr(group.other) for group in apart(program, shared, range(1, 129)).outers] == ["0.0", "-0.0"]
    check(program, shared, table_of(random.Random(3), program, shared, 19))


@pytest.mark.parametrize("seed", range(2))
def test_what_is_no_matrix_stays_as_it_is(seed):
    """Sums in which terms are exchanged, read twice, or of other inputs: what is left of runs is found, or nothing."""
    rng = random.Random(seed)
    program, shared = layer(12, 9)
    steps = [*program.instructions]
    for at in rng.sample(range(len(steps)), 3):
        op, args = steps[at]
        if op is MUL and all(isinstance(x, int) for x in args):
            a, b = args
            steps[at] = Instruction(op, rng.choice([(a, a), (a, 1.5), (0, b), (a, 3)]))
        elif op is ADD:
            steps[at] = Instruction(rng.choice((ADD, MUL)), (args[0], rng.choice((args[0], 2, 0.5))))
    changed = Program("changed", program.inputs, tuple(steps), program.outputs)
    table = table_of(rng, program, shared, 21)
    check(changed, shared, table)


def test_a_chain_is_read_nowhere_else_and_constants_are_no_registers():
    program, shared = layer(8, 9, zeros=())
    inside = len(program.inputs) + 1
    steps = (*program.instructions, Instruction(ADD, (inside, float(inside))), Instruction(MUL, (8.0, 3.0)))
    changed = Program("read", program.inputs, steps, (*program.outputs[:-1], len(program.inputs) + len(steps) - 2))
    assert len(apart(changed, shared, ()).dots[0].results) == 8
    table = table_of(random.Random(4), program, shared, 11)
    check(changed, shared, table)


def test_a_dot_product_with_constants_is_no_matrix():
    dot = TABLE["dot"]
    for args in ((math.nan, 1.0, 0, 1), (2, 3, math.inf, 1), ()):
        program = Program("dot", ("x", "y", "w", "v"), (Instruction(dot, args),), (4,))
        assert matrices.dots(program, frozenset({2, 3})) == ([], set())
    whole = Program("dot", tuple("abcdefgh" "ijklmnop"), (Instruction(dot, tuple(range(16))),), (16,))
    assert matrices.dots(whole, frozenset(range(8, 16))) == ([], set())      # one alone is small
    several = Program("dot", whole.inputs, whole.instructions * 8, tuple(range(16, 24)))
    assert matrices.dots(several, frozenset(range(8, 16)))[1] == {*range(16, 24)}


def test_fast_sums_are_near_the_exact_ones_and_guards_see_exact_ones():
    rng = random.Random(5)
    program, shared = layer(32, 4)
    table = table_of(rng, program, shared, 67)
    summed = range(len(program.outputs))
    lanes = compile_lanes(program, "llvm", shared=shared, summed=frozenset(summed), fast=True)
    found = run(lanes, table, shared=shared, summed=summed, outputs=len(summed), sums=[0.0] * len(summed)).sums
    rows = scalar(program, table)
    for place, total in enumerate(found):
        terms = [row[place] for row in rows]
        assert abs(total - mp.fsum(terms)) <= 1e-14 * (1.0 + sum(map(abs, terms)))
    # each row leaves where its sum is not to the bit the one that scalar code has
    first = len(program.inputs)
    sums = [first + 63 * (i + 1) - 1 for i in range(4)]
    exact = scalar(program, table)[0][0]
    guarded = Program("guarded", program.inputs, program.instructions, (sums[1],),
                      (Guard("equal", sums[0], exact, True),))
    lanes = compile_lanes(guarded, "llvm", shared=shared, fast=True)
    assert run(lanes, table, shared=shared).failed == [-1, *[0] * 66]


def test_a_network_has_the_bits_of_the_loop_over_rows():
    model = nn.Sequential(nn.Linear(16, 6, seed=0), nn.Tanh(), nn.Linear(6, 3, seed=1))
    parameters = model.parameters()
    rng = random.Random(6)
    rows = [[*(rng.gauss(0.0, 1.0) for _ in range(16)), float(rng.randrange(3))] for _ in range(11)]

    def loss(row):
        return nn.cross_entropy(model(row[:16]), row[16])

    gradient = value_and_grad(loss, wrt=parameters)
    total, slopes = vmap(gradient, reduce="sum")(rows)
    eager = [gradient(row) for row in rows]
    wanted, sums = 0.0, [0.0] * len(parameters)
    for value, each in eager:
        wanted += value
        sums = [a + b for a, b in zip(sums, each, strict=True)]
    assert same([float(total), *map(float, slopes)], [float(wanted), *map(float, sums)])
