"""The still picture of a mistake: wrong numbers in red with a cross, right ones beside them, the first wrong arrow."""

import re

import pytest

from autograd import Value, relu, tanh
from nn import MLP
from viz import draw_dot, write
from viz.mistakes import ENGINES, draw_mistake
from viz.words.mistakes import WORDS

RED = "#c81e1e"


def texts(source):
    """The visible text of each node and edge, by its name."""
    found = {}
    for name, label in re.findall(r"^\s+(\w+(?: -> \w+)?) \[.*?label=<(.*)>", source, re.MULTILINE):
        plain = re.sub("<[^>]*>", "|", label).replace("&#160;", " ")
        found.setdefault(name, []).append(re.sub(r"[| ]*\|[| ]*", "|", plain))
    return found


def lines(source):
    return re.findall(r"^\s+(n\d+ -> n\d+) \[(.*)\]$", source, re.MULTILINE)


def test_wrong_and_right_stand_side_by_side():
    root = ENGINES["assign"].example()
    source = draw_mistake(root, "assign").source
    found = texts(source)
    [b] = [text for [text] in found.values() if text.startswith("|b|")]
    assert "|✗ 2|" in b
    assert "right: 2 + 3 = 5" in b
    [a] = [text for [text] in found.values() if text.startswith("|a|")]
    assert "✗" not in a
    [arrow] = [text for some in found.values() for text in some if "here it goes wrong" in text]
    assert "∂c/∂b = 1" in arrow
    assert "At b, = instead of += writes 2 over 3" in " ".join(re.sub("<[^>]*>", " ", source).split())


@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize("name", ENGINES)
def test_each_mistake_is_marked_by_more_than_colour(name, lang):
    root = ENGINES[name].example()
    source = draw_mistake(root, name, lang=lang).source
    assert source.count(WORDS[lang].arrow) == 1
    first = [attributes for _, attributes in lines(source) if WORDS[lang].arrow in attributes]
    assert len(first) == 1
    assert f'color="{RED}"' in first[0]
    assert "penwidth=5" in first[0]
    plain = source.replace("&#160;", " ").replace("&quot;", '"')
    assert plain.count("✗") > 2
    marks = WORDS[lang].sick_marks if name in ("saturated", "dead_relu") else WORDS[lang].marks
    assert marks in plain
    assert "<svg" in draw_mistake(root, name, lang=lang).pipe("svg", encoding="utf-8")


def test_the_picture_needs_no_backward_and_changes_nothing():
    root = ENGINES["updated_weights"].example()
    source = draw_mistake(root, "updated_weights").source
    assert not root.has_grad
    assert "call" not in " ".join(re.sub("<[^>]*>", " ", source).split())
    root.backward()
    again = draw_mistake(root, "updated_weights").source
    assert again == source
    assert draw_mistake(root, "updated_weights", rate=0.1).source != source


def test_where_the_mistake_does_not_show_the_picture_is_the_right_one_and_says_so():
    x = Value(2.0, "x")
    y = x * 3
    y.backward()
    source = draw_mistake(y, "assign").source
    assert "Here = gives the same as +=" in " ".join(re.sub("<[^>]*>", " ", source).split())
    assert RED not in "".join(attributes for _, attributes in lines(source))
    assert texts(source)["n1 -> n2"] == texts(draw_dot(y).source)["n1 -> n2"]


def test_a_sick_neuron_shows_what_a_lively_one_would_pass():
    z = Value(-2.0, "z")
    source = draw_mistake(relu(z) * 3, "dead_relu").source
    assert "a lively neuron: 3" in source.replace("&#160;", " ")
    assert "right:" not in source
    assert "3 × 0 = " in source


def test_equal_numbers_are_not_equal_nodes():
    """Values compare by their data: arrows and cards must go by identity."""
    a, b = Value(1.0, "a"), Value(1.0, "b")
    source = draw_mistake((a + b) * b, "assign").source
    found = texts(source)
    [a_card] = [text for [text] in found.values() if text.startswith("|a|")]
    assert "✗" not in a_card


def test_parallel_arrows_and_folded_graphs(tmp_path):
    x = Value(3.0, "x")
    found = texts(draw_mistake(x * x, "assign").source)
    assert sum("here it goes wrong" in text for text in found["n1 -> n2"]) == 1
    model = MLP(2, [30, 30, 1])
    out = model([0.5, -1.0])
    out.backward()
    target = write(draw_mistake(out, "updated_weights"), tmp_path / "folded.svg")
    assert "…" in target.read_text() or "more operations" in target.read_text()


def test_a_label_is_text():
    x = Value(3.0, '<b>&"\\N')
    picture = draw_mistake(tanh(x * x), "assign").pipe("svg", encoding="utf-8")
    assert "<b>" not in picture
    assert "&lt;b&gt;&amp;" in picture


@pytest.mark.parametrize(("option", "message"), [({"lang": "fr"}, "'en' or 'zh', not 'fr'"),
                                                 ({"rankdir": "XX"}, "'BT', not 'XX'")])
def test_wrong_options_are_told(option, message):
    with pytest.raises(ValueError, match=message):
        draw_mistake(Value(1.0), "assign", **option)


def test_words_are_complete():
    for words in WORDS.values():
        for table in (words.titles, words.why, words.reasons, words.unseen):
            assert set(table) == set(ENGINES)
            assert all(table.values())
    english, chinese = WORDS["en"], WORDS["zh"]
    for name in ENGINES:
        fields = [set(re.findall(r"\{(\w+)\}", words.reasons[name])) for words in (english, chinese)]
        assert fields[0] == fields[1], name
