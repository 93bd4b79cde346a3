"""Charts of energy models: features, reconstructions, landscapes with paths, visits, gradients from layer to layer."""

from random import Random

import pytest

import nn
from autograd import Value
from tests.support.charts import named, saved
from viz import (
    gradient_norms,
    plot_features,
    plot_landscape,
    plot_layer_norms,
    plot_reconstructions,
    plot_visits,
)


def test_features_are_the_weights_on_one_scale():
    rbm = nn.RBM(6, 7, seed=1)
    rbm.weight[3][4].data = -2.0
    shown = list(plot_features(rbm, (2, 3), columns=4).axes[0].images)
    assert [image.get_array().ravel().tolist() for image in shown] == rbm.state_dict()["weight"]
    assert {image.get_clim() for image in shown} == {(-2.0, 2.0)}
    red, green, blue, _ = shown[0].cmap(0.0)
    assert red > green > blue      # orange for negative
    assert [image.get_extent() for image in shown[3:5]] == [[12, 15, 2, 0], [0, 3, 5, 3]]
    assert saved(plot_features(nn.Linear(4, 1, seed=0), (2, 2)))


def test_reconstructions_stand_below_the_data():
    rbm, rows = nn.RBM(4, 3, seed=1), [[0, 1, 1, 0], [1, 1, 0, 0], [0.5, 0, 0, 1]]
    drawn = plot_reconstructions(rbm, rows, (2, 2), columns=2)
    shown = [image.get_array().ravel().tolist() for image in drawn.axes[0].images]
    back = [[x.data for x in rbm.reconstruct(row)] for row in rows]
    assert shown == [rows[0], rows[1], back[0], back[1], rows[2], back[2]]
    assert [text.get_text() for text in drawn.axes[0].get_yticklabels()] == ["data", "model"] * 2


def energy(x):
    """Two valleys: one at -1.5, and one at 1.3 that is less deep."""
    return x ** 4 / 4 - x ** 2 + 0.3 * x


def descent(momentum):
    x = Value(2.4)
    optimizer, visited = nn.SGD([x], lr=0.02, momentum=momentum), [x.data]
    for _ in range(100):
        optimizer.zero_grad()
        energy(x).backward()
        optimizer.step()
        visited.append(x.data)
    return visited


def test_momentum_leaves_the_local_minimum():
    paths = {"gradient descent": descent(0.0), "momentum 0.9": descent(0.9)}
    assert paths["gradient descent"][-1] == pytest.approx(1.33, abs=0.01)
    assert paths["momentum 0.9"][-1] == pytest.approx(-1.49, abs=0.05)
    drawn = plot_landscape(energy, paths)
    assert [axes.get_title(loc="left") for axes in drawn.axes] == ["gradient descent: 100 steps",
                                                                   "momentum 0.9: 100 steps"]
    for axes, points in zip(drawn.axes, paths.values(), strict=True):
        curve, path, start, end = axes.lines
        assert [energy(x) for x in curve.get_xdata()] == list(curve.get_ydata())
        assert list(path.get_xdata()) == points
        assert (start.get_xdata(), end.get_xdata()) == (points[:1], points[-1:])
        assert axes.get_ylim()[0] < energy(-1.49) < energy(2.4) < axes.get_ylim()[1] < 4.0


def test_a_landscape_of_two_numbers_is_a_map():
    drawn = plot_landscape(lambda x, y: (x - 1) ** 2 + 2 * y ** 2,
                           {"down": [(3, 1), (2, 0.5), (1, 0)], "still": [(0, 0)]}, x=(-1, 4), y=(-2, 2))
    axes = drawn.axes[0]
    assert list(named(axes)) == ["down: 2 steps", "still: 0 steps"]
    assert (axes.get_xlim(), axes.get_ylim()) == ((-1, 4), (-2, 2))
    assert list(axes.lines[0].get_xdata()) == [3, 2, 1]


def test_visits_stand_on_the_diagonal_of_exp_minus_energy():
    machine, rng = nn.BoltzmannMachine(4, seed=0), Random(3)
    for p in machine.parameters():
        p.data = rng.gauss(0.0, 1.5)
    rows = machine.sample(300, sweeps=20)
    axes = plot_visits(machine.energy, rows).axes[0]
    shown = named(axes)
    probabilities = machine.distribution()
    seen = [state for state in probabilities if list(state) in rows]
    dots = next(line for line in axes.lines if line.get_marker() == "o")
    assert list(dots.get_xdata()) == pytest.approx([probabilities[state] for state in seen])
    assert list(dots.get_ydata()) == pytest.approx([rows.count(list(state)) / 300 for state in seen])
    assert ("never visited" in shown) == (len(seen) < 16)
    assert plot_visits(nn.RBM(3, 2, seed=0).free_energy, [[0, 1, 0]]).axes[0].get_title(loc="left") == (
        "1 visit, 1 of 8 states")


def test_gradients_from_layer_to_layer():
    models = {name: nn.MLP(2, [3, 3, 1], name, seed=0) for name in ("sigmoid", "tanh")}
    for model in models.values():
        model([1.0, -1.0]).backward()
    norms = {name: gradient_norms(model) for name, model in models.items()}
    axes = plot_layer_norms(norms).axes[0]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["layers.0", "layers.1", "layers.2"]
    assert [list(line.get_ydata()) for line in axes.lines] == [list(found.values()) for found in norms.values()]
    assert list(named(axes)) == ["sigmoid", "tanh"]


@pytest.mark.parametrize(("call", "message"), [
    (lambda: plot_features(nn.Tanh(), (2, 2)), "a layer whose weight has a row for each unit, not Tanh"),
    (lambda: plot_features(nn.RBM(4, 2), (3, 2)), "shape: 3 x 2 pixels are 6, but there are 4 numbers"),
    (lambda: plot_reconstructions(nn.Tanh(), [[1]], (1, 1)), "a model that has reconstruct, not Tanh"),
    (lambda: plot_reconstructions(nn.RBM(4, 2), [], (2, 2)), "X is empty; give at least one row"),
    (lambda: plot_landscape(energy, [1.0, 2.0]), "paths: expected a mapping from names to points"),
    (lambda: plot_landscape(energy, {"a": []}), "give each path at least one point"),
    (lambda: plot_landscape(energy, {"a": [1.0, (1.0, 2.0)]}), "make all points numbers, or all pairs"),
    (lambda: plot_visits(energy, [[0, 2]]), "states: expected rows of 0 and 1"),
    (lambda: plot_visits(energy, [[0] * 13]), r"13 units have 2\^13 states; at most 12 units are enumerated"),
    (lambda: plot_layer_norms([0.1]), "norms: expected a mapping from names to results of gradient_norms"),
    (lambda: plot_layer_norms({"a": {"0": 1.0}, "b": {"1": 1.0}}), "'b' has the layers 1 and 'a' 0; compare models"),
])
def test_bad_input_is_refused(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()
