"""The chart of decisions: points, boundary, classes and labels."""

import math

import pytest

import nn
from tests.support.charts import cross, named, saved
from viz import plot_decision
from viz.charts.decision_regions import SHARES, SURER
from viz.charts.grid import outputs, outputs_at_once

POINTS, CLASSES = [[0.0, 1.0], [1.0, 0.0], [0.2, 0.9], [0.9, 0.5]], [1, -1, 1, 1]      # the last one lies below


# ---- decisions ----


def regions(axes):
    """The colours of each class's region, from unsure to sure."""
    return [list(map(tuple, c.get_facecolor())) for c in axes.collections if getattr(c, "filled", False)]


def test_points_stand_where_they_are_in_their_class_and_wrong_ones_are_ringed():
    drawn = plot_decision(cross, POINTS, CLASSES, steps=12)
    [axes] = drawn.axes
    assert list(named(axes)) == ["class -1", "class 1", "on the wrong side", SURER]
    scattered = [c.get_offsets().tolist() for c in axes.collections if type(c).__name__ == "PathCollection"]
    assert scattered == [[POINTS[1]], [POINTS[0], POINTS[2], POINTS[3]], [POINTS[3]]]
    assert "3 of 4 points right" in drawn._suptitle.get_text()


def test_the_boundary_is_where_the_score_is_the_threshold():
    for threshold in (0.0, 0.25):
        [axes] = plot_decision(cross, POINTS, CLASSES, steps=9, threshold=threshold).axes
        boundary = next(c for c in axes.collections if getattr(c, "filled", None) is False)
        vertices = [vertex for path in boundary.get_paths() for vertex in path.vertices]
        assert len(vertices) > 4
        assert all(y - x == pytest.approx(threshold, abs=1e-9) for x, y in vertices)


@pytest.mark.parametrize("targets", [[0, 1, 1, 0], ["no", "yes", "yes", "no"]])
def test_probabilities_are_told_apart_at_one_half(targets):
    corners = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]

    def xor(x):
        return 0.1 + 0.8 * abs(x[0] - x[1]) * (abs(x[0] - x[1]) <= 1.0)

    assert "4 of 4 points right" in plot_decision(xor, corners, targets, steps=5)._suptitle.get_text()
    drawn = plot_decision(xor, corners, targets, steps=5, threshold=0.0)
    assert "2 of 4 points right" in drawn._suptitle.get_text()      # what is asked for is done


def test_of_several_scores_the_largest_decides():
    drawn = plot_decision(lambda x: [x[0], x[1], 0.1], [[1, 0], [0, 1], [-1, -1], [-1, 1]], [0, 1, 2, 0], steps=9)
    [axes] = drawn.axes
    assert "3 of 4" in drawn._suptitle.get_text()
    assert list(named(axes)) == ["class 0", "class 1", "class 2", "on the wrong side", SURER]
    assert len(regions(axes)) == 3
    assert len({colour for region in regions(axes) for colour in region}) >= 3


@pytest.mark.parametrize(("model", "threshold", "bands"), [
    (lambda x: 100.0 * (x[1] - x[0]), 0.0, 5), (lambda x: 0.1 * (x[1] - x[0]), 0.0, 1),      # scores
    (lambda x: 0.5 + 0.5 * ((x[1] - x[0]) / 1.3), 0.5, 5), (lambda x: 0.5 + 0.1 * (x[1] - x[0]), 0.5, 2)])
def test_the_plane_is_darker_where_the_model_is_surer(model, threshold, bands):
    [axes] = plot_decision(model, POINTS, CLASSES, steps=20, threshold=threshold).axes
    for colours in regions(axes):
        assert len(colours) == bands
        brightness = [sum(colour[:3]) for colour in colours]
        assert brightness == sorted(brightness, reverse=True)
    assert len(SHARES) == 5


