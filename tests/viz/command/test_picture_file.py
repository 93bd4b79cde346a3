"""The options of pictures: width, direction, opening, and the note where a file is replaced."""

import json
import re
from pathlib import Path

import pytest

from viz import draw_network, plot_loss, write
from viz.command.cli import main

COLAH = ["(a + b) * (b + 1)", "a=2", "b=1"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("suffix", [".svg", ".png"])
@pytest.mark.parametrize("width", [300, 1000])
def test_a_picture_is_as_wide_as_is_asked(suffix, width):
    assert main(["--width", str(width), f"--out=x{suffix}", *COLAH]) == 0
    data = Path(f"x{suffix}").read_bytes()
    if suffix == ".png":
        found = int.from_bytes(data[16:20])
    else:
        points, box = re.search(rb'<svg width="([0-9.]+)pt".*?viewBox="0.00 0.00 ([0-9.]+) ', data, re.DOTALL).groups()
        found = float(points) * 96 / 72
        assert float(box) == pytest.approx(float(points), rel=0.01)
    assert found == pytest.approx(width, abs=2)


def test_a_picture_has_the_direction_that_is_asked():
    for rankdir, words in (("LR", "left to right"), ("TB", "top to bottom")):
        assert main(["--rankdir", rankdir, "--out", "x.dot", *COLAH]) == 0
        assert f"rankdir={rankdir}" in Path("x.dot").read_text()
        assert words in Path("x.dot").read_text()


def test_a_picture_is_opened_and_replaced_with_a_note(capsys, monkeypatch, folder):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda uri: opened.append(uri) or len(opened) < 3)
    assert main(["--open", *COLAH]) == 0
    assert capsys.readouterr() .out.endswith("\npicture: graph.svg\n")
    assert opened == [(folder / "graph.svg").as_uri()]
    assert main(["--open", *COLAH]) == 0
    assert capsys.readouterr().out.endswith("\npicture: graph.svg\ngraph.svg existed and was replaced\n")
    assert main(["--open", "--lang", "zh", *COLAH]) == 0
    assert capsys.readouterr().out.endswith("graph.svg 原有的文件已被替换\n找不到可以显示它的程序；请自行打开该文件\n")
    assert main(["--json", "--out", "graph.svg", *COLAH]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["value"] == 6
    assert err == "graph.svg existed and was replaced\n"


@pytest.mark.parametrize(("argv", "message"), [
    (["--width", "0"], "from 50 to 16000"), (["--width", "wide"], "--width"),
    (["--width", "--"], "--width needs a value"),
    (["--width=100", "--out=x.dot"], "has no width"), (["--rankdir", "UP"], "--rankdir"),
    (["--json", "--open"], "--json draws no picture"), (["--json", "--width=100"], "--json draws no picture")])
def test_bad_options_of_pictures(argv, message, capsys, folder):
    assert main([*argv, *COLAH]) == 2
    assert message in capsys.readouterr().err
    assert list(folder.iterdir()) == []


def test_width_belongs_to_graphs(folder):
    from nn import MLP
    drawn = draw_network(MLP(2, [2, 1], seed=0))
    assert int.from_bytes(write(drawn, "x.png", width=640).read_bytes()[16:20]) == pytest.approx(640, abs=2)
    for picture, path, width in ((drawn, "y.dot", 100), (drawn, "y.png", 0), (plot_loss({"a": [1.0]}), "y.png", 100)):
        with pytest.raises(ValueError, match="width: from 1 to"):
            write(picture, path, width=width)
    assert not list(folder.glob("y.*"))
