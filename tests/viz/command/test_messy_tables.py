"""pathgrad train and predict on tables as people have them: exports of spreadsheets, without names, with gaps."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from sklearn.datasets import load_iris, load_wine

import nn
from tests.support.messy_tables import FORMATS, predict, train
from tests.support.train_command import without_pictures
from viz.command.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    without_pictures(monkeypatch)
    return tmp_path


def sales(encoding="utf-8", delimiter=",", sign=".", thousands="", date="%Y-%m-%d %H:%M"):
    """Sales of a shop as a spreadsheet exports them."""
    from datetime import datetime, timedelta
    text = io.StringIO(newline="")
    rows = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    rows.writerow(["Bestellt", "Stadt", "Größe", "Kunde", "Preis"])
    for i in range(60):
        when = datetime(2023, 11, 5, 8, 30) + timedelta(days=3 * i, hours=i % 9)
        size, price = f"{20 + i * i % 97 + i / 8:.3f}", f"{900 + 55.25 * i + 100 * (i % 3):,.2f}"
        size, price = size.replace(".", sign), price.translate(str.maketrans({",": thousands, ".": sign}))
        rows.writerow([when.strftime(date), ["Köln", "Genève", "Malmö"][i % 3], size, f"Frau {i}; Büro", price])
    return text.getvalue().encode(encoding)


DIALECTS = [{"encoding": "cp1252", "delimiter": ";", "sign": ",", "thousands": ".", "date": "%d.%m.%Y %H:%M"},
            {"encoding": "utf-16", "delimiter": "\t", "sign": ",", "thousands": "\xa0", "date": "%d/%m/%Y %H:%M"},
            {"encoding": "utf-8-sig", "delimiter": ";", "thousands": ",", "date": "%m/%d/%Y %I:%M %p"},
            {"encoding": "latin-1", "delimiter": "|", "sign": ",", "date": "%Y-%m-%dT%H:%M:00Z"}]


@pytest.mark.parametrize("out", FORMATS)
def test_an_export_is_the_same_table_in_every_dialect(out, capsys):
    """The same network, and the same predictions for each of the dialects by a model of another."""
    Path("plain.csv").write_bytes(sales())
    assert train("--target", "Preis", data="plain.csv", out=out) == 0
    said = capsys.readouterr().out
    assert "columns: Bestellt.year, Bestellt.month, Bestellt.day, Bestellt.weekday, Bestellt.hour, Stadt (Genève, " \
        "Köln, Malmö), Größe\n" in said
    assert "note: 'Bestellt' has dates: learned from as year, month, day, weekday and hour\n" in said
    assert "note: 'Kunde' is text with 60 different values, such as 'Frau 0; Büro', and at most 20 can be learned " \
        "from: left out\n" in said
    network = nn.load(out)["network"]
    plain = list(csv.DictReader(io.StringIO(predict("plain.csv", out).decode())))
    for dialect in DIALECTS:
        Path("t.csv").write_bytes(sales(**dialect))
        assert train("--target", "Preis", out="other.json") == 0
        said = capsys.readouterr().out
        assert nn.load("other.json")["network"] == network, dialect
        assert ("note: not in UTF-8" in said) is (dialect["encoding"] in ("cp1252", "latin-1"))
        assert ("'Größe' and 1 more have decimal commas: '20,000' is read as 20.000" in said) is ("sign" in dialect)
        text = predict("t.csv", out).decode(dialect["encoding"])
        assert text.splitlines()[0].endswith(f"{dialect['delimiter']}predicted_Preis")
        found = list(csv.DictReader(io.StringIO(text), delimiter=dialect["delimiter"]))
        assert [row["predicted_Preis"].replace(",", ".") for row in found] == [row["predicted_Preis"] for row in plain]
        assert ("," in found[0]["predicted_Preis"]) is ("sign" in dialect), "as its other numbers"
        kept = re.sub(rf"{re.escape(dialect['delimiter'])}[^\r\n{dialect['delimiter']}]+(?=\r\n)", "", text)
        assert kept.encode(dialect["encoding"]) == Path("t.csv").read_bytes(), "cells are kept to the letter"


def test_a_class_that_the_encoding_lacks(capsys):
    Path("t.csv").write_text("a,y\n" + "".join(f"{i},{'źle' if i % 2 else 'dobrze'}\n" for i in range(30)))
    assert train("--target", "y") == 0
    Path("new.csv").write_bytes(b"note;a\ncaf\xe9;1\nb;2\n")
    assert "probability_źle" in predict("new.csv").decode()
    assert "written in UTF-8, as cp1252 lacks letters of the predictions\n" in capsys.readouterr().out


# ---- without names ------------------------------------------------------------------------------


@pytest.mark.parametrize("out", FORMATS)
def test_columns_without_names_go_by_their_place(out, capsys):
    """The first column is the target, as in the wine data of old; a new table may be without it."""
    found = load_wine()
    lines = [",".join(map(str, [t + 1, *x])) for x, t in zip(found.data, found.target, strict=True)]
    Path("t.csv").write_text("\n".join(lines) + "\n")
    assert train("--target", "column1", out=out) == 0
    said = capsys.readouterr().out
    assert "note: line 1 has data like the rows below it, so the columns are named column1 to column14; if it has " \
        "names: --header\n" in said
    assert sum(map(int, re.findall(r"(\d+) (?:to train on|for validation|held out)", said))) == 178
    whole = predict("t.csv", out).decode().splitlines()
    assert [line.rsplit(",", 4)[0] for line in whole] == lines
    assert "the columns have no names; the last 4 are 'predicted_column1', 'probability_1', " in capsys.readouterr().out
    Path("new.csv").write_text("\n".join(line.partition(",")[2] for line in lines))
    assert [line.rsplit(",", 4)[1:] for line in predict("new.csv", out).decode().splitlines()] == \
        [line.rsplit(",", 4)[1:] for line in whole]
    Path("named.csv").write_text(",".join(f"column{i}" for i in range(14, 0, -1)) + "\n"
                                 + "\n".join(",".join(line.split(",")[::-1]) for line in lines))
    assert [line.rsplit(",", 4)[1:] for line in predict("named.csv", out).decode().splitlines()[1:]] == \
        [line.rsplit(",", 4)[1:] for line in whole], "by their names, where they have them"
    capsys.readouterr()
    Path("short.csv").write_text("1,2,3\n")
    assert main(["predict", out, "short.csv"]) == 1
    assert capsys.readouterr().err == (
        "pathgrad: 'short.csv' has no names and 3 columns, and this model learned from 14 without names; give these, "
        "with or without the target, number 1 of them\n")


def test_iris_without_names(capsys):
    found = load_iris()
    rows = "".join(",".join(map(str, x)) + f",{found.target_names[t]}\n"
                   for x, t in zip(found.data, found.target, strict=True))
    Path("t.csv").write_text(rows)
    assert train("--target", "column5") == 0
    model = Path("m.json").read_bytes()
    assert train("--target", "column5", "--no-header") == 0
    assert Path("m.json").read_bytes() == model
    assert "--header" not in capsys.readouterr().out.rpartition("target: ")[2]
    Path("t.csv").write_text("column1,column2,column3,column4,column5\n" + rows)
    assert train("--target", "column5") == 0
    assert nn.load("m.json")["network"] == json.loads(model)["state"]["network"]


def test_years_are_names_and_a_note_says_so(capsys):
    Path("t.csv").write_text("2021,2022,2023\n" + "".join(f"{i},{i * i % 7},{i}.5\n" for i in range(30)))
    assert train("--target", "2023") == 0
    assert "note: line 1 has the names of the columns, such as '2021'; if it has data: --no-header\n" in \
        capsys.readouterr().out
    assert train("--target", "column3", "--no-header") == 0
    assert "rows: 25 to train on, 6 held out\n" in capsys.readouterr().out
    assert main(["train", "t.csv", "--target", "y", "--header"]) == 1


# ---- text, dates, older models ------------------------------------------------------------------


@pytest.mark.parametrize(("cells", "note"), [
    ([f"{i}-a" for i in range(12)], "text with 12 different values, such as '0-a': left out"),
    ([f"k{i % 21}" for i in range(84)], "text with 21 different values, such as 'k0', and at most 20 can be learned "),
    ([f"It is {i}, he said" for i in range(40)], "text with 40 different values, such as 'It is 0, he said'")])
def test_text_that_is_no_category_is_left_out(cells, note, capsys):
    Path("t.csv").write_text("a,text,y\n" + "".join(f'{i},"{cell}",{i}.5\n' for i, cell in enumerate(cells)))
    assert train("--target", "y") == 0
    out = capsys.readouterr().out
    assert f"note: 'text' is {note}" in out
    assert "columns: a\n" in out
    Path("new.csv").write_text("a\n1\n")
    predict("new.csv")      # needs no such column


def test_the_order_of_dates_goes_into_the_model(capsys):
    rows = "".join(f"{1 + i % 12}/{1 + i % 28}/2024,{i}.5\n" for i in range(60))
    Path("t.csv").write_text("d,y\n" + rows)
    assert train("--target", "y") == 0
    assert "note: 'd' has dates with the month first: learned from as year, month, day and weekday\n" in \
        capsys.readouterr().out
    Path("new.csv").write_text("d\n3/1/2024\n2024-03-01\n01.03.2024\n1 Mar 2024\n")
    assert len({line.rpartition(",")[2] for line in predict("new.csv").decode().splitlines()[1:]}) == 1
    Path("new.csv").write_text("d\n13/1/2024\n2024-01-13\n")
    assert len({line.rpartition(",")[2] for line in predict("new.csv").decode().splitlines()[1:]}) == 1
    Path("t.csv").write_text("d,y\n" + "".join(f"{1 + i % 12}/{1 + i % 11}/2024,{i}.5\n" for i in range(60)))
    assert train("--target", "y") == 1
    assert "line 3: column 'd' has the date '2/2/2024'" not in capsys.readouterr().err
    for order in ("day", "month"):
        assert train("--target", "y", "--dates", f"{order}-first") == 0
        assert f"'d' has dates with the {order} first" in capsys.readouterr().out


def test_a_decimal_sign_that_is_asked_for(capsys):
    Path("t.csv").write_text("a;y\n" + "".join(f"{i},{i:03};{i}\n" for i in range(1, 40)))
    assert train("--target", "y") == 1
    assert "line 2: column 'a' has numbers such as '1,001', which may be 1001 or 1.001; give --decimal point or " \
        "--decimal comma\n" in capsys.readouterr().err
    centers = []
    for sign in ("comma", "point"):
        assert train("--target", "y", "--decimal", sign) == 0
        centers.append(nn.load("m.json")["columns"][0]["center"])
    assert centers[1] == pytest.approx(1000 * centers[0])
    Path("new.csv").write_text("a\n1,001\n")
    assert main(["predict", "m.json", "new.csv", "--out", "p.csv"]) == 1, "the model learned no decimal comma"
    assert main(["predict", "m.json", "new.csv", "--out", "p.csv", "--decimal", "point"]) == 0


def test_a_model_of_decimal_commas_reads_decimal_points():
    Path("t.csv").write_text("a;b;y\n" + "".join(f"{i},5;{i % 7},25;{i % 2}\n" for i in range(1, 40)))
    assert train("--target", "y") == 0
    Path("comma.csv").write_text("a;b\n2,512;0,25\n7,555;-1,5\n")
    Path("point.csv").write_text("a,b\n2.512,0.25\n7.555,-1.5\n")
    comma, point = predict("comma.csv").decode(), predict("point.csv").decode()
    assert comma.replace(",", ".").replace(";", ",") == point


def test_a_class_that_looks_like_a_missing_value_is_noted(capsys):
    Path("t.csv").write_text("a,y\n" + "".join(f"{i},{('NA', 'p', 'q')[i % 3]}\n" for i in range(60)))
    assert train("--target", "y") == 0
    assert "the target has the class 'NA'; if it says that a value is missing: --impute" in capsys.readouterr().out


@pytest.mark.parametrize("out", FORMATS)
def test_a_model_of_a_plain_table_has_no_new_entries(out):
    """So older models, which lack them, are read, and older versions read it."""
    Path("t.csv").write_text("a,colour,y\n" + "".join(f"{i},{'red' if i % 3 else 'blue'},{i}.5\n" for i in range(30)))
    assert train("--target", "y", out=out) == 0
    state = nn.load(out)
    assert sorted(state) == ["activation", "columns", "hidden", "kind", "network", "target"]
    assert {key for column in (state["target"], *state["columns"]) for key in column} == \
        {"name", "labels", "center", "scale"}
