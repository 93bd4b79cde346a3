"""Folds: every node has one home, every view is small, and the cost grows as the graph does."""

import math

import pytest

import nn
from autograd import Value, topological_order
from tests.viz.player.test_lesson import expression, large, middle, network
from viz.graph.picture import picture
from viz.player import folding
from viz.player.lesson import lesson


def chain(length):
    y = Value(1.0, label="x")
    for i in range(length):
        y = y.sin() if i % 2 else y * 1.1
    return y


def wide(count):
    x = Value(0.5, label="x")
    total = x
    for i in range(count):
        total = total + (x * i).tanh()
    return total


@pytest.mark.parametrize("graph", [expression, middle, lambda: chain(120), lambda: wide(30)])
def test_every_node_is_drawn_in_one_view(graph):
    root = graph()
    made = lesson(root)
    homes = [node for view in made.moments for key, node in view.view.nodes.items() if key not in view.view.outside]
    assert sorted(map(id, homes)) == sorted(map(id, topological_order(root)))
    for view in made.data["views"]:
        assert len(view["drawn"]) <= 2 * folding.MOST_CARDS


@pytest.mark.parametrize("graph", [middle, lambda: chain(120), lambda: wide(30)])
def test_no_two_folds_feed_each_other(graph):
    """Each step is after those that it needs, also where a card stands for many nodes."""
    for view in lesson(graph()).data["views"]:
        ends = {(arrow[0], arrow[1]) for arrow in view["arrows"]}
        assert not any((operand, consumer) in ends for consumer, operand in ends)


def test_small_graphs_are_drawn_as_draw_dot_does():
    root = expression()
    root.backward()
    [moments] = lesson(root).moments
    ours, theirs = moments.view.picture, picture(root, False)
    assert (ours.items, ours.arrows, ours.seed) == (theirs.items, theirs.arrows, theirs.seed)


def test_a_network_folds_by_layer_and_then_by_neuron():
    made = lesson(large())
    top = made.data["folds"]
    assert [fold["n"] for fold in top.values() if fold["up"] == "f0"] == ["layers.0", "layers.1", "layers.2"]
    inner = [fold for fold in top.values() if fold["up"] == "f1"]
    assert len(inner) == 8
    assert all(fold["view"] is not None for fold in inner)


def test_a_fold_shows_what_it_exchanges_numbers_with():
    view = lesson(middle()).data["views"][1]
    assert "f2" in view["outside"]
    assert len(view["outside"]) == 4        # and three inputs
    assert all(arrow[0] not in view["outside"] or arrow[1] not in view["outside"] for arrow in view["arrows"])


def test_a_bundle_arrives_with_its_last_arrow():
    """Then the gradient of the card that it leads to is complete, if no other arrow is still to come."""
    data = lesson(middle()).data
    for view in data["views"]:
        for consumer, operand, _, index, moment, _, _ in view["arrows"]:
            assert index < 0 or data["arrows"][index][6] == moment
            what = view["cards"][operand]
            last = max(arrow[4] for arrow in view["arrows"] if arrow[1] == operand)
            if isinstance(what, int) and operand not in view["outside"] and last < data["end"]:
                assert data["nodes"][what]["c"] in (*range(last + 1), data["end"])
            assert consumer in view["cards"]


def test_folds_by_the_users_groups():
    xs = [Value(0.1 * i, label=f"x{i}") for i in range(24)]
    squares, cubes = [x * x for x in xs], [x * x * x for x in xs]
    data = lesson(sum(squares + cubes), groups={"squares": squares, "cubes": cubes}).data
    assert {"squares", "cubes"} <= {fold["n"] for fold in data["folds"].values()}


def test_collapse_says_what_is_folded():
    assert len(lesson(middle(), collapse=False).data["views"]) == 1
    assert len(lesson(network(), collapse=True).data["views"]) > 1
    assert len(lesson(network(), collapse="layer").data["views"]) > 1
    with pytest.raises(ValueError, match="there is no layer"):
        lesson(expression(), collapse="layer")


def test_parts_of_parts_and_the_limit_of_views(monkeypatch):
    monkeypatch.setattr(folding, "MOST_PARTS", 3)
    monkeypatch.setattr(folding, "MOST_CARDS", 12)
    monkeypatch.setattr(folding, "PART_CARDS", 5)
    monkeypatch.setattr("viz.player.lesson.MOST_VIEWS", 5)
    data = lesson(chain(100)).data
    assert len(data["views"]) == 5
    assert any(fold["view"] is None for fold in data["folds"].values())
    depth = dict.fromkeys(data["folds"], 0)
    for key, fold in data["folds"].items():
        depth[key] = 1 + depth[fold["up"]] if fold["up"] else 0
    assert max(depth.values()) >= 2


def test_a_module_used_twice():
    layer = nn.Linear(2, 2, seed=0)
    y = layer([v.tanh() for v in layer([Value(1.0, label="p"), Value(2.0, label="q")])])
    data = lesson(y[0] * y[1], collapse="layer").data
    assert all(math.isfinite(node["v"]) for node in data["nodes"])
