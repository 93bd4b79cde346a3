"""pathgrad train --impute fills missing values, and pathgrad predict fills them likewise."""

import copy
import csv
import re
import statistics
from pathlib import Path

import pytest

import nn
from nn.tabular.splits import stratified_split
from tests.support.messy_tables import FORMATS, predict, train
from tests.support.train_command import without_pictures
from viz.command.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    without_pictures(monkeypatch)
    return tmp_path


MARKS = ["", "NA", "N/A", "nan", "null", "?", "-", "NaN", "#N/A"]


def gaps(marks):
    """40 rows in which numbers, texts and dates are missing."""
    rows = [[str(i * i % 37), ["red", "blue"][i % 2], f"2024-0{1 + i % 5}-1{i % 9}", str(i), f"{i}.5"]
            for i in range(40)]
    for i in range(0, 40, 4):
        for column in range(3):
            rows[i + column][column] = marks[(i + column) % len(marks)]
    return "a,colour,day,b,y\n" + "".join(",".join(row) + "\n" for row in rows)


@pytest.mark.parametrize("out", FORMATS)
def test_missing_values_become_the_median_of_the_training_rows(out, capsys):
    Path("t.csv").write_text(gaps(MARKS))
    assert train("--target", "y", "--impute", "--patience", "0", out=out) == 0
    said = capsys.readouterr().out
    assert "columns: a, a.missing, colour ((missing), blue, red), day.month, day.day, day.weekday, day.missing, b\n" \
        in said
    assert "note: 'a' is missing in 10 rows: filled by the median of the rows that are trained on, and 'a.missing' " \
        "says where\n" in said
    assert "note: 'colour' is missing in 10 rows: a category of its own\n" in said
    state = {(column["name"], column.get("part", "")): column for column in nn.load(out)["columns"]}
    cells = [row["a"] for row in csv.DictReader(Path("t.csv").read_text().splitlines())]
    kept, _ = stratified_split([0] * 40, 0.2, "0, held out")
    there = [float(cells[i]) for i in kept if cells[i].isdigit()]
    assert state["a", ""]["fill"] == statistics.median(there)
    assert "fill" in state["b", ""], "which may be missing in a new table"
    assert state["colour", ""]["labels"] == ["", "blue", "red"]
    assert [*state["a", "missing"].keys()] == ["name", "labels", "center", "scale", "part"]
    marked = predict("t.csv", out).decode().splitlines()
    assert "'a' is missing in 10 rows: filled by the median of the rows that the model was trained on\n" in \
        capsys.readouterr().out
    Path("t.csv").write_text(gaps([""]))
    assert [line.rpartition(",")[2] for line in predict("t.csv", out).decode().splitlines()] == \
        [line.rpartition(",")[2] for line in marked], "whatever marks it"


def test_an_imputed_number_is_the_median_and_a_flag(capsys):
    """The network's inputs: the median, scaled, and 1 for missing; a row with the median itself differs in the flag."""
    from nn.tabular.predictor import load_predictor
    Path("t.csv").write_text(gaps(MARKS))
    assert train("--target", "y", "--impute") == 0
    model = load_predictor("m.json")
    a, flag = model.columns[:2]
    assert (a.name, flag.title) == ("a", "a.missing")
    assert [column.read("?") for column in (a, flag)] == [a.fill, 1.0]
    assert [column.read(str(a.fill)) for column in (a, flag)] == [a.fill, 0.0]


def test_without_impute_rows_with_gaps_are_bad_rows(capsys):
    Path("t.csv").write_text(gaps([""]))
    assert train("--target", "y") == 1
    err = capsys.readouterr().err
    assert err.startswith("pathgrad: 't.csv': 30 of 40 rows cannot be used; correct them, or go on without them: "
                          "--skip-bad-rows, or fill what is missing: --impute\n  line 2: 'a' is empty\n")
    assert train("--target", "y", "--skip-bad-rows") == 0
    assert "note: 30 of 40 rows left out" in capsys.readouterr().out


def test_marks_in_a_column_of_many_numbers_leave_it_a_column_of_numbers(capsys):
    Path("t.csv").write_text("a,y\n" + "".join(f"{'NA' if i % 3 else i},{i}.5\n" for i in range(90)))
    assert train("--target", "y") == 1
    assert "line 3: 'a' is 'NA', and not a number\n" in capsys.readouterr().err
    assert train("--target", "y", "--impute") == 0
    assert "columns: a, a.missing\n" in capsys.readouterr().out


def test_a_missing_target_is_a_bad_row_and_na_may_be_a_label(capsys):
    Path("t.csv").write_text("a,land,y\n" + "".join(f"{i},{['NA', 'US', 'DE'][i % 3]},{i}.5\n" for i in range(30)))
    assert train("--target", "y") == 0
    assert "land (DE, NA, US)" in capsys.readouterr().out, "Namibia, unless --impute says otherwise"
    with open("t.csv", "a") as file:
        file.write("1,US,?\n")
    assert train("--target", "y", "--impute") == 1
    assert "1 of 31 rows cannot be used; correct them, or go on without them: --skip-bad-rows\n  line 32: 'y' is " \
        "'?', and not a number\n" in capsys.readouterr().err


def test_a_gap_where_none_was_learned_from(capsys):
    Path("t.csv").write_text("a,colour,y\n" + "".join(f"{i},{'red' if i % 3 else 'blue'},{i}.5\n" for i in range(30)))
    assert train("--target", "y", "--impute") == 0
    Path("new.csv").write_text("a,colour\n,red\n14,red\n")
    first = predict("new.csv").decode().splitlines()[1]
    state = nn.load("m.json")["columns"][0]
    assert state["fill"] == pytest.approx(14.5, abs=3)
    Path("new.csv").write_text(f"a,colour\n{state['fill']},red\n14,\n")
    assert main(["predict", "m.json", "new.csv"]) == 1
    assert "line 3: 'colour' is empty\n" in capsys.readouterr().err
    assert predict("new.csv", "m.json", "--skip-bad-rows").decode().splitlines()[1].split(",")[2] == first.split(",")[2]


@pytest.fixture(scope="module")
def imputed(tmp_path_factory):
    """The state of a model of a table with gaps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("imputed"))
        without_pictures(patch)
        Path("t.csv").write_text(gaps(MARKS))
        assert train("--target", "y", "--impute") == 0
        return nn.load("m.json")


@pytest.mark.parametrize(("key", "bad"), [("part", "era"), ("part", 1), ("fill", "0"), ("fill", 1), ("fill", 1e999),
                                          ("decimal", ";"), ("decimal", None), ("order", "year"), ("order", []),
                                          ("unnamed", -1), ("unnamed", "2")])
def test_damaged_entries_are_refused(imputed, key, bad, capsys):
    Path("t.csv").write_text(gaps(MARKS))
    state = copy.deepcopy(imputed)
    (state if key == "unnamed" else state["columns"][0])[key] = bad
    nn.save(state, "bent.json")
    capsys.readouterr()
    assert main(["predict", "bent.json", "t.csv"]) == 1
    assert re.fullmatch("pathgrad: 'bent.json' is a damaged model: .*; give the file that pathgrad train wrote\n",
                        capsys.readouterr().err)
