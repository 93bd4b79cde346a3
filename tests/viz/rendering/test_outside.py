"""Pictures drawn by a function that a page gives, where no Graphviz can run."""

import pytest

from autograd import Value
from viz import RenderError, draw_dot, draw_network, write
from viz.rendering import formats, outside


@pytest.fixture
def draw_with(monkeypatch):
    monkeypatch.setattr(formats, "_wheel", lambda: pytest.fail("Graphviz was looked for"))
    monkeypatch.setattr(formats, "_system", lambda *_: pytest.fail("Graphviz was looked for"))
    yield outside.draw_with
    outside.draw_with(None)


def drawing():
    a = Value(2.0, label="a")
    b = a * a
    b.backward()
    return draw_dot(b)


def test_the_function_gets_the_text_and_gives_the_picture(draw_with, tmp_path):
    asked = []
    draw_with(lambda *arguments: asked.append(arguments) or "<svg>梯度</svg>")
    picture = drawing()
    assert picture.pipe("svg") == "<svg>梯度</svg>".encode()
    assert write(picture, tmp_path / "a.svg", width=960).read_text("utf-8") == "<svg>梯度</svg>"
    assert asked[0] == (picture.source, "svg", "dot", {})
    assert asked[1][3]["size"].startswith("10,")
    assert "<svg>" in picture._repr_mimebundle_(include=["image/svg+xml"])["image/svg+xml"]


def test_networks_are_drawn_by_it_too(draw_with):
    draw_with(lambda source, kind, engine, attributes: engine.encode())
    from nn import MLP
    assert draw_network(MLP(2, [2, 1], seed=0)).pipe("svg") in (b"neato", b"dot", b"nop2")


def test_what_it_cannot_draw_is_told(draw_with, tmp_path):
    def refuse(source, format, engine, attributes):
        raise ValueError("only SVG here")

    draw_with(refuse)
    with pytest.raises(RenderError, match="could not be drawn as png: only SVG here"):
        write(drawing(), tmp_path / "a.png")
    assert not list(tmp_path.iterdir())


def test_none_gives_the_drawing_back_to_graphviz():
    outside.draw_with(lambda *_: b"other")
    outside.draw_with(None)
    assert drawing().pipe("svg").startswith(b"<?xml")
