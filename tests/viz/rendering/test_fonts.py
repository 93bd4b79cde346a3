"""Chinese labels in PNG and PDF where no font has them: the picture says so, and names SVG."""

import warnings

import pytest

from autograd import Value
from viz import draw_dot, write
from viz.command.cli import main
from viz.rendering import fonts
from viz.rendering import formats as rendering

CHINESE = rendering.unreadable("梯度") == ""        # whether this machine has a font for it
without = pytest.mark.skipif(CHINESE, reason="this machine has a font with Chinese characters")


def picture(**options):
    x = Value(2.0, "x")
    y = x * x
    y.backward()
    return draw_dot(y, **options)


@without
@pytest.mark.parametrize("suffix", [".png", ".pdf"])
def test_boxes_are_told_and_svg_is_named(suffix, tmp_path):
    with pytest.warns(fonts.MissingFontWarning, match=r"no font on this machine has .*which would be boxes; write an "
                                                      r"\.svg"):
        write(picture(lang="zh"), tmp_path / f"a{suffix}")
    assert (tmp_path / f"a{suffix}").stat().st_size > 0


@without
@pytest.mark.parametrize("suffix", ["png", "PDF"])
def test_the_command_writes_no_boxes(suffix, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["x * x", "x=2", "--lang", "zh", "--out", f"a.{suffix}"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "请写成 .svg" in told
    assert "fonts-noto-cjk" in told
    assert main(["a * b", "a=2", "b=3", "--out", f"a.{suffix}"]) == 0
    assert main(["x * x", "x=2", "--lang", "zh", "--out", "a.svg"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([f"a.{suffix}", "a.svg"])


def test_nothing_is_told_where_nothing_is_missing(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write(picture(), tmp_path / "a.png")
        write(picture(lang="zh"), tmp_path / "a.svg")
        assert set(picture(lang="zh")._repr_mimebundle_()) >= {"image/svg+xml", "image/png"}      # the SVG can be read


def test_only_what_is_missing_is_named():
    """A font that has some characters: each of these is one glyph, of the others every one is a box of four digits."""
    def draw(source, format):
        assert format == "svg:cairo"
        return b"<use " * sum(1 if f"&#{ord(c)};" in source else 0 for c in "输") + b"<use " * sum(
            4 for c in "入值梯" if f"&#{ord(c)};" in source)

    assert fonts.missing_characters("label=输入 x 值 ∂ é", draw) == "".join(sorted("入值"))
    assert fonts.missing_characters("输", draw) == fonts.missing_characters("abc", draw) == ""
    assert "no font on this machine has 入值," in fonts.message("入值")
