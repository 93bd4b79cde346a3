"""The page: one file, no network, nothing of a user's text that runs."""

import base64
import hashlib
import json
import re
from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
import viz
from autograd import Value
from tests.viz.player.test_folding import chain
from tests.viz.player.test_lesson import GRAPHS, expression, middle, network, square
from viz import frames, play, write
from viz.command.cli import main
from viz.mistakes import ENGINES
from viz.player.lesson import lesson
from viz.player.page import assets
from viz.player.sentences import sentences
from viz.text import number
from viz.words.player import WORDS


def without_code(text):
    """The page without its script, data and style sheet."""
    return re.sub(r"<(script|style)[^>]*>.*?</\1>", "", text, flags=re.DOTALL)


def test_the_file_is_small_and_whole(tmp_path):
    page = write(play(expression()), tmp_path / "lesson.html")
    text = page.read_text("utf-8")
    assert len(text.encode()) <= 200_000
    assert text == play(expression()).html      # the same bytes each time
    assert not re.search(r"(src|href)\s*=|url\(|@import|https?://(?!www\.w3\.org/2000/svg)", text)


def test_a_node_more_takes_few_characters():
    """Of 2,000 nodes drawn at once each took 3,900, and the page 7.9 MB."""
    few, more = (len(play(chain(n), collapse=False, labels=False).html.encode()) for n in (10, 50))
    assert (more - few) / 40 < 2700


def test_the_policy_lets_this_script_run_and_nothing_else():
    text = play(expression()).html
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1])
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for element in ("script", "style"):
        body = re.findall(rf"<{element}>(.*?)</{element}>", text, re.DOTALL)
        assert len(body) == 1
        assert base64.b64encode(hashlib.sha256(body[0].encode()).digest()).decode() in policy
    assert not re.search(r"<[^>]*\s(on\w+|style)\s*=", without_code(text))
    # a page that shows lessons in a frame can name both by the hashes of the files
    assert (assets().script, assets().style) == tuple(re.search(rf"<{element}>(.*?)</{element}>", text, re.DOTALL)[1]
                                                      for element in ("script", "style"))


@pytest.mark.parametrize("label", [
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "</text></svg><script>alert(1)</script>",
    "\"><b onload=alert(1)>", "${title} $svg $$", "&lt;b&gt;\\N", "]]><!--", "{operand} {0}", "' onclick='x"])
def test_hostile_labels_are_text(label):
    x = Value(2.0, label=label)
    y = x * x
    y.label = label
    plain = play(square()).html
    for text in (play(y).html, play(y, groups={label: [y]}).html):
        assert text.count("<script") == plain.count("<script")
        assert not re.search(r"<(img|b|iframe|a)\b", text)
        assert not re.search(r"<[^>\"]*(\"[^\"]*\"[^>\"]*)*\son\w+\s*=", without_code(text))
    assert all("<script" not in frame and "<img" not in frame for frame in frames(y))


def test_a_notebook_shows_it_in_a_frame_of_its_own():
    player = play(expression())
    shown = player._repr_html_()
    assert 'sandbox="allow-scripts"' in shown
    assert unescape(re.search(r'srcdoc="([^"]*)"', shown)[1]) == player.html
    assert "write(player" in repr(player)


def test_wrong_arguments_are_told(tmp_path):
    with pytest.raises(TypeError, match="play plays the graph of one Value, not int"):
        play(3)
    with pytest.raises(TypeError, match="frames plays the graph of one Value, not list"):
        frames([])
    for options in ({"lang": "fr"}, {"rankdir": "XY"}, {"collapse": "all"}, {"mistake": "none such"}):
        with pytest.raises(ValueError, match=next(iter(options.values()))):
            play(expression(), **options)
    with pytest.raises(ValueError, match=r"a page is written as \.html"):
        write(play(expression()), tmp_path / "lesson.png")
    with pytest.raises(ValueError, match="a page is written"):
        write(play(expression()), tmp_path / "lesson.html", width=100)
    with pytest.raises(ValueError, match="play gives a page"):
        write(viz.draw_dot(expression()), tmp_path / "lesson.html")
    assert not list(tmp_path.iterdir())


def test_play_writes_to_no_gradient():
    root = expression()
    play(root)
    frames(root)
    assert not root.has_grad


def test_names_of_the_callers_variables():
    left, right = Value(2.0), Value(3.0)
    product = left * right
    assert '"n":"left"' in play(product).html
    assert '"n":"product"' in play(product).html
    assert '"n":"left"' not in play(product, labels=False).html


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_number_of_the_still_picture_is_on_the_page(graph, lang):
    text = play(graph(), lang=lang, collapse=False, labels=False).html
    root = graph()
    root.backward()
    still = viz.draw_dot(root, lang=lang, collapse=False, labels=False).pipe("svg", encoding="utf-8")
    still = re.sub("<title>.*?</title>|<!--.*?-->", "", still[still.index("<!-- n1 -->"):])

    def words(svg):
        return set(re.findall(r"[\w.∂−]+", unescape(" ".join(re.findall(r">([^<>]+)<", svg)))))

    assert words(still) - words(text[text.index("<svg"):]) == set()


