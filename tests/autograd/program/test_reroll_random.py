"""Random functions with loops of Python: with Repeats, values and gradients are the same to the bit."""

import random
from math import isnan

import pytest

import autograd as ag
from autograd.compiler.tracing import trace_function
from autograd.lower.backend import compile_program
from autograd.program.gradients import gradients
from autograd.program.program import verify
from autograd.program.reroll import reroll
from autograd.program.rolled import is_rolled, straightened

COUNT = 40          # iterations
UNARY = (lambda x: x * x, lambda x: x**2, lambda x: -x, ag.sin, ag.relu, ag.exp, lambda x: ag.maximum(x, 0.1), ag.tanh,
         lambda x: 1.0 - x, lambda x: abs(x), lambda x: x**3, ag.sigmoid)
BINARY = (lambda x, y: x + y, lambda x, y: x - y, lambda x, y: x * y, lambda x, y: x * 0.5 - y,
          lambda x, y: ag.where(ag.greater(x, y), x, y * 0.3), lambda x, y: ag.minimum(x, y),
          lambda x, y: x / (y * y + 1.0), lambda x, y: ag.hypot(x, y), lambda x, y: ag.dot([x, y, x], [y, y, x]))


def random_function(seed):
    """A function of a list of 2 * COUNT numbers; how it computes depends on the seed alone."""
    outer = random.Random(seed)
    shape, order = outer.random(), outer.sample(range(2 * COUNT), COUNT)
    constants = [outer.uniform(-1, 1) for _ in range(COUNT)]
    steps = [(outer.choice(UNARY), outer.choice(BINARY), outer.randrange(7), outer.randrange(7))
             for _ in range(outer.randint(1, 5))]
    odd = {outer.randrange(COUNT) for _ in range(outer.choice((0, 0, 0, 1, 2)))}        # iterations that differ
    how, reduce, again = outer.randrange(4), outer.randrange(5), outer.random() < 0.3

    def body(i, x, carried, before):
        found = x[i]
        for unary, binary, left, right in steps:
            leaves = x[i], x[i + 1], x[order[i]], x[3], constants[i], carried, before
            found = binary(unary(leaves[left] + found if left % 2 else found), leaves[right])
        if i in odd:
            found = (found * 2.0, found + x[5], ag.sin(found), found * found * x[0])[how]
        return found

    def function(x):
        carried, before, total, found = x[1], 0.5, 0.0, []
        for i in range(COUNT):
            term = body(i, x, carried if shape > 0.6 else x[2], before if shape > 0.8 else 0.25)
            before, carried = carried * 0.5, ag.tanh(term) if shape > 0.6 else carried
            total = total + term
            found.append(term)
        if again:
            found = [term * x[i] + ag.sin(found[0]) for i, term in enumerate(found)]
        return (total, ag.sum(found), found[-1] * found[0] + total, ag.mean(found) * carried,
                sum(term * 0.01 for term in found))[reduce]

    return function


def same(a, b):
    return all((x == y and str(x) == str(y)) or (isnan(x) and isnan(y)) for x, y in zip(a, b, strict=True))


def check(seed):
    numbers = [random.Random(seed).uniform(-1.5, 1.5) for _ in range(2 * COUNT)]
    straight = trace_function(random_function(seed), (numbers,)).program
    rolled = verify(reroll(straight))
    assert straightened(rolled) == straight, seed
    inputs = range(len(straight.inputs))
    slopes, expected = gradients(rolled, inputs), gradients(straight, inputs)
    verify(slopes)
    wanted = expected(*numbers)
    assert same(wanted, slopes(*numbers)), seed
    assert same(wanted, straightened(slopes)(*numbers)), seed
    for program in (slopes, reroll(expected)):
        assert same(wanted, compile_program(program, "llvm").run(numbers)), seed
    return is_rolled(rolled), is_rolled(slopes)


@pytest.mark.parametrize("seed", range(12))
def test_random_loops_have_the_same_bits(seed):
    pytest.importorskip("llvmlite")
    check(seed)


@pytest.mark.campaign
def test_a_thousand_random_loops():
    pytest.importorskip("llvmlite")
    found = [check(seed) for seed in range(1000)]
    assert sum(value for value, _ in found) > 800
    assert sum(slope for _, slope in found) > 500
