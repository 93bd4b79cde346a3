"""Gradients of Programs are bit-identical to eager value_and_grad, signs of zeros included."""

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd import TABLE, Program, trace, value_and_grad
from autograd.program.gradients import gradients
from autograd.program.program import Instruction, verify
from autograd.program.simplification import expand, simplify
from tests.support.bit_identity import bits
from tests.support.straight_programs import EDGES, OPS, at, calls, eager, grid, random_program


def wanted(f, point):
    value, slopes = value_and_grad(f)(*point)
    return [bits(float(value)), *map(bits, slopes if isinstance(slopes, tuple) else (slopes,))]


def check(program, f, points):
    """The value and gradient by all inputs, as it is and in elementary ops."""
    verify(program)
    everything = range(len(program.inputs))
    one = Program(program.name, program.inputs, program.instructions, program.outputs[:1], program.guards)
    tried = [verify(gradients(one, everything))]
    tried += [verify(simplify(tried[0])), verify(expand(tried[0]))]
    for point in points:
        right = wanted(f, point)
        for p in tried:
            assert [bits(x) for x in p(*point)] == right, (str(program), point)


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_the_whole_table_on_the_edges(op):
    f = calls(op)
    arity = op.arity or 4
    points = grid(op, Random(op.name), 60)
    check(trace(f, *[0.5] * arity), f, points)

    def below(*xs):     # adjoints other than 1, one of them only sometimes there
        return ag.relu(f(*xs)) * 3.0 - xs[0]

    check(trace(below, *[0.5] * arity), below, points)

    def repeated(x):
        return f(*[x] * arity)

    check(trace(repeated, 0.5), repeated, [(x,) for x in EDGES])


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_random_programs(seed):
    rng = Random(seed)
    program = random_program(rng)
    program = Program("f", program.inputs, program.instructions, program.outputs[:1])
    if program.outputs[0].__class__ is int:
        check(program, eager(program), [at(rng, program) for _ in range(5)])


@pytest.mark.campaign
def test_many_random_programs(figure):
    for seed in range(10_000):
        rng = Random(f"gradients {seed}")
        program = random_program(rng, most=25)
        check(program, eager(program), [at(rng, program) for _ in range(5)])
    figure("10,000 random Programs and their gradients as Programs", "equal to eager to the bit")


STRUCTURAL = {
    "where": lambda x: ag.where(x.greater(0.0), ag.sqrt(x), 0.0),
    "relu below": lambda x: ag.sqrt(ag.relu(x)) * 0.0 + ag.relu(ag.log(x)),
    "maximum": lambda x: ag.maximum(ag.sqrt(x), 5.0), "minimum": lambda x: ag.minimum(ag.reciprocal(x), -1.0),
    "clip": lambda x: ag.clip(ag.log(x), 0.0, 1.0), "twice": lambda x: ag.relu(ag.relu(ag.sqrt(x)) - 1.0),
    "both": lambda x: ag.where(x.less(0.0), ag.log(-x), ag.where(x.greater(0.0), ag.log(x), 1.0)),
    "shared": lambda x: (lambda y: ag.where(x.greater(1.0), y, 0.0) + ag.where(x.less(-1.0), y, 0.0))(ag.sqrt(x)),
    "n-ary": lambda x: ag.sum([ag.relu(x), ag.where(x.greater(0.0), ag.log(x), 2.0), 3.0]),
    "stopped": lambda x: ag.stop_gradient(ag.log(x)) * x, "never": lambda x: ag.floor(ag.log(x)),
}


@pytest.mark.parametrize("name", STRUCTURAL)
def test_structural_zeros_stay_zeros(name):
    f = STRUCTURAL[name]
    check(trace(f, 0.5), f, [(x,) for x in (*EDGES, 0.5, 2.0, -2.0)])


def test_the_arm_that_was_not_chosen_gives_nothing():
    p = gradients(trace(lambda x: ag.where(x.greater(0.0), ag.sqrt(x), 0.0), 1.0), [0])
    assert p(0.0) == (0.0, 0.0)
    assert p(4.0) == (2.0, 0.25)


def test_whether_anything_flows_at_all():
    p = gradients(trace(lambda x, y, z: ag.relu(x) + 0.0 * y, 1.0, 1.0, 1.0), [0, 1, 2], presence=True)
    assert p(1.0, 1.0, 1.0)[1:] == (1.0, 0.0, 0.0, 1.0, 1.0, 0.0)
    assert p(-1.0, 1.0, 1.0)[1:] == (0.0, 0.0, 0.0, 0.0, 1.0, 0.0)


@pytest.mark.parametrize("output", [0, 1, 2])
def test_an_output_that_is_an_input_or_computed(output):
    p = Program("f", ("x", "y"), (Instruction(TABLE["mul"], (0, 1)),), (output,))
    check(p, eager(p), [(2.0, 3.0), (0.0, -0.0)])


@pytest.mark.parametrize("constant", [0.0, 1.0, 2.0, -0.0, math.nan, 0.5])
def test_an_output_that_is_a_constant(constant):
    p = Program("f", ("x", "y"), (Instruction(TABLE["mul"], (0, 1)),), (constant,))
    assert [bits(x) for x in verify(gradients(p, [0, 1]))(2.0, 3.0)] == [bits(constant), bits(0.0), bits(0.0)]


def test_some_inputs_of_several_outputs_in_any_order():
    p = trace(lambda x, y, z: [x * y, z + x, 1.5], 2.0, 3.0, 5.0)
    assert gradients(p, [2, 0], [1, 0])(2.0, 3.0, 5.0) == (6.0, 7.0, 1.5, 1.0, 1.0, 0.0, 3.0)
    assert gradients(p, [], [0])(2.0, 3.0, 5.0) == (6.0, 7.0, 1.5)
    assert gradients(p, [1, 1], [0])(2.0, 3.0, 5.0) == (6.0, 7.0, 1.5, 2.0, 2.0)


def test_guards_and_inputs_stay():
    p = trace(lambda x, y: x * y if x < y else x, 1.0, 2.0)
    g = verify(gradients(p, [0, 1]))
    assert (g.inputs, g.guards) == (p.inputs, p.guards)
    with pytest.raises(ValueError, match="does not hold"):
        g(2.0, 1.0)


@pytest.mark.parametrize("op", [op for op in OPS if op.arity], ids=lambda op: op.name)
def test_a_gradient_of_a_gradient_is_the_eager_one(op):
    f = calls(op)
    wrt = range(op.arity)
    first = gradients(trace(f, *[0.5] * op.arity), wrt)
    second = verify(gradients(first, wrt, range(1, 1 + op.arity)))
    for point in grid(op, Random(op.name), 40):
        rows = ag.hessian(f)(*point)
        right = [x for row in rows for x in row] if op.arity > 1 else [rows]
        assert [bits(x) for x in second(*point)[1 + op.arity:]] == [bits(x) for x in right], point


def test_a_long_chain_needs_no_recursion():
    p = trace(lambda x: [x := x * 1.25 + 0.5 for _ in range(10_000)][-1], 1.0)
    assert simplify(gradients(p, [0]))(1.0)[1] == math.inf