def test_frames_grow_to_the_still_picture(tmp_path):
    some = frames(expression())
    assert len(some) == 11
    assert "2 + 3 = " not in some[8]
    assert "2 + 3 = " in some[9]
    assert "Backward, from d to b: upstream 3 × local 1 = contribution 3." in " ".join(
        re.findall(r">([^<>]*)<", some[9]))
    assert {re.search(r'viewBox="[^"]*"', frame)[0] for frame in some} == {re.search(r'viewBox="[^"]*"', some[0])[0]}
    paths = some.save(tmp_path / "slides")
    assert [path.name for path in paths] == [f"{i:02}.svg" for i in range(1, 12)]
    assert paths[-1].read_text("utf-8") == some[-1]
    assert "反向" in frames(expression(), lang="zh")[9]
    assert "输入" in frames(expression(), lang="zh")[9]
    assert len(frames(middle())) == 11


def test_the_command_writes_a_page(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["(a + b) * (b + 1)", "a=2", "b=1", "--out", "lesson.html", "--lang", "zh"]) == 0
    assert "lesson.html" in capsys.readouterr().out
    text = (tmp_path / "lesson.html").read_text("utf-8")
    assert '<html lang="zh">' in text
    assert "e = (a + b) × (b + 1)" in text
    assert main(["a * a", "a=2", "--out", "lesson.html", "--width", "300"]) == 2
    assert "page" in capsys.readouterr().err


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=20), st.text(alphabet="<>&\"'\\{}$%|N\n\u202e\u2028x", max_size=12))
def test_every_label_makes_a_page(label, other):
    x = Value(2.0, label=label)
    y = x * Value(3.0, label=other)
    text = play(y, labels=False).html
    assert text.count("<script") == 3
    ElementTree.fromstring(re.search("<svg.*?</svg>", text, re.DOTALL)[0])
    assert json.loads(re.search('id="lesson">(.*?)</script>', text, re.DOTALL)[1])["nodes"]


def test_each_frame_is_a_picture():
    for frame in frames(network()):
        ElementTree.fromstring(frame)


@pytest.mark.parametrize("name", ENGINES)
def test_a_mistake_is_beside_the_right_number(name):
    root = ENGINES[name].example()
    text = play(root, mistake=name).html
    wrong = viz.mistakes.compare(root, name)
    differing = [node for node in wrong.right if wrong.differs(node)]
    assert text.count("✗ ") >= len(differing) * (not wrong.sick)
    assert 'class="astray"' in text


@pytest.mark.parametrize("name", ["saturated", "dead_relu"])
def test_of_a_sick_neuron_no_right_number_is_marked_as_wrong(name):
    made = lesson(ENGINES[name].example(), mistake=name)
    lively = viz.mistakes.compare(ENGINES[name].example(), name)
    svg = made.scenes[0].svg
    assert "✗" not in svg
    assert made.data["mistake"]["sick"]
    for node in (node for node in lively.right if lively.differs(node)):
        assert lively.wrong[node] == lively.right[node]
        assert f"({number(lively.beside[node])})" in svg


def test_a_mistake_that_does_no_harm_marks_nothing():
    made = lesson(expression(), mistake="early")
    assert (made.data["mistake"]["wrong"], made.data["mistake"]["first"]) == ({}, None)
    assert "✗" not in made.scenes[0].svg
    assert "does no harm" in made.data["mistake"]["said"]["en"][2]


@pytest.mark.parametrize(("lang", "rate"), [("en", "learning rate"), ("zh", "学习率")])
def test_updated_weights_say_their_rate(lang, rate):
    found = [viz.mistakes.compare(ENGINES["updated_weights"].example(), "updated_weights", **options)
             for options in ({}, {"rate": 0.125})]
    for one, text in zip(found, ("0.5", "0.125"), strict=True):
        assert f"{rate} {text}" in one.reason(lang)


def test_a_chinese_name_has_no_blanks_around_it():
    model = nn.MLP(2, [3, 1], seed=0)
    said = sentences(lesson((model([0.5, -1.0]) - 1)**2, lang="zh", collapse="layer"), "zh")
    assert any(re.search("从结果|到输入", sentence) for sentence in said)
    assert not [sentence for sentence in said if re.search("[一-鿿] [一-鿿]", sentence)]


@pytest.mark.parametrize("lang", WORDS)
def test_a_seed_is_named(lang):
    x = Value(3.0, label="x")
    y = x * x
    y.label = "y"
    y.backward(2.5)
    said = sentences(lesson(y), lang)[2]
    assert "dy/dy" not in said
    assert said == WORDS[lang].seed_given.format(root="y", seed="2.5")
    y = x * x
    assert "= 1" in sentences(lesson(y), lang)[2]


def test_both_languages_fill_in_the_same():
    for english, chinese, name in zip(WORDS["en"], WORDS["zh"], WORDS["en"]._fields, strict=True):
        assert english
        assert chinese
        fields = set(re.findall(r"\{(\w+)\}", english)), set(re.findall(r"\{(\w+)\}", chinese))
        assert fields[0] == fields[1], name
