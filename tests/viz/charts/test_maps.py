"""The charts of self-organising maps and of categories: cells, discs, sheets and boxes."""

import copy

import pytest

import nn
from tests.support.charts import named, saved
from viz import plot_categories, plot_hits, plot_map, plot_u_matrix

ROWS, CLASSES = [[0.1, 0.1], [0.2, 0.1], [0.9, 0.9], [0.9, 0.8], [0.5, 0.5]], ["a", "a", "b", "b", "a"]


@pytest.fixture(scope="module", params=["rectangular", "hexagonal"])
def som(request):
    return nn.SOM(2, (4, 5), 0, topology=request.param).fit(ROWS, epochs=5)


def test_the_u_matrix_has_a_cell_for_each_unit_with_its_distance(som):
    axes = plot_u_matrix(som).axes[0]
    [cells] = axes.collections
    assert cells.get_array().tolist() == [x for row in som.u_matrix() for x in row]
    centres = [path.vertices[:-1].mean(axis=0) for path in cells.get_paths()]
    assert [tuple(c) for c in centres] == [pytest.approx(place) for place in som.grid.places]
    assert {len(path.vertices) - 1 for path in cells.get_paths()} == {4 if som.grid.topology == "rectangular" else 6}
    low, high = sorted(axes.get_ylim())
    assert axes.get_ylim() == (high, low)       # the first row is on top


def test_hits_are_discs_of_their_area_divided_by_classes(som):
    axes = plot_hits(som, ROWS, CLASSES).axes[0]
    hits = [n for row in som.hits(ROWS) for n in row if n]
    assert sorted(int(text.get_text()) for text in axes.texts) == sorted(hits)
    assert list(named(axes)) == ["class a", "class b"]
    discs = {}
    for wedge in axes.patches:
        discs.setdefault(tuple(wedge.center), []).append(wedge)
    assert len(discs) == len(hits)
    assert all(sum(w.theta2 - w.theta1 for w in own) == pytest.approx(360.0) for own in discs.values())
    areas = sorted(own[0].r ** 2 for own in discs.values())
    assert [area / areas[0] for area in areas] == pytest.approx([n / min(hits) for n in sorted(hits)])
    assert saved(plot_u_matrix(som, ROWS, CLASSES))


def test_the_sheet_joins_neighbouring_units_among_the_data(som):
    axes = plot_map(som, ROWS, CLASSES, features=(1, 0)).axes[0]
    units = [(w[1], w[0]) for row in som.weights for w in row]
    lines = next(c for c in axes.collections if type(c).__name__ == "LineCollection").get_segments()
    assert {tuple(point) for line in lines for point in line.tolist()} == set(units)
    assert len(lines) == (4 * 4 + 3 * 5 if som.grid.topology == "rectangular" else 4 * 4 + 3 * 9)
    assert list(named(axes)) == ["class a", "class b", "units of the map"]


def test_panels_show_a_sheet_unfold():
    stages = {}

    def keep(step, som):
        if step in (1, 10):
            stages[f"{step} steps"] = copy.deepcopy(som)

    som = nn.SOM(2, (3, 3), 0)
    stages["before"] = copy.deepcopy(som)
    som.fit(ROWS, epochs=2, callback=keep)
    assert stages["10 steps"].weights == som.weights != stages["1 steps"].weights
    drawn = plot_map(stages, ROWS)
    assert [axes.get_title(loc="left") for axes in drawn.axes] == ["before", "1 steps", "10 steps"]
    assert saved(drawn)


def test_categories_are_boxes_in_the_colour_of_their_class():
    model = nn.FuzzyARTMAP(0.7).fit(ROWS, CLASSES)
    drawn = plot_categories(model, ROWS, CLASSES)
    [axes] = drawn.axes
    assert drawn._suptitle.get_text() == f"Categories: {len(model.classes)} at vigilance 0.7"
    for (low, high), box, c in zip(model.boxes(), axes.patches, model.classes, strict=True):
        assert [*box.get_xy(), box.get_width(), box.get_height()] == pytest.approx(
            [*low, high[0] - low[0], high[1] - low[1]])
        assert tuple(box.get_edgecolor()) == tuple(named(axes)[f"class {c}"].get_facecolor())
    assert [text.get_text() for text in axes.texts] == [str(i) for i in range(len(model.classes))]


def test_a_category_of_one_point_is_a_point():
    [axes] = plot_categories(nn.FuzzyART(1.0).fit([[0.3, 0.4]])).axes
    [line] = axes.lines
    assert line.get_xydata().tolist() == [[0.3, 0.4]]


@pytest.mark.parametrize(("wrong", "message"), [
    (lambda: plot_hits(nn.SOM(2, (2, 2)), []), "X is empty"),
    (lambda: plot_hits(nn.SOM(2, (2, 2)), ROWS, [0]), "X has 5 rows and y has 1"),
    (lambda: plot_hits(nn.SOM(3, (2, 2)), ROWS), "has 2 numbers, and this model takes rows of 3"),
    (lambda: plot_map(nn.SOM(2, (2, 2)), features=(0, 2)), "expected two columns of the weights, numbers from 0"),
    (lambda: plot_categories(nn.ART1(0.5)), "draws the boxes of FuzzyART and FuzzyARTMAP; ART1 has none"),
    (lambda: plot_map({}), "of a SOM, .* not of an empty dict"),
    (lambda: plot_map(nn.FuzzyART(0.5)), "draws the units of a SOM, .* not of a FuzzyART"),
    (lambda: plot_u_matrix(nn.CompetitiveLayer(2, 3)), "the units of a SOM, not of a CompetitiveLayer"),
    (lambda: plot_categories(nn.FuzzyART(0.5)), "no category yet; call its fit first"),
    (lambda: plot_categories(nn.FuzzyART(0.5).fit([[0.5]])), "two columns of the boxes"),
])
def test_wrong_data_is_one_clear_error(wrong, message):
    with pytest.raises((TypeError, ValueError), match=message):
        wrong()
