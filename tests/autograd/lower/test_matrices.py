"""Wide layers of many rows run as loops over matrices, with the bits of scalar code."""

import math
import random

import pytest
from mpmath import mp

import nn
from autograd import TABLE, value_and_grad, vmap
from autograd.lower.backend import compile_lanes
from autograd.lower.llvm.native_lanes import WIDTHS
from autograd.lower.matrices import apart
from autograd.program.program import Guard, Instruction, Program
from tests.support.bit_identity import same
from tests.support.lanes import run, scalar

ADD, MUL, WHERE = (TABLE[name] for name in ("add", "mul", "where"))
EDGES = 0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, -1e308, 1e308


def layer(inputs, outputs, zeros=(0.0,)):
    """Of x, a flag and weights: sums of products, and a multiple of each times each x; where the flag is set, if there
    are ``zeros``, which stand there else. The first and the last sum are outputs, too.
    """
    flag, weights = inputs, [inputs + 1 + i * inputs for i in range(outputs)]
    count = inputs + 1 + inputs * outputs
    made = []

    def put(op, *args):
        made.append(Instruction(op, args))
        return count + len(made) - 1

    sums = []
    for i, start in enumerate(weights):
        total = put(MUL, start, 0)
        for j in range(1, inputs):
            term = put(MUL, j, start + j) if i % 2 else put(MUL, start + j, j)
            total = put(ADD, term, total) if i % 3 else put(ADD, total, term)
        sums.append(total)
    slopes = [put(MUL, total, 0.5 + i) for i, total in enumerate(sums)]
    grads = [put(MUL, slope, x) if i % 2 else put(MUL, x, slope) for i, slope in enumerate(slopes)
             for x in range(inputs)]
    if zeros:
        grads = [put(WHERE, flag, x, zeros[i // inputs % len(zeros)]) for i, x in enumerate(grads)]
    names = tuple(f"i{i}" for i in range(count))
    return Program("layer", names, tuple(made), (sums[0], *grads, sums[-1])), frozenset(range(inputs + 1, count))


def table_of(rng, program, shared, rows):
    weights = [rng.gauss(0.0, 1.0) for _ in shared]
    own = len(program.inputs) - len(shared)
    return [[*(rng.choice((0.0, rng.gauss(0.0, 1.0))) for _ in range(own - 1)), float(rng.random() < 0.7), *weights]
            for _ in range(rows)]


def check(program, shared, table, *, width=None, orders=(None,), steps=(1,), start=-0.0):
    """The sums of all outputs but the last, which is written, and each row's outputs; after several orders of rows."""
    summed = range(len(program.outputs) - 1)
    lanes = compile_lanes(program, "llvm", shared=shared, summed=frozenset(summed), width=width)
    rows = scalar(program, table, "python")
    for order in orders:
        how = {"shared": shared, "outputs": len(program.outputs), "order": order, "steps": steps}
        found = run(lanes, table, summed=summed, sums=[start] * len(summed), **how)
        sums, ran = [start] * len(summed), rows if order is None else [rows[i] for i in order]
        for row in ran:
            sums = [total + row[place] for total, place in zip(sums, summed, strict=True)]
        assert same(found.sums, sums)
        assert same([row[-1] for row in found.outputs], [row[-1] for row in ran])
    each = run(lanes, table, **how).outputs
    assert all(same(row, list(out)) for row, out in zip(each, ran, strict=True))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_layer_has_the_bits_of_scalar_code_at_every_width_and_length(width):
    rng = random.Random(width)
    program, shared = layer(21, 25)
    found = apart(program, shared, range(1, 526))
    assert (len(found.dots), len(found.outers), len(found.outers[0].lefts)) == (1, 1, 25)
    orders = [rng.sample(range(69), count) for count in (0, 1, 7, 8, 9, 31, 32, 33, 69)]
    check(program, shared, table_of(rng, program, shared, 69), width=width, orders=orders, steps=(1, -2, 3))


def test_without_flags_and_where_sums_begin_with_a_number():
    program, shared = layer(32, 17, zeros=())
    assert apart(program, shared, range(1, 545)).outers[0].when is None
    check(program, shared, table_of(random.Random(1), program, shared, 45), start=0.25)


def test_numbers_that_are_not_finite_and_zeros_of_both_signs():
    rng = random.Random(2)
    program, shared = layer(64, 9)
    table = table_of(rng, program, shared, 41)
    for row in table:
        row[rng.randrange(64)] = rng.choice(EDGES)
        row[64] = rng.choice((0.0, -0.0, 1.0, math.nan))
    for place in rng.sample(sorted(shared), 20):
        number = rng.choice(EDGES)
        for row in table:
            row[place] = number
    check(program, shared, table)


def test_only_equal_zeros_share_a_matrix():
    program, shared = layer(32, 32, zeros=(0.0, -0.0))
    assert [repr(group.other) for group in apart(program, shared, range(1, 1025)).outers] == ["0.0", "-0.0"]
    check(program, shared, table_of(random.Random(3), program, shared, 19))


@pytest.mark.parametrize("seed", range(2))
def test_what_is_no_matrix_stays_as_it_is(seed):
    """Sums in which terms are exchanged, read twice, or of other inputs: what is left of runs is found, or nothing."""
    rng = random.Random(seed)
    program, shared = layer(20, 27)
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
    program, shared = layer(8, 64, zeros=())
    inside = len(program.inputs) + 1
    steps = (*program.instructions, Instruction(ADD, (inside, float(inside))), Instruction(MUL, (8.0, 3.0)))
    changed = Program("read", program.inputs, steps, (*program.outputs[:-1], len(program.inputs) + len(steps) - 2))
    assert len(apart(changed, shared, ()).dots[0].results) == 63
    table = table_of(random.Random(4), program, shared, 11)
    check(changed, shared, table)


def test_fast_sums_are_near_the_exact_ones_and_guards_see_exact_ones():
    rng = random.Random(5)
    program, shared = layer(64, 12)
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
    sums = [first + 127 * (i + 1) - 1 for i in range(12)]
    exact = scalar(program, table)[0][0]
    guarded = Program("guarded", program.inputs, program.instructions, (sums[1],),
                      (Guard("equal", sums[0], exact, True),))
    lanes = compile_lanes(guarded, "llvm", shared=shared, fast=True)
    assert run(lanes, table, shared=shared).failed == [-1, *[0] * 66]


def test_a_network_has_the_bits_of_the_loop_over_rows():
    model = nn.Sequential(nn.Linear(32, 20, seed=0), nn.Tanh(), nn.Linear(20, 3, seed=1))
    parameters = model.parameters()
    rng = random.Random(6)
    rows = [[*(rng.gauss(0.0, 1.0) for _ in range(32)), float(rng.randrange(3))] for _ in range(11)]

    def loss(row):
        return nn.cross_entropy(model(row[:32]), row[32])

    gradient = value_and_grad(loss, wrt=parameters)
    total, slopes = vmap(gradient, reduce="sum")(rows)
    eager = [gradient(row) for row in rows]
    wanted, sums = 0.0, [0.0] * len(parameters)
    for value, each in eager:
        wanted += value
        sums = [a + b for a, b in zip(sums, each, strict=True)]
    assert same([float(total), *map(float, slopes)], [float(wanted), *map(float, sums)])
