"""The lesson's data: every number is the engine's, and every step comes when it may."""

import json
import math

import pytest

import nn
from autograd import Value, anomaly, paths, source_line, topological_order
from viz.graph.cards import Card
from viz.graph.labels import MAX_TERMS
from viz.graph.picture import picture
from viz.player.lesson import lesson
from viz.player.moments import Moments
from viz.player.page import inert
from viz.player.sentences import sentences
from viz.text import number, total


def expression():
    a, b = Value(2, label="a"), Value(1, label="b")
    c, d = a + b, b + 1
    c.label, d.label = "c", "d"
    e = c * d
    e.label = "e"
    return e


def neuron():
    return nn.Neuron(3, "tanh", seed=1)([Value(0.5, label="x1"), Value(-1.0, label="x2"), Value(2.0, label="x3")])


def network():
    model = nn.MLP(2, [2, 2], seed=0)
    return sum((output - target)**2 for output, target in zip(model([0.05, 0.1]), [0.01, 0.99], strict=True))


def square():
    x = Value(3.0, label="x")
    return x * x + x


def large():
    model = nn.MLP(4, [8, 8, 1], seed=0)
    return (model([Value(0.1 * i, label=f"x{i}") for i in range(4)]) - 1)**2


def middle():
    return nn.MLP(3, [5, 4, 1], seed=0)([Value(0.1 * i, label=f"x{i}") for i in range(3)])


def dead():
    x = Value(-1.0, label="x")
    return x.relu() * 2 + x.exp() / 0.0


def uses(count):
    """x is used by nodes that pass their gradients on in another order than that in which they were computed."""
    x = Value(0.5, label="x")
    nodes = [x * (i + 2.0) for i in range(count)]
    for node in nodes[::2]:
        x = x + node.sin()
    return sum(nodes[1::2], x) * x


GRAPHS = [expression, neuron, network, square, middle, dead]


def real(x):
    return float(x)


@pytest.mark.parametrize("graph", GRAPHS)
def test_numbers_are_the_engines(graph):
    root = graph()
    data = lesson(root).data
    order = topological_order(root)
    assert not any(node.has_grad for node in order)     # looking changes nothing
    root.backward()
    for node, told in zip(order, data["nodes"], strict=True):
        assert repr(real(told["v"])) == repr(node.data)
        assert repr(real(told["g"])) == repr(node.grad)
    at = {node: i for i, node in enumerate(order)}
    operands = [(at[node], at[arg], place) for node in order for place, arg in enumerate(node.args)
                if isinstance(arg, Value)]
    assert [tuple(arrow[:3]) for arrow in data["arrows"]] == operands
    for consumer, _, place, partial, contribution, _, _ in data["arrows"]:
        node = order[consumer]
        assert (partial is None) == (node.partials[place] is None)
        if partial is not None and contribution is not None:
            assert repr(real(contribution)) == repr(node.grad * node.partials[place])


@pytest.mark.parametrize("graph", GRAPHS)
def test_a_node_passes_on_only_what_is_complete(graph):
    data = lesson(graph()).data
    moments = sorted(arrow[6] for arrow in data["arrows"] if arrow[6] is not None)
    assert moments == list(range(data["seedAt"] + 1, data["end"]))
    values = sorted(node["t"] for node in data["nodes"] if "f" in node)
    assert values == list(range(1, data["seedAt"]))
    for consumer, operand, _, partial, _, _, moment in data["arrows"]:
        assert data["nodes"][operand]["t"] < data["nodes"][consumer]["t"]
        if moment is not None:
            incoming = [arrow[6] for arrow in data["arrows"] if arrow[1] == consumer and arrow[6] is not None]
            assert all(other < moment for other in incoming)
            assert partial is None or data["nodes"][operand]["c"] >= moment


def test_terms_arrive_as_the_card_writes_them():
    moments: Moments = lesson(expression()).moments[0]
    [card] = [item for item in moments.view.picture.items if getattr(item, "name", "") == "b"]
    stages = moments.stages(card)
    assert [(stage.terms, stage.total) for stage in stages] == [("", 2.0), ("", 5.0)]
    assert card.terms == (2.0, 3.0)


