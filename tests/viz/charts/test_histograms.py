"""Histograms of activations: shares, dead and saturated units, values that are not finite."""

from itertools import pairwise

import pytest

import autograd
import nn
from autograd import Value
from tests.support.charts import cross, saved
from viz import gradient_norms, plot_activations
from viz.charts.histograms import layer_outputs
from viz.model_layers import layers


def test_what_each_layer_gives():
    model = nn.MLP(2, [3, 2], "tanh", seed=0)
    seen = layer_outputs(model, [[0.5, -1.0], [1.0, 2.0]])
    assert list(seen) == ["layers.0", "layers.1"]
    for row, x in enumerate([[0.5, -1.0], [1.0, 2.0]]):
        hidden = model.layers[0](x)
        assert seen["layers.0"][row] == [h.data for h in hidden]
        assert seen["layers.1"][row] == [o.data for o in model(x)]
    assert type(model.layers[0]) is nn.Layer


def test_layers_are_found_in_modules_of_any_shape():
    class Half(nn.Module):
        def __call__(self, x):
            return [xi * 0.5 for xi in x]

    class Model(nn.Module):
        def __init__(self):
            self.first, self.half, self.parts = nn.Layer(2, 2, "relu", seed=0), Half(), {"a": nn.Neuron(2, seed=1)}
            self.again, self.scale = self.half, Value(2.0)

        def __call__(self, x):
            return self.scale * self.parts["a"](self.half(self.half(self.first(x))))

    model = Model()
    assert list(layers(model)) == ["first", "half", "parts.a"]
    seen = layer_outputs(model, [[1.0, 1.0]])
    assert [len(seen[name]) for name in ("first", "half", "parts.a")] == [1, 2, 1]
    assert seen["half"][1] == [x / 4 for x in seen["first"][0]]
    model([1.0, 1.0]).backward()
    assert list(gradient_norms(model)) == ["first", "parts.a", "scale"]
    assert gradient_norms(model)["scale"] == abs(model.scale.grad)
    with pytest.raises(TypeError, match="nn's modules, not function"):
        layers(cross)


def test_bars_are_shares_of_all_outputs():
    model = nn.MLP(2, [4, 1], "tanh", seed=0)
    for axes in plot_activations(model, [[0.1 * i, -0.2 * i] for i in range(20)], bins=7).axes:
        assert sum(patch.get_height() for patch in axes.patches) == pytest.approx(1.0)
        assert 2 * 7 <= len(axes.patches) <= 2 * 10


def test_all_layers_have_one_scale_and_bars_of_one_width():
    model = nn.MLP(2, [4, 4, 1], "tanh", seed=1)
    for w in model.layers[2].neurons[0].w:
        w.data *= 5
    drawn = plot_activations(model, [[0.1 * i, -0.2 * i] for i in range(20)])
    assert len({axes.get_xlim() for axes in drawn.axes}) == 1
    assert len({axes.get_ylim() for axes in drawn.axes}) == 1
    assert len({round(patch.get_width(), 9) for axes in drawn.axes for patch in axes.patches}) == 1
    edges = {round(patch.get_x(), 9) for patch in drawn.axes[0].patches}
    assert {-1.0, 0.0} <= edges     # no bar of tanh ends beyond its bounds
    assert [axes.get_xlabel() for axes in drawn.axes] == ["", "", "output"]


def test_a_layer_of_another_size_has_its_own_scale():
    model = nn.Sequential(nn.Linear(1, 1, seed=0), nn.Linear(1, 1, seed=1))
    model[1].weight[0][0].data = 1e6
    one, two = plot_activations(model, [[0.1 * i] for i in range(20)]).axes
    assert two.get_xlim()[1] - two.get_xlim()[0] > 1000 * (one.get_xlim()[1] - one.get_xlim()[0])
    assert one.get_ylim() == two.get_ylim()
    assert one.get_xlabel() == two.get_xlabel() == "output"


def test_remarks_stand_beside_the_plot():
    model = nn.MLP(1, [4, 1], "relu", seed=0)
    for neuron in model.layers[0].neurons[:3]:
        neuron.b.data = -100.0
    drawn = plot_activations(model, [[0.5], [-0.5]])
    drawn.canvas.draw()
    for axes in drawn.axes:
        [text] = axes.texts
        if text.get_text():
            box = text.get_window_extent()
            assert box.x0 > axes.get_window_extent().x1
            assert box.x1 <= drawn.bbox.x1


def notes(axes):
    return [text.get_text() for text in axes.texts]


