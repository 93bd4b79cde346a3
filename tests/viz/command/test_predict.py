"""pathgrad predict gives the predictions of the model, and refuses other files and bad rows."""

import copy
import csv
import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nn
from nn.tabular import predictor
from tests.support.predict_command import CLASSES, NUMBERS, predicted, trained, write_tables
from viz.command.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_tables()
    return tmp_path


def network(state, inputs, activation):
    """The network that a file describes, put together from its parts, on inputs that are scaled here."""
    width = len(inputs(next(csv.DictReader(Path("classes.csv").read_text().splitlines()))))
    outputs = len(state["target"]["labels"]) or 1
    model = nn.Sequential(nn.Linear(width, 3), activation, nn.Linear(3, 2), activation, nn.Linear(2, outputs))
    model.load_state_dict(state["network"])
    return lambda row: [x.data for x in model(inputs(row))]


def scaled(state, i, cell):
    return (float(cell) - state["columns"][i]["center"]) / state["columns"][i]["scale"]


# ---- what it predicts ---------------------------------------------------------------------------


def test_classes_are_the_models_own(capsys):
    state = trained("classes")
    assert [column["labels"] for column in state["columns"]] == [[], ["blue", "red", "tan"], []]
    assert state["target"]["labels"] == ["no", "yes"]
    ask = network(state, lambda row: [scaled(state, 0, row["a"]), *(float(row["colour"] == x) for x in
                                      ("blue", "red", "tan")), scaled(state, 2, row["b"])], nn.Tanh())
    right = 0
    for row in predicted("classes", "classes.csv"):
        no, yes = ask(row)
        assert float(row["probability_no"]) == pytest.approx(1 / (1 + math.exp(yes - no)), rel=1e-12)
        assert float(row["probability_no"]) + float(row["probability_yes"]) == pytest.approx(1, rel=1e-12)
        assert row["predicted_y"] == ("no" if no >= yes else "yes")
        right += row["predicted_y"] == row["y"]
    out = capsys.readouterr().out
    assert f"24 rows: accuracy {right / 24:.1%} ({right} of 24)\nbalanced accuracy " in out
    assert out.endswith("predictions: p.csv\n")


def test_numbers_are_the_models_own_in_the_targets_unit(capsys):
    state = trained("numbers", "--activation", "relu")
    ask = network(state, lambda row: [scaled(state, 0, row["a"]), scaled(state, 1, row["b"])], nn.ReLU())
    errors, around = [], []
    for row in predicted("numbers", "numbers.csv"):
        assert float(row["predicted_y"]) == ask(row)[0] * state["target"]["scale"] + state["target"]["center"]
        errors.append(float(row["predicted_y"]) - float(row["y"]))
        around.append(float(row["y"]) - 35)         # the mean of 3 i + 0.5
    squares = sum(x * x for x in errors)
    assert (f"24 rows: root mean square error {math.sqrt(squares / 24):.4g}, R² "
            f"{1 - squares / sum(x * x for x in around):.4f}\n") in capsys.readouterr().out


def test_compiled_predictions_are_the_same():
    for name, rows in (("classes", CLASSES), ("numbers", NUMBERS)):
        trained(name)
        head, *lines = rows.splitlines()
        Path("many.csv").write_text("\n".join([head, *lines * 30]))
        assert len(lines) < predictor.COMPILED < 30 * len(lines)
        assert predicted(name, "many.csv") == 30 * predicted(name, f"{name}.csv")


def test_both_formats_hold_the_same_model():
    trained("classes")
    first = predicted("classes", "classes.csv")
    trained("classes", "--out", "m.safetensors")
    assert main(["predict", "m.safetensors", "classes.csv", "--out", "q.csv"]) == 0
    assert Path("q.csv").read_bytes() == Path("p.csv").read_bytes()
    assert len(first) == 24


def test_columns_go_by_name():
    trained("numbers")
    plain = [row["predicted_y"] for row in predicted("numbers", "numbers.csv")]
    rows = list(csv.DictReader(NUMBERS.splitlines()))
    Path("other.csv").write_text("b;name;a\n" + "".join(f'{row["b"]};"Ann; {i}";{row["a"]}\n'
                                                         for i, row in enumerate(rows)))
    assert main(["predict", "numbers.json", "other.csv", "--out", "p.csv"]) == 0
    with open("p.csv", newline="") as file:
        found = list(csv.DictReader(file, delimiter=";"))
    assert list(found[0]) == ["b", "name", "a", "predicted_y"]
    assert [row["predicted_y"] for row in found] == plain
    assert found[3]["name"] == "Ann; 3"


