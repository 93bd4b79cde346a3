"""nan and infinity are explained in the terminal and in JSON as in the picture: where the first one arises."""

import json
from pathlib import Path

import pytest

from viz.command.cli import main

FORWARD, BACKWARD = "the first value that is not finite", "from here on the gradient is not finite"


@pytest.mark.parametrize(("argv", "line"), [
    (["log(x) * 2", "x=0"], f"a: {FORWARD} (log(x=0.0) is -inf)"),
    (["1/x - 1/x", "x=0"], f"a: {FORWARD} (div(1.0, x=0.0) is inf)"),
    (["x ** 0.5", "x=-1"], f"a: {FORWARD} (pow(x=-1.0, 0.5) is nan)"),
    (["x * 1", "x=nan"], f"x: {FORWARD} (x is nan, a leaf)"), (["nan"], f"a: {FORWARD} (a is nan, a leaf)"),
    (["sqrt(x) * 2", "x=0"], f"a: {BACKWARD} (backward through sqrt(x=0.0): "
                             "gradient of x = 2.0 (upstream) * inf (local partial) is inf)")])
def test_terminal_json_and_picture_agree(argv, line, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(argv) == 0
    assert f"\n\n{line}\n" in capsys.readouterr().out
    words = FORWARD if FORWARD in line else BACKWARD
    assert words in Path("graph.svg").read_text("utf-8").replace("\xa0", " ")
    assert main(["--json", *argv]) == 0
    found = json.loads(capsys.readouterr().out)["anomaly"]
    assert line == f"{found['node']}: {words} ({found['message']})"
    assert found["direction"] == ("forward" if words == FORWARD else "backward")


@pytest.mark.parametrize(("argv", "told"), [
    (["log(x)", "x=0"], "log(x=0.0) 的值是 -inf"), (["x * 1", "x=nan"], "x 是 nan，它是输入"),
    (["sqrt(x) * 2", "x=0"], "反向经过 sqrt(x=0.0)")])
def test_json_says_it_in_chinese(argv, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["--lang", "zh", "--json", *argv]) == 0
    found = json.loads(capsys.readouterr().out)["anomaly"]
    assert told in found["message"]
    assert main(["--lang", "zh", *argv]) == 0
    assert found["message"] in capsys.readouterr().out


def test_nothing_is_said_of_finite_results(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["x * 1e300 - relu(x)", "x=2"]) == 0
    assert "finite" not in capsys.readouterr().out
    assert main(["--json", "x * 1e300 - relu(x)", "x=2"]) == 0
    assert json.loads(capsys.readouterr().out)["anomaly"] is None


def test_chinese(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["--lang", "zh", "log(x)", "x=0"]) == 0
    assert "a：第一个非有限的值（log(x=0.0) 的值是 -inf）" in capsys.readouterr().out
