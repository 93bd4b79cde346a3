"""draw_dot shows local partials, flows, gradients and bad values, and its numbers add up."""

import math
import random

import pytest

import autograd
from autograd import Value
from tests.support.drawn_graphs import cards
from viz import draw_dot
from viz.graph.cards import Box, Card, Constant
from viz.graph.picture import picture


def expression():
    a, b = Value(2.0, "a"), Value(1.0, "b")
    c, d = a + b, b + 1
    e = c * d
    c.label, d.label, e.label = "c", "d", "e"
    return a, b, c, d, e


def arrows(drawn, consumer, operand):
    keys = {card.name: card.key for card in cards(drawn).values()}
    return [arrow for arrow in drawn.arrows if (arrow.consumer, arrow.operand) == (keys[consumer], keys[operand])]


def test_the_expression_of_the_lesson():
    *_, e = expression()
    e.backward()
    drawn = picture(e)
    found = cards(drawn)
    assert drawn.title == "e = (a + b) × (b + 1)"
    assert [(name, card.formula, card.gradient) for name, card in found.items()] == [
        ("a", "", 2.0), ("b", "", 5.0), ("c", "= a + b", 2.0), ("d", "= b + 1", 3.0), ("e", "= c × d", 1.0)]
    assert found["b"].terms == (2.0, 3.0)       # by creation of the consumers
    [arrow] = arrows(drawn, "e", "d")
    assert (arrow.upstream, arrow.partial, arrow.contribution) == (1.0, 3.0, 3.0)
    assert [item.values for item in drawn.items if isinstance(item, Constant)] == [(1.0,)]


def test_the_neuron_of_the_lesson():
    x1, x2, w1, w2 = Value(2, "x1"), Value(0, "x2"), Value(-3, "w1"), Value(1, "w2")
    b = Value(6.8813735870195432, "b")
    o = autograd.tanh(x1 * w1 + x2 * w2 + b)
    o.label = "o"
    o.backward()
    drawn = picture(o, groups={"neuron": [o, *o.args]}, weights=iter([w1, w2, b]))
    assert drawn.title == "o = tanh(x1·w1 + x2·w2 + b)"
    assert cards(drawn)["x1"].gradient == pytest.approx(-1.5)
    assert {name: card.kind for name, card in cards(drawn).items() if len(name) < 3 and card.formula == ""} == {
        "x1": "input", "x2": "input", "w1": "weight", "w2": "weight", "b": "weight"}
    assert len(drawn.clusters[0].keys) == 2


def test_before_backward_there_are_dashes_and_local_partials_only():
    *_, e = expression()
    drawn = picture(e)
    assert drawn.seed is None
    assert {card.gradient for card in cards(drawn).values()} == {None}
    [arrow] = arrows(drawn, "e", "c")
    assert (arrow.upstream, arrow.partial, arrow.contribution) == (None, 2.0, None)


def test_an_operand_used_twice_has_two_arrows():
    x = Value(3.0, "x")
    y = x * x
    y.label = "y"
    y.backward()
    drawn = picture(y)
    assert [arrow.contribution for arrow in arrows(drawn, "y", "x")] == [3.0, 3.0]
    assert cards(drawn)["x"].terms == (3.0, 3.0)


def test_an_operand_used_very_often_has_one_arrow_with_the_total():
    x = Value(3.0, "x")
    y = autograd.sum([x] * 1000)
    y.label = "y"
    y.backward()
    [arrow] = arrows(picture(y), "y", "x")
    assert (arrow.count, arrow.contribution, arrow.partial) == (1000, 1000.0, None)


def test_what_nothing_flows_to_shows_zero():
    x, w = Value(-3.0, "x"), Value(2.0, "w")
    p = x * w
    p.label = "p"
    y = autograd.relu(p)
    y.label = "y"
    y.backward()
    drawn = picture(y)
    assert [cards(drawn)[name].gradient for name in "xwp"] == [0.0, 0.0, 0.0]
    [arrow] = arrows(drawn, "y", "p")
    assert (arrow.upstream, arrow.partial, arrow.flows) == (None, None, False)
    [arrow] = arrows(drawn, "p", "x")
    assert (arrow.upstream, arrow.partial, arrow.flows) == (None, 2.0, False)


def test_no_flow_is_never_written_as_zero_times_infinity():
    x = Value(0.0, "x")
    root = autograd.sqrt(x)
    root.label = "root"
    y = autograd.where(False, root, x)
    y.backward()
    [arrow] = arrows(picture(y), "root", "x")
    assert (arrow.partial, arrow.upstream, arrow.contribution) == (math.inf, None, 0.0)