def test_dead_relus_and_saturated_sigmoids_are_named():
    dying, fine = nn.MLP(1, [4, 1], "relu", seed=0), nn.MLP(1, [4, 1], "tanh", seed=0)
    for neuron in dying.layers[0].neurons[:3]:
        neuron.b.data = -100.0
    dying.layers[0].neurons[3].b.data = 100.0
    data = [[0.5], [-0.5]]
    hidden, last = plot_activations(dying, data).axes
    assert notes(hidden) == ["75% exactly 0\nin every row: 3 of 4 neurons"]
    assert notes(last) == [""]
    orange = [patch for patch in hidden.patches[40:] if patch.get_height()]
    assert [patch.get_height() for patch in orange] == [pytest.approx(0.75)]
    assert orange[0].get_x() == pytest.approx(0.0, abs=1e-9)
    assert notes(plot_activations(fine, data).axes[0]) == [""]
    full = nn.MLP(1, [2, 1], "sigmoid", seed=0)
    full.layers[0].neurons[0].b.data = 20.0
    assert notes(plot_activations(full, data).axes[0]) == [
        "50% within 0.01 of a bound: saturated\nin every row: 1 of 2 neurons"]


def test_an_activation_that_is_a_module_keeps_its_name_and_its_report():
    model = nn.MLP(1, [2, 1], nn.Sigmoid(), seed=0)
    model.layers[0].neurons[0].b.data = 20.0
    hidden, last = plot_activations(model, [[0.5], [-0.5]]).axes
    assert (hidden.get_title(loc="left"), last.get_title(loc="left")) == ("layers.0: sigmoid", "layers.1: linear")
    assert notes(hidden) == ["50% within 0.01 of a bound: saturated\nin every row: 1 of 2 neurons"]
    alone = nn.Neuron(1, nn.Tanh(), seed=0)
    assert list(layers(alone)) == ["Neuron"]
    assert plot_activations(alone, [[0.5]]).axes[0].get_title(loc="left") == "Neuron: tanh"


def test_a_neuron_may_say_itself_what_its_activation_is_called():
    model = nn.Neuron(1, lambda z: z.tanh(), seed=0)
    model.activation_name = "tanh"
    model.w[0].data = 10.0
    [axes] = plot_activations(model, [[1.0]]).axes
    assert axes.get_title(loc="left") == "Neuron: tanh"
    assert notes(axes) == ["100% within 0.01 of a bound: saturated"]


def test_activations_that_are_not_finite_are_counted():
    model = nn.Neuron(1, autograd.exp, seed=0)
    model.b.data = 1e4
    drawn = plot_activations(model, [[1.0], [2.0]])
    assert notes(drawn.axes[0])[0].startswith("100% nan or infinite")
    assert len(saved(drawn)) > 1000


@pytest.mark.parametrize(("start", "size"), [(0.0, 0.0004), (0.00041, 0.00003), (0.0, 0.0045), (0.1257275829, 5e-12),
                                             (-3e-7, 2e-6), (12345.0, 4e6), (0.0, 1.0), (0.1257, 3e-5), (1.0, 0.05),
                                             (-0.0004, 0.0011), (-0.01, 0.02)])
def test_numbers_at_an_axis_do_not_run_into_each_other(start, size):
    model = nn.Sequential(nn.Linear(1, 1), nn.Identity(), nn.Identity())
    model[0].weight[0][0].data, model[0].bias[0].data = size, start
    drawn = plot_activations(model, [[i / 20] for i in range(21)])
    drawn.canvas.draw()
    for axes in drawn.axes[-1:]:        # the layers have one scale
        low, high = axes.get_xlim()
        ticks = [tick for tick in axes.xaxis.get_major_ticks() if low <= tick.get_loc() <= high]
        boxes = [tick.label1.get_window_extent() for tick in ticks]
        assert len(boxes) >= 3
        assert all(one.x1 + 3 < other.x0 for one, other in pairwise(boxes))
        offset, label = axes.xaxis.get_offset_text(), axes.xaxis.label
        assert not offset.get_text() or not offset.get_window_extent().overlaps(label.get_window_extent())


def test_bad_activations():
    model = nn.MLP(2, [1])
    with pytest.raises(ValueError, match="X is empty"):
        plot_activations(model, [])
    with pytest.raises(ValueError, match="bins"):
        plot_activations(model, [[1.0, 2.0]], bins=0)
    with pytest.raises(ValueError, match="of 2 inputs was given 3"):
        plot_activations(model, [[1.0, 2.0, 3.0]])
