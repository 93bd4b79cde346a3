"""What a picture shows, and that its numbers add up."""

import math
import random
import re
import time

import pytest

import autograd
import nn
from autograd import TABLE, Value, primitive, topological_order
from viz import draw_dot
from viz.graph.cards import Box, Card, Constant
from viz.graph.notation import formula
from viz.graph.picture import picture
from viz.text import LONGEST, clean, distinct, number, total


def expression():
    a, b = Value(2.0, "a"), Value(1.0, "b")
    c, d = a + b, b + 1
    e = c * d
    c.label, d.label, e.label = "c", "d", "e"
    return a, b, c, d, e


def cards(drawn):
    return {item.name: item for item in drawn.items if isinstance(item, Card)}


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
    assert (arrow.upstream, arrow.partial, arrow.contribution) == (1.0, 0.0, 0.0)
    [arrow] = arrows(drawn, "p", "x")
    assert (arrow.upstream, arrow.partial, arrow.contribution) == (0.0, 2.0, 0.0)


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


# ---- names, numbers, formulas ----

def test_names_are_distinct_and_generated_ones_clash_with_none():
    assert distinct(["b", "b", "", "v1", "b₂", "b"]) == ["b", "b₃", "v2", "v1", "b₂", "b₄"]
    assert distinct(["x" * 30, "x" * 40, " ", "\n"]) == ["x" * 23 + "…", "x" * 23 + "…₂", "v1", "v2"]
    many = distinct(["b"] * 2000)
    assert len(set(many)) == 2000


@pytest.mark.parametrize(("label", "shown"), [
    ("a\nb\tc", "a b c"), ("\x00\x1b", "��"), ("\ud800", "�"), ("\ufffe", "�"), ("\u202eevil", "�evil"),
    (" " * 500 + "a" + " " * 500 + "b", "a b"),
    ("x" * 24 + " y", "x" * 23 + "…"), ("a " * 99, "a a a a a a a a a a a a…"), ("a" + "\n" * 9999, "a"),
    ("梯度 😀", "梯度 😀"), ("x" * 10**6, "x" * (LONGEST - 1) + "…"), ("   ", "")])
def test_labels_become_one_harmless_line(label, shown):
    assert clean(label) == shown


@pytest.mark.parametrize(("x", "shown"), [
    (6.8813735870195432, "6.881"), (-1.5, "−1.5"), (5.0, "5"), (-0.0, "0"), (math.nan, "nan"), (math.inf, "inf"),
    (-math.inf, "−inf"), (1.2e-5, "1.2e−05"), (0.00012346, "0.0001235"), (123456.0, "123456"), (1e6, "1e+06"),
    (100.0, "100"), (0.99999, "1"), (5e-324, "4.941e−324"), (1e-320, "1e−320")])
def test_numbers(x, shown):
    assert number(x) == shown


def test_a_sum_with_negative_terms():
    assert total([-2.0, 3.0, -0.5, -math.inf]) == "−2 + 3 − 0.5 − inf"


@pytest.mark.parametrize(("build", "written"), [
    (lambda a, b: a - (b - a), "a − (b − a)"),
    (lambda a, b: (a - b) - a, "a − b − a"),
    (lambda a, b: -(a + b), "−(a + b)"),
    (lambda a, b: a - -b, "a − (−b)"),
    (lambda a, b: a * -3.0, "a × (−3)"),
    (lambda a, b: -3.0 * a, "−3·a"),
    (lambda a, b: a ** 2 * b, "a²·b"),
    (lambda a, b: (a + b) ** -1, "(a + b)⁻¹"),
    (lambda a, b: a ** b, "a^b"),
    (lambda a, b: a ** 0.5, "a^0.5"),
    (lambda a, b: a / (b * a), "a / (b·a)"),
    (lambda a, b: 2 * a * b, "2·a·b"),
    (lambda a, b: autograd.tanh(a * (b + 1)), "tanh(a × (b + 1))"),
    (lambda a, b: autograd.maximum(a, 0), "maximum(a, 0)"),
    (lambda a, b: autograd.dot([a, b], [2, a]), "a·2 + b·a"),
    (lambda a, b: 2 * autograd.dot([a, b], [b, a]), "2 × (a·b + b·a)"),
    (lambda a, b: autograd.dot([a] * 9, [b] * 9), "a·b + a·b + … + a·b"),
    (lambda a, b: autograd.sum([a] * 9), "sum(a, a, a, …, a)"),
    (lambda a, b: autograd.greater(a, b + 1), "a > b + 1"),
])
def test_formulas(build, written):
    a, b = Value(2.0, "a"), Value(3.0, "b")
    root = build(a, b)
    order = topological_order(root)
    assert formula(root, order, {a: "a", b: "b"}) == written