@pytest.mark.parametrize("graph", [*GRAPHS, lambda: uses(3), lambda: uses(8)])
@pytest.mark.parametrize("mistake", [None, "assign"])
def test_a_sum_grows_at_its_end_in_the_card_the_sentences_and_the_still_picture(graph, mistake):
    """x * x + x began with 1 and went on with 3 + 1: the new term stood before the old one."""
    root = graph()
    made = lesson(root, mistake=mistake, collapse=False)
    view, data, still = made.moments[0].view, made.data, {}
    places = {node: i for i, node in enumerate(topological_order(root))}
    if mistake is None:
        root.backward()
        drawn = picture(root, collapse=False)
        still = {drawn.nodes[item.key]: item.terms for item in drawn.items if isinstance(item, Card)}
    for item in view.picture.items:
        if not isinstance(item, Card) or len(item.terms) < 2:
            continue
        node = view.nodes[item.key]
        at = places[node]
        arriving = sorted((arrow[6], real(arrow[4])) for arrow in data["arrows"]
                          if arrow[1] == at and arrow[4] is not None)
        assert repr(item.terms) == repr(tuple(x for _, x in arriving))
        assert repr(still.get(node, item.terms)) == repr(item.terms)
        for i, stage in enumerate(made.moments[0].stages(item)[1:-1], 2):
            assert stage.terms.startswith(total(item.terms[:min(i, MAX_TERMS)]))


def test_a_sentence_says_what_was_there_and_what_is_new():
    said = sentences(lesson(square()), "en")
    assert [text.partition(". ")[2] for text in said[-4:-1]] == [
        "The gradient in the card of x: 1.", "The card of x held 1; with this 3 it holds 1 + 3 = 4.",
        "The card of x held 4; with this 3 it holds 1 + 3 + 3 = 7."]


def test_steps_of_the_whole_cover_every_moment_of_a_small_graph():
    for graph in (expression, neuron, network, square):
        made = lesson(graph())
        assert [step[0] for step in made.data["views"][0]["steps"]] == list(range(1, made.data["end"]))


def test_the_seed_is_that_of_backward():
    root = square()
    root.backward(2.0)
    assert lesson(root).data["seed"] == 2.0
    assert lesson(root).data["nodes"][0]["g"] == 14.0 == root.args[1].grad
    root.backward(2.0)      # the .grad of the leaf has both; the lesson shows one pass
    assert lesson(root).data["nodes"][0]["g"] == 14.0


@pytest.mark.parametrize(("graph", "name", "terms", "sum", "count"), [
    (expression, "b", "2 + 3", "5", 2), (square, "x", "1 + 3 + 3", "7", 3)])
def test_why_it_is_a_sum(graph, name, terms, sum, count):
    root = graph()
    assert lesson(root).data["why"] == {"name": name, "terms": terms, "sum": sum, "count": count}
    leaf = next(node for node in topological_order(root) if node.label == name)
    assert number(math.fsum(path.product for path in paths(root, leaf))) == sum


def test_what_a_second_pass_would_add():
    root = expression()
    node, once, twice = lesson(root).data["again"]
    root.backward()
    root.backward()
    assert (once, twice) == ("5", number(topological_order(root)[node].grad))


def test_partials_as_the_table_writes_them():
    x, y, k = Value(2.0, label="x"), Value(3.0, label="y"), Value(0.5, label="k")
    root = (x * y).sin() + (x / k).exp() + y.relu() + x**2
    data = lesson(root).data
    names = [node["n"] for node in data["nodes"]]
    formulas = {(names[arrow[0]], names[arrow[1]]): arrow[5] for arrow in data["arrows"]}
    product, sine, ratio = (next(node["n"] for node in data["nodes"] if node.get("f") == f)
                            for f in ("= x × y", "= sin(v1)", "= x / k"))
    assert formulas[product, "x"] == "y"
    assert formulas[sine, product] == f"cos({product})"
    assert formulas[ratio, "x"] == "1 / k"
    assert "2·x" in formulas.values()
    exponential = next(node["n"] for node in data["nodes"] if node.get("f", "").startswith("= exp"))
    assert formulas[exponential, ratio] == exponential


def test_the_line_that_made_a_node():
    with anomaly():
        x = Value(2.0, label="x")
        y = x * x + 1  # here
    data = lesson(y).data
    assert [node.get("l", [None, None, None])[2] for node in data["nodes"]] == [None, *["y = x * x + 1 # here"] * 2]
    assert source_line(y)[2] == "test_the_line_that_made_a_node"
    assert source_line(x) is None
    assert source_line(x * x) is None
    with pytest.raises(TypeError, match="not of float"):
        source_line(2.0)


def test_data_stays_inside_its_element():
    x = Value(1.0, label="</script><script>alert(1)</script>\u2028&<!--")
    made = lesson(x * x)
    text = inert(made.data)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["nodes"][0]["n"] == made.data["nodes"][0]["n"]


def test_numbers_that_are_not_finite_are_text():
    data = lesson(dead()).data
    assert "inf" in {node["v"] for node in data["nodes"]}
    json.loads(inert(lesson(dead()).data), parse_constant=lambda text: pytest.fail(text))
