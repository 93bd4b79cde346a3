"""Networks collapsed to one card for each neuron or layer: the cards agree with the graph."""

import math
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

import autograd
import nn
from autograd import Value
from viz import draw_dot
from viz.graph.cards import Card, Constant
from viz.graph.module_cards import ModuleCard
from viz.graph.picture import picture
from viz.graph.shaded_labels import SHADES, shade
from viz.palette import PALE


def network(activation="tanh"):
    model = nn.MLP(2, [3, 2, 1], activation, init="micrograd", seed=1)
    inputs = [Value(0.5, "x1"), Value(-1.0, "x2")]
    out = model(inputs)
    loss = (out - 1.0) ** 2
    loss.label = "L"
    loss.backward()
    return model, inputs, out, loss


def folded(loss, mode, **options):
    return {part.key: part for part in picture(loss, mode, **options).items if isinstance(part, ModuleCard)}


def size(values):
    return math.sqrt(sum(x * x for x in values))


def test_every_layer_is_one_card_with_its_outputs_and_gradients():
    model, inputs, out, loss = network()
    one, two, three = folded(loss, "layer").values()
    hidden = model.layers[0](inputs)
    assert [part.name for part in (one, two, three)] == ["layers.0", "layers.1", "layers.2"]
    assert [part.formula for part in (one, two, three)] == ["3 × tanh(w·x + b)", "2 × tanh(w·x + b)", "w·x + b"]
    assert one.values == tuple(h.data for h in hidden)
    assert (three.values, three.gradients) == ((out.data,), (out.grad,))
    for part, layer in zip((one, two, three), model.layers, strict=True):
        assert part.weight_count == len(layer.parameters())
        assert part.gradient_sizes[1] == pytest.approx(size(p.grad for p in layer.parameters()))
    assert len(one.gradients) == 3


def test_every_neuron_is_one_card_in_the_frame_of_its_layer():
    model, _, _, loss = network()
    drawn = picture(loss, "neuron")
    cards = [item for item in drawn.items if isinstance(item, ModuleCard)]
    assert [part.name for part in cards] == [
        f"layers.{i}.neurons.{j}" for i, size in enumerate((3, 2, 1)) for j in range(size)]
    neurons = [neuron for layer in model.layers for neuron in layer.neurons]
    found = sorted(part.gradient_sizes[1] for part in cards)
    assert found == pytest.approx(sorted(size(p.grad for p in neuron.parameters()) for neuron in neurons))
    assert [(frame.path, len(frame.keys)) for frame in drawn.clusters] == [
        (("layers.0",), 3), (("layers.1",), 2), (("layers.2",), 1)]


def test_what_is_left_is_drawn_as_always():
    _, inputs, _, loss = network()
    for mode in ("neuron", "layer"):
        drawn = picture(loss, mode)
        cards = {card.name: card for card in drawn.items if isinstance(card, Card)}
        assert list(cards) == ["x1", "x2", "v1", "L"]
        assert cards["x1"].gradient == inputs[0].grad
        assert sum(isinstance(item, Constant) for item in drawn.items) == 2
        keys = {item.key for item in drawn.items}
        assert {end for arrow in drawn.arrows for end in (arrow.consumer, arrow.operand)} <= keys


def test_arrows_into_one_value_add_up_and_others_are_counted():
    _, inputs, out, loss = network()
    drawn = picture(loss, "layer")
    keys = {item.name: item.key for item in drawn.items if isinstance(item, (Card, ModuleCard))}
    into = {(arrow.consumer, arrow.operand): arrow for arrow in drawn.arrows}
    assert into[keys["layers.0"], keys["x1"]].contribution == pytest.approx(inputs[0].grad)
    assert into[keys["layers.0"], keys["x1"]].count == 3
    assert into[keys["layers.1"], keys["layers.0"]].contribution is None
    assert into[keys["layers.1"], keys["layers.0"]].count == 6
    assert into[keys["v1"], keys["layers.2"]].contribution == out.grad
    by_neuron = [arrow for arrow in picture(loss, "neuron").arrows if arrow.consumer[0] == arrow.operand[0] == "p"]
    assert len(by_neuron) == 8
    assert all(arrow.count == 1 and arrow.contribution is not None and arrow.partial is None for arrow in by_neuron)


def test_many_examples_make_no_more_cards():
    model = nn.MLP(2, [3, 1], "relu", seed=0)

    def drawn(n):
        loss = sum(((model([0.1 * i, 1.0]) - 1) ** 2 for i in range(n)), Value(0.0)) / n
        loss.backward()
        return picture(loss, "layer")

    assert len(drawn(30).items) == len(drawn(10).items) < 10
    parts = [part for part in drawn(30).items if isinstance(part, ModuleCard)]
    assert [(part.name, part.operations) for part in parts] == [
        ("layers.0", None), ("layers.1", None), ("", 91)]     # what no module needs is one card
    assert [len(part.values) for part in parts] == [90, 30, 1]


