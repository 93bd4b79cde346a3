"""A picture in the DOT language."""

import os
import re
import subprocess
import sys

import graphviz
import pytest

import autograd
import nn
from autograd import TABLE, Value
from viz import draw_dot
from viz.graph.markup import html
from viz.palette import tint
from viz.words.pictures import WORDS, Words

HOSTILE = ['<b>&"x"</b>', "\\N\\G\\l\\", "]]>", "-->", "a|{b}", '"];evil[', "<script>alert(1)</script>", "&amp;",
           "a\nb\x00\x1b\ud800", "it's", "梯度", "\u202eabc", "%s{}", "</TD></TR>", "x" * 10_000, "'", "\\"]


def expression():
    a, b = Value(2.0, "a"), Value(1.0, "b")
    c, d = a + b, b + 1
    e = c * d
    c.label, d.label, e.label = "c", "d", "e"
    e.backward()
    return e


def edges(source):
    return re.findall(r"^\t(\w+ -> \w+) \[(.*)\]$", source, re.MULTILINE)


def test_what_the_lesson_shows():
    source = draw_dot(expression()).source
    text = re.sub("<[^<>]*>", "", source)
    for shown in ("e = (a + b) × (b + 1)", "∂c/∂a = 1", "2 × 1 = 2", "2 + 3 = 5", "= c × d", "input", "start",
                  "constant", "de/db"):
        assert shown in text


def test_arrows_point_back_and_grow_with_the_contribution():
    drawn = dict(edges(draw_dot(expression()).source))
    width = {edge: float(re.search("penwidth=([0-9.]+)", attributes)[1])
             for edge, attributes in drawn.items() if "penwidth" in attributes}
    assert width["n4 -> n5"] > width["n3 -> n5"]
    assert "dir=back" in draw_dot(expression()).source


def test_positive_is_blue_negative_is_orange_zero_is_grey():
    a, b, c = Value(2.0), Value(-3.0), Value(0.0)
    y = a * b + c * 1.0 + autograd.relu(c)
    y.backward()
    colours = dict.fromkeys(re.search('color="(#.*?)"', attributes)[1] for _, attributes in edges(draw_dot(y).source))
    assert set(colours) == {"#1d5fd6", "#d95f02", "#aeb4bf"}
    assert tint(-1.0, 1.0) != tint(1.0, 1.0)
    assert tint(float("nan"), 1.0).startswith("#")


def test_the_same_graph_gives_the_same_bytes():
    assert draw_dot(expression()).source == draw_dot(expression()).source
    code = ("from autograd import Value, tanh\nfrom viz import draw_dot\nx = [Value(i) for i in range(9)]\n"
            "y = tanh(x[0] * x[1] + x[2]) * x[3]\ny.backward()\n"
            "print(draw_dot(y, groups={'g': {x[0], x[1], y}, 'h': set(x)}).source)")
    runs = {subprocess.run([sys.executable, "-X", "utf8", "-c", code], capture_output=True, check=True,
                           env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")}
    assert len(runs) == 1


def test_it_is_a_digraph_of_the_graphviz_package():
    drawn = draw_dot(expression())
    assert isinstance(drawn, graphviz.Digraph)
    assert "size=" not in drawn.source.replace("arrowsize=", "")
    assert "dpi=" not in drawn.source


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_adds_no_markup(label):
    def tags(label):
        a = Value(2.0, label)
        y = a * a
        y.label = label
        y.backward()
        source = draw_dot(y, groups={label: [y]}, rankdir="LR").source      # "auto" depends on the length of labels
        source.encode()         # no lone surrogate is left
        return re.findall("<[^<>]*>", source), source.count("URL"), source.count("href")

    assert tags(label) == tags("plain")


def test_text_is_escaped_once():
    assert html("<&amp;>\"'") == "&lt;&amp;amp;&gt;&quot;'"


def test_every_language_has_every_word():
    for words in WORDS.values():
        assert len(words) == len(Words._fields)
        assert set(words.forward) == {"LR", "RL", "TB", "BT"}
    for field in Words._fields:
        english, chinese = (getattr(WORDS[lang], field) for lang in ("en", "zh"))
        if isinstance(english, str):
            assert english.count("{}") == chinese.count("{}")


def test_chinese():
    source = draw_dot(expression(), lang="zh").source
    for word in ("输入", "常数", "值", "起点", "贡献", "数值从左到右计算"):
        assert word in source
    assert "input" not in source


@pytest.mark.parametrize(("options", "message"), [
    ({"rankdir": "left"}, "rankdir"), ({"lang": "fr"}, "lang"), ({"collapse": "no"}, "collapse"),
    ({"collapse": 1}, "collapse"), ({"rankdir": None}, "rankdir")])
def test_options_are_checked(options, message):
    with pytest.raises(ValueError, match=message):
        draw_dot(Value(1.0), **options)


def test_only_a_value_can_be_drawn():
    with pytest.raises(TypeError, match="one Value, not list"):
        draw_dot([Value(1.0)])


def test_a_leaf_alone():
    assert ">a<" in draw_dot(Value(1.0, "a")).source
    assert "v1.backward()" in draw_dot(Value(1.0)).source


def test_frames_nest():
    a, b = Value(1.0, "a"), Value(2.0, "b")
    p = a * b
    q = p + 1
    r = q * 2
    source = draw_dot(r, groups={"neuron": [p, q], "layer": [p, q, r], "empty": [], "other": [Value(3.0)]}).source
    assert re.findall(r"^(\t+)subgraph (\w+)", source, re.MULTILINE) == [("\t", "cluster_0"), ("\t\t", "cluster_0_0")]
    assert "neuron" in source
    assert "empty" not in source


def test_modules_frame_themselves_and_tell_weights_from_inputs():
    x = [Value(1.0, "x1"), Value(-2.0, "x2")]
    source = draw_dot(nn.MLP(2, [2, 1], seed=1)(x), collapse=False).source
    assert source.count("subgraph") == 5        # three neurons in two layers
    assert source.count(";weight<") == 9
    assert source.count(";input<") == 2


def test_every_op_of_the_table_can_be_drawn():
    for op in TABLE.values():
        args = [Value(low + 0.4 * (high - low)) for low, high in op.domain]
        if op.arity is None:
            args = [Value(0.5), Value(1.0), Value(1.5), Value(2.0)]
            y = op.function(args[:2], args[2:]) if op.name == "dot" else op.function(args)
        else:
            y = op.function(*args)
        y.backward()
        assert "∂" in draw_dot(y).source or set(y.partials) == {None}
