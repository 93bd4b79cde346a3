"""Rerolling finds the iterations of a `for` again, and only what is one computation on different leaves."""

import operator
import pickle
import time
from math import nan

import pytest

import autograd as ag
from autograd.compiler.tracing import trace_function
from autograd.ops.primitives import TABLE
from autograd.program.gradients import gradients
from autograd.program.nested import item
from autograd.program.program import Instruction, verify
from autograd.program.repetitions import LONGEST, spelled
from autograd.program.reroll import reroll
from autograd.program.rolled import Repeat, straightened, written_out

N = 60


def repeats(f, *args):
    """Count and length of each Repeat that is found in a function, all of which give the straight Program back."""
    straight = trace_function(f, args or ([0.1 * i for i in range(N + 1)],)).program
    rolled = verify(reroll(straight))
    assert straightened(rolled) == straight
    return [(op.nested.count, len(op.nested.body.instructions)) for op, _ in rolled.instructions
            if isinstance(op.nested, Repeat)]


def rosenbrock(x):
    return sum(100.0 * (x[i + 1] - x[i]**2)**2 + (1 - x[i])**2 for i in range(N))


def running_total(x):
    total = 0.0
    for a in x:
        total = total + a * a * a * 0.5
    return total


def products(x):
    found = 1.0
    for a in x:
        found = found * (1.0 + a * a * 0.1 + a)
    return found


def outputs(x):
    return [ag.sin(a) * x[0] + a * 2.0 - x[1] for a in x]


def gathered(x):
    return sum(x[7 * i % N] * x[i] - 0.5 * x[i * i % N] for i in range(N))


def recurrence(x):
    y, z = x[0], x[1]
    for _ in range(N):
        y, z = y + 0.1 * (z - y), z - 0.1 * y * z
    return y + z


def two_steps_back(x):
    before, now = x[0], x[1]
    for a in x:
        before, now = now, 0.5 * now + 0.25 * before + a
    return now


@pytest.mark.parametrize(("f", "count", "length"), [
    (rosenbrock, N, 8), (running_total, N + 1, 4), (products, N + 1, 5), (outputs, N + 1, 5), (gathered, N, 4),
    (recurrence, N, 6), (two_steps_back, N + 1, 4)])
def test_a_loop_is_found(f, count, length):
    (found, body), = repeats(f)
    assert body == length
    assert count - 4 <= found <= count       # the first or the last ones may be straight


def test_one_list_after_another_is_a_loop_each():
    def f(x):
        a = [ag.sin(t) * t + 1.0 - t for t in x]
        b = [u * u - 0.5 * u + x[2] for u in a]
        return sum(u * v * 0.5 + u for u, v in zip(a, b, strict=True))

    assert repeats(f) == [(N + 1, 4), (N + 1, 4), (N + 1, 4)]


def test_the_rows_of_a_network_are_found_and_not_its_neurons():
    rows = [[0.1 * i, 0.2 * i - 1.0] for i in range(N)]

    def loss(w):
        total = 0.0
        for a, b in rows:
            hidden = [ag.tanh(w[3 * k] * a + w[3 * k + 1] * b + w[3 * k + 2]) for k in range(8)]
            total = total + ag.dot(hidden, w[24:32])**2
        return total

    assert repeats(loss, [0.1 * i for i in range(32)]) == [(N, 8 * 5 + 3)]


@pytest.mark.parametrize("odd", [
    lambda x, a: a * a * a * a, lambda x, a: a + a * a * 0.5, lambda x, a: a**4 * 0.5, lambda x, a: a**3 * 0.5 + x[0]])
def test_a_term_that_is_another_computation_stays_as_it_is(odd):
    def f(x):
        return sum(odd(x, a) if i == N else a**3 * 0.5 * a for i, a in enumerate([*x, *x]))

    found = repeats(f)
    assert [length for _, length in found] == [4, 4]
    assert sum(count for count, _ in found) == 2 * N + 1


def test_the_exponents_of_powers_are_no_column():
    assert repeats(lambda x: sum(a**(2 + i % 7 * 0.5) * 0.5 for i, a in enumerate(x))) == []
    assert repeats(lambda x: sum(a**2.5 * 0.5 * i for i, a in enumerate(x))) == [(N + 1, 4)]


@pytest.mark.parametrize("constants", [[0.5, 0.5], [0.0, -0.0], [1.0, nan], [3.0, 4.0]])
def test_constants_are_told_apart_to_the_bit(constants):
    def f(x):
        return sum(a * constants[i % 2] * a + 1.0 for i, a in enumerate(x))

    straight = trace_function(f, ([0.1 * i for i in range(N)],)).program
    repeat, = [op.nested for op, _ in reroll(straight).instructions if op.nested]
    assert len(repeat.spread) == (1 if constants == [0.5, 0.5] else 2)
    assert straightened(reroll(straight)) == straight


