"""pathgrad predict: that it says what the model says, of the rows that it is given, and nothing of what is no model."""

import copy
import csv
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nn
from nn.tabular import predictor
from viz.command.cli import main

CLASSES = "a,colour,b,y\n" + "".join(f"{i},{['red', 'blue', 'tan'][i % 3]},{i * i % 11},{'yes' if i % 4 else 'no'}\n"
                                     for i in range(24))
ROOT = Path(nn.__file__).parents[1]
NUMBERS = "a,b,y\n" + "".join(f"{i},{i * i % 11},{3 * i + 0.5}\n" for i in range(24))


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("classes.csv").write_text(CLASSES)
    Path("numbers.csv").write_text(NUMBERS)
    return tmp_path


def trained(name, *options):
    assert main(["train", f"{name}.csv", "--target", "y", "--epochs", "4", "--hidden", "3,2", "--quiet", "--out",
                 f"{name}.json", *options]) == 0
    return nn.load(f"{name}.json")


def predicted(name, data, *options):
    assert main(["predict", f"{name}.json", data, "--out", "p.csv", *options]) == 0
    with open("p.csv", newline="") as file:
        return list(csv.DictReader(file))


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
    assert f"24 rows: accuracy {right / 24:.1%} ({right} of 24)\npredictions: p.csv\n" in capsys.readouterr().out


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


def test_the_table_alone_goes_to_standard_output(capsys):
    trained("numbers")
    assert main(["predict", "numbers.json", "numbers.csv", "--out", "p.csv"]) == 0
    capsys.readouterr()
    assert main(["predict", "numbers.json", "numbers.csv"]) == 0
    out, err = capsys.readouterr()
    assert out == Path("p.csv").read_text()
    assert err.startswith("24 rows: root mean square error ")


def test_predicting_again_keeps_what_was_predicted(capsys):
    trained("classes")
    first = predicted("classes", "classes.csv")
    Path("p.csv").rename("again.csv")
    assert "already" not in capsys.readouterr().err
    second = predicted("classes", "again.csv")
    assert capsys.readouterr().err == "".join(f"the table has a column '{name}' already; the new one is '{name}_2'\n"
                                              for name in ("predicted_y", "probability_no", "probability_yes"))
    assert [{key: row[key] for key in first[0]} for row in second] == first
    for old, new in zip(first, second, strict=True):
        assert [*new.values()] == [*old.values(), *[*old.values()][-3:]]


@pytest.mark.parametrize("out", [[], ["--out", "p.csv"]])
def test_a_column_named_as_the_prediction_is_kept(out, capsys):
    trained("numbers")
    Path("new.csv").write_text("a,predicted_y,b,predicted_y_2\n1,7,2,note\n")
    capsys.readouterr()
    assert main(["predict", "numbers.json", "new.csv", *out]) == 0
    said = capsys.readouterr()
    head, line = (Path("p.csv").read_text() if out else said.out).splitlines()
    assert head == "a,predicted_y,b,predicted_y_2,predicted_y_3"
    assert line.startswith("1,7,2,note,")
    assert said.err == "the table has a column 'predicted_y' already; the new one is 'predicted_y_3'\n"


def test_new_columns_have_different_names():
    """A class no_2 beside a class no, whose column gets a number."""
    Path("classes.csv").write_text(CLASSES.replace("yes", "no_2"))
    trained("classes")
    Path("new.csv").write_text("a,colour,b,probability_no\n1,red,2,x\n")
    [row] = predicted("classes", "new.csv")
    assert list(row) == ["a", "colour", "b", "probability_no", "predicted_y", "probability_no_2", "probability_no_2_2"]
    assert row["probability_no"] == "x"


def test_columns_of_the_model_never_give_way():
    for name, text in (("classes", CLASSES), ("numbers", NUMBERS)):
        Path(f"{name}.csv").write_text(text.replace("a,", "predicted_y,", 1).replace(",b,", ",probability_no,", 1))
        trained(name)
        before = list(csv.DictReader(Path(f"{name}.csv").read_text().splitlines()))
        first = predicted(name, f"{name}.csv")
        assert [{key: row[key] for key in before[0]} for row in first] == before
        assert {*first[0]} - {*before[0]} == {"predicted_y_2", *(["probability_no_2", "probability_yes"]
                                                                 if name == "classes" else [])}


KEPT = (b'\xef\xbb\xbfa ; b;"na ""me""";note' b"\r\n"
        b' 1;2 ;"x; ""y"""; two  words ' b"\r\n"
        b'3; 4;"line' b"\r\n" b'end\nand\rmore";' b"\r\n\r\n"
        b'"5";6; "";' b"\xe2\x82\xac\r\n")


def test_cells_are_kept_to_the_letter():
    """Spaces, quotes that nothing asks for, empty cells, line ends in quotes and of lines, the byte order mark."""
    trained("numbers")
    Path("kept.csv").write_bytes(KEPT)
    assert main(["predict", "numbers.json", "kept.csv", "--out", "p.csv"]) == 0
    lines = re.sub(rb";(?:predicted_y|[-+0-9.e]+)\r\n", b"\r\n", Path("p.csv").read_bytes())
    assert lines == KEPT.replace(b"\r\n\r\n", b"\r\n")


