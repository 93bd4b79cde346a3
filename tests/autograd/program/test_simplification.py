"""simplify and expand: fewer instructions, with bit-identical outputs and guards."""

import itertools
import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd import TABLE, trace
from autograd.program.program import Guard, Instruction, Program, verify
from autograd.program.simplification import expand, simplify
from tests.support.bit_identity import bits
from tests.support.straight_programs import EDGES, OPS, at, calls, grid, random_program


def answer(program, inputs):
    """What it gives, to the bit; None where a guard refuses."""
    try:
        return [bits(x) for x in program(*inputs)]
    except ValueError:
        return None


def check(program, rng, tries=8):
    verify(program)
    shorter, elementary = verify(simplify(program)), verify(expand(program))
    assert len(shorter.instructions) <= len(program.instructions)
    assert not any(op.composite for op, _ in elementary.instructions)
    assert simplify(shorter) == shorter
    for _ in range(tries):
        inputs = at(rng, program)
        wanted = answer(program, inputs)
        assert answer(shorter, inputs) == wanted, (program, inputs)
        assert answer(elementary, inputs) == wanted, (program, inputs)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_random_programs_keep_every_bit(seed):
    rng = Random(seed)
    check(random_program(rng, guards=3), rng)


@pytest.mark.campaign
def test_many_random_programs_keep_every_bit(figure):
    for seed in range(20_000):
        rng = Random(f"simplify {seed}")
        check(random_program(rng, most=25, guards=3), rng)
    figure("20,000 random Programs, simplified and expanded", "every bit kept")


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_every_op_alone_and_with_constants(op):
    rng = Random(op.name)
    points = grid(op, rng, 25)
    p = trace(calls(op), *[0.5] * (op.arity or 4))
    for tried in (simplify(p), expand(p)):
        for point in points:
            assert answer(verify(tried), point) == answer(p, point)
    for point in points[:12]:
        for moving in range(len(point)):        # all but one are constants
            args = tuple(0 if i == moving else x for i, x in enumerate(point))
            q = Program("f", ("x",), (Instruction(op, args),), (1, 0))
            for tried in (simplify(q), expand(q)):
                for x in (*EDGES, point[moving]):
                    assert answer(verify(tried), [x]) == answer(q, [x])
        q = Program("f", (), (Instruction(op, point),), (0,))
        for tried in (simplify(q), expand(q)):
            assert answer(verify(tried), ()) == answer(q, ())


ARITHMETIC = ["add", "sub", "mul", "div"]


@pytest.mark.parametrize("name", ARITHMETIC)
def test_what_no_identity_may_change(name):
    """x + 0.0, x * 0.0, x - x, x / x, and all others: on every edge as they are."""
    for constant, flipped in itertools.product(EDGES, (False, True)):
        args = (constant, 0) if flipped else (0, constant)
        for again in ((0, 0), args):
            p = Program("f", ("x",), (Instruction(TABLE[name], args), Instruction(TABLE[name], again)), (1, 2))
            for tried in (simplify(p), expand(p)):
                for x in EDGES:
                    assert answer(verify(tried), [x]) == answer(p, [x]), (args, again, x)


def count(f, *args):
    return len(verify(simplify(trace(f, *args))).instructions)


def test_what_it_leaves_out():
    assert count(lambda x: [x * 1.0, 1.0 * x, x / 1.0, +x, x - 0.0], 2.0) == 0
    assert count(lambda x: ag.sin(x) * ag.sin(x), 2.0) == 2                     # once
    assert count(lambda x, y: (x + y) * (y + x), 2.0, 3.0) == 2
    assert count(lambda x: [ag.exp(ag.Value(1.0)) * 2.0, x], 2.0) == 0          # constant
    assert count(lambda x: [ag.exp(x), x][1], 2.0) == 0                         # dead
    assert count(lambda x: ag.where(1.0, x, ag.exp(x)), 2.0) == 0
    assert count(lambda x: x if ag.exp(x) > 1.0 else -x, 2.0) == 1              # a guard needs it


def test_what_it_keeps():
    assert count(lambda x: x + 0.0, 2.0) == 1       # not x for -0.0
    assert count(lambda x: x * 0.0, 2.0) == 1       # nan at inf
    assert count(lambda x: x - x, 2.0) == 1
    assert count(lambda x: [x + 0.0, x + -0.0, x + 1.0], 2.0) == 2
    assert count(lambda x, y: [x - y, y - x], 2.0, 1.0) == 2


def test_registers_are_not_the_constants_of_their_numbers():
    add = TABLE["add"]
    p = Program("f", ("x",), (Instruction(add, (0, 1.0)), Instruction(add, (0, 1)), Instruction(add, (1, 1.0))),
                (1.0, 1, 2.0, 2, 3), (Guard("less", 0, 1.0, True), Guard("less", 0, 1, True)))
    for tried in (simplify(p), expand(p)):
        assert answer(verify(tried), [0.5]) == answer(p, [0.5])
        assert answer(tried, [2.0]) == answer(p, [2.0]) is None
        assert len(tried.guards) == 2


def test_guards_of_constants_and_repeated_guards_go():
    p = trace(lambda x: [x > 1.0, x > 1.0, ag.where(1.0, 2.0, x) > x], 2.0)
    assert len(verify(simplify(p)).guards) == 2


def test_labels_stay_on_what_they_name():
    def f(x):
        dead = ag.exp(x)
        dead.label = "dead"
        y = x * 1.0 + 2.0
        y.label = "shifted"
        return y

    assert str(simplify(trace(f, 1.0))) == "def f(x):\n    shifted = x + 2.0\n    return shifted"


def test_a_long_chain_needs_no_recursion():
    p = trace(lambda x: [x := x * 1.5 + math.pi for _ in range(10_000)][-1], 1.0)
    assert len(simplify(p).instructions) == len(expand(p).instructions) == 20_000
