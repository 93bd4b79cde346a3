"""Large trainings run the rows of a table in one call, two at a time: to the bit as row by row, and as eagerly."""

from array import array
from random import Random

import pytest

import nn
from autograd import Value, less, where
from autograd.compiler.row_tables import RowTables
from nn.training import row_function
from nn.training.row_function import RowFunction

pytest.importorskip("llvmlite")

from autograd.lower.llvm.processor import widest


def trained(worth, activation, optimizer, batch, classes=True, jit=True, rows=24):
    """Everything that fit leaves behind."""
    row_function.WORTH = worth
    rng = Random(0)
    model = nn.Sequential(nn.Linear(3, 4, seed=rng), activation(), nn.Linear(4, 3 if classes else 1, seed=rng))
    x = [[rng.gauss(0, 1) for _ in range(3)] for _ in range(rows)]
    y = [rng.randrange(3) if classes else [rng.gauss(0, 1)] for _ in range(rows)]
    made = optimizer(model.parameters(), lr=0.01)
    history = nn.fit(model, nn.cross_entropy if classes else nn.mse_loss, x, y, made, 3, batch, validation=0.2,
                     metrics={"accuracy": nn.accuracy} if classes else None, jit=jit, progress=False)
    return repr((dict(history), model.state_dict(), made.state_dict(), [p.grad for p in model.parameters()]))


@pytest.fixture(autouse=True)
def _former_worth(monkeypatch):
    monkeypatch.setattr(row_function, "WORTH", row_function.WORTH)


@pytest.mark.parametrize("batch", [7, None])
@pytest.mark.parametrize("optimizer", [nn.Adam, nn.AdamW, nn.SGD, nn.RMSprop])
@pytest.mark.parametrize("activation", [nn.Tanh, nn.ReLU])
def test_tables_give_the_bits_of_rows(activation, optimizer, batch):
    assert trained(1e-9, activation, optimizer, batch) == trained(1e9, activation, optimizer, batch)


@pytest.mark.parametrize("activation", [nn.Tanh, nn.ReLU, nn.GELU, nn.Softplus, nn.ELU])
@pytest.mark.parametrize("classes", [True, False])
def test_tables_give_the_bits_of_eager(activation, classes):
    assert trained(1e-9, activation, nn.Adam, 5, classes) == trained(1e-9, activation, nn.Adam, 5, classes, jit=False)


def test_every_kind_of_instruction_in_vectors():
    def f(row):
        a, b = row
        return [abs(a) * b, where(less(a, b), a, 2.5), -a, a / b, (a * a + 1e-300).sqrt(), a.tanh() ** 2, a.relu(),
                b.exp()]

    numbers = array("d", [0.5, 2.0, -1.5, 1.0, -0.0, 3.0, 7.25, -2.0, 1e300, 4.0])     # an odd number of rows
    weight = Value(0.5)
    bound = RowFunction(lambda row: [weight * x for x in f(row)], numbers[:2], 8)
    one_by_one = bound.each(numbers)
    assert bound.captured == [weight]
    assert bound.of_tables(10**9) is not None
    assert repr(bound.each(numbers)) == repr(one_by_one)
    wanted = [0.5 * x for i in range(0, len(numbers), 2) for x in f([Value(x) for x in numbers[i:i + 2]])]
    assert repr(one_by_one.tolist()) == repr([x.data for x in wanted])


@pytest.mark.parametrize(("size", "given", "most"), [(50, 0, 60_000), (3000, 0, 60_000), (3000, 3000, 3000)])
def test_code_for_tables_comes_when_rows_have_taken_as_long_as_compiling(size, given, most):
    """However large the function is; and earlier where Python gives many numbers to parameters."""
    weight = Value(0.5)
    bound = RowFunction(lambda row: [weight * row[0] + k for k in range(size)], array("d", [1.0]), size)
    assert bound.of_tables(100, given) is None      # a few rows compile nothing
    assert bound.of_tables(most, most // 32 * given) is not None


@pytest.mark.parametrize(("cached", "few", "rows"), [(3000, 40_000, 50_000), (1000, 12_000, 15_000)])
def test_code_for_tables_comes_earlier_where_that_of_a_row_leaves_the_cache(cached, few, rows, monkeypatch):
    monkeypatch.setattr(row_function, "CACHED", cached)
    weight = Value(0.5)
    bound = RowFunction(lambda row: [weight * row[0] + k for k in range(3000)], array("d", [1.0]), 3000)
    assert bound.of_tables(few, left=few) is None
    assert bound.of_tables(rows, left=rows) is not None


def test_what_tables_cost_counts_the_iterations_that_are_written_out():
    weights = [Value(0.1 * i) for i in range(900)]      # the code of a row is one iteration, and a count
    bound = RowFunction(lambda row: [sum((weight * row[0] - 1.0) ** 2 for weight in weights)], array("d", [1.0]), 1)
    assert bound.of_tables(40_000, left=40_000) is None
    assert bound.of_tables(50_000, left=50_000) is not None


def test_a_comparison_keeps_the_rows_apart():
    model = nn.Linear(1, 1, seed=0)
    bound = RowFunction(lambda row: model([row[0]])[0] * (2.0 if row[0] > 0 else 3.0), array("d", [1.0]), 1)
    assert bound.of_tables(10**9) is None
    weight, bias = (p.data for p in model.parameters())
    assert bound.each(array("d", [1.0, -1.0])).tolist() == [(weight + bias) * 2.0, (bias - weight) * 3.0]


def test_a_step_that_fails_leaves_the_last_whole_one():
    row_function.WORTH = 1e-9
    model = nn.Linear(1, 1, seed=0)
    x = [[1.0]] * 40 + [[1e200]]
    with pytest.raises(nn.TrainingError) as caught:
        nn.fit(model, nn.mse_loss, x, [[1.0]] * 41, nn.SGD(model.parameters(), lr=0.1), 2, 1, progress=False)
    assert "epoch 1" in str(caught.value)
    assert all(abs(p.data) < 1e6 for p in model.parameters())


def test_predictions_are_computed_at_the_full_width(monkeypatch):
    row_function.WORTH = 0.05       # so that few rows pay
    calls, each = [], RowTables.each
    monkeypatch.setattr(RowTables, "each", lambda code, table: calls.append(code._lanes.width) or each(code, table))
    model, rng = nn.Sequential(nn.Linear(3, 4, seed=0), nn.Tanh(), nn.Linear(4, 2, seed=1)), Random(0)
    rows = [[rng.gauss(0, 1) for _ in range(3)] for _ in range(4_000)]
    found = nn.predict(model, rows)
    assert calls == [widest()]
    assert repr(found[:100]) == repr(nn.predict(model, rows[:100], jit=False))
