"""Plain loops of Python in vmap: rows run what repeats itself as loops, with eager's bits; code follows the body."""

import pickle
import sys
from itertools import pairwise
from math import isnan
from pathlib import Path
from random import Random

import pytest

import autograd as ag
from autograd import hessian, value_and_grad, vmap
from autograd.compiler.tracing import trace_function
from autograd.lower import looped
from autograd.lower.looped import NoLoopsError
from autograd.lower.repeat_loops import REPEATED
from autograd.ops.primitives import TABLE
from autograd.program.gradients import gradients
from autograd.program.nested import LENT, item
from autograd.program.program import Instruction, Program, verify
from autograd.program.reroll import reroll
from autograd.program.rolled import EMPTY, Repeat
from autograd.program.simplification import expand

sys.path.insert(0, str(Path(__file__).parents[1] / "program"))
from test_reroll_random import COUNT, random_function

STEPS = 2000


def euler(p):
    x, v = 0.5, 0.0
    for _ in range(STEPS):
        x, v = x + 1e-3 * v, v - 1e-3 * p[0] * ag.sin(x) - 1e-3 * p[1] * v**2
    return x


def rosenbrock(x):
    return sum(100.0 * (b - a**2)**2 + (1 - a)**2 for a, b in pairwise(x))


def rows(count, size, seed=1):
    draw = Random(seed)
    return [[draw.uniform(-1.5, 1.5) for _ in range(size)] for _ in range(count)]


def flat(x):
    x = x.tolist() if hasattr(x, "tolist") else x
    if not isinstance(x, (list, tuple)):
        return [x]
    return [y for part in x for y in flat(part)]


def same(a, b):
    a, b = flat(a), flat(b)
    return len(a) == len(b) and all((x == y and str(x) == str(y)) or (isnan(x) and isnan(y))
                                    for x, y in zip(a, b, strict=True))


def both(found):
    """Values and gradients of all rows as one pair for each row."""
    return [*zip(*[x.tolist() for x in found], strict=True)]


def loops(program):
    return [op.nested for op, _ in program.instructions if getattr(op.nested, "name", "") == REPEATED]


@pytest.fixture
def made(monkeypatch):
    """The Programs with loops that are made, of whatever length."""
    pytest.importorskip("llvmlite")
    found, make = [], looped.looped
    monkeypatch.setattr(looped, "LEAST", 1)
    monkeypatch.setattr(looped, "PART", 0)
    monkeypatch.setattr("autograd.lower.backend.looped", lambda *args: found.append(make(*args)) or found[-1])
    return found


def check(seed, second=False):
    f, x, w = random_function(seed), rows(11, COUNT, seed), rows(1, COUNT, seed + 1)[0]

    def split(a, b):
        return f([*a, *b])

    whole = [[*a, *w] for a in x]
    assert same(both(vmap(value_and_grad(f))(whole)), [*map(value_and_grad(f), whole)]), seed
    wanted = [value_and_grad(split, argnums=(0, 1))(a, w) for a in x]
    assert same(vmap(f)(whole), [value for value, _ in wanted]), seed
    assert same(both(vmap(value_and_grad(split, argnums=0), (0, None))(x, w)), [(y, g) for y, (g, _) in wanted]), seed
    total, slopes = vmap(value_and_grad(split, argnums=1), (0, None), reduce="sum")(x, w)
    for found, terms in ((total, [y for y, _ in wanted]), *zip(slopes, zip(*[g for _, (_, g) in wanted], strict=True),
                                                               strict=True)):
        exact = terms[0]
        for term in terms[1:]:
            exact += term
        assert same(found, exact), seed
    if second:
        assert same(vmap(hessian(f))(whole[:2]), [*map(hessian(f), whole[:2])]), seed


@pytest.mark.parametrize("seed", [3, 6])      # the campaign has all
def test_random_loops_have_eagers_bits(seed, made):
    check(seed)
    assert made


def test_second_derivatives_have_eagers_bits(made, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "STEPS", 60)
    x = rows(11, 2)
    assert same(vmap(hessian(euler))(x), [*map(hessian(euler), x)])
    assert made


@pytest.mark.campaign
def test_hundreds_of_random_loops(made):
    for seed in range(300):
        check(seed, second=seed % 10 == 0)
    assert len(made) > 400


