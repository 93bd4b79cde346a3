"""nn.load of a file of pathgrad train: a function of a row, with the command's own predictions."""

import contextlib
import csv
import pickle
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest

import nn
from nn.tabular import table_model
from viz.command.cli import main

DATA = Path(__file__).parents[3] / "notebooks" / "data"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def trained(name, target, *options):
    assert main(["train", str(DATA / f"{name}.csv"), "--target", target, "--epochs", "5", "--quiet", *options]) == 0
    assert main(["predict", "model.json", str(DATA / f"{name}.csv"), "--out", "p.csv"]) == 0
    with open("p.csv", newline="") as file:
        return nn.load("model.json"), list(csv.DictReader(file))


@pytest.fixture(scope="module")
def iris(tmp_path_factory):
    """The path of a trained model, and the table with its predictions."""
    folder = tmp_path_factory.mktemp("iris")
    with contextlib.chdir(folder):
        return folder / "model.json", trained("iris", "species")[1]


def test_classes_as_the_command_predicts_them(iris):
    model, rows = nn.load(iris[0]), iris[1]
    assert model.predict(rows) == [row["predicted_species"] for row in rows]
    assert model(rows[0]) == model([5.1, 3.5, 1.4, 0.2]) == "setosa"
    assert model.columns == ["sepal length", "sepal width", "petal length", "petal width"]
    assert [f"{p['setosa']!r}" for p in model.probabilities(rows)] == [row["probability_setosa"] for row in rows]
    pandas = pytest.importorskip("pandas")
    assert model.predict(pandas.read_csv(DATA / "iris.csv")) == model.predict(rows)


def test_numbers_as_the_command_predicts_them(capsys):
    model, rows = trained("diabetes", "progression", "--hidden", "0")
    assert [repr(x) for x in model.predict(rows)] == [row["predicted_progression"] for row in rows]
    with pytest.raises(TypeError, match="no probabilities"):
        model.probabilities(rows)


@pytest.mark.parametrize(("row", "message"), [
    ([1, 2, 3], "give the 4 cells sepal length"), ("abcd", "give the 4 cells"), (3.0, "give the 4 cells"),
    ({"sepal length": 1}, "row 0 .* has no 'sepal width'"), ([1, 2, "x", 4], "'petal length' is 'x'"),
    ([1, 2, float("nan"), 4], "'petal length' is empty"), ([1, None, 3, 4], "'sepal width'")])
def test_a_row_that_does_not_fit(iris, row, message):
    model = nn.load(iris[0])
    with pytest.raises(ValueError, match=message):
        model(row)


def test_a_module_in_one_line(tmp_path):
    model = nn.MLP(2, [3, 1], "tanh", seed=0)
    nn.save(model, "plain.json")
    again = nn.MLP(2, [3, 1], "tanh", seed=1).load_state_dict(nn.load("plain.json"))
    assert repr(again([0.5, 2.0]).data) == repr(model([0.5, 2.0]).data)
    assert type(nn.load("plain.json")) is dict



def test_cells_of_python_and_of_tables_are_read_alike(capsys):
    """Dates, missing values and decimal commas: as text, and as Python's own objects."""
    rows = [f"2024-{1 + i % 12:02d}-{1 + i % 28:02d};{i % 7},{i % 10};{'' if i % 9 == 4 else i};{2 * i},5\n"
            for i in range(80)]
    Path("t.csv").write_text("sold;price;stock;paid\n" + "".join(rows))
    assert main(["train", "t.csv", "--target", "paid", "--impute", "--epochs", "2", "--out", "m.json", "--quiet"]) == 0
    model = nn.load("m.json")
    assert model.columns == ["sold", "price", "stock"]
    texts = model(["2024-03-05", "3,4", ""])
    assert model([date(2024, 3, 5), 3.4, None]) == texts
    assert model({"sold": date(2024, 3, 5), "price": 3.4, "stock": float("nan")}) == texts
    assert model(["2024-03-05", 3.4, 0]) != texts


def test_the_network_is_made_once(iris, monkeypatch):
    model, rows = nn.load(iris[0]), iris[1]
    made, usual = [], table_model.predictor_of_state
    monkeypatch.setattr(table_model, "predictor_of_state", lambda state: made.append(1) or usual(state))
    first = [model(row) for row in rows[:3]]
    assert model.predict(rows[:3]) == first
    assert made == [1]
    for copy in (pickle.loads(pickle.dumps(model)), model.copy(), deepcopy(model)):
        assert copy == model
    model["network"]["0.weight"][0][0] += 1.0       # another model: its network is made anew
    assert model.probabilities(rows[:1]) == table_model.TableModel(model).probabilities(rows[:1])
    assert made == [1, 1, 1]
    model["hidden"] = "many"
    with pytest.raises(ValueError, match="damaged model"):
        model(rows[0])
