"""`set_language`: pictures and charts speak it where nothing else is said, in all threads."""

import threading

import pytest

import nn
from autograd import Value
from viz import draw_dot, draw_network, plot_loss, set_language
from viz.words.language import speaking, spoken


@pytest.fixture(autouse=True)
def _english_again():
    yield
    set_language("en")


def sources(**options):
    x = Value(2.0, label="x")
    y = x * x
    y.backward()
    model = nn.MLP(2, [2, 1], "tanh", seed=0)
    out = model([Value(1.0), Value(-1.0)])
    out.backward()
    return [draw_dot(y, **options).source, draw_network(model, **options).source], out


def test_pictures_speak_it_where_nothing_else_is_said():
    english, _ = sources()
    chinese, _ = sources(lang="zh")
    assert english != chinese
    set_language("zh")
    assert sources()[0] == chinese
    assert sources(lang="en")[0] == english
    set_language("en")
    assert sources()[0] == english


def test_what_a_notebook_shows_of_a_value_speaks_it_too():
    def shown(value):
        return value._repr_mimebundle_()["image/svg+xml"]

    assert "圆圈中是" not in shown(sources()[1])
    set_language("zh")
    _, out = sources()
    assert "圆圈中是" in shown(out)
    x = Value(3.0)
    assert "数值从" in shown(x * x)


def test_it_holds_in_all_threads():
    seen = []
    set_language("zh")
    thread = threading.Thread(target=lambda: seen.append("值" in draw_dot(Value(1.0)).source))
    thread.start()
    thread.join()
    assert seen == [True]


@pytest.mark.parametrize("lang", ["fr", "", None, 1, ["zh"]])
def test_another_language_is_refused_and_changes_nothing(lang):
    with pytest.raises(ValueError, match="'en' or 'zh'"):
        set_language(lang)
    assert draw_dot(Value(1.0)).source == draw_dot(Value(1.0), lang="en").source


def test_charts_speak_it_too():
    def axis(**options):
        return plot_loss({"loss": [2.0, 1.0]}, **options).axes[0].get_xlabel()

    set_language("zh")
    assert (axis(), axis(lang="en")) == ("轮次", "epoch")
    set_language("en")
    assert axis() == "epoch"


def test_a_block_that_speaks_comes_first():
    set_language("zh")
    with speaking("en"):
        assert spoken() == "en"
        assert "值" not in draw_dot(Value(1.0)).source
    assert spoken() == "zh"
