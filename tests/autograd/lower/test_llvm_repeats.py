"""Machine code of Repeats: each width of vectors, any number of iterations, cells that are added to in every way."""

from array import array
from random import Random

import pytest

import autograd as ag
from autograd.compiler.tracing import trace_function
from autograd.program import alignment, repetitions
from autograd.program import reroll as rerolling
from autograd.program.gradients import gradients
from autograd.program.nested import item
from autograd.program.program import Instruction, Program
from autograd.program.rolled import Repeat
from autograd.program.simplification import expand

pytest.importorskip("llvmlite")
from autograd.lower.llvm import native, repeats

TABLE = ag.TABLE


def long_body(x, n, constants):
    """A sum of terms, with two lists beside."""
    total, found = 0.0, []
    for i in range(n):
        y = x[i] * constants[i]
        for k in range(4):
            y = ag.relu(y * x[k % 3] + 0.1 * k) - 0.01 * k * y
        total = total + y
        found.append(y * x[i])
    return total + found[0] * found[-1]


def short_body(x, n, constants):
    return sum(ag.sin(x[i] * constants[i]) * x[n - 1 - i] + abs(x[i]) - ag.sqrt(x[2 * i % n]**2 + 0.5)
               for i in range(n))


def squares(x, n, constants):
    return ag.sum([ag.where(ag.greater(x[i], x[i - 1]), x[i] * x[0], constants[i])**2 for i in range(n)])


@pytest.fixture
def eager_to_roll(monkeypatch):
    """A loop of few iterations, or of short ones, is found, too; and a body is soon a large one."""
    monkeypatch.setattr(repeats, "LARGE", 12)
    monkeypatch.setattr(repeats, "BLOCK", 50)
    for module in (repetitions, alignment, rerolling):
        monkeypatch.setattr(module, "LEAST", 3)
    monkeypatch.setattr(rerolling, "SHORTEST", 6)


@pytest.mark.usefixtures("eager_to_roll")
@pytest.mark.parametrize("width", [1, 2, 4, 8])
@pytest.mark.parametrize("f", [long_body, short_body, squares])
def test_widths_and_counts(f, width, monkeypatch):
    monkeypatch.setattr(native, "widest", lambda: width)
    draw = Random(1)
    for n in (5, 16, 23):
        x, constants = [draw.uniform(-2, 2) for _ in range(n)], [draw.uniform(-1, 1) for _ in range(n)]
        straight = trace_function(lambda x, n=n, c=constants: f(x, n, c), (x,)).program
        rolled = rerolling.reroll(straight)
        assert any(op.nested for op, _ in rolled.instructions)
        wanted = gradients(straight, range(n))(*x)
        for program in (gradients(rolled, range(n)), rerolling.reroll(gradients(straight, range(n)))):
            found = native.Native(expand(program, calls=True)).function("of_list")(x)
            assert [*map(repr, found)] == [*map(repr, wanted)]


def repeat_with(tables, cells, count, before):
    """A Program whose Repeat adds three numbers of each iteration to cells by these tables."""
    names = tuple(f"x{i}" for i in range(count))
    add, mul = TABLE["add"], TABLE["mul"]
    body = Program("body", ("x",), (Instruction(mul, (0, 3.0)), Instruction(add, (1, 0.1)), Instruction(mul, (2, 0)),),
                   (1, 2, 3))
    repeat = Repeat(body, count, 0, [True], cells, tables)
    items = [Instruction(item, (count, 1.0, float(place))) for place in range(cells)]
    return Program("f", names, (Instruction(repeat.op, (*range(count), *before)), *items),
                   tuple(range(count + 1, count + 1 + cells)))


@pytest.mark.parametrize("width", [1, 2, 4, 8])
@pytest.mark.parametrize("kind", ["one cell", "side by side", "backwards", "apart", "random", "mixed", "in a row"])
def test_cells_get_their_numbers_in_order(kind, width, monkeypatch):
    monkeypatch.setattr(native, "widest", lambda: width)
    draw, count = Random(kind), 27
    cells = 60
    tables = {
        "one cell": [(5,) * count, (5,) * count, (7,) * count],
        "side by side": [range(2, 2 + count), range(3, 3 + count), range(2, 2 + count)],
        "backwards": [range(40, 40 - count, -1), range(39, 39 - count, -1), range(41, 41 - count, -1)],
        "apart": [range(0, 2 * count, 2), range(1, 2 * count + 1, 2), range(2, 2 * count + 2, 2)],
        "random": [tuple(draw.randrange(cells) for _ in range(count)) for _ in range(3)],
        "mixed": [range(count), (3,) * count, tuple(draw.randrange(cells) for _ in range(count))],
        "in a row": [(10,) * count, (11,) * count, (12,) * count],
    }[kind]
    before = [-0.0] * cells if kind != "mixed" else [0.5 * i for i in range(cells)]
    program = repeat_with(tables, cells, count, before)
    x = [draw.uniform(-1e3, 1e3) for _ in range(count)]
    found = native.Native(program).function("of_list")(x)
    assert [*map(repr, found)] == [*map(repr, program(*x))]


def test_buffers_are_not_written_or_read_beyond_their_ends(monkeypatch):
    """Inputs and outputs in the middle of other numbers, which stay."""
    monkeypatch.setattr(repeats, "LARGE", 12)
    n = 29
    straight = trace_function(lambda x: long_body(x, n, [0.5] * n), ([0.1 * i for i in range(n)],)).program
    code = native.Native(expand(gradients(rerolling.reroll(straight), range(n)), calls=True))
    around = array("d", [7.0] * (3 * n + 3))
    inputs, outputs = memoryview(around)[n:2 * n], memoryview(around)[2 * n:3 * n + 1]
    inputs[:] = array("d", [0.1 * i for i in range(n)])
    code.bound(inputs, outputs, None)()
    assert [*around[:n]] == [7.0] * n
    assert [*around[3 * n + 1:]] == [7.0] * 2
    assert [*outputs] == [*gradients(straight, range(n))(*inputs)]
