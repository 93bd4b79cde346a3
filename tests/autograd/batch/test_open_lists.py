"""OpenList: one version of a compiled scan serves all lengths, with the numbers and derivatives of an ordinary list."""

from functools import partial
from random import Random

import pytest

from autograd import OpenList, TraceError, Value, grad, jit, scan, tanh, value_and_grad, vmap

MOST = 9
RNG = Random(5)
ROWS = [[RNG.gauss(0, 1), RNG.gauss(0, 1)] for _ in range(MOST)]
WEIGHTS = [Value(RNG.gauss(0, 1)) for _ in range(4)]
LENGTHS = [4, 0, 1, MOST, 2]


def recurrence(rows, reverse=False):
    """The last state, of two numbers, and the states before each step."""
    a, b, c, d = WEIGHTS

    def step(state, row):
        h, k = state
        return [tanh(a * h + b * row[0] + k), tanh(c * k + d * row[1] - h * h)], [h, k]

    return scan(step, [0.1, 0.2], rows, reverse=reverse)


def last(rows, reverse):
    (h, k), _ = recurrence(rows, reverse)
    return h * k + h


def states(rows, reverse):
    """The states after each step."""
    end, before = recurrence(rows, reverse)
    end = [end]
    return end + before[:-1] if reverse else before[1:] + end


def twice(rows, reverse):
    """A second scan reads what the first one left at each step."""
    after = states(rows, reverse)
    return scan(lambda total, row: (total * WEIGHTS[1] + row[0] * row[1], None), 0.5, after, reverse=not reverse)[0]


def others(rows, reverse):
    """Results that are no part of the carry."""
    def step(h, row):
        new = tanh(WEIGHTS[0] * h + row[0] * row[1])
        return new, [new * WEIGHTS[2], row[0]]

    results = scan(step, 0.3, rows, reverse=reverse)[1]
    return scan(lambda total, y: (total * y[1] + y[0] * y[0], None), 0.5, results)[0]


@pytest.mark.parametrize("backend", ["python", "llvm"])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("f", [last, twice, others])
def test_one_version_gives_the_numbers_of_each_length(f, reverse, backend):
    compiled = jit(lambda rows, n: f(OpenList(rows, n), reverse), backend=backend)
    slopes = jit(value_and_grad(lambda rows, n: f(OpenList(rows, n), reverse), wrt=WEIGHTS), backend=backend)
    eager = value_and_grad(lambda rows: f(rows, reverse), wrt=WEIGHTS)
    for n in LENGTHS if f is not twice else LENGTHS[2:]:       # where there is no step, there is no first row
        wanted, by_hand = f(ROWS[:n], reverse), eager(ROWS[:n])
        assert compiled(ROWS, n) == (wanted.data if isinstance(wanted, Value) else wanted)
        assert slopes(ROWS, n) == by_hand
    assert len(compiled.programs) == len(slopes.programs) == 1


def test_rows_have_gradients_and_those_that_do_not_count_have_none():
    slopes = jit(grad(lambda rows, n: last(OpenList(rows, n), False)))
    for n in (3, MOST):
        found = slopes(ROWS, n)
        found = found[0] if isinstance(found, tuple) else found
        assert found[:n] == grad(lambda rows: last(rows, False))(ROWS[:n])
        assert found[n:] == [[0.0, 0.0]] * (MOST - n)


@pytest.mark.parametrize("reverse", [False, True])
def test_the_last_row_is_that_of_the_length(reverse):
    def f(rows):
        h, k = states(rows, reverse)[-1]
        return h * h - k

    slopes = jit(value_and_grad(lambda rows, n: f(OpenList(rows, n)), wrt=WEIGHTS))
    for n in (5, 1, 2, MOST):
        assert slopes(ROWS, n) == value_and_grad(f, wrt=WEIGHTS)(ROWS[:n])
    last_of = jit(lambda rows, n: OpenList(rows, n)[-1])
    assert last_of(ROWS, 3) == ROWS[2]
    with pytest.raises(IndexError, match="the last row of an OpenList of no rows"):
        last_of(ROWS, 0)
    with pytest.raises(TraceError, match="the carries after each step of no steps are one row, which depends on"):
        slopes(ROWS, 0)
    assert len(slopes.programs) == 1