def test_a_leaf_that_is_a_term_of_another_iteration_ends_the_loop():
    def f(x):
        terms = []
        for i, a in enumerate([*x, *x, *x]):
            terms.append(ag.sin(a) * (terms[3] if i == 70 else x[2]) + a * a)
        return ag.sum(terms)

    (first, _), (second, _) = repeats(f)
    assert first <= 70
    assert second <= 3 * N + 3 - 70


def test_terms_that_are_used_elsewhere_are_there():
    def f(x):
        terms = [ag.sin(a) * a + x[1] * a for a in x]
        return sum(terms) + terms[3] * terms[-1] - terms[0]

    assert repeats(f)[0][1] == 4


def test_guards_of_the_terms_stay_guards():
    def f(x):
        total = 0.0
        for a in x:
            total = total + (a * a * 0.5 + 1.0 if a * 2.0 > -1.0 else a)
        return total

    straight = trace_function(f, ([0.1 * i for i in range(N)],)).program
    rolled = reroll(straight)
    assert len(rolled.guards) == len(straight.guards) == N
    assert straightened(rolled) == straight
    assert rolled(*[0.2] * N) == straight(*[0.2] * N)
    with pytest.raises(ValueError, match="made for"):
        rolled(*[0.2] * (N - 1), -3.0)


def test_short_programs_stay_straight():
    assert repeats(lambda x: sum(a * a for a in x[:20])) == []
    assert repeats(lambda x: sum(a * a for a in x)) == []       # straight code is as fast


def test_a_scan_is_quick():
    def f(x):
        return sum(100.0 * (x[i + 1] - x[i]**2)**2 + (1 - x[i])**2 for i in range(len(x) - 1))

    program = trace_function(f, ([0.1] * 7500,)).program
    assert len(program.instructions) > 59_000
    times = []
    for _ in range(5):
        start = time.process_time()
        reroll(program)
        times.append(time.process_time() - start)
    assert min(times) < 0.1


def test_irregular_programs_are_scanned_quickly_too():
    from random import Random
    draw = Random(1)

    def f(x):
        found = [*x]
        for _ in range(20_000):
            a, b = draw.choice(found), found[-1]
            found.append(draw.choice([operator.add, operator.mul, operator.sub, ag.hypot])(a, b))
        return ag.sum(found)

    program = trace_function(f, ([0.5, 0.25],)).program
    start = time.process_time()
    assert reroll(program) == program
    assert time.process_time() - start < 0.5


def test_a_long_run_without_a_rule_is_given_up_quickly():
    from random import Random
    draw = Random(2)

    def f(x):
        found = [*x]
        for _ in range(40_000):
            found.append(found[-1] + draw.choice(found))
        return found[-1]

    program = trace_function(f, ([0.5, 0.25],)).program
    start = time.process_time()
    assert straightened(reroll(program)) == program
    assert time.process_time() - start < 1.0


def test_the_listing_shows_the_body():
    program = reroll(trace_function(rosenbrock, ([0.1] * (N + 1),)).program)
    text = str(program)
    assert f"{N} times" in text
    assert "def body(carry0, column0, column1):" in text
    assert "v8 = carry0 + v7" in text
    assert f"v1 = repeat(carry0=0.0, column0=x[0] .. x[{N - 1}], column1=x[1] .. x[{N}])" in text
    slopes = str(gradients(program, range(N + 1)))
    assert f"{N + 2} cells" in slopes
    assert f"to cells {N - 1}, {N - 2} .. 0" in slopes
    straight = straightened(program)
    assert program.cost().flops == straight.cost().flops + 1        # the item
    assert written_out(straight) == straight.cost().flops == written_out(program)


def test_a_copy_of_a_program_is_equal():
    program = reroll(trace_function(rosenbrock, ([0.1] * (N + 1),)).program)
    assert pickle.loads(pickle.dumps(program)) == program
    other = reroll(trace_function(lambda x: rosenbrock(x) * 1.0, ([0.1] * (N + 1),)).program)
    assert other != program


def test_a_million_numbers_read_of_a_loop_are_each_like_no_other():
    read = Instruction(item, (0, 1.0, 2.0))
    add, mul = (Instruction(TABLE[name], (0, 1)) for name in ("add", "mul"))
    text = spelled([read, add, add, mul, *[read] * 1_100_000])
    assert text[1] == text[2] != text[3]
    assert len({*text[4:4 + LONGEST]}) == LONGEST
    assert text[0] not in text[1:LONGEST]