@pytest.mark.parametrize("f", [euler, rosenbrock])
def test_the_loops_of_a_derivative_compute_what_the_copies_do(f):
    straight = trace_function(f, (rows(1, 2 if f is euler else 1500)[0],)).program
    inputs = range(len(straight.inputs))
    program = verify(looped.looped(reroll(expand(gradients(reroll(straight), inputs))), frozenset()))
    assert len(loops(program)) == 2
    assert len(program.instructions) < (100 if f is euler else 1600)
    assert any(block.kind == LENT for block in loops(program)[1].blocks) == (f is euler)
    numbers = rows(1, len(inputs), 3)[0]
    assert same(program(*numbers), gradients(straight, inputs)(*numbers))


def test_code_follows_the_body_and_says_so(monkeypatch):
    pytest.importorskip("llvmlite")
    found, make = [], looped.looped
    monkeypatch.setattr("autograd.lower.backend.looped", lambda *args: found.append(make(*args)) or found[-1])
    run, x = vmap(value_and_grad(euler)), rows(9, 2)
    assert same(both(run(x)), [*map(value_and_grad(euler), x)])
    program, = found
    assert len(program.instructions) < 100
    assert "loops in lanes" in str(run.programs)
    again = pickle.loads(pickle.dumps(vmap(value_and_grad(euler))))
    assert same(both(again(x)), both(run(x)))


def test_an_if_in_the_loop_sends_rows_to_other_versions():
    pytest.importorskip("llvmlite")

    def ends(p):
        x = euler(p)
        return x * p[0] if x > 0.5 else x - p[1]

    x = rows(20, 2)
    assert same(both(vmap(value_and_grad(ends))(x)), [*map(value_and_grad(ends), x)])


def test_short_programs_and_irregular_ones_stay_straight(monkeypatch):
    short = trace_function(rosenbrock, (rows(1, 300)[0],)).program
    assert looped.rolled(short) is short
    long = trace_function(rosenbrock, (rows(1, 3000)[0],)).program
    assert len(looped.rolled(long).instructions) < 20
    monkeypatch.setattr(looped, "PART", 10**6)
    assert looped.rolled(long) is long
    with pytest.raises(NoLoopsError):
        looped.looped(expand(reroll(long)), frozenset())


def test_what_all_rows_share_is_computed_once(monkeypatch):
    monkeypatch.setattr(looped, "PART", 1)

    def f(w, x):
        return sum(ag.exp(a) * b for a, b in zip(w, x, strict=True)) + sum(a * a * 0.5 - ag.sin(a) for a in w)

    program = expand(reroll(trace_function(f, (rows(1, 80)[0], rows(1, 80)[0])).program))
    with pytest.raises(NoLoopsError):       # rows would take the exponentials of all weights
        looped.looped(program, frozenset(range(80)))
    assert len(loops(looped.looped(program, frozenset()))) == 2

    def g(w, x):
        return sum(a * b - a * 0.5 for a, b in zip(w, x, strict=True)) + sum(a * a * 0.5 - ag.sin(a) for a in w)

    program = expand(reroll(trace_function(g, (rows(1, 80)[0], rows(1, 80)[0])).program))
    assert len(loops(looped.looped(program, frozenset()))) == 2
    assert len(loops(looped.looped(program, frozenset(range(80))))) == 1


def repeat_of(tables, cells, read):
    """A Program that adds x and x * x, of four numbers, to cells; and gives these ones."""
    body = Program("body", ("x",), (Instruction(TABLE["mul"], (0, 0)),), (0, 1))
    repeat = Repeat(body, 4, 0, [True], cells, tables)
    made = [Instruction(repeat.op, (0, 1, 2, 3, *[0.3, EMPTY, -0.7, EMPTY, 0.1][:cells]))]
    made += [Instruction(item, (4, 1.0, float(place))) for place in read]
    return Program("f", ("a", "b", "c", "d"), tuple(made), tuple(range(5, 5 + len(read))))


@pytest.mark.parametrize(("tables", "read", "fits"), [
    ([range(4), range(4)], [0, 1, 2, 3], True),                 # one after the other
    ([range(4), range(1, 5)], [0, 1, 2, 3, 4], True),
    ([(2,) * 4, (0, 2, 1, 3)], [0, 1, 3], True),                # both at once where nobody reads it
    ([(2,) * 4, (0, 2, 1, 3)], [0, 1, 2], False),
    ([(4,) * 4, (0, 3, 1, 2)], [4, 3, 2, 1, 0], True)])
def test_cells_get_their_numbers_in_order(tables, read, fits, monkeypatch):
    monkeypatch.setattr(looped, "PART", 0)
    program = verify(repeat_of(tables, 5, read))
    if not fits:
        with pytest.raises(NoLoopsError):
            looped.looped(program, frozenset())
        return
    found, numbers = verify(looped.looped(program, frozenset())), (0.1, 1e16, -3.0, 0.7)
    assert loops(found)
    assert same(found(*numbers), program(*numbers))
