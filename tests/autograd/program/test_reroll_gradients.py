"""The gradient of a Program with Repeats: Repeats, too, and to the bit that of the straight Program."""

import math
import random

import pytest

import autograd as ag
from autograd.compiler.tracing import trace_function
from autograd.program.gradients import gradients, jacobian
from autograd.program.program import verify
from autograd.program.reroll import reroll
from autograd.program.rolled import Repeat, straightened

N = 60


def found(f, numbers, wrt=None):
    """Count, carries and cells of each Repeat of the gradient, which is right to the bit."""
    straight = trace_function(f, (numbers,)).program
    wrt = range(len(numbers)) if wrt is None else wrt
    slopes, wanted = verify(gradients(reroll(straight), wrt)), gradients(straight, wrt)
    for at in (numbers, [-x for x in numbers], [0.0] * len(numbers), [-0.0] * len(numbers), [1e308] * len(numbers),
               [math.inf] * len(numbers)):
        assert [*map(repr, slopes(*at))] == [*map(repr, wanted(*at))]
        assert [*map(repr, straightened(slopes)(*at))] == [*map(repr, wanted(*at))]
    return [(op.nested.count, op.nested.carries, op.nested.cells) for op, _ in slopes.instructions
            if isinstance(op.nested, Repeat)]


def points(n=N + 1):
    draw = random.Random(n)
    return [draw.uniform(-2, 2) for _ in range(n)]


def rosenbrock(x):
    return sum(100.0 * (x[i + 1] - x[i]**2)**2 + (1 - x[i])**2 for i in range(len(x) - 1))


def test_contributions_to_gathered_leaves_are_added_in_eager_s_order():
    forward, backward = found(rosenbrock, points())
    assert forward == (N, 1, 0)
    assert backward == (N, 0, N + 2)        # and one cell for what nobody asks for


def test_leaves_that_are_gathered_at_random_and_more_than_once():
    draw = random.Random(3)
    order = [draw.randrange(N) for _ in range(3 * N)]

    def f(x):
        return sum(x[order[3 * i]] * x[order[3 * i + 1]] * ag.sin(x[order[3 * i + 2]]) for i in range(N))

    assert len(found(f, points())) == 2


def test_what_is_used_behind_the_loop_has_its_adjoint_first():
    def f(x):
        terms = [ag.sin(a) * a + x[1] * a for a in x]
        total = sum(t * t * 0.5 + t for t in terms)
        return total * x[1] + x[0] + ag.sum(terms) * 0.1

    assert len(found(f, points())) > 3


def test_relu_passes_nothing_where_it_is_off_and_no_cell_counts_as_touched():
    def f(x):
        return sum(ag.relu(a * 0.5 - 0.25) * x[0] for a in x)

    assert len(found(f, points())) == 2


def test_a_product_of_terms():
    def f(x):
        total = 1.0
        for a in x:
            total = total * (1.0 + a * 0.1 + a * a)
        return total

    _, backward = found(f, points())
    assert backward[1] == 1


@pytest.mark.parametrize("steps", [N, 300])
def test_a_recurrence_goes_backwards_through_its_states(steps):
    def f(p):
        x, v = p[0], p[1]
        for _ in range(steps):
            x, v = x + 0.01 * v, v - 0.01 * (p[2] * ag.sin(x) + p[3] * v)
        return x * x + v

    forward, backward = found(f, points(4))
    assert forward[1] >= 2
    assert backward[1] >= 2


def test_a_recurrence_whose_states_are_all_used():
    def f(p):
        y, total = p[0], 0.0
        for _ in range(N):
            y = p[1] * y * (1.0 - y)
            total = total + (y - 0.5)**2
        return total

    assert len(found(f, [0.3, 1.7])) == 2


def test_two_steps_back():
    def f(x):
        before, now = x[0], x[1]
        for a in x:
            before, now = now, 0.5 * now + 0.25 * before + a * a
        return now

    assert len(found(f, points(N + 30))) == 2


def test_some_inputs_count_as_constants():
    _, backward = found(rosenbrock, points(), wrt=[3, 17, 18])
    assert backward[2] == 4


def test_a_loop_of_which_only_some_results_are_differentiated_is_written_out():
    def f(x):
        terms = [ag.sin(a) * a + x[1] * a - a * a for a in x]
        return terms[5] * terms[7]

    assert found(f, points()) == []


def test_derivatives_by_direction_and_second_ones_take_the_straight_program():
    straight = trace_function(rosenbrock, (points(),)).program
    at = points()
    assert jacobian(reroll(straight), [0, 1], [0])(*at) == jacobian(straight, [0, 1], [0])(*at)
    first = gradients(reroll(straight), range(N + 1))
    second = gradients(gradients(straight, range(N + 1)), [2, 3], [4])
    assert gradients(first, [2, 3], [4])(*at)[-2:] == second(*at)[-2:]