def test_an_infix_of_a_users_own_op_takes_brackets():
    join = primitive("join_", lambda x, y: x + y, lambda x, y, out: 1.0, lambda x, y, out: 1.0, infix="<&>")
    try:
        a = Value(1.0, "a")
        root = join(a + 1, join(a, 2)) * a
        assert picture(root).title == "v4 = ((a + 1) <&> (a <&> 2)) × a"
        assert "&lt;&amp;&gt;" in draw_dot(root).source
    finally:
        del TABLE["join_"]


def test_a_formula_too_long_is_left_out():
    x = Value(1.0, "x")
    for _ in range(60):     # 2^60 letters, if it were written out
        x = x + x
    assert picture(x, collapse=False).title is None


# ---- large graphs ----

def chain(n):
    x = y = Value(0.5, "x")
    for _ in range(n):
        y = autograd.sin(y) + x
    return x, y


def test_only_large_graphs_are_folded():
    small, large = picture(chain(20)[1]), picture(chain(200)[1])
    assert not any(isinstance(item, Box) for item in small.items)
    [box] = [item for item in large.items if isinstance(item, Box)]
    assert box.count == 400 - 12
    assert len(picture(chain(200)[1], collapse=False).items) == 401
    assert len(picture(chain(100)[1], collapse=True).items) == 14


def test_a_graph_of_few_cards_that_graphviz_would_take_minutes_for_is_folded():
    x = y = Value(0.5, "x")
    for _ in range(139):
        y = y + x               # 140 cards, and an arrow from each back to the first: 150 seconds
    assert len(picture(y).items) == 14
    for _ in range(99):
        x = autograd.sin(x)     # as long, and every arrow short
    assert len(picture(x).items) == 100
    assert len(picture(autograd.sin(x)).items) == 14


def test_a_folded_graph_keeps_the_whole_gradient_of_a_leaf():
    x, y = chain(500)
    y.backward()
    drawn = picture(y)
    shown = cards(drawn)["x"]
    assert shown.gradient == x.grad
    assert math.fsum(shown.terms) == pytest.approx(x.grad)
    assert drawn.title is None


def test_no_folded_picture_is_large_and_nothing_enters_a_box_again():
    leaves = [Value(i / 500, "named" if i % 3 else "") for i in range(500)]
    layer = [autograd.dot(leaves, [float(i)] * 500) for i in range(50)]
    root = autograd.dot(layer, leaves[:50])
    root.backward()
    drawn = picture(root)
    assert len(drawn.items) < 100
    assert len(drawn.arrows) < 1000
    keys = {item.key: item for item in drawn.items}
    for arrow in drawn.arrows:
        if arrow.consumer == "operations":
            assert arrow.operand == "inputs" or keys[arrow.operand].kind != "operation"
    assert {box.key for box in drawn.items if isinstance(box, Box)} == {"inputs", "operations"}


def test_weights_of_a_module_that_is_folded_away_are_weights():
    network = nn.MLP(4, [8, 8, 1], seed=1)
    loss = autograd.sum([(network([Value(float(i + j)) for i in range(4)]) - 1) ** 2 for j in range(4)])
    loss.backward()
    drawn = picture(loss)
    assert any(isinstance(item, Box) for item in drawn.items)
    kinds = {card.kind for name, card in cards(drawn).items() if re.match(r"l\d\.n", name)}
    assert kinds == {"weight"}


def test_a_million_operations():
    _, y = chain(500_000)
    y.backward()
    start = time.process_time()
    drawn = picture(y)
    assert time.process_time() - start < 60
    assert len(drawn.items) < 40


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