def test_many_points_are_smaller():
    few, many = (plot_decision(cross, [[0.001 * i, 0.5] for i in range(n)], [1, -1] * (n // 2), steps=3).axes[0]
                 for n in (10, 1000))
    sizes = [max(c.get_sizes()[0] for c in axes.collections[:-1] if hasattr(c, "get_sizes") and len(c.get_sizes()))
             for axes in (few, many)]
    assert sizes[1] < sizes[0] / 2


@pytest.mark.parametrize("activation", ["relu", "tanh", "gelu"])
def test_a_grid_is_evaluated_at_once_to_the_digits_of_the_calls(activation):
    model = nn.MLP(2, [5, 4, 2], activation, seed=0)
    rows = [[0.3 * i - 1.0, 0.2 * i] for i in range(20)]
    for function in (model, lambda x: nn.softmax(model(x)), lambda x: model(x)[0] * 2.0):
        calls = []
        expected = outputs(function, rows)

        def counted(x, function=function, calls=calls):
            calls.append(x)
            return function(x)

        found = outputs_at_once(counted, rows, rows[:3], expected[:3])
        assert len(calls) < 5
        for one, other in zip(found, expected, strict=True):
            assert one == pytest.approx(other, rel=1e-12)


@pytest.mark.parametrize("function", [
    lambda x: 1.0 if x[0] > 0.5 else x[1], lambda x: math.sin(x[0]), lambda x: float(x[0]) + x[1], lambda x: 3.0,
    lambda x: max(x[0], x[1])])
def test_a_model_that_arrays_cannot_follow_is_called_for_each_point(function):
    rows = [[0.3 * i - 1.0, 0.2 * i] for i in range(20)]
    expected = outputs(function, rows)
    assert outputs_at_once(function, rows, rows, expected) == expected


def test_a_model_is_asked_without_recording_or_changing_it():
    model = nn.MLP(2, [3, 1], "tanh", seed=0)
    before = [p.data for p in model.parameters()]
    assert plot_decision(model, POINTS, CLASSES, steps=3).axes
    assert [p.data for p in model.parameters()] == before
    assert [p.has_grad for p in model.parameters()] == [False] * len(before)


def test_where_there_is_no_number_the_plane_says_so():
    drawn = plot_decision(lambda x: math.nan if x[0] < 0.5 else math.inf, POINTS, CLASSES, steps=5)
    assert "no number here" in named(drawn.axes[0])
    assert "2 of 4" not in drawn._suptitle.get_text()       # (0.9, 0.5) alone: nan is never right
    assert "1 of 4" in drawn._suptitle.get_text()
    assert len(saved(drawn)) > 1000
    assert plot_decision(lambda x: math.nan, POINTS, CLASSES, steps=3).axes
    assert plot_decision(lambda x: 0.0, POINTS, CLASSES, steps=3).axes
    assert plot_decision(lambda x: 1.0, [[1.0, 1.0]], [1], steps=3).axes


def test_names_of_classes_may_be_words():
    assert "class cat" in named(plot_decision(cross, POINTS, ["dog", "cat", "dog", "dog"], steps=3).axes[0])


def test_axes_are_called_as_the_inputs_are():
    [plain] = plot_decision(cross, POINTS, CLASSES, steps=3).axes
    assert (plain.get_xlabel(), plain.get_ylabel()) == ("first input", "second input")
    drawn = plot_decision(cross, POINTS, CLASSES, steps=3, names=("petal length", "petal $width$"))
    assert (drawn.axes[0].get_xlabel(), drawn.axes[0].get_ylabel()) == ("petal length", "petal $width$")
    assert list(named(drawn.axes[0])) == ["class -1", "class 1", "on the wrong side", SURER]
    for names in ("ab", ("a",), ("a", "b", "c")):
        with pytest.raises(ValueError, match="names: expected the names of the 2 inputs"):
            plot_decision(cross, POINTS, CLASSES, steps=3, names=names)


@pytest.mark.parametrize(("model", "X", "y", "message"), [
    (cross, [[1.0, 2.0, 3.0]], [1], "rows of 3 numbers"), (cross, [[1.0]], [1], "rows of 1 numbers"),
    (cross, [], [], "X is empty"), (cross, [[1.0, 2.0], [1.0]], [1, 1], "rows of 2 and of 1"),
    (cross, POINTS, [1, -1], "X has 4 rows and y has 2"), (cross, [[math.inf, 1.0]], [1], "not finite"),
    (cross, POINTS, [1, 2, 3, 1], "y has 3 classes"), (lambda x: [0.0, 1.0], POINTS, [0, 1, 2, 0], "the class 2"),
    (lambda x: [], POINTS, CLASSES, "gives no score"), (cross, POINTS, [1, math.nan, 1, 1], "not finite")])
def test_bad_decisions(model, X, y, message):  # noqa: N803
    with pytest.raises(ValueError, match=message):
        plot_decision(model, X, y, steps=3)


def test_bad_points_and_steps():
    with pytest.raises(TypeError, match="rows of numbers"):
        plot_decision(cross, [1.0, 2.0], [1, 1])
    with pytest.raises(ValueError, match="steps"):
        plot_decision(cross, POINTS, CLASSES, steps=1)
