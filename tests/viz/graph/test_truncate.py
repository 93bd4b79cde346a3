"""draw_dot collapses large graphs and keeps their gradients."""

import math
import re
import time

import pytest

import autograd
import nn
from autograd import Value
from tests.support.drawn_graphs import cards
from viz.graph.cards import Box
from viz.graph.picture import picture


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
    drawn = picture(loss, True)
    assert any(isinstance(item, Box) for item in drawn.items)
    kinds = {card.kind for name, card in cards(drawn).items() if re.match(r"l\d\.n", name)}
    assert kinds == {"weight"}


@pytest.mark.parametrize("n", [50_000, pytest.param(500_000, marks=pytest.mark.campaign)])
def test_a_million_operations(n):
    _, y = chain(n)
    y.backward()
    start = time.process_time()
    drawn = picture(y)
    assert time.process_time() - start < 60 * n / 500_000
    assert len(drawn.items) < 40