def test_targets_that_are_not_known_are_left_out_of_the_score(capsys):
    trained("classes")
    Path("new.csv").write_text("a,colour,b,y\n1,red,2,yes\n2,red,3,\n3,red,4,maybe\n")
    assert len(predicted("classes", "new.csv")) == 3
    assert "1 row: accuracy" in (out := capsys.readouterr().out)
    assert "; 2 more without a known 'y'\n" in out
    Path("new.csv").write_text("a,colour,b,y\n1,red,2,\n")
    predicted("classes", "new.csv")
    assert "no row has a known 'y' to compare with\n" in capsys.readouterr().out
    Path("new.csv").write_text("a,colour,b\n1,red,2\n")
    predicted("classes", "new.csv")
    assert capsys.readouterr().out == "predictions: p.csv\n"


# ---- what it refuses ----------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "message"), [
    ("a,b\n1,2\n", "'new.csv' has no column 'colour', from which this model predicts 'y'"),
    ("z\n1\n", "'new.csv' has no column 'a', 'colour', 'b', from which"),
    ("a,colour,b\n1,pink,2\n", "1 of 1 rows cannot be used; correct them, or go on without them: --skip-bad-rows\n"
     "  line 2: 'colour' is 'pink', and not one of 'blue', 'red', 'tan'\n"),
    ("a,colour,b\n1,red,2\n1,red,\n1,red\nx,red,2\n", "3 of 4 rows cannot be used; correct them, or go on without "
     "them: --skip-bad-rows\n  line 3: 'b' is empty\n  line 4: 2 fields, and line 1 has 3 names\n"
     "  line 5: 'a' is 'x', and not a number\n"),
    ("", "is empty")])
def test_bad_tables(text, message, capsys):
    trained("classes")
    Path("new.csv").write_text(text)
    assert main(["predict", "classes.json", "new.csv", "--out", "p.csv"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert not Path("p.csv").exists()


def test_bad_rows_are_left_out_where_that_is_asked_for(capsys):
    trained("classes")
    Path("new.csv").write_text("a,colour,b\n1,red,2\n1,pink,2\n3,blue,4\n")
    assert [row["a"] for row in predicted("classes", "new.csv", "--skip-bad-rows")] == ["1", "3"]
    assert capsys.readouterr().out.startswith("1 of 3 rows left out, line 3: 'colour' is 'pink'")


def test_a_row_beyond_all_numbers_is_a_bad_row(capsys):
    state = trained("numbers", "--activation", "relu")
    for column in state["columns"]:
        column["scale"] = 1e-300
    nn.save(state, "numbers.json")
    Path("new.csv").write_text("a,b\n1e99,1e99\n")
    assert main(["predict", "numbers.json", "new.csv"]) == 1
    assert "line 2: its numbers are too far from those that the model was trained on" in capsys.readouterr().err


LEAVES = st.sampled_from([None, True, 0, -1, 10**9, 1.5, 0.0, math.nan, "", "tanh", [], [1.0], [[1.0]], ["a", "a"],
                          {}, {"kind": "pathgrad train"}, [3, 2, 2], [{}], [10**6, 10**6]])


def places(x, path=()):
    """Everything in a nested state, by the keys that lead there."""
    yield path
    for key, item in x.items() if isinstance(x, dict) else enumerate(x) if isinstance(x, list) else ():
        yield from places(item, (*path, key))


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("model"))
        Path("classes.csv").write_text(CLASSES)
        return trained("classes")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_other_state_breaks_it(model, capsys, data):
    """Each entry of a model replaced, or taken out: it is refused in one line, or still a model."""
    state = copy.deepcopy(model)
    path = data.draw(st.sampled_from([path for path in places(state) if path]))
    holder = state
    for key in path[:-1]:
        holder = holder[key]
    if data.draw(st.booleans()):
        holder[path[-1]] = data.draw(LEAVES)
    else:
        del holder[path[-1]]
    nn.save(state, "bent.json")
    code = main(["predict", "bent.json", "classes.csv"])
    out, err = capsys.readouterr()
    assert code in (0, 1)
    assert bool(out) == (code == 0)
    assert code == 0 or (err.startswith("pathgrad: ") and "line" not in err.partition("\n")[0])
