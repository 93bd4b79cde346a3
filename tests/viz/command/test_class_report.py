"""pathgrad train: class weights, confusion matrix and importance; and the README's lines run as they stand."""

import re
import shlex
from pathlib import Path

import pytest

import nn
from nn.tabular.columns import Column
from nn.tabular.scores import class_report
from tests.support.train_command import without_pictures
from viz.command.cli import main

ROOT = Path(__file__).parents[3]
RARE = "x,z,y\n" + "".join(f"{i % 10},{i * 7 % 11},{'yes' if i % 20 in (7, 9, 19) else 'no'}\n" for i in range(200))


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("rare.csv").write_text(RARE)


def report(capsys, *options):
    with pytest.MonkeyPatch.context() as patch:
        without_pictures(patch)
        assert main(["train", "rare.csv", "--target", "y", "--epochs", "30", "--hidden", "4", *options]) == 0
    return capsys.readouterr().out


def test_the_readme_runs_as_it_stands(capsys, monkeypatch):
    (tmp := Path.cwd() / "notebooks").mkdir()
    (tmp / "data").symlink_to(ROOT / "notebooks" / "data", target_is_directory=True)
    text = (ROOT / "README.md").read_text()
    lines = re.findall(r"^\$ pathgrad (.*)$", text, re.MULTILINE)
    assert len(lines) == 3
    for line in lines:
        assert main(shlex.split(line)) == 0
    out = capsys.readouterr().out
    assert int(out.partition(" of 30)")[0].rpartition("(")[2]) >= 27
    assert Path("predictions.csv").read_text().count("\n") == 151
    code, wanted = re.search(r"`(nn.load\([^()]*\)\([^()]*\))` is `(.*?)`", text).groups()
    assert repr(eval(code, {"nn": nn})) == wanted


def test_the_data_are_small_and_have_a_source():
    readme = (ROOT / "notebooks" / "data" / "README.md").read_text()
    for path in (ROOT / "notebooks" / "data").glob("*.csv"):
        assert path.stat().st_size < 20_000
        assert path.name in readme


def test_balanced_weights_find_the_rare_class(capsys):
    plain, balanced = report(capsys), report(capsys, "--class-weight", "balanced")
    counts = [[int(n) for n in re.findall(r"\n  yes +(\d+) +(\d+)\n", out)[0]] for out in (plain, balanced)]
    assert counts[1][1] >= counts[0][1]
    assert counts[1][1] > 0
    assert "class weights: no 0.5" in balanced
    assert "class weights" not in plain


def test_weights_by_class(capsys):
    assert "class weights: no 1, yes 5\n" in report(capsys, "--class-weight", "yes=5")


@pytest.mark.parametrize(("options", "status", "message"), [
    (["--class-weight", "maybe=2"], 1, "no class 'maybe'; it has no, yes"),
    (["--class-weight", "yes"], 2, "neither balanced nor a list"),
    (["--class-weight", "yes=-1"], 2, "not a number from 0"),
    (["--class-weight", "balanced", "--target", "x", "--task", "regression"], 1, "learned by regression")])
def test_weights_that_cannot_be_used(options, status, message, capsys):
    try:
        found = main(["train", "rare.csv", "--target", "y", *options])
    except SystemExit as stopped:
        found = stopped.code
    assert found == status
    assert message in capsys.readouterr().err


def test_the_report(capsys):
    out = report(capsys)
    held_out = int(re.search(r"held out, (\d+) rows", out)[1])
    rows = [list(map(int, found)) for found in re.findall(r"\n  (?:no|yes) +(\d+) +(\d+)(?=\n)", out)]
    assert sum(map(sum, rows)) == held_out
    balanced = sum(row[i] / sum(row) for i, row in enumerate(rows)) / 2
    assert f"balanced accuracy {balanced:.1%}, the mean" in out
    drops = dict(re.findall(r"\n  ([xz]): (-?[\d.]+) ±", out))
    assert float(drops["x"]) > float(drops["z"])


def test_many_classes_are_told_by_their_errors():
    target = Column("y", tuple(f"c{i}" for i in range(12)))
    outputs = [[float(j == (0 if i == 5 else i)) for j in range(12)] for i in range(12)]
    assert class_report(target, outputs, [float(i) for i in range(12)])[1:] == ["  'c5' taken for 'c0': 1"]
