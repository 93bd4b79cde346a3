"""That what is drawn of a training is its data."""

import io
import math
import subprocess
import sys
import threading
from itertools import pairwise

import pytest

import autograd
import nn
from autograd import Value
from viz import gradient_norms, plot_activations, plot_decision, plot_gradient_norms, plot_loss, write
from viz.model_layers import activations, layers


def line(axes, i=0):
    return [list(map(float, data)) for data in axes.lines[i].get_data()]


def named(axes):
    """The lines and points of a chart, by what its legend calls them."""
    legend = axes.get_legend()
    return dict(zip((text.get_text() for text in legend.get_texts()), legend.legend_handles, strict=True))


def cross(x):
    """Above the diagonal or below."""
    return x[1] - x[0]


POINTS, CLASSES = [[0.0, 1.0], [1.0, 0.0], [0.2, 0.9], [0.9, 0.5]], [1, -1, 1, 1]      # the last one lies below


def saved(drawn):
    out = io.BytesIO()
    drawn.savefig(out, format="png")
    return out.getvalue()


# ---- what matplotlib is asked for ----


def test_importing_viz_loads_neither_matplotlib_nor_numpy():
    code = "import sys, viz; print({'matplotlib', 'numpy'} & {name.partition('.')[0] for name in sys.modules})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_pyplot_is_never_loaded():
    code = ("import sys, viz; viz.plot_loss({'loss': [2.0, 1.0]})._repr_png_()\n"
            "viz.plot_decision(lambda x: x[0], [[0, 1], [1, 0]], [0, 1], steps=4)._repr_png_()\n"
            "print('matplotlib.pyplot' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_without_matplotlib_one_sentence_says_what_to_install():
    code = ("import sys, viz; sys.modules['matplotlib.figure'] = None\n"
            "try: viz.plot_loss({'loss': [1.0]})\nexcept ImportError as error: print(error)")
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert 'pip install ".[train]"' in out


def test_a_chart_shows_itself_with_the_same_bytes_each_time():
    charts = [plot_loss({"loss": [2.0, 1.0]}), plot_gradient_norms({"a": [1.0, 2.0]}),
              plot_decision(cross, POINTS, CLASSES, steps=4)]
    again = [plot_loss({"loss": [2.0, 1.0]}), plot_gradient_norms({"a": [1.0, 2.0]}),
             plot_decision(cross, POINTS, CLASSES, steps=4)]
    for one, two in zip(charts, again, strict=True):
        assert one._repr_png_().startswith(b"\x89PNG")
        assert one._repr_png_() == two._repr_png_()


def test_charts_are_drawn_in_threads():
    drawn = []
    threads = [threading.Thread(target=lambda: drawn.append(saved(plot_loss({"loss": [3.0, 1.0]})))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 3
    assert len(set(drawn)) == 1


# ---- losses ----


def test_losses_and_metrics_have_their_own_panels():
    history = {"loss": [2.0, 1.0, 0.5], "accuracy": [0.1, 0.5, 0.9], "val_loss": [2.5, 1.5, 1.25]}
    above, below = plot_loss(history).axes
    assert line(above) == [[1.0, 2.0, 3.0], history["loss"]]
    assert line(above, 1) == [[1.0, 2.0, 3.0], history["val_loss"]]
    assert line(below) == [[1.0, 2.0, 3.0], history["accuracy"]]
    assert list(named(above)) == ["loss, training", "loss, validation"]
    assert [drawn.get_linestyle() for drawn in above.lines] == ["-", "--"]
    assert above.lines[0].get_color() != above.lines[1].get_color()
    assert (above.get_ylabel(), below.get_ylabel(), below.get_xlabel()) == ("loss", "accuracy", "epoch")


@pytest.mark.parametrize(("losses", "scale"), [
    ([1.0, 0.5], "linear"), ([50.0, 1.0], "log"), ([49.0, 1.0], "linear"), ([50.0, 0.0], "linear"),
    ([50.0, -1.0], "linear"), ([50.0, math.nan, 1.0], "log"), ([math.nan], "linear")])
def test_the_axis_is_logarithmic_where_the_range_asks_for_it(losses, scale):
    [axes] = plot_loss({"loss": losses}).axes
    assert axes.get_yscale() == scale
    assert ("logarithmic" in axes.get_ylabel()) == (scale == "log")


def test_what_is_not_finite_is_marked_and_breaks_the_line():
    drawn = plot_loss({"loss": [2.0, math.nan, 1.0, math.inf, 0.5, -math.inf]})
    [axes] = drawn.axes
    xs, ys = line(axes)
    assert [y for y in ys if y == y] == [2.0, 1.0, 0.5]
    assert [x for x, y in zip(xs, ys, strict=True) if y != y] == [2.0, 4.0, 6.0]
    marks = {name: i for i, name in enumerate(named(axes))}
    assert {name: line(axes, i)[0] for name, i in marks.items()} == {
        "loss": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "loss: nan": [2.0], "loss: inf": [4.0], "loss: −inf": [6.0]}
    assert len(saved(drawn)) > 1000


def test_none_is_an_epoch_without_a_measurement_and_no_nan():
    [axes] = plot_loss({"loss": [3.0, 2.0, 1.0], "val_loss": [3.5, None, 1.5]}).axes
    assert line(axes, 1) == [[1.0, 3.0], [3.5, 1.5]]
    assert list(named(axes)) == ["loss, training", "loss, validation"]


def test_names_are_drawn_as_they_are():
    drawn = plot_loss({"_loss $x^$ \\frac": [1.0, 2.0]}, title="$\\nothing$")
    assert [name.strip() for name in named(drawn.axes[0])] == ["_loss $x^$ \\frac"]
    assert len(saved(drawn)) > 1000


def test_values_and_numpy_are_numbers_too():
    numpy = pytest.importorskip("numpy")
    [axes] = plot_loss({"loss": [Value(2.0), numpy.float64(1.5)]}).axes
    assert line(axes)[1] == [2.0, 1.5]


@pytest.mark.parametrize("plot", [plot_loss, plot_gradient_norms])
@pytest.mark.parametrize(("given", "kind", "message"), [
    ({}, ValueError, "empty"), ({"a": []}, ValueError, "empty"), ({"a": [], "b": []}, ValueError, "empty"),
    ({"a": [1.0], "b": [1.0, 2.0]}, ValueError, "'a' has 1 numbers and 'b' has 2"),
    ({"a": ["x"]}, TypeError, "numbers, not str")])
def test_bad_histories(plot, given, kind, message):
    with pytest.raises(kind, match=message):
        plot(given)


def test_a_history_is_a_mapping():
    with pytest.raises(TypeError, match="mapping from names"):
        plot_loss([1.0, 2.0])


@pytest.mark.parametrize(("suffix", "magic"), [(".png", b"\x89PNG"), (".SVG", b"<?xml"), (".pdf", b"%PDF")])
def test_a_chart_is_written_as_its_suffix_says(tmp_path, suffix, magic):
    path = write(plot_loss({"loss": [2.0, 1.0]}), tmp_path / f"loss{suffix}")
    assert path == tmp_path / f"loss{suffix}"
    assert path.read_bytes().startswith(magic)
    assert b"CreationDate" not in path.read_bytes()      # which changes by the second
    assert list(tmp_path.iterdir()) == [path]


def test_charts_have_no_dot_text_and_other_things_are_no_pictures(tmp_path):
    with pytest.raises(ValueError, match=r"a chart's name ends in one of \.svg, \.png, \.pdf$"):
        write(plot_loss({"loss": [1.0]}), tmp_path / "loss.dot")
    with pytest.raises(TypeError, match="what a draw_ or plot_ function gives, not str"):
        write("digraph {}", tmp_path / "x.svg")
    assert list(tmp_path.iterdir()) == []


# ---- gradients ----


def test_a_norm_is_the_root_of_the_sum_of_squares_of_a_layer():
    model = nn.MLP(2, [3, 1], "tanh", seed=0)
    (model([0.5, -1.0]) ** 2).backward()
    norms = gradient_norms(model)
    assert list(norms) == ["layers.0", "layers.1"]
    for name, layer in zip(norms, model.layers, strict=True):
        assert norms[name] ** 2 == pytest.approx(sum(p.grad ** 2 for p in layer.parameters()))
        assert norms[name] > 0


def test_norms_over_time_from_a_list_or_a_mapping():
    record = [{"0": 1e-3, "1": 1.0}, {"0": 1e-4, "1": 0.5}]
    for given in (record, {"0": [1e-3, 1e-4], "1": [1.0, 0.5]}):
        [axes] = plot_gradient_norms(given).axes
        assert [line(axes, i)[1] for i in (0, 1)] == [[1e-3, 1e-4], [1.0, 0.5]]
        assert list(named(axes)) == ["0", "1"]
        assert axes.get_yscale() == "log"


def test_a_gradient_of_0_is_marked_where_a_logarithm_has_no_place():
    drawn = plot_gradient_norms({"a": [1.0, 0.0, 0.0], "b": [1.0, 2.0, math.nan]})
    [axes] = drawn.axes
    marks = {name: i for i, name in enumerate(named(axes))}
    assert line(axes, marks["a: exactly 0"])[0] == [2.0, 3.0]
    assert line(axes, marks["b: nan"])[0] == [3.0]
    assert len(saved(plot_gradient_norms({"a": [0.0]}))) > 1000


def test_bad_norms():
    with pytest.raises(ValueError, match="never negative"):
        plot_gradient_norms({"a": [-1.0]})
    with pytest.raises(ValueError, match="same layers"):
        plot_gradient_norms([{"a": 1.0}, {"b": 1.0}])
    with pytest.raises(ValueError, match="empty"):
        plot_gradient_norms([])


# ---- decisions ----


def test_points_stand_where_they_are_in_their_class_and_wrong_ones_are_ringed():
    drawn = plot_decision(cross, POINTS, CLASSES, steps=12)
    [axes] = drawn.axes
    assert list(named(axes)) == ["class -1", "class 1", "on the wrong side"]
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


def test_of_several_scores_the_largest_decides():
    drawn = plot_decision(lambda x: [x[0], x[1], 0.1], [[1, 0], [0, 1], [-1, -1], [-1, 1]], [0, 1, 2, 0], steps=9)
    [axes] = drawn.axes
    assert "3 of 4" in drawn._suptitle.get_text()
    assert list(named(axes)) == ["class 0", "class 1", "class 2", "on the wrong side"]
    assert len({c.get_facecolor().tobytes() for c in axes.collections if getattr(c, "filled", False)}) == 3


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
    assert list(named(drawn.axes[0])) == ["class -1", "class 1", "on the wrong side"]
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


# ---- activations ----


def test_what_each_layer_gives():
    model = nn.MLP(2, [3, 2], "tanh", seed=0)
    seen = activations(model, [[0.5, -1.0], [1.0, 2.0]])
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
    seen = activations(model, [[1.0, 1.0]])
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
        assert len(axes.patches) == 2 * 7


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
    for axes in drawn.axes:
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
