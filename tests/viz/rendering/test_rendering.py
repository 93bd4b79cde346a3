"""Who draws, and how files are written."""

import os
import pickle
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import graphviz
import pytest

from autograd import AutogradError, Value
from viz import RenderError, draw_dot, write
from viz.rendering import formats as render
from viz.text import clean

MAGIC = {".svg": b"<?xml", ".png": b"\x89PNG", ".pdf": b"%PDF", ".dot": b"digraph"}


def drawing(label="a", **options):
    a = Value(2.0, label)
    y = a * a + 1
    y.label = label
    y.backward()
    return draw_dot(y, **options)


def texts(svg):
    return [element.text for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.fixture
def bare(monkeypatch):
    """Neither the wheel nor a system dot."""
    monkeypatch.setattr(render, "_wheel", lambda: None)
    monkeypatch.setenv("PATH", os.devnull)


# ---- drawing ----

@pytest.mark.parametrize("label", ['<b>&"x"</b>', "\\N\\G\\l\\", "]]>", "it's", "&amp;", "a\x00\ud800b", "梯度😀",
                                   "{a|b}", "<!--", "%s", "x" * 99, "\u202eabc", "a  b", "<script>"])
def test_labels_arrive_as_they_were_given(label):
    assert clean(label) in texts(drawing(label).pipe("svg"))


def test_a_frame_and_a_title_show_backslashes_too():
    y = Value(1.0, "\\G") * 2
    y.label = "\\N"
    shown = texts(draw_dot(y, groups={"\\G\\L": [y]}).pipe("svg"))
    assert "\\G\\L" in shown
    assert "\\N = \\G·2" in shown


def test_svg_has_no_links_and_no_scripts():
    elements = ElementTree.fromstring(drawing("<a href='x'>").pipe("svg")).iter()
    tags = {element.tag.rpartition("}")[2] for element in elements}
    assert tags <= {"svg", "g", "title", "text", "polygon", "polyline", "path", "ellipse"}


def test_png_is_sharp_and_svg_is_not_scaled():
    width, _ = struct.unpack(">II", drawing().pipe("png")[16:24])
    points = float(re.search(rb'<svg width="([0-9.]+)pt"', drawing().pipe("svg"))[1])
    assert width / points == pytest.approx(192 / 72, rel=0.02)


def test_a_huge_png_gives_up_resolution():
    x = Value(0.5, "x")
    for _ in range(80):
        x = x * x
    width, height = struct.unpack(">II", draw_dot(x).pipe("png")[16:24])
    assert max(width, height) < 17_000


def test_notebooks_get_svg_and_png():
    bundle = drawing()._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "image/png"}
    assert bundle["image/svg+xml"].startswith("<?xml")
    assert set(drawing()._repr_mimebundle_(exclude=["image/png"])) == {"image/svg+xml"}
    assert drawing()._repr_mimebundle_(include=[]) == {}


def test_nothing_is_said_on_stderr():
    code = "from autograd import Value; from viz import draw_dot; draw_dot(Value(1) * 2).pipe('png')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_what_others_say_on_stderr_is_kept(capfd):
    render._without_noise(lambda said: os.write(2, b"Fontconfig warning: noise\nimportant\n"))
    assert capfd.readouterr().err == "important\n"


def test_no_english_sentence_about_the_size_of_a_graph(capfd):
    """pygraphviz wrote that the layout may take a long time, to Chinese readers, too."""
    nodes = "".join(f"n{i};" for i in range(1001))
    assert render.render(f"digraph {{ {nodes} }}", "svg").count(b'class="node"') == 1001
    assert capfd.readouterr().err == ""


def test_threads():
    sources = [drawing(f"a{i}") for i in range(8)]
    alone = [source.pipe("svg") for source in sources]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda source: source.pipe("svg"), sources)) == alone


def test_formats_and_engines_are_checked():
    with pytest.raises(ValueError, match="no 'bmpp'"):
        drawing().pipe("bmpp")
    with pytest.raises(ValueError, match="no engine 'rm'"):
        drawing().pipe("svg", engine="rm")


# ---- without Graphviz ----