def test_second_derivatives_and_batches():
    def f(w, rows):
        return scan(lambda h, row: (tanh(w * h + row[0]), None), 0.2, rows)[0]

    slopes = jit(lambda w, n: grad(lambda w: f(w, OpenList(ROWS, n)))(w))
    second = jit(grad(lambda w, n: grad(lambda w: f(w, OpenList(ROWS, n)))(w), argnums=0))
    for n in (1, 5, 3):
        slope = grad(partial(f, rows=ROWS[:n]))
        assert slopes(0.4, n) == slope(0.4)
        assert second(0.4, n) == grad(slope)(0.4)
    found = vmap(lambda w, n: f(w, OpenList(ROWS, n)))([0.4, -0.7, 0.1], [2, MOST, 3])
    assert list(found) == [f(0.4, ROWS[:2]), f(-0.7, ROWS), f(0.1, ROWS[:3])]


@pytest.mark.parametrize("checkpoint", [3, "10KB"])
def test_snapshots(checkpoint):
    def f(rows):
        return scan(lambda h, row: (tanh(WEIGHTS[0] * h + row[0]), None), 0.2, rows, checkpoint=checkpoint)[0]

    slopes = jit(value_and_grad(lambda rows, n: f(OpenList(rows, n)), wrt=WEIGHTS[:1]))
    for n in (4, MOST, 1):
        assert slopes(ROWS, n) == value_and_grad(f, wrt=WEIGHTS[:1])(ROWS[:n])


def test_eagerly_it_is_a_list():
    assert OpenList(ROWS, 2) == ROWS[:2]
    assert type(OpenList(ROWS, Value(3.0))) is list
    assert jit(lambda rows: len(OpenList(rows, 2)))(ROWS) == 2      # a length that is no input
    assert recurrence(OpenList(ROWS, 4))[0] == recurrence(ROWS[:4])[0]


@pytest.mark.parametrize("length", [-1.0, MOST + 1.0, 2.5, float("nan")])
def test_a_length_that_rows_do_not_have(length):
    compiled = jit(lambda rows, n: last(OpenList(rows, n), False))
    compiled(ROWS, 2)
    for call in (compiled, lambda rows, n: OpenList(rows, n)):
        with pytest.raises(ValueError, match=f"length is {length}; give a whole number from 0 to {MOST}"):
            call(ROWS, length)


@pytest.mark.parametrize("use", [
    len, list, tuple, sum, reversed, bool, lambda x: x[0], lambda x: x[:2], lambda x: [1.0, *x], lambda x: x + x,
    lambda x: ROWS + x, lambda x: x == [], lambda x: x.append([1.0, 2.0]), lambda x: [1.0] in x, lambda x: x * 2,
    lambda x: recurrence(x)[1][1:][-1], lambda x: recurrence(x)[1][1:] + ROWS[:1],
    lambda x: scan(lambda c, row: (c, None), 0.0, recurrence(x)[1][1:]), lambda x: x.copy(),
])
def test_what_depends_on_the_length_is_refused(use):
    with pytest.raises(TraceError, match="depends on the length of an OpenList, which is an input"):
        jit(lambda rows, n: use(OpenList(rows, n)) and 1.0)(ROWS, 3)


def test_a_refusal_that_is_caught_counts():
    def f(rows):
        try:
            return float(len(rows))
        except TraceError:
            return last(rows, False)

    with pytest.raises(TraceError, match=r"len\(\) depends on the length of an OpenList"):
        jit(lambda rows, n: f(OpenList(rows, n)))(ROWS, 3)


def test_other_refusals():
    def branching(h, row):
        return (h + row[0] if row[1] > 0 else h - row[0]), None

    def both(rows):
        return scan(lambda total, row: (total + row[0], None), 0.0, rows)[0] + rows[-1][0]

    with pytest.raises(TraceError, match="a comparison, or a derivative by forward mode, in a scan over it"):
        jit(lambda rows, n: scan(branching, 0.0, OpenList(rows, n))[0])(ROWS, 3)
    with pytest.raises(TraceError, match="derivatives would be added in another order than eagerly"):
        jit(lambda rows, n: both(states(OpenList(rows, n), False)))(ROWS, 3)
    with pytest.raises(ValueError, match="an OpenList has its length; leave length out"):
        jit(lambda rows, n: scan(branching, 0.0, OpenList(rows, n), 3)[0])(ROWS, 3)
    with pytest.raises(ValueError, match="rows differ in length"):
        jit(lambda rows, n: last(OpenList(rows, n), False))([[1.0], [1.0, 2.0]], 2)
