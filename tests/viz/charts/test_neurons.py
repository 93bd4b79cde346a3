"""The tiles of neurons: each shows its neuron's output, between the lines of its weights."""

import math

import pytest

import nn
from tests.support.charts import saved
from viz import plot_neurons
from viz.palette import BLUE, ORANGE

POINTS, CLASSES = [[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]], [0, 1, 1, 0]


def fields(drawn):
    """The numbers of each tile, from the lowest row to the highest."""
    return [axes.images[0].get_array().tolist() for axes in drawn.axes]


def curves(drawn):
    """Colour and width of each line between tiles."""
    from matplotlib.colors import to_hex
    from matplotlib.patches import PathPatch
    return [(to_hex(patch.get_edgecolor()), patch.get_linewidth()) for patch in drawn.findobj(PathPatch)]


def titles(drawn):
    return [text.get_text() for text in drawn.texts[1:-1]]      # between the title and the words on colours


def axis(steps, low=-1.24, high=1.24):
    return [low + (high - low) * i / (steps - 1) for i in range(steps)]


def test_each_tile_is_the_output_of_its_neuron():
    model = nn.Sequential(nn.Linear(2, 3, seed=1), nn.Tanh(), nn.Linear(3, 1, seed=2), nn.Sigmoid())
    drawn = plot_neurons(model, POINTS, CLASSES, steps=5)
    tiles = fields(drawn)
    assert len(tiles) == 2 + 3 + 1
    for i, y in enumerate(axis(5)):
        for k, x in enumerate(axis(5)):
            assert [tiles[0][i][k], tiles[1][i][k]] == pytest.approx([x, y], abs=1e-12)
            hidden = [math.tanh(w[0].data * x + w[1].data * y + b.data)
                      for w, b in zip(model[0].weight, model[0].bias, strict=True)]
            assert [tile[i][k] for tile in tiles[2:5]] == pytest.approx(hidden, abs=1e-9)
            assert tiles[5][i][k] == pytest.approx(model([x, y])[0].data, abs=1e-9)
    assert titles(drawn) == ["0: Linear, Tanh", "2: Linear, Sigmoid"]
    assert saved(drawn)


def test_layers_have_one_scale_whose_middle_is_where_neurons_change_sides():
    model = nn.MLP(2, [4, 2, 1], "relu", output_activation="sigmoid", seed=0)
    limits = [axes.images[0].get_clim() for axes in plot_neurons(model, POINTS, steps=4).axes]
    assert limits[-1] == (0.0, 1.0)
    assert len(set(limits[2:6])) == 1
    assert limits[2][0] == -limits[2][1] < 0
    largest = max(abs(x) for tile in fields(plot_neurons(model, POINTS, steps=4))[2:6] for row in tile for x in row)
    assert limits[2][1] == pytest.approx(largest)


def test_a_line_for_each_weight_in_the_colour_of_its_sign():
    model = nn.MLP(2, [2, 1], "tanh", seed=0)
    for p, x in zip(model.parameters(), [2.0, -1.0, 0.0, 0.5, 0.0, 0.0, -3.0, 3.0, 0.0], strict=True):
        p.data = x
    found = curves(plot_neurons(model, POINTS, steps=3))
    assert [colour for colour, _ in found[:2]] == [BLUE, ORANGE]
    assert found[0][1] > found[1][1] > found[2][1]
    assert found[-2][1] == found[-1][1] == found[0][1]      # each layer has its own scale
    assert [colour for colour, _ in found[-2:]] == [ORANGE, BLUE]


class Skip(nn.Module):
    """A layer beside which the input goes on, and a function behind the last layer."""

    def __init__(self):
        self.inner, self.outer = nn.Linear(2, 2, seed=0), nn.Linear(4, 1, seed=1)

    def __call__(self, x):
        return nn.sigmoid(self.outer([*self.inner(x), *x])[0])


def test_lines_are_drawn_only_where_a_layer_reads_the_one_before():
    drawn = plot_neurons(Skip(), POINTS, CLASSES, steps=3)
    assert titles(drawn) == ["inner: Linear", "outer: Linear", "output"]
    assert len(curves(drawn)) == 4      # of the inner layer
    assert fields(drawn)[-1][0][0] == pytest.approx(Skip()([-1.24, -1.24]).data)


def test_what_runs_only_in_training_is_off_and_the_model_stays_as_it_is():
    model = nn.Sequential(nn.Linear(2, 3, seed=1), nn.Dropout(0.9), nn.ReLU(), nn.Linear(3, 1, seed=2))
    before = model.state_dict()
    drawn = plot_neurons(model, POINTS, CLASSES, steps=3)
    assert titles(drawn)[0] == "0: Linear, Dropout, ReLU"
    assert fields(drawn)[-1][0][0] == pytest.approx(model.eval()([-1.24, -1.24])[0].data)
    assert model.state_dict() == before
    assert type(model[0]) is nn.Linear


def test_a_layer_of_many_neurons_says_how_many_are_left_out():
    drawn = plot_neurons(nn.MLP(2, [12, 1], "relu", seed=0), POINTS, CLASSES, steps=3)
    assert len(drawn.axes) == 2 + 8 + 1
    assert "and 4 more" in titles(drawn)
    width, height = drawn.get_size_inches()
    assert max(width / 9.5, height / 7.5) <= 1
    assert all(0 <= axes.get_position().x0 < axes.get_position().x1 <= 1 for axes in drawn.axes)


@pytest.mark.parametrize(("X", "y", "options", "message"), [
    ([[1.0, 2.0, 3.0]], None, {}, "X has rows of 3 numbers; the plane is drawn for 2 inputs"),
    (POINTS, [0, 1], {}, "X has 4 rows and y has 2"),
    ([[0.0, float(i)] for i in range(11)], list(range(11)), {}, "y has 11 different numbers"),
    (POINTS, None, {"steps": 1}, "steps: expected how many points across"),
    (POINTS, None, {"names": "x"}, "names: expected the names of the 2 inputs"),
])
def test_bad_input(X, y, options, message):  # noqa: N803
    with pytest.raises(ValueError, match=message):
        plot_neurons(nn.MLP(2, [2, 1], "tanh", seed=0), X, y, **options)


def test_a_function_is_no_model():
    with pytest.raises(TypeError, match="expected a model made of nn's modules, not function"):
        plot_neurons(lambda x: x[0], POINTS)


def test_lines_end_at_tiles_also_where_the_picture_is_cropped():
    from matplotlib.patches import PathPatch
    drawn = plot_neurons(nn.MLP(2, [1, 1], "tanh", seed=0), POINTS, steps=3)
    tiles = [axes.get_position() for axes in drawn.axes]
    for patch, start, end in zip(drawn.findobj(PathPatch), [0, 1, 2], [2, 2, 3], strict=True):
        assert patch.get_transform().contains_branch(drawn.transFigure)     # a crop moves it along with the tiles
        vertices = patch.get_path().vertices
        assert vertices[0] == pytest.approx([tiles[start].x1, (tiles[start].y0 + tiles[start].y1) / 2])
        assert vertices[-1] == pytest.approx([tiles[end].x0, (tiles[end].y0 + tiles[end].y1) / 2])