def test_the_activations_of_a_layer_are_one_card_where_they_stand_outside_it():
    model = nn.MLP(2, [4], seed=0)
    loss = sum((autograd.tanh(y) for y in model([1.0, 2.0])), Value(0.0))
    loss.backward()
    assert [(part.name, part.operations) for part in folded(loss, "layer").values()] == [
        ("layers.0", None), ("tanh", 4), ("add", 3)]        # the root, the last sum, has its own card


def test_the_activation_of_a_sequential_belongs_to_its_neurons_card():
    model = nn.Sequential(nn.Linear(2, 3, seed=1), nn.ReLU(), nn.Linear(3, 2, seed=2), nn.Sigmoid())
    hidden, out = (lambda xs: model[1](model[0](xs))), model[3]
    loss = nn.half_squared_error(model([0.5, 1.0]), [1.0, 0.0])
    loss.backward()
    parts = [part for part in folded(loss, "neuron").values() if part.weight_count]
    assert [(part.name, part.formula) for part in parts] == [
        ("0: output 1", "relu(w·x + b)"), ("0: output 2", "relu(w·x + b)"), ("0: output 3", "relu(w·x + b)"),
        ("2: output 1", "sigmoid(w·x + b)"), ("2: output 2", "sigmoid(w·x + b)")]
    given = [y.data for y in hidden([0.5, 1.0])]
    assert [part.values for part in parts[:3]] == [(y,) for y in given]         # of the relu, not before it
    assert [part.values for part in parts[3:]] == [(y.data,) for y in out(model[2](given))]
    assert [part.weight_count for part in parts] == [3, 3, 3, 4, 4]
    assert not [card for card in picture(loss, "neuron").items if isinstance(card, Card)
                and card.formula.startswith(("= relu", "= sigmoid"))]
    layers = [(part.name, part.operations) for part in folded(loss, "layer").values()]
    assert ("relu", 3) in layers             # of a layer they are one card, as before


def test_what_is_no_activation_or_not_the_only_use_stays_outside_the_neuron():
    linear = nn.Linear(2, 1, seed=1)
    for after in (lambda z: z.relu() + z, lambda z: z.exp(), lambda z: (z - 1.0) ** 2):
        y = after(linear([0.5, 1.0])[0]) * 2.0
        y.backward()
        [part] = [part for part in folded(y, "neuron").values() if part.operations is None]
        assert (part.name, part.formula) == ("Linear(2, 1): output 1", "w·x + b")
    tanh = nn.Neuron(2, "tanh", seed=1)
    y = tanh([0.5, 1.0]).sigmoid() * 2.0
    y.backward()
    assert [part.formula for part in folded(y, "neuron").values()] == ["tanh(w·x + b)"]


def test_weights_that_two_parts_share_stay_and_decay_goes_to_the_layer():
    model, _, out, _ = network()
    loss = out * out + sum((p * p for p in model.parameters()), Value(0.0))
    loss.backward()
    assert [part.weight_count for part in folded(loss, "layer").values() if part.operations is None] == [9, 8, 3]
    w = Value(2.0, "w")
    one, two = w * 3.0, w * 4.0
    one.group, two.group = autograd.Group(("one",), ()), autograd.Group(("two",), ())
    y = one + two
    y.backward()
    assert "w" in [card.name for card in picture(y, "neuron").items if isinstance(card, Card)]


def test_the_root_may_be_inside_a_layer():
    model, inputs, _, _ = network()
    y = model(inputs)
    y.label = "y"
    assert {part.gradients for part in folded(y, "layer").values()} == {None}
    assert "call y.backward()" in draw_dot(y, collapse="layer").source
    y.backward()
    source = draw_dot(y, collapse="layer").source
    assert "d<I>y</I>/d<I>output</I>" in source
    assert "start" in source
    assert folded(y, "layer")["p3"].gradients == (1.0,)


def test_groups_of_ones_own_fold_as_well():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    p = x * w
    y = autograd.tanh(p)
    loss = y * y
    loss.backward()
    [part] = folded(loss, "neuron", groups={"mine  tanh(w·x)": [p, y]}).values()
    assert (part.name, part.formula, part.values, part.weight_count) == ("mine", "tanh(w·x)", (y.data,), 0)
    with pytest.raises(ValueError, match="there is no layer in this graph"):
        draw_dot(loss, collapse="layer")


def test_shades_are_darker_the_larger_the_gradient():
    ranks = [SHADES.index(shade(x, 2.0)) for x in (2.0, 0.4, 0.1, 0.02, 1e-9)]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 5
    brightness = [sum(int(colour[i:i + 2], 16) for i in (1, 3, 5)) for colour in SHADES]
    assert brightness == sorted(brightness)
    assert shade(0.0, 2.0) == PALE
    assert shade(math.nan, 2.0) == shade(math.inf, 2.0) not in SHADES


