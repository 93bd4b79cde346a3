"""pathgrad predict writes the cells of the table as they were, with new columns for its predictions."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import nn
from tests.support.predict_command import CLASSES, NUMBERS, predicted, trained, write_tables
from tests.support.train_command import without_pictures
from viz.command.cli import main

ROOT = Path(nn.__file__).parents[1]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_tables()
    return tmp_path


# ---- what it predicts ---------------------------------------------------------------------------


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


def test_a_cell_of_any_length_is_read(monkeypatch):
    without_pictures(monkeypatch)
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


@pytest.mark.skipif(sys.platform == "win32", reason="there files have no permissions")
def test_every_file_that_a_command_writes_keeps_its_permissions():
    names = ["numbers.json", "loss.svg", "p.csv", "graph.png"]
    for name in names:
        Path(name).touch(mode=0o600)
    trained("numbers", "--plot", "loss.svg")
    predicted("numbers", "numbers.csv")
    assert main(["a * b", "a=2", "b=3", "--out", "graph.png"]) == 0
    assert [(Path(name).stat().st_mode & 0o777, Path(name).stat().st_size > 0) for name in names] == [(0o600, True)] * 4
