"""Charts in Chinese: their words, and no boxes without a word where no font has the characters."""

import inspect
import warnings

import pytest

import nn
import viz
from viz.command.cli import main
from viz.rendering import chart_fonts
from viz.rendering.fonts import MissingFontWarning

HISTORY = {"loss": [2.3, 0.9, 0.4], "val_loss": [2.4, 1.2, float("nan")]}
PLOTS = [name for name in viz.__all__ if name.startswith("plot_")]
without = pytest.mark.skipif(bool(chart_fonts._installed()), reason="a font of this machine has Chinese")


@pytest.mark.parametrize("name", PLOTS)
def test_every_chart_takes_a_language(name):
    plot = getattr(viz, name)
    assert inspect.signature(plot).parameters["lang"].default == "en"
    assert "lang: of its words" in plot.__doc__


def test_titles_axes_and_legend():
    chart = viz.plot_loss(HISTORY, lang="zh")
    axes = chart.axes[0]
    assert chart._suptitle.get_text() == "训练"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("轮次", "损失")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "损失，训练", "损失，验证", "损失，验证：nan"]
    assert viz.plot_loss(HISTORY, lang="zh", title="Mine")._suptitle.get_text() == "Mine"
    assert viz.plot_loss(HISTORY).axes[0].get_xlabel() == "epoch"


def test_names_of_inputs_that_are_not_given():
    points = [[0.0, 1.0], [1.0, 0.0], [2.0, 1.0]]
    chart = viz.plot_decision(lambda x: x[0] - x[1], points, [-1, 1, 1], steps=5, lang="zh")
    assert chart.axes[0].get_xlabel() == "第一个输入"
    assert "判错" in str([text.get_text() for text in chart.axes[0].get_legend().get_texts()]) or "类别 1" in str(
        [text.get_text() for text in chart.axes[0].get_legend().get_texts()])
    model = nn.MLP(2, [3, 1], "tanh", seed=0)
    assert viz.plot_neurons(model, points, lang="zh")._suptitle.get_text() == "每个神经元的回答"


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="lang: expected 'en' or 'zh', not 'fr'"):
        viz.plot_loss(HISTORY, lang="fr")


@without
@pytest.mark.parametrize("suffix", ["png", "pdf"])
def test_boxes_are_told_once_with_the_package_of_a_font(suffix, tmp_path):
    chart = viz.plot_loss({"loss": [1.0, 2.0]}, title="标题")
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        viz.write(chart, tmp_path / f"a.{suffix}")
    assert [warning.category for warning in found] == [MissingFontWarning]
    assert "fonts-noto-cjk" in str(found[0].message)
    assert "write an .svg" in str(found[0].message)


@without
@pytest.mark.parametrize("column", ["y", "目标"])
def test_the_command_tells_it_on_a_line(column, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d.csv").write_text(f"x,{column}\n" + "".join(f"{i},{i % 7 + 0.5}\n" for i in range(12)), "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert main(["train", "d.csv", "--target", column, "--epochs", "2", "--hidden", "2", "--lang", "zh"]) == 0
    said = capsys.readouterr()
    assert "注意：本机没有一种字体含有" in said.out
    assert said.err == ""


@without
def test_an_svg_takes_the_fonts_of_its_reader(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        viz.write(viz.plot_loss(HISTORY, lang="zh"), tmp_path / "a.svg")
        viz.write(viz.plot_loss(HISTORY), tmp_path / "b.svg")
    assert "训练" in (tmp_path / "a.svg").read_text("utf-8")
    assert "<text" not in (tmp_path / "b.svg").read_text("utf-8")