def test_the_largest_gradient_has_the_darkest_shade_and_the_legend_says_so():
    _, _, _, loss = network("sigmoid")
    source = draw_dot(loss, collapse="layer").source
    assert "Size (root of the sum of squares):" in source
    label = {key: re.search(rf"^\t{key} \[(.*)\]$", source, re.MULTILINE)[1] for key in ("p1", "p3")}
    assert SHADES[0] in label["p3"]
    assert SHADES[0] not in label["p1"]
    chinese = draw_dot(loss, collapse="layer", lang="zh").source
    for word in ("大小（平方和的平方根）", "d<I>L</I>/d<I>权重</I> (9)", "d<I>L</I>/d<I>输出</I><", "3 个输出<"):
        assert word in chinese
    assert "Size (root" not in draw_dot(loss, collapse=False).source


def test_the_first_nan_is_framed_in_its_part():
    model = nn.MLP(1, [2, 1], autograd.log, seed=0)
    y = model([Value(-5.0)])
    parts = folded(y, "layer")
    assert [part.anomaly for part in parts.values()] == ["forward", None]
    assert "the first value that is not finite" in draw_dot(y, collapse="layer").source


@pytest.mark.parametrize("label", ["<b>&\"x\"</b>", "\\N\\G", "a\x00\u202e", "]]>", "x" * 1000, "  ", "'];evil["])
def test_a_title_adds_no_markup(label):
    def tags(title):
        a, b = Value(2.0), Value(3.0)
        y = a * b
        y.group = autograd.Group((title, f"{title}  {title}"), (a,))
        loss = y * y
        loss.label = title
        loss.backward()
        sources = [draw_dot(loss, collapse=mode, rankdir="LR").source for mode in ("neuron", "layer")]
        return [re.findall("<[^<>]*>", source) for source in sources]

    assert tags(label) == tags("plain")


def test_the_same_bytes_and_it_can_be_drawn():
    code = ("import nn\nfrom autograd import Value\nfrom viz import draw_dot\nm = nn.MLP(2, [3, 1], 'tanh', seed=1)\n"
            "y = sum(((m([1.0, i]) - i) ** 2 for i in range(5)), Value(0.0))\ny.backward()\n"
            "print(*(draw_dot(y, collapse=c).source for c in ('neuron', 'layer')))")
    runs = {subprocess.run([sys.executable, "-X", "utf8", "-c", code], capture_output=True, check=True,
                           env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")}
    assert len(runs) == 1
    _, _, _, loss = network()
    assert draw_dot(loss, collapse="layer").pipe("svg").count(b"<g id=\"node") == len(picture(loss, "layer").items)


def test_numbers_at_arrows_go_where_there_are_too_many():
    model = nn.MLP(2, [6, 6, 1], seed=0)
    y = model([1.0, 2.0])
    y.backward()
    drawn = draw_dot(y, collapse="neuron").source
    assert drawn.count(' -> ') > 36
    assert not re.search(r"^\tp\d+ -> p\d+ \[label=<", drawn, re.MULTILINE)


# ---- titles that are empty or strange ----

TITLES = ["", " \n", "\u200b", "\ufeff \u00ad", "\u2028", "\\N", "%", "<B></B>", "&#0;", "  ", "a" * 5_000]


@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
@pytest.mark.parametrize("mode", ["neuron", "layer", False])
def test_graphviz_has_nothing_to_say_about_a_title(title, mode, capfd):
    """``<B></B>`` was a syntax error to Graphviz, and a text of zero-width characters had no font."""
    for kind in ("path", "outer", "inner", "groups", "leaves", "labels"):
        x, w = Value(1.0, title if kind == "labels" else "x"), Value(2.0, "w")
        y = (w * x + 1).tanh()
        path = {"path": (title,), "outer": (title, "a"), "inner": ("a", title)}.get(kind, ("a",))
        y.group = autograd.Group(path, (x,))
        z = y * 2
        groups = {"groups": {title: [z]}, "leaves": {title: [x]}}.get(kind)
        root = z.exp()
        root.label = title if kind == "labels" else "L"
        for _ in range(2):
            draw_dot(root, collapse=mode, groups=groups).pipe("svg")
            assert capfd.readouterr().err == "", kind
            root.backward()


@pytest.mark.parametrize(("title", "lang", "shown"), [("", "en", "(no title)"), ("\u200b", "en", "(no title)"),
                                                      ("", "zh", "（无标题）"), ("half", "en", "half")])
def test_a_group_without_a_title_is_called_so(title, lang, shown):
    x, w = Value(1.0, "x"), Value(2.0, "w")
    y = w * x
    y.group = autograd.Group((title,), (x,))
    texts = ElementTree.fromstring(draw_dot(y * 2, collapse="neuron", lang=lang).pipe("svg")).iter(
        "{http://www.w3.org/2000/svg}text")
    assert shown in [element.text for element in texts]


def test_a_group_of_leaves_has_a_row_for_their_gradients_alone():
    """Nothing is computed in it, so it has no outputs to show."""
    x, w = Value(3.0, "x"), Value(4.0, "w")
    y = x * w
    y.backward()
    drawn = draw_dot(y, collapse="neuron", groups={"leaves": [x, w]})
    texts = "".join(element.text for element in ElementTree.fromstring(drawn.pipe("svg")).iter(
        "{http://www.w3.org/2000/svg}text"))
    assert "outputs" not in texts
    assert re.search(r"leaves.*weights \(2\).*size 5", texts)