def test_several_backward_calls_are_told_from_the_picture_of_one():
    *_, e = expression()
    e.backward()
    assert cards(picture(e))["a"].held is None
    e.backward()
    shown = cards(picture(e))["a"]
    assert (shown.gradient, shown.held) == (2.0, 4.0)
    assert cards(picture(e))["c"].held is None


def test_a_seed_scales_everything():
    *_, e = expression()
    e.backward(0.5)
    drawn = picture(e)
    assert drawn.seed == 0.5
    assert cards(drawn)["b"].gradient == 2.5


def test_gradients_that_have_not_been_computed_yet_are_dashes():
    *_, e = expression()
    e.grad = 1.0
    e._backward()               # as the lecture does it, node by node
    drawn = picture(e)
    assert [cards(drawn)[name].gradient for name in "abcde"] == [None, None, 2.0, 3.0, 1.0]
    assert arrows(drawn, "c", "a")[0].contribution is None
    assert arrows(drawn, "e", "c")[0].contribution == 2.0


@pytest.mark.parametrize("seed", range(20))
def test_rows_add_up_and_agree_with_backward(seed):
    choose = random.Random(seed)
    values = [Value(choose.uniform(-2, 2)) for _ in range(3)]
    for _ in range(40):
        x, y = choose.choice(values), choose.choice(values)
        values.append(choose.choice([lambda x, y: x + y, lambda x, y: x * y, lambda x, y: autograd.sin(x),
                                     lambda x, y: autograd.maximum(x, y), lambda x, y: x - 1.5])(x, y))
    root = autograd.sum(values)
    root.backward()
    drawn = picture(root, collapse=seed % 2 == 1)
    for item in drawn.items:
        if isinstance(item, Card):
            assert item.held is None
            if item is not drawn.root:
                assert math.fsum(item.terms) == pytest.approx(item.gradient, rel=1e-9, abs=1e-9)


# ---- large graphs ----


def test_an_input_that_was_assigned_since_says_so():
    a, b = Value(1.0, label="a"), Value(2.0, label="b")
    e = a * b
    e.backward()
    assert "assigned since" not in draw_dot(e).source
    a.data = 7.0
    assert draw_dot(e).source.count("assigned since") == 1
    assert "此后被重新赋值" in draw_dot(e, lang="zh").source
    assert "assigned since" not in draw_dot(a * b).source


def test_the_first_bad_value_is_marked():
    x, w = Value(1.0, "x"), Value(3.0, "w")
    y = (x - w).log() * 2
    assert {name: card.anomaly for name, card in cards(picture(y)).items() if card.anomaly} == {"v2": "forward"}
    assert 'color="#c81e1e"' in draw_dot(y).source
    assert "the first value that is not finite" in draw_dot(y).source
    assert "第一个非有限的值" in draw_dot(y, lang="zh").source
    assert "#c81e1e" not in draw_dot(x * w).source


def test_the_node_through_which_the_gradient_turns_bad_is_marked():
    x = Value(0.0, "x")
    y = x.sqrt() * 3
    before = {name: card.anomaly for name, card in cards(picture(y)).items()}
    y.backward()
    after = {name: card.anomaly for name, card in cards(picture(y)).items()}
    assert before == after == {"x": None, "v1": "backward", "v2": None}
    assert "from here on the gradient is not finite" in draw_dot(y).source


def test_a_folded_graph_shows_the_bad_node():
    y = Value(-1.0, "x").log()
    for _ in range(400):
        y = y + 1.0
    drawn = picture(y)
    assert [card.formula for card in cards(drawn).values() if card.anomaly] == ["= log(x)"]
    assert [item.count for item in drawn.items if isinstance(item, Box)] == [388]


def test_the_anomaly_of_an_error_is_drawn_whatever_the_seed():
    x = Value(1.0, "x")
    y = x * 1e200
    with autograd.anomaly(), pytest.raises(autograd.AnomalyError) as caught:
        y.backward(1e200)
    assert "#c81e1e" not in draw_dot(y).source
    assert "#c81e1e" in draw_dot(caught.value.anomaly).source
    z = (Value(0.0, "z").log() * 0.0) + 1
    found = autograd.find_anomaly(z, inf=False)
    assert [card.formula for card in cards(picture(z, found=found)).values() if card.anomaly] == ["= v1 × 0"]
    assert [card.formula for card in cards(picture(z)).values() if card.anomaly] == ["= log(z)"]


def test_the_mark_follows_the_seed_of_the_last_backward():
    x = Value(1.0, "x")
    y = x * 1e200
    y.backward(1e200)
    assert [card.anomaly for card in cards(picture(y)).values()] == [None, "backward"]
