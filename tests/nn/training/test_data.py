"""The data that fit accepts, and its messages about wrong rows."""

import datetime
import random
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from nn.training.data import read_examples, row_order, split_validation

ROWS, TARGETS = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [0, 1, 1]

FORMS = {
    "lists": (ROWS, TARGETS),
    "tuples": (tuple(map(tuple, ROWS)), (0, 1, 1)),
    "generators": ((iter(row) for row in ROWS), (t for t in TARGETS)),
    "numpy": (np.array(ROWS), np.array(TARGETS)),
    "numpy of ints": (np.array(ROWS, dtype=int), np.array(TARGETS, dtype=np.uint8)),
    "rows of numpy": ([np.array(row, dtype=np.float32) for row in ROWS], [np.int64(t) for t in TARGETS]),
    "pandas": (pd.DataFrame({"a": [1, 3, 5], "b": [2.0, 4.0, 6.0]}, index=[7, 8, 9]), pd.Series(TARGETS, name="c")),
    "numbers of numpy": (ROWS, list(map(np.array, TARGETS))),
    "truths": (ROWS, pd.Series([False, True, True])),
    "fractions": ([[Fraction(x) for x in row] for row in ROWS], TARGETS),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms(form):
    data = read_examples(*FORMS[form])
    assert data.inputs == ROWS
    assert data.targets == TARGETS
    assert all(type(x) is float for row in data.inputs for x in row)
    assert all(type(t) is int for t in data.targets)


def test_one_number_per_row_is_a_row_of_one():
    assert read_examples(np.array([1, 2]), [3.5, 4]).inputs == [[1.0], [2.0]]


def test_targets_are_whole_or_all_floats():
    assert list(map(type, read_examples(ROWS, [1, 2, 3.5]).targets)) == [float] * 3
    assert read_examples(ROWS, pd.DataFrame({"a": [1, 0, 0], "b": [0, 1, 1]})).targets == [[1, 0], [0, 1], [0, 1]]


WRONG = {
    "longer": ([[1, 2], [3, 4, 5.5]], [0, 1], r"X, row 1 \(counted from 0\): it has 3 numbers, and row 0 has 2 numbers;"
               r" give all rows the same length, or write sequences of numbers as \[\[x\] for x in row\]"),
    "longer, below 0": ([[1, 2], [3, 4, -5]], [0, 1], "X, row 1 .*: it has 3 numbers, and row 0 has 2 numbers;"),
    "one number": ([[1, 2], 3], [0, 1], "X, row 1 .*: it is one number, and row 0 has 2"),
    "empty row": ([[], [1]], [0, 1], "X, row 0 .*: it has no numbers"),
    "text": ([[1, 2], [3, "4"]], [0, 1], "X, row 1 .*: number 1 is '4', which is no number"),
    "text as a row": (["12", "34"], [0, 1], "X, row 0 .*: it is '12', which is no number"),
    "nothing": ([[1, 2], [None, 4]], [0, 1], "X, row 1 .*: number 0 is None"),
    "deeper in part": ([[[1], 2]], [0], r"X, row 0 .*: item 1 is one number, and item 0 has 1 number; give the items"),
    "deeper later": ([[1, [2]]], [0], r"X, row 0 .*: number 1 is \[2\], which is no number"),
    "ragged": ([[[1, 2], [3]]], [0], r"X, row 0 .*: item 1 has 1 number, and item 0 has 2 numbers; give the items"),
    "another depth": ([[[1, 2]], [3, 4]], [0, 1], r"X, row 1 .*: what is in it is one number, and in row 0 has 2 numb"),
    "text inside": ([[[1, "2"]]], [0], r"X, row 0 .*, item 0: number 1 is '2', which is no number"),
    "empty inside": ([[[]]], [0], r"X, row 0 .*, item 0: it has no numbers"),
    "nan": ([[1, 2], [3, 4], [5, float("nan")]], [0, 1, 1], "X, row 2 .*: number 1 is nan; leave the row out"),
    "nan in pandas": (pd.DataFrame({"a": [1.0, None]}), [0, 1], "X, row 1 .*: number 0 is nan"),
    "NA": (pd.DataFrame({"a": pd.array([1, None], dtype="Int64")}), [0, 1], "X, row 1 .*number 0 is nan"),
    "infinite": ([[1, 2]], [float("inf")], "y, row 0 .*: it is inf"),
    "huge": ([[10**400, 2]], [1], r"X, row 0 .*: number 0 is beyond 1.8e308"),
    "dates": (pd.DataFrame({"a": [datetime.datetime(2020, 1, 1)]}), [1], "X holds dates"),
    "dates among numbers": (pd.DataFrame({"a": [1.0], "b": [datetime.datetime(2020, 1, 1)]}), [1],
                            "X, row 0 .*: number 1 is .*Timestamp"),
    "uneven targets": (ROWS, [[1], [2], [3, 4]], "y, row 2 .*: it has 2 numbers, and row 0 has 1 number;"),
    "too few targets": (ROWS, [1, 2], "X has 3 rows and y 2; give one target for each row"),
    "none": ([], [], "X is empty"),
    "a dict": ({"a": [1]}, [1], "X is of type dict"),
    "a number": (3, [1], "X is of type int"),
    "complex": ([[1j]], [1], "X, row 0 .*: number 0 is 1j"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_rows_are_named(what):
    inputs, targets, message = WRONG[what]
    with pytest.raises(ValueError, match=message):
        read_examples(inputs, targets)


def test_the_order_depends_on_seed_and_epoch_only():
    assert row_order(6, 0, 1) == row_order(6, 0, 1)
    assert sorted(row_order(6, 0, 1)) == list(range(6))
    assert len({tuple(row_order(6, seed, epoch)) for seed in range(3) for epoch in range(3)}) == 9


def test_a_part_is_held_out():
    data = read_examples([[i] for i in range(10)], range(10))
    train, held_out = split_validation(data, 0.3, seed=1)
    assert (len(train.inputs), len(held_out.inputs)) == (7, 3)
    assert sorted(train.targets + held_out.targets) == list(range(10))
    assert all(row == [t] for part in (train, held_out) for row, t in zip(part.inputs, part.targets, strict=True))
    assert split_validation(data, 0.3, seed=1) == (train, held_out)
    assert split_validation(data, 0.3, seed=2) != (train, held_out)


def test_a_pair_is_held_out():
    data = read_examples(ROWS, TARGETS)
    assert split_validation(data, (np.array(ROWS), TARGETS), 0) == (data, data)
    assert split_validation(data, None, 0) == (data, None)


@pytest.mark.parametrize(("validation", "message"), [
    (1.0, "a part between 0 and 1"), (0, "a part between"), (True, "a part between"), ("0.2", "not str"),
    (0.01, "leaves none"), (([[1.0, 2.0]], [[1.0]]), "its targets 1, those of training 2 and one"),
    (([[1.0, 2.0], [1.0]], [1, 2]), "validation X, row 1")])
def test_wrong_validation(validation, message):
    with pytest.raises(ValueError, match=message):
        split_validation(read_examples(ROWS, TARGETS), validation, 0)


def test_an_epoch_is_shuffled_as_random_shuffles():
    for count in (0, 1, 2, 3, 64, 65, 1000):
        rows = list(range(count))
        random.Random("3, epoch 5").shuffle(rows)
        assert row_order(count, 3, 5) == rows