@pytest.mark.parametrize("text", [b"a,b\r1,2\r3,4\r", b"a,b\r\n1,2\n3,4\r5,6\r\n", b"a,b\n1,2\n3,4"])
def test_each_line_ends_as_it_did(text):
    trained("numbers")
    Path("ends.csv").write_bytes(text)
    assert main(["predict", "numbers.json", "ends.csv", "--out", "p.csv"]) == 0
    assert re.sub(rb",[^,\r\n]+(?=[\r\n]|\Z)", b"", Path("p.csv").read_bytes()) == text       # without the last column


def test_an_empty_cell_alone_on_its_line_is_a_row(capsys):
    Path("numbers.csv").write_text("x,y\n" + "".join(f"{i},{i}.5\n" for i in range(24)))
    trained("numbers")
    Path("new.csv").write_text('x\n1\n""\n\n2\n')
    assert main(["predict", "numbers.json", "new.csv"]) == 1
    assert "1 of 3 rows cannot be used" in (said := capsys.readouterr().err)
    assert "line 3: 'x' is empty" in said


def test_a_table_on_standard_output_has_lines_as_others_have_them(capsys):
    trained("numbers")
    Path("kept.csv").write_bytes(KEPT)
    capsys.readouterr()
    assert main(["predict", "numbers.json", "kept.csv"]) == 0
    out = capsys.readouterr().out
    assert out.startswith('a ; b;"na ""me""";note;predicted_y\n 1;2 ;"x; ""y""";' " two  words ;")
    assert out.count("\r\n") == 1       # that in quotes


def test_a_standard_output_without_its_letters_gets_no_other_ones():
    """² came out as 2, and € as \\u20ac."""
    trained("numbers")
    Path("new.csv").write_text("a,b,unit\n1,2,m²\n", encoding="utf-8")
    command = [sys.executable, "-m", "viz", "predict", "numbers.json", "new.csv"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, check=False, env={**environment, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == (b"pathgrad: standard output lacks letters that are in the table; write it to a file with "
                           b"--out\n")
    done = subprocess.run(command, capture_output=True, check=False, env={**environment, "PYTHONIOENCODING": "utf-8"})
    assert "1,2,m²,".encode() in done.stdout


def test_a_cell_of_any_length_is_read():
    trained("numbers")
    long = "x" * 200_000
    Path("new.csv").write_text(f'a,b,note\n1,2,"{long}"\n3,4,{long}\n')
    assert [row["note"] for row in by_hand(predicted_text("numbers", "new.csv"))] == [f'"{long}"', long]
    Path("numbers.csv").write_text(NUMBERS.replace("\n", f',"{long}"\n').replace(f'"{long}"', "note", 1))
    assert main(["train", "numbers.csv", "--target", "y", "--drop", "note", "--epochs", "1"]) == 0


def predicted_text(name, data, *options):
    assert main(["predict", f"{name}.json", data, "--out", "p.csv", *options]) == 0
    return Path("p.csv").read_text(encoding="utf-8")


def by_hand(text):
    """Rows whose cells hold neither commas nor line ends, without the csv module, which refuses long ones."""
    head, *lines = [line.split(",") for line in text.splitlines()]
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_formulas_pass_unless_they_are_escaped():
    Path("classes.csv").write_text(CLASSES.replace("yes", "=yes").replace("red", "@red"))
    trained("classes")
    Path("new.csv").write_text('a,colour,b,=n,x\n-1.5,@red,+2,"=1,2",\n')
    plain, safe = (predicted_text("classes", "new.csv", *options) for options in ([], ["--escape-formulas"]))
    assert plain.splitlines()[0] == "a,colour,b,=n,x,predicted_y,probability_=yes,probability_no"
    assert plain.splitlines()[1].startswith('-1.5,@red,+2,"=1,2",,')
    assert safe.splitlines()[0] == "a,colour,b,'=n,x,predicted_y,probability_=yes,probability_no"
    assert safe.splitlines()[1].startswith("-1.5,'@red,+2,\"'=1,2\",,")
    found = {row["predicted_y"] for row in csv.DictReader(predicted_text(
        "classes", "classes.csv", "--escape-formulas").splitlines())}
    assert found <= {"no", "'=yes"}
    assert "'=yes" in found


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


@pytest.mark.skipif(sys.platform == "win32", reason="there files have no permissions")
def test_every_file_that_a_command_writes_keeps_its_permissions():
    names = ["numbers.json", "loss.svg", "p.csv", "graph.png"]
    for name in names:
        Path(name).touch(mode=0o600)
    trained("numbers", "--plot", "loss.svg")
    predicted("numbers", "numbers.csv")
    assert main(["a * b", "a=2", "b=3", "--out", "graph.png"]) == 0
    assert [(Path(name).stat().st_mode & 0o777, Path(name).stat().st_size > 0) for name in names] == [(0o600, True)] * 4


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
