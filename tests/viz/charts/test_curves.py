"""Charts of losses and gradient norms show their data; charts need matplotlib only when drawn."""

import math
import subprocess
import sys
import threading

import pytest

import nn
from autograd import Value
from tests.support.charts import cross, named, saved
from viz import gradient_norms, plot_decision, plot_gradient_norms, plot_loss, write


def line(axes, i=0):
    return [list(map(float, data)) for data in axes.lines[i].get_data()]


POINTS, CLASSES = [[0.0, 1.0], [1.0, 0.0], [0.2, 0.9], [0.9, 0.5]], [1, -1, 1, 1]      # the last one lies below


# ---- what matplotlib is asked for ----


def test_importing_viz_loads_neither_matplotlib_nor_numpy_nor_nn():
    code = ("import sys, viz, viz.command.cli\n"
            "print({'matplotlib', 'numpy', 'nn'} & {name.partition('.')[0] for name in sys.modules})")
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
        shown = one._repr_png_()
        assert shown.startswith(b"\x89PNG")
        assert shown == two._repr_png_()


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
    with pytest.raises(TypeError, match="what a draw_ or plot_ function, or play, gives, not str"):
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


def test_the_legend_of_gradient_norms_names_the_layers():
    model = nn.Sequential(nn.Linear(2, 3, seed=0), nn.Tanh(), nn.Linear(3, 1, seed=1))
    (model([1.0, 2.0])[0] ** 2).backward()
    norms = [gradient_norms(model)] * 2
    assert list(named(plot_gradient_norms(norms).axes[0])) == ["0", "2"]
    assert list(named(plot_gradient_norms(norms, names=model).axes[0])) == ["0: Linear", "2: Linear"]
    assert list(named(plot_gradient_norms(norms, names=["hidden", "out"]).axes[0])) == ["hidden", "out"]
    assert plot_gradient_norms(norms).axes[0].get_legend().get_title().get_text() == "layer"
    with pytest.raises(ValueError, match="names: expected the model or 2 names"):
        plot_gradient_norms(norms, names=["hidden"])
