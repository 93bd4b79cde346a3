"""pathgrad train learns classes and numbers, and a seed determines every byte."""

import gc
import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import MagicMock
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes, load_iris

import nn
from nn.tabular.columns import Column
from nn.tabular.scores import score
from nn.tabular.splits import stratified_split
from nn.tabular.table import read_table
from tests.support.bad_tables import GOOD, HEAD
from tests.support.train_command import FAST, fill_folder, made, without_pictures
from viz.charts.curves import plot_loss
from viz.command import table_commands
from viz.command import train as training
from viz.command.cli import main


def write_csv(path, names, rows, delimiter=","):
    lines = [names, *rows]
    Path(path).write_text("".join(delimiter.join(map(str, line)) + "\n" for line in lines), encoding="utf-8")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fill_folder()
    return tmp_path


def write_iris():
    found = load_iris()
    write_csv("iris.csv", ["sepal length", "sepal width", "petal length", "petal width", "species"],
              [[*x, found.target_names[t]] for x, t in zip(found.data, found.target, strict=True)])


@pytest.fixture
def iris():
    write_iris()


@pytest.fixture
def no_picture(monkeypatch):
    without_pictures(monkeypatch)


# ---- what it learns -----------------------------------------------------------------------------


class Trained(NamedTuple):
    """A folder after a training, what was printed there, and the picture."""

    folder: Path
    out: str
    err: str
    picture: Any


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A training on iris as the command does it unless told otherwise."""
    folder, drawn = tmp_path_factory.mktemp("iris"), []
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(folder)
        patch.setattr(training, "plot_loss", lambda *args, **options: drawn.append(plot_loss(*args, **options))
                      or drawn[-1])
        write_iris()
        assert main(["train", "iris.csv", "--target", "species"]) == 0
    return Trained(folder, out.getvalue(), err.getvalue(), drawn[0])


def test_iris(trained):
    folder, out, err, _ = trained
    assert err == ""
    assert "target: species, classification as setosa, versicolor, virginica\n" in out
    assert "rows: 96 to train on, 24 for validation, 30 held out\n" in out
    assert "403 parameters; Adam, learning rate 0.01\n" in out
    right = int(out.partition(" of 30)")[0].rpartition("(")[2])
    assert f"held out, 30 rows: accuracy {right / 30:.1%} ({right} of 30); always 'setosa': 33.3%\n" in out
    assert right >= 27
    assert made(folder) == ["model-loss.png", "model.json"]
    assert (folder / "model-loss.png").read_bytes().startswith(b"\x89PNG")


def test_regression_beats_the_mean(capsys, folder):
    found = load_diabetes()
    write_csv("sugar.csv", [*found.feature_names, "progression"],
              [[*x, t] for x, t in zip(found.data, found.target, strict=True)], ";")
    assert main(["train", "sugar.csv", "--target", "progression", "--hidden", "0", "--out", "sugar.safetensors",
                 "--plot", "loss.svg"]) == 0
    out = capsys.readouterr().out
    assert "target: progression, regression\n" in out
    assert "network: 10 - 1, no hidden layer, 11 parameters" in out
    error = float(out.partition("root mean square error ")[2].partition(",")[0])
    mean = float(out.partition("always answering the mean, ")[2].partition(": error ")[2].partition("\n")[0])
    assert error < 60 < 70 < mean           # least squares reaches 54, and its deviation is 77
    assert Path("loss.svg").read_bytes().startswith(b"<?xml")
    assert made(folder) == ["loss.svg", "sugar.csv", "sugar.safetensors"]


def test_xor_needs_the_hidden_layer(capsys, no_picture):
    write_csv("xor.csv", ["a", "b", "y"], [[0, 0, "no"], [0, 1, "yes"], [1, 0, "yes"], [1, 1, "no"]] * 2)
    for hidden, right in (("8", True), ("0", False)):
        assert main(["train", "xor.csv", "--target", "y", "--holdout", "0", "--patience", "0", "--hidden", hidden]) == 0
        assert "held out" not in capsys.readouterr().out
        assert main(["predict", "model.json", "xor.csv", "--out", "p.csv"]) == 0
        assert ("accuracy 100.0% (8 of 8)" in capsys.readouterr().out) is right


@pytest.mark.parametrize(("values", "options", "kind"), [
    (["0", "1"], [], "classification as 0, 1"), (["1.0", "2", "10"], [], "classification as 1, 2, 10"),
    (["0.5", "1"], [], "regression"), ([str(i) for i in range(11)], [], "regression"),
    ([str(i) for i in range(10)], [], "classification as 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"),
    (["0", "1"], ["--task", "regression"], "regression"),
    (["0.5", "1.25"], ["--task", "classification"], "classification as 0.5, 1.25")])
def test_the_target_decides(values, options, kind, capsys, no_picture):
    write_csv("t.csv", ["a", "y"], [[i, values[i % len(values)]] for i in range(33)])
    assert main(["train", "t.csv", "--target", "y", "--epochs", "1", *options]) == 0
    assert f"target: y, {kind}\n" in capsys.readouterr().out


def test_texts_constants_and_empty_columns(capsys, no_picture):
    write_csv("t.csv", ["a", "colour", "same", "none", "id", "y"],
              [[i, ["red", "blue", "green"][i % 3], 5, "", f"n{i}", i * 1.5] for i in range(30)])
    assert main(["train", "t.csv", "--target", "y", "--drop", "id", "--epochs", "1"]) == 0
    out = capsys.readouterr().out
    assert "columns: a, colour (blue, green, red)\n" in out
    assert "note: 'none' is empty in every row: left out\n" in out
    assert "note: 'same' is the same in every row that is trained on: left out\n" in out
    assert "network: 4 - 16 - 16 - 1," in out


@pytest.mark.parametrize(("cells", "counts"), [
    (range(30), True), (range(1, 31), True), ([f"{i}.0" for i in range(30)], True), (range(2, 32), False),
    ([*range(29), 30], False), (range(0, 60, 2), False), (range(9), False)])
def test_a_column_that_counts_the_rows_is_noted(cells, counts, capsys, no_picture):
    write_csv("t.csv", ["row id", "a", "y"], [[x, i * i % 7, i * 1.5] for i, x in enumerate(cells)])
    assert main(["train", "t.csv", "--target", "y", "--epochs", "1"]) == 0
    note = "note: 'row id' only counts the rows; --drop 'row id' leaves it out\n"
    assert (note in capsys.readouterr().out) is counts


def test_the_picture_shows_the_epoch_that_the_model_is_of(trained):
    epoch = int(trained.out.partition("the model is that of epoch ")[2].partition(" ")[0])
    for axes in trained.picture.axes:
        assert [list(line.get_xdata()) for line in axes.lines if line.get_linestyle() == ":"] == [[epoch, epoch]]
    assert f"dotted: {epoch}," in trained.picture.axes[-1].get_xlabel()


def test_a_hopeless_fit_is_told_in_few_digits():
    assert score(Column("y"), [[1e25], [3.0]], [1.0, 3.0]).endswith(", R² -5e+49")
    assert score(Column("y"), [[1.5], [3.0]], [1.0, 3.0]).endswith(", R² 0.8750")


def test_scales_come_from_the_rows_that_are_trained_on(iris, no_picture):
    assert main(["train", "iris.csv", "--target", "sepal width", "--drop", "species", "--quiet", "--epochs", "1",
                 "--holdout", "0.5", "--patience", "0"]) == 0
    kept, _ = stratified_split([0] * 150, 0.5, "0, held out")
    column = nn.load("model.json")["columns"][1]
    numbers = [load_iris().data[i][2] for i in kept]
    assert column["name"] == "petal length"
    assert len(numbers) == 75
    assert column["center"] == pytest.approx(sum(numbers) / 75, rel=1e-12)
    assert column["scale"]**2 == pytest.approx(sum(x * x for x in numbers) / 75 - (sum(numbers) / 75)**2, rel=1e-9)


def test_held_out_rows_are_never_seen(iris, no_picture):
    """Whatever stands in them, the model is the same."""
    _, held_out = stratified_split(list(load_iris().target), 0.2, "0, held out")
    assert main(["train", "iris.csv", "--target", "species", *FAST]) == 0
    first = Path("model.json").read_bytes()
    lines = Path("iris.csv").read_text().splitlines()
    for i in held_out:
        lines[i + 1] = "99,99,99,99," + lines[i + 1].rpartition(",")[2]
    Path("iris.csv").write_text("\n".join(lines))
    assert main(["train", "iris.csv", "--target", "species", *FAST]) == 0
    assert Path("model.json").read_bytes() == first


def test_weight_decay_falls_on_weights_alone(iris, no_picture):
    def state(*options):
        assert main(["train", "iris.csv", "--target", "species", "--hidden", "0", "--epochs", "1", "--optimizer", "sgd",
                     "--batch-size", "1000", "--quiet", *options]) == 0
        return nn.load("model.json")["network"]

    plain, decayed = state(), state("--weight-decay", "1")
    assert plain["0.bias"] == decayed["0.bias"]         # one step, from the same place
    assert plain["0.weight"] != decayed["0.weight"]


def test_a_seed_decides_every_byte(iris):
    def files(seed):
        assert main(["train", "iris.csv", "--target", "species", "--seed", str(seed), *FAST]) == 0
        return Path("model.json").read_bytes(), Path("model-loss.png").read_bytes()

    first = files(1)
    assert files(1) == first
    assert files(2)[0] != first[0]


def test_delimiters_quotes_and_a_byte_order_mark_make_no_difference(no_picture):
    plain = Path("data.csv").read_text()
    models = set()
    for text in (plain, plain.replace(",", ";"), plain.replace(",", "\t"), "\ufeff" + plain,
                 plain.replace("\n", "\r\n"), plain.replace("red", '"red"').replace("colour", '"colour"'),
                 plain.replace(",", ", "), plain + "\n\n", plain.replace("\n", "\r")):
        Path("data.csv").write_text(text, encoding="utf-8", newline="")
        assert main(["train", "data.csv", "--target", "y", *FAST]) == 0
        models.add(Path("model.json").read_bytes())
    assert len(models) == 1


def test_bad_rows_are_left_out_where_that_is_asked_for(capsys, no_picture):
    assert main(["train", "data.csv", "--target", "y", *FAST]) == 0
    good = Path("model.json").read_bytes()
    Path("data.csv").write_text(HEAD + "1,2\n" + GOOD + "x,1,red,2\n")
    assert main(["train", "data.csv", "--target", "y", "--skip-bad-rows", "--epochs", "3", "--hidden", "3"]) == 0
    assert "note: 2 of 14 rows left out, line 2: 2 fields, and line 1 has 4 names, and 1 more\n" \
        in capsys.readouterr().out
    assert Path("model.json").read_bytes() == good


def test_lines_are_those_of_the_file():
    Path("q.csv").write_bytes(b'\r\na,b\r\n"x\ny\r\nz",2\r\n\r\n3,4\r5,6\n')
    assert [(row.line, row.cells) for row in read_table("q.csv").rows] == \
        [(3, ["x\ny\r\nz", "2"]), (7, ["3", "4"]), (8, ["5", "6"])]


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=60), st.floats(0, 0.99), st.integers(0, 5).map(str))
def test_a_split_takes_each_row_once_and_its_share_of_each_class(groups, part, seed):
    kept, held_out = stratified_split(groups, part, seed)
    assert sorted(kept + held_out) == list(range(len(groups)))
    for name in set(groups):
        out = [groups[i] for i in held_out].count(name)
        assert abs(out - part * groups.count(name)) <= (0.5 if groups.count(name) > out + 1 else 1)
        assert out < groups.count(name)


@pytest.mark.parametrize("collecting", [True, False])
def test_the_collector_rests_and_is_left_as_it_was(collecting, monkeypatch, capsys):
    """Also after an error, and where it rested before."""
    acts = iter([lambda: None, lambda: 1 / 0])
    monkeypatch.setattr(table_commands, "train", lambda options, say: (seen.append(gc.isenabled()), next(acts)()))
    seen = []
    (gc.enable if collecting else gc.disable)()
    try:
        assert main(["train", "data.csv", "--target", "y"]) == 0
        assert gc.isenabled() == collecting
        with pytest.raises(ZeroDivisionError):
            main(["train", "data.csv", "--target", "y"])
        assert gc.isenabled() == collecting
    finally:
        gc.enable()
    assert seen == [False, False]


def test_the_rows_are_gone_when_the_picture_is_drawn(monkeypatch, capsys):
    """Parts of matplotlib keep all frames that run when they are imported."""
    tables, alive = [], []

    def read(*args):
        table = read_table(*args)
        tables.append(ref(table))
        return table

    monkeypatch.setattr(training, "read_table", read)
    monkeypatch.setattr(training, "plot_loss", lambda *args, **options: alive.append(tables[0]()) or MagicMock())
    assert main(["train", "data.csv", "--target", "y", *FAST]) == 0
    assert alive == [None]


def test_a_process_that_ends_leaves_its_memory_to_the_system(monkeypatch, capsys):
    """A function that another program calls does not."""
    gc.unfreeze()
    assert main(["x*x", "x=3"]) == 0
    assert gc.get_freeze_count() == 0
    monkeypatch.setattr("sys.argv", ["pathgrad", "x*x", "x=3"])
    try:
        assert main() == 0
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