def test_without_graphviz_the_error_says_what_to_install_and_holds_the_dot_text(bare, tmp_path):
    with pytest.raises(RenderError, match="pip install") as caught:
        write(drawing(), tmp_path / "x.svg")
    assert isinstance(caught.value, AutogradError)
    assert caught.value.source == drawing().source
    assert caught.value.source in str(caught.value)
    assert "\n" not in caught.value.advice
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert list(tmp_path.iterdir()) == []
    assert "pip install" in drawing()._repr_mimebundle_()["text/plain"]
    write(drawing(), tmp_path / "x.dot")        # needs nobody to draw


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for dot")
def test_a_system_dot_is_used_where_the_wheel_is_missing(bare, tmp_path, monkeypatch):
    dot = tmp_path / "dot"
    dot.write_text("#!/bin/sh\nread first\necho \"drawn $1: $first\"\n")
    dot.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert drawing().pipe("svg") == b"drawn -Tsvg: digraph {\n"
    dot.write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
    with pytest.raises(RenderError, match="broken"):
        drawing().pipe("svg")


# ---- files ----

@pytest.mark.parametrize("suffix", MAGIC)
def test_the_suffix_chooses_the_format(suffix, tmp_path):
    path = write(drawing(), tmp_path / f"x{suffix.upper()}")
    assert path.read_bytes().startswith(MAGIC[suffix])
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="there files have no permissions")
@pytest.mark.parametrize("suffix", MAGIC)
def test_a_picture_over_another_keeps_its_permissions(suffix, tmp_path):
    path = tmp_path / f"x{suffix}"
    path.write_text("old")
    path.chmod(0o600)
    write(drawing(), path)
    assert path.stat().st_mode & 0o777 == 0o600
    drawing().render(outfile=path, format=suffix[1:])
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["x", "x.bmp", "x.svg.gz", ".svg", "x.gv"])
def test_other_suffixes_are_refused(name, tmp_path):
    with pytest.raises(ValueError, match=r"\.svg, \.png, \.pdf, \.dot"):
        write(drawing(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_stays_when_drawing_fails(tmp_path, monkeypatch):
    path = tmp_path / "x.svg"
    path.write_text("old")

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(render.os, "replace", full)
    with pytest.raises(OSError, match=r"No space left on device: .*x\.svg'$"):
        write(drawing(), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_named_as_the_caller_named_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"missing.x\.svg'$"):
        write(drawing(), tmp_path / "missing" / "x.svg")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_is_followed(tmp_path):
    (tmp_path / "link.svg").symlink_to(tmp_path / "real.svg")
    write(drawing(), tmp_path / "link.svg")
    assert (tmp_path / "link.svg").is_symlink()
    assert (tmp_path / "real.svg").read_bytes().startswith(b"<?xml")


def test_any_digraph_can_be_written(tmp_path):
    other = graphviz.Digraph()
    other.edge("a", "b")
    assert write(other, tmp_path / "x.svg").exists()


def test_save_and_render_keep_the_meaning_they_have_in_graphviz(tmp_path):
    saved = drawing().save(tmp_path / "x.gv")
    assert Path(saved).read_text(encoding="utf-8") == drawing().source
    rendered = drawing().render("y", directory=tmp_path, format="png", cleanup=True)
    assert rendered == str(tmp_path / "y.png")
    assert not (tmp_path / "y").exists()
    assert drawing().render(outfile=tmp_path / "z.svg") == str(tmp_path / "z.svg")
    assert (tmp_path / "z.gv").exists()
    with pytest.raises(graphviz.FileExistsError):
        drawing().render(outfile=tmp_path / "z.svg", raise_if_result_exists=True)
    with pytest.raises(ValueError, match="DOT text"):
        drawing().render(outfile=tmp_path / "z.gv")
    assert drawing().pipe("svg", encoding="utf-8").startswith("<?xml")


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf", ".dot"])
def test_the_same_graph_gives_the_same_bytes(tmp_path, suffix):
    x = Value(2.0, label="x")
    y = x * x
    y.backward()
    first = write(draw_dot(y), tmp_path / f"first{suffix}").read_bytes()
    assert b"CreationDate (D:2" not in first        # a PDF's date changes by the second
    assert write(draw_dot(y), tmp_path / f"second{suffix}").read_bytes() == first
