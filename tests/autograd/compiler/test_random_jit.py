"""jit on random straight-line programs and random functions that branch: bit-identical to eager."""

import warnings
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Program, Value, jit, value_and_grad
from tests.support.backends import BACKENDS
from tests.support.bit_identity import same
from tests.support.branchy_functions import branchy
from tests.support.straight_programs import EDGES, at, eager, random_program


def check_straight(rng, most, backend):
    program = random_program(rng, most)
    f = eager(program)
    compiled = jit(value_and_grad(f), backend=backend)
    for _ in range(3):
        point = at(rng, program)
        assert same(compiled(*point), tuple(value_and_grad(f)(*point))), (str(program), point)
    assert len(compiled.programs) == 1


@pytest.mark.parametrize("backend", BACKENDS)
def test_random_programs(backend):
    for seed in range(150):
        check_straight(Random(f"jit {seed}"), 12, backend)


@pytest.mark.campaign
@pytest.mark.parametrize("backend", BACKENDS)
def test_many_random_programs(backend, figure):
    for seed in range(10_000):
        check_straight(Random(f"jit campaign {seed}"), 25, backend)
    figure(f"10,000 random programs compiled ({backend}), value and gradient", "equal to eager to the bit")


def numbers(rng):
    kind = rng.random()
    return rng.choice((0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0)) if kind < 0.5 else rng.gauss(0.0, 2.0) if kind < 0.9 \
        else rng.choice(EDGES)


def outcome(call, *args):
    """The value, as a float also where it is an int that the function returns, and gradient; or what was raised."""
    try:
        out = call(*args)
        return (float(out[0]), out[1]) if isinstance(out, tuple) else out
    except Exception as error:
        return type(error), str(error)


def check_branchy(rng, backend, calls):
    """Value and gradient by the arguments and by what it captures, for many inputs."""
    w = Value(0.5, label="w")
    f, text = branchy(rng, w)
    slopes, captured, plain = value_and_grad(f), value_and_grad(f, wrt=[w]), jit(f, backend=backend)
    fast, fast_captured = jit(slopes, backend=backend), jit(captured, backend=backend)
    for _ in range(calls):
        w.data = rng.choice((0.5, -1.0, 0.0, rng.gauss(0.0, 1.0)))
        args = numbers(rng), numbers(rng), [numbers(rng), numbers(rng)]
        right = outcome(slopes, *args)
        # Values, for which 1/0 is inf
        right_captured = outcome(captured, Value(args[0]), Value(args[1]), [*map(Value, args[2])])
        where = (text, args, w)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)     # more than 64 versions
            assert same(outcome(fast, *args), right), where
            assert same(outcome(fast_captured, *args), right_captured), where
            value = outcome(plain, *args)
            if not isinstance(right[0], type):
                assert same(float(value.data if isinstance(value, Value) else value), right[0]), where
    return len(fast.programs)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_random_branches(seed):
    check_branchy(Random(seed), "python", 12)       # machine code takes its time: below


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_few_random_branches(backend):
    for seed in range(3):
        check_branchy(Random(f"few {seed}"), backend, 12)


@pytest.mark.campaign
@pytest.mark.parametrize("backend", BACKENDS)
def test_many_random_branches(backend, figure):
    versions = [check_branchy(Random(f"branchy {seed}"), backend, 60) for seed in range(2000)]
    figure(f"2,000 random functions with branches and loops compiled ({backend}), 60 inputs each",
           f"value and gradient equal to eager to the bit, {sum(versions)} versions, at most {max(versions)}")


@pytest.mark.parametrize("backend", BACKENDS)
def test_eager_evaluation_of_a_program_is_its_call(backend):
    for seed in range(50):
        rng = Random(seed)
        program = random_program(rng)
        one = Program("f", program.inputs, program.instructions, program.outputs[:1])
        point = at(rng, program)
        assert same(jit(eager(one), backend=backend)(*point), float(*one(*point)))
